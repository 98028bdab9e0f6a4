"""Meta's words and numbers in the house's tables, incrementally and from nothing alike."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_home import DbtHome, differences, named_in, twin_of
from fixture_lake import Account, FixtureLake
from meta_story import AIMED, Story, first_day
from meta_streams import insight
from scenarios import at, march, window

_MODELS = named_in(__file__)
_FACTS = (
    "+fact_campaign_performance",
    "+fact_ad_creative_performance",
    "+fact_demographic_performance",
    "+fact_device_performance",
    "+fact_geo_performance",
    "+fact_attribution_windows",
    "+dim_locations",
    "+dim_ad_group_targets",
)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    root = tmp_path_factory.mktemp("meta")
    (root / "home").mkdir()
    made = Story(DbtHome(root / "home"), FixtureLake(root / "home"))
    first_day(made)
    made.home.build(models=_MODELS)
    return made


def test_a_conversion_is_counted_once_under_one_type(story: Story) -> None:
    """Campaign 11 has both types, 12 only `purchase`, 13 nothing at all."""
    assert story.rows(
        "select campaign_id, spend, conversions, conversion_value from fact_campaign_performance "
        "where date_day = '2026-03-03' order by campaign_id"
    ) == [
        ("11", Decimal("10.71"), Decimal(2), Decimal("84.50")),
        ("12", Decimal("0.29"), Decimal(1), Decimal(5)),
        ("13", Decimal(0), Decimal(0), Decimal(0)),
    ]


def test_what_people_did_with_a_campaign(story: Story) -> None:
    assert story.rows(
        "select engagements, likes, shares, comments, video_views, video_views_25, video_views_50, "
        "video_views_100, video_completions, reach, frequency, view_through_conversions "
        "from fact_campaign_performance where campaign_id = '11'"
    ) == [(9, 4, 2, 1, 7, 6, 0, 3, 4, 90, Decimal("1.111111"), None)]
    assert story.rows(
        "select reach, frequency from fact_campaign_performance where campaign_id = '12'"
    ) == [(None, None)], "reach that was not reported is unknown, not nobody"


def test_sums_agree_from_raw_to_mart(story: Story) -> None:
    found = story.rows(
        "select metric, raw_value, is_reconciled from mart_reconciliation "
        "where platform = 'meta_ads' and date_day = '2026-03-03' and metric in "
        "('spend', 'conversions', 'conversion_value') order by 1"
    )
    assert found == [
        ("conversion_value", Decimal("89.5"), True),
        ("conversions", Decimal(3), True),
        ("spend", Decimal(11), True),
    ]
    assert story.rows(
        "select value from mart_daily_aggregates where channel = 'paid_social' "
        "and metric = 'spend' and date_day = '2026-03-03'"
    ) == [(Decimal("12.1"),)]


def test_conversions_without_an_hour_are_kept_and_flagged(story: Story) -> None:
    """The day of Berlin begins at 23:00 UTC of the day before."""
    assert story.rows(
        "select local_hour, time_key, hour_at, conversions, video_views, video_views_25, "
        "is_unknown_hour, is_ambiguous_hour, is_skipped_hour from fact_campaign_performance_hourly "
        "order by hour_at"
    ) == [
        (None, None, datetime(2026, 3, 2, 23, tzinfo=UTC), Decimal(1), 0, None, True, False, False),
        (13, 1300, datetime(2026, 3, 3, 12, tzinfo=UTC), Decimal(1), 0, None, False, False, False),
    ]
    assert story.rows(
        "select sum(value) from mart_hourly_aggregates where metric = 'conversions'"
    ) == [(Decimal(2),)]


def test_finer_grains_are_their_own_reports(story: Story) -> None:
    assert story.rows("select ad_group_id, spend from fact_ad_group_performance") == [
        ("21", Decimal(1))
    ]
    assert story.rows(
        "select ad_group_id, ad_id, outbound_clicks, unique_outbound_clicks, quality_ranking, "
        "engagement_ranking, conversion_ranking from fact_ad_creative_performance"
    ) == [("21", "31", 8, 7, "AVERAGE", "ABOVE_AVERAGE", "UNKNOWN")]


def test_campaigns_in_the_houses_words(story: Story) -> None:
    """The yen has no minor unit: 5000 are 5000, where 5000 cents are 50 euros."""
    assert story.rows(
        "select account_id, campaign_id, status, channel, budget_type, daily_budget, total_budget, "
        "start_date from dim_campaigns where is_current and platform = 'meta_ads' order by 1, 2"
    ) == [
        ("1", "11", "ACTIVE", "paid_social", "daily", Decimal(50), None, date(2026, 2, 1)),
        ("1", "12", "ACTIVE", "paid_social", "total", None, Decimal(1200), date(2026, 2, 1)),
        ("1", "13", "ARCHIVED", "paid_social", "daily", Decimal(50), None, date(2026, 2, 1)),
        ("1", "14", "DELETED", "paid_social", "daily", Decimal(50), None, date(2026, 2, 1)),
        ("1", "15", "COMPLETED", "paid_social", "daily", Decimal(50), None, date(2026, 2, 1)),
        ("2", "11", "ACTIVE", "paid_social", "daily", Decimal(5000), None, date(2026, 2, 1)),
    ]


def test_ads_in_the_houses_words(story: Story) -> None:
    assert story.rows(
        "select ad_id, status, creative_type, landing_url, utm_source, utm_campaign, utm_content, "
        "utm_term, thumbnail_url from dim_ads order by ad_id"
    ) == [
        ("31", "PAUSED", "carousel", "https://shop.example/x?utm_term=own", "facebook", "11",
         "Shoes + socks", "own", "https://img.example/t?oe=1"),
        ("32", "PAUSED", "video", None, "meta", None, None, None, None),
    ]  # fmt: skip
    groups = "select ad_group_id, bid_amount, status from dim_ad_groups order by ad_group_id"
    assert story.rows(groups) == [("21", Decimal("2.5"), "PAUSED"), ("22", None, "UNKNOWN")]


def test_the_projects_own_tests_hold(story: Story) -> None:
    family = ("--select", *(f"+{name}" for name in _MODELS), "--indirect-selection", "cautious")
    assert len(story.home.invoke("test", *family, "--exclude", "test_type:unit").results) > 100


def test_ads_beyond_their_campaign_are_a_warning(story: Story) -> None:
    name, fact = "ads_are_no_more_than_their_campaigns", "fact_ad_creative_performance"
    assert story.home.outcome(name) == ("pass", 0)
    campaign = "campaign_id = '11' and date_day = '2026-03-03'"
    more = f"(select conversions from fact_campaign_performance where {campaign}) + 1"
    story.home.execute(
        f"create table serve.state.kept as from serve.{fact}; "
        f"update serve.{fact} set conversions = {more} where ad_id = '31'"
    )
    try:
        assert story.home.outcome(name) == ("warn", 1)
    finally:
        story.home.execute(
            f"delete from serve.{fact}; insert into serve.{fact} from serve.state.kept; "
            "drop table serve.state.kept"
        )


def test_countries_are_places_by_their_code(story: Story) -> None:
    rows = [
        insight(march(3), "11", "9.00", country="DE"),
        insight(march(3), "11", "1.71", {"purchase": 2}, {"purchase": "5.50"}, country="unknown"),
    ]
    story.lake.pull(story.euro, "campaign_countries", at(4, 1), rows, window(3, 3))
    story.home.build(models=_MODELS)
    shown = story.rows(
        "select facts.country_id, names.location_name, names.country_code, facts.spend, "
        "facts.conversions, facts.conversion_value, facts.location_type "
        "from fact_geo_performance as facts inner join dim_locations as names "
        "on facts.location_key = names.location_key order by facts.spend desc"
    )
    here = "LOCATION_OF_PRESENCE"
    assert shown == [
        ("DE", "DE", "DE", Decimal(9), Decimal(0), Decimal(0), here),
        (None, "Unknown place", None, Decimal("1.71"), Decimal(2), Decimal("5.5"), here),
    ]


def test_makes_of_devices_are_kinds(story: Story) -> None:
    def placed(platform: str, device: str, spend: str, **more: Any) -> dict[str, Any]:
        placement = {"publisher_platform": platform, "impression_device": device}
        return insight(march(3), "11", spend, **placement, **more)

    rows = [
        placed("facebook", "iphone", "4.00", did={"omni_purchase": 1}),
        placed("facebook", "android_smartphone", "3.00", did={"omni_purchase": 2}),
        placed("instagram", "android_smartphone", "2.00"),
        placed("instagram", "ipad", "1.00"),
        placed("audience_network", "other", "0.71"),
    ]
    story.lake.pull(story.euro, "campaign_placements", at(4, 2), rows, window(3, 3))
    story.home.build(models=_MODELS)
    shown = story.rows(
        "select network, device, impressions, spend, conversions from fact_device_performance "
        "order by spend desc"
    )
    assert shown == [
        ("facebook", "mobile", 200, Decimal(7), Decimal(3)),
        ("instagram", "mobile", 100, Decimal(2), Decimal(0)),
        ("instagram", "tablet", 100, Decimal(1), Decimal(0)),
        ("audience_network", "other", 100, Decimal("0.71"), Decimal(0)),
    ]
    devices = (
        "select mobile_impressions, desktop_impressions, tablet_impressions "
        "from fact_campaign_performance where campaign_id = '11' and date_day = '2026-03-03'"
    )
    assert story.rows(devices) == [(300, 0, 100)]


def test_windows_hold_each_other_and_are_rows(story: Story) -> None:
    def listed_windows(kind: str, **windows: str) -> dict[str, str]:
        named = {name.lstrip("_"): value for name, value in windows.items()}
        return {"action_type": kind, "value": "4", **named}

    did = [
        listed_windows("omni_purchase", _1d_click="1", _7d_click="3"),
        listed_windows("omni_purchase", _7d_click="1", _28d_click="5"),
        listed_windows("purchase", _1d_click="9", _1d_view="9"),
        listed_windows("link_click", _1d_view="7"),
    ]
    worth = [listed_windows("omni_purchase", _1d_click="10.50", _28d_click="0")]
    odd = [listed_windows("purchase", _1d_view="many")]
    # Without a default value: its ad sets differ in their settings.
    mixed = [{"action_type": "omni_purchase", "7d_click": "2"}, {"action_type": "purchase"}]
    rows = [
        _with_actions("11", did, worth),
        _with_actions("12", odd, []),
        _with_actions("13", [], []),
        _with_actions("15", mixed, []),
    ]
    story.lake.pull(story.euro, "campaign_attribution", at(4, 3), rows, window(3, 3))
    story.home.build(models=_MODELS)
    shown = story.rows(
        "select campaign_id, attribution_window, conversions, conversion_value, "
        "conversion_value_reporting from fact_attribution_windows order by 1, 2"
    )
    assert shown == [
        ("11", "1d_click", Decimal(1), Decimal("10.5"), Decimal("11.55")),
        ("11", "28d_click", Decimal(5), Decimal(0), Decimal(0)),
        ("11", "7d_click", Decimal(4), Decimal(0), Decimal(0)),
        ("12", "1d_view", None, Decimal(0), Decimal(0)),
        ("15", "7d_click", Decimal(2), Decimal(0), Decimal(0)),
    ]


def _with_actions(
    campaign: str, did: list[dict[str, str]], worth: list[dict[str, str]]
) -> dict[str, Any]:
    row = insight(march(3), campaign, actions=json.dumps(did), action_values=json.dumps(worth))
    return {name: row[name] for name in row if name not in ("impressions", "clicks", "spend")}


def test_what_ad_sets_and_ads_are_set_to(story: Story) -> None:
    found = story.rows(
        "select bidding_strategy, conversion_event, target_countries, targeting "
        "from dim_ad_groups where ad_group_id = '21' and is_current"
    )
    assert found == [("COST_CAP", "LEAD", "DE | AT", json.dumps(AIMED))]
    people = (
        "select target_genders, target_age_min, target_age_max from dim_ad_groups "
        "where ad_group_id in ('21', '22') and is_current order by ad_group_id"
    )
    assert story.rows(people) == [("female", 25, 65), (None, None, None)]
    aimed = (
        "select ad_group_id, target_kind, target_id, target_name from dim_ad_group_targets "
        "order by target_kind"
    )
    assert story.rows(aimed) == [
        ("21", "behavior", "6", "Shoppers"),
        ("21", "custom_audience", "9", "Buyers"),
        ("21", "excluded_custom_audience", "9", "Buyers"),
        ("21", "interest", "6003", "Camping"),
    ], "an interest that stands in two parts is one row"
    texts = "select headlines, descriptions from dim_ads where ad_id = '{}' and is_current"
    assert story.rows(texts.format(31)) == [("Two for one", "This week only.")]
    assert story.rows(texts.format(32)) == [(None, None)]


def test_an_ads_people_are_its_own(story: Story) -> None:
    people = "select reach, frequency from fact_ad_creative_performance where ad_id = '31'"
    assert story.rows(people) == [(80, Decimal("1.25"))]


def _demographics(story: Story) -> Any:
    ((text,),) = story.rows(
        "select demographics from fact_campaign_performance "
        "where campaign_id = '11' and date_day = '2026-03-03'"
    )
    return json.loads(text) if text else text


def test_who_saw_it_follows_its_own_winner(story: Story) -> None:
    """A restated breakdown rewrites the day though the campaign's own numbers did not change."""
    assert [(row["gender"], row["spend"], row["reach"]) for row in _demographics(story)] == [
        ("female", "6.710000", 50),
        ("male", "4.000000", 40),
    ]
    groups = (
        "select age, gender, spend, reach from fact_demographic_performance "
        "where campaign_id = '11' and date_day = '2026-03-03' order by gender"
    )
    assert [row[1:] for row in story.rows(groups)] == [
        ("female", Decimal("6.71"), 50),
        ("male", Decimal("4"), 40),
    ]
    before = len(story.home.rewrites())
    rows = [insight(march(3), "11", "10.71", age="25-34", gender="female", reach=90)]
    story.lake.pull(story.euro, "campaign_demographics", at(5), rows, window(3, 3))
    story.home.build("--select", *_FACTS)
    assert [row["reach"] for row in _demographics(story)] == [90]
    rewritten = {row[1] for row in story.home.rewrites()[before:]}
    assert "fact_campaign_performance" in rewritten
    assert "fact_ad_creative_performance" not in rewritten
    story.lake.pull(story.euro, "campaign_demographics", at(6), [], window(3, 3))
    story.home.build("--select", *_FACTS)
    assert _demographics(story) is None
    assert story.rows(groups) == []


def test_a_picture_that_is_signed_anew_is_no_new_version(story: Story) -> None:
    ad = {"campaign_id": "11", "ad_set_id": "21", "ad_id": "41", "effective_status": "ACTIVE"}
    other = Account("acme", "3", "EUR", "Europe/Berlin", "meta_ads")
    story.lake.connection(other)
    for day in (4, 5):
        pictures = {"thumbnail_url": f"https://img.example/t?oe={day}"}
        story.lake.pull(other, "ads", at(day), [ad | pictures])
        story.home.build(models=["dim_ads"])
    versions = "select count(*) from dim_ads where account_id = '3'"
    assert story.rows(versions) == [(1,)]
    story.lake.pull(other, "ads", at(6), [ad | {"url_tags": "utm_source=new"}])
    story.home.build(models=["dim_ads"])
    assert story.rows(versions) == [(2,)]


@pytest.mark.long
def test_all_of_it_is_what_a_build_from_nothing_comes_to(story: Story, tmp_path: Path) -> None:
    twin = twin_of(story.home, tmp_path / "twin")
    story.home.build()
    twin.build()
    assert differences(story.home, twin) == {}
