"""Keywords, terms, places, devices in the house's tables, incrementally and from nothing alike."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from built_home import DbtHome, differences, named_in, twin_of
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from google_parts_streams import (
    click_row,
    keyword_row,
    listed_keyword,
    listed_place,
    part_row,
    place_row,
    term_row,
)
from scenarios import at, march, window

MODELS = named_in(__file__)
BERLIN = "20226"


class Story:
    """One account's days, pulled and built step by step, in the order of the tests."""

    def __init__(self, home: DbtHome, lake: FixtureLake) -> None:
        self.home, self.lake = home, lake
        self.account = Account("parts", "1")
        lake.organization("parts")
        lake.connection(self.account)
        lake.pull_rates(at(5), window(1, 4), {march(d): {"USD": "2"} for d in (2, 3, 4)})

    def pull(self, stream: str, hour: int, rows: list[dict[str, Any]], *days: int) -> None:
        """A report from one day of March to another, or a list when no days are given."""
        covered = window(*days) if days else None
        self.lake.pull(self.account, stream, at(6, hour), rows, covered)

    def build(self) -> None:
        self.home.build(models=MODELS)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.home.query(sql)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    path = tmp_path_factory.mktemp("google_parts") / "home"
    path.mkdir()
    return Story(DbtHome(path), FixtureLake(path))


KEYWORDS = (
    "select keyword_text, match_type, impressions, spend, spend_reporting, quality_score "
    "from fact_keyword_performance where date_day = '2026-03-03' order by keyword_id"
)


def test_keywords_with_money_in_both_currencies(story: Story) -> None:
    rows = [keyword_row(march(3), 100, historical_quality_score=7), keyword_row(march(3), 50, "8")]
    story.pull("keyword_stats", 1, [*rows, rows[0]], 3, 4)
    story.pull("keywords", 1, [listed_keyword("7", 7), listed_keyword("9", negative=True)])
    story.build()
    assert story.rows(KEYWORDS) == [
        ("words 7", "EXACT", 100, Decimal(1), Decimal(2), Decimal(7)),
        ("words 8", "EXACT", 50, Decimal("0.5"), Decimal(1), None),
    ]
    named = story.rows(
        "select facts.keyword_text, names.keyword_text, names.is_inferred "
        "from fact_keyword_performance as facts inner join dim_keywords as names "
        "on facts.keyword_key = names.keyword_key and facts.date_day >= names.valid_from "
        "and facts.date_day < names.valid_to order by 1"
    )
    assert named == [("words 7", "words 7", False), ("words 8", "words 8", True)]
    assert story.rows("select is_negative from dim_keywords where keyword_id = '9'") == [(True,)]


def test_a_restated_and_an_emptied_day_of_keywords(story: Story) -> None:
    story.pull("keyword_stats", 2, [keyword_row(march(3), 60)], 3, 4)
    story.build()
    assert [row[2] for row in story.rows(KEYWORDS)] == [60]
    story.pull("keyword_stats", 3, [], 3, 4)
    story.build()
    assert story.rows(KEYWORDS) == []


def test_a_keywords_quality_has_a_history(story: Story) -> None:
    story.lake.pull(
        story.account, "keywords", at(8), [listed_keyword("7", 9, status="REMOVED")], None
    )
    story.build()
    versions = story.rows(
        "select keyword_id, quality_score, status, is_current from dim_keywords "
        "where not is_inferred order by keyword_id, valid_from"
    )
    assert versions == [
        ("7", Decimal(7), "ACTIVE", False),
        ("7", Decimal(9), "DELETED", True),
        ("9", None, "ACTIVE", False),
        ("9", None, "DELETED", True),
    ]


PLACES = (
    "select places.location_name, countries.location_name, facts.location_type, "
    "facts.impressions, facts.spend, facts.spend_reporting from fact_geo_performance as facts "
    "inner join dim_locations as places on facts.location_key = places.location_key "
    "inner join dim_locations as countries on facts.country_key = countries.location_key "
    "order by facts.impressions desc"
)


def test_what_is_in_no_region_is_the_countrys(story: Story) -> None:
    story.pull(
        "geo_stats",
        1,
        [
            place_row(march(3), 100),
            place_row(march(3), 60, region=BERLIN),
            place_row(march(3), 10, location_type="AREA_OF_INTEREST"),
            place_row(march(3), 10, location_type="AREA_OF_INTEREST", region=BERLIN),
            place_row(march(3), 2, country=""),
        ],
        3,
        4,
    )
    story.build()
    assert story.rows(PLACES) == [
        ("Place 20226", "Place 2276", "LOCATION_OF_PRESENCE", 60, Decimal("0.6"), Decimal("1.2")),
        ("Place 2276", "Place 2276", "LOCATION_OF_PRESENCE", 40, Decimal("0.4"), Decimal("0.8")),
        ("Place 20226", "Place 2276", "AREA_OF_INTEREST", 10, Decimal("0.1"), Decimal("0.2")),
        ("Unknown place",) * 2 + ("LOCATION_OF_PRESENCE", 2, Decimal("0.02"), Decimal("0.04")),
    ]


def test_names_that_come_later_rewrite_no_fact(story: Story) -> None:
    listed = [listed_place("2276", "Germany"), listed_place(BERLIN, "Berlin", "2276")]
    story.pull("geo_targets", 2, listed)
    before = story.rows("select count(*) from state.rewrites where model = 'fact_geo_performance'")
    story.build()
    assert [row[:2] for row in story.rows(PLACES)] == [
        ("Berlin", "Germany"),
        ("Germany", "Germany"),
        ("Berlin", "Germany"),
        ("Unknown place", "Unknown place"),
    ]
    after = story.rows("select count(*) from state.rewrites where model = 'fact_geo_performance'")
    assert after == before


def test_a_late_rate_reaches_places_and_keywords(story: Story) -> None:
    story.pull("keyword_stats", 4, [keyword_row(march(4), 100)], 4, 5)
    story.pull("geo_stats", 4, [place_row(march(4), 100)], 4, 5)
    story.build()
    story.lake.pull_rates(at(7), window(4, 5), {march(4): {"USD": "3"}})
    story.build()
    for fact in ("fact_keyword_performance", "fact_geo_performance"):
        assert story.rows(f"select spend_reporting from {fact} where date_day = '2026-03-04'") == [
            (Decimal(3),)
        ]


TERMS = (
    "select search_term, term_status, impressions, clicks, spend, spend_reporting "
    "from fact_search_terms where date_day = '2026-03-03' order by impressions desc"
)


def test_what_is_withheld_of_search_terms_is_the_ad_groups(story: Story) -> None:
    terms = [term_row(march(3), 50, "tent"), term_row(march(3), 20, "red tent", status="ADDED")]
    quiet = term_row(march(3), 30, ad_group_id="12")
    story.pull("search_term_stats", 1, [term_row(march(3), 100), *terms, quiet], 3, 4)
    story.build()
    shown = [
        ("tent", "NONE", 50, 5, Decimal("0.5"), Decimal(1)),
        (None, None, 30, 3, Decimal("0.3"), Decimal("0.6")),
        (None, None, 30, 3, Decimal("0.3"), Decimal("0.6")),
        ("red tent", "ADDED", 20, 2, Decimal("0.2"), Decimal("0.4")),
    ]
    assert story.rows(TERMS) == shown, "an ad group without a term that is shown is one rest"
    named = "select sum(impressions) from fact_search_terms where ad_group_id = '11'"
    assert story.rows(named) == [(100,)]
    story.pull(
        "search_term_stats", 2, [term_row(march(3), 70), term_row(march(3), 70, "tent")], 3, 4
    )
    story.build()
    assert [row[:3] for row in story.rows(TERMS)] == [("tent", "NONE", 70)], "nothing is left over"


def test_what_is_merged_of_placements_is_the_ad_groups(story: Story) -> None:
    group = {"ad_group_id": "11", "placement": ""}
    site = {"display_name": "The News", "placement_type": "WEBSITE", "target_url": "news.example"}
    rows = [
        part_row(march(3), 100, **group),
        part_row(march(3), 60, **group | site | {"placement": "news.example"}),
        part_row(march(3), 30, **group | {"ad_group_id": "12"}),
    ]
    story.pull("placement_stats", 1, rows, 3, 4)
    story.build()
    shown = (
        "select ad_group_id, placement, placement_name, placement_type, placement_url, "
        "impressions, clicks, spend_reporting from fact_placement_performance order by 1, 6"
    )
    named = ("11", "news.example", "The News", "WEBSITE", "news.example", 60, 6, Decimal("1.2"))
    assert story.rows(shown) == [
        ("11", None, None, None, None, 40, 4, Decimal("0.8")),
        named,
        ("12", None, None, None, None, 30, 3, Decimal("0.6")),
    ]
    story.pull("placement_stats", 2, [part_row(march(3), 60, **group), rows[1]], 3, 4)
    story.build()
    assert story.rows(shown) == [named], "nothing is left over"


def test_performance_max_has_parts_of_campaigns(story: Story) -> None:
    """Of its placements impressions alone are known: all else stays in the campaign's own row."""
    unknown = dict.fromkeys(("clicks", "cost_micros", "conversions", "conversions_value"))
    whole = {"ad_group_id": "", "campaign_id": "2"}
    places = [
        part_row(march(3), 100, placement="", **whole),
        part_row(march(3), 60, **whole | unknown | {"placement": "news.example"}),
    ]
    terms = [
        term_row(march(3), 100, **whole),
        term_row(march(3), 20, "tent", **whole | {"status": None}),
    ]
    story.pull("placement_stats", 3, places, 3, 4)
    story.pull("search_term_stats", 3, [*terms, term_row(march(3), 10)], 3, 4)
    story.build()
    shown = (
        "select campaign_id, ad_group_id, ad_group_key is null, {}, impressions, clicks, "
        "spend_reporting, conversions from {} order by impressions"
    )
    assert story.rows(shown.format("placement", "fact_placement_performance")) == [
        ("2", None, True, None, 40, 10, Decimal("2"), Decimal(1)),
        ("2", None, True, "news.example", 60, None, None, None),
    ]
    assert story.rows(shown.format("search_term", "fact_search_terms")) == [
        ("1", "11", False, None, 10, 1, Decimal("0.2"), Decimal("0.1")),
        ("2", None, True, "tent", 20, 2, Decimal("0.4"), Decimal("0.2")),
        ("2", None, True, None, 80, 8, Decimal("1.6"), Decimal("0.8")),
    ]


def test_labels_are_rows_of_what_they_are_on(story: Story) -> None:
    pair = {"label_id": "5", "name": "Brand", "campaign_id": "1", "ad_group_id": "", "ad_id": ""}
    group = {"ad_group_id": "11"}
    agency = {"label_id": "6", "name": "Agency"}
    listed = [pair, pair | group, pair | agency | group | {"ad_id": "5"}, pair | agency]
    story.pull("labels", 1, listed)
    story.build()
    shown = (
        "select label_name, labelled, campaign_id, ad_group_id, ad_id from dim_labels order by 1, 2"
    )
    assert story.rows(shown) == [
        ("Agency", "ad", "1", "11", "5"),
        ("Agency", "campaign", "1", None, None),
        ("Brand", "ad_group", "1", "11", None),
        ("Brand", "campaign", "1", None, None),
    ]
    story.lake.pull(story.account, "labels", at(9), [pair | {"name": "Own brand"}], None)
    story.build()
    assert story.rows(shown) == [("Own brand", "campaign", "1", None, None)], (
        "the rest is taken off"
    )
    story.lake.pull(story.account, "labels", at(10), [], None)
    story.build()
    assert story.rows(shown) == []


def test_clicks_with_their_ad_and_keyword(story: Story) -> None:
    from_search = click_row(march(3), "token-1")
    no_ad = click_row(march(3), "token-2", ad_group_ad=None, keyword=None, device="DESKTOP")
    of_all = click_row(march(3), "token-3", keyword=None, ad_group_ad="odd")
    story.pull("clicks", 1, [from_search, from_search, no_ad, of_all], 3, 5)
    story.build()
    shown = (
        "select click_id, ad_group_id, ad_id, keyword_id, device, clicks from fact_ad_clicks "
        "order by click_id"
    )
    assert story.rows(shown) == [
        ("token-1", "11", "5", "7", "mobile", 1),
        ("token-2", None, None, None, "desktop", 1),
        ("token-3", None, None, None, "mobile", 1),
    ]
    named = (
        "select count(*) from fact_ad_clicks as clicks inner join fact_keyword_performance as days "
        "on clicks.keyword_key = days.keyword_key and clicks.ad_group_key = days.ad_group_key "
        "and clicks.campaign_key = days.campaign_key"
    )
    assert story.rows(named) == [(1,)], "keys are those of the other facts"
    story.pull("clicks", 2, [no_ad], 3, 4)
    story.build()
    assert [row[0] for row in story.rows(shown)] == ["token-2"], "a day is replaced whole"


DEVICES = (
    "select impressions, mobile_impressions, desktop_impressions, tablet_impressions "
    "from fact_campaign_performance where campaign_id = '1' order by date_day"
)


def test_devices_have_a_winner_of_their_own(story: Story) -> None:
    story.pull("campaign_stats", 1, [campaign_row(march(3), "1")], 3, 4)
    story.build()
    assert story.rows(DEVICES) == [(100, None, None, None)], "not pulled is not zero"
    split = [
        part_row(march(3), 60, device="MOBILE", ad_network_type="SEARCH"),
        part_row(march(3), 10, device="MOBILE", ad_network_type="SEARCH_PARTNERS"),
        part_row(march(3), 25, device="DESKTOP"),
        part_row(march(3), 5, device="CONNECTED_TV"),
    ]
    story.pull("campaign_stats_by_device", 2, split, 3, 4)
    story.build()
    assert story.rows(DEVICES) == [(100, 70, 25, 0)]
    by_device = (
        "select device, network, impressions, reporting_currency from fact_device_performance"
    )
    assert sorted(story.rows(by_device)) == [
        ("connected_tv", "unknown", 5, "USD"),
        ("desktop", "unknown", 25, "USD"),
        ("mobile", "search", 60, "USD"),
        ("mobile", "search_partners", 10, "USD"),
    ], "rows of a sync that did not ask for the network are of an unknown one"
    story.pull("campaign_stats_by_device", 3, [part_row(march(3), 100, device="TABLET")], 3, 4)
    story.build()
    assert story.rows(DEVICES) == [(100, 0, 0, 100)]
    story.pull("campaign_stats_by_device", 4, [], 3, 4)
    story.build()
    assert story.rows(DEVICES) == [(100, None, None, None)]
    assert story.rows(by_device) == []


def test_how_a_campaign_bids_and_what_an_ad_says(story: Story) -> None:
    kind = {"advertising_channel_sub_type": "VIDEO_NON_SKIPPABLE"}
    first = listed_campaign("1", kind="VIDEO") | kind | {"bidding_strategy_type": "TARGET_CPM"}
    story.pull("campaigns", 1, [first])
    story.lake.pull(
        story.account, "campaigns", at(9), [first | {"bidding_strategy_type": "MANUAL_CPC"}], None
    )
    headlines = [{"text": "Tents", "pinnedField": "HEADLINE_1"}, {"text": "Free returns"}]
    ad = {"campaign_id": "1", "ad_group_id": "11", "ad_id": "5", "status": "ENABLED"}
    texts = {"headlines": json.dumps(headlines), "descriptions": json.dumps([])}
    story.pull("ads", 1, [ad | texts, ad | {"ad_id": "6", "headlines": "odd"}])
    story.build()
    versions = (
        "select campaign_sub_type, bidding_strategy, is_current from dim_campaigns "
        "where campaign_id = '1' order by valid_from"
    )
    assert story.rows(versions) == [
        ("VIDEO_NON_SKIPPABLE", "TARGET_CPM", False),
        ("VIDEO_NON_SKIPPABLE", "MANUAL_CPC", True),
    ], "another strategy is another version"
    said = "select ad_id, headlines, descriptions from dim_ads order by ad_id"
    assert story.rows(said) == [("5", "Tents | Free returns", None), ("6", None, None)]


@pytest.mark.long
def test_all_of_it_is_what_a_build_from_nothing_comes_to(story: Story) -> None:
    twin = twin_of(story.home, story.home.path.parent / "twin")
    twin.build(models=MODELS)
    assert differences(story.home, twin) == {}


REPORTED = "keyword_and_geo_facts_are_what_was_reported"


def test_what_the_fact_lacks_is_found(story: Story) -> None:
    story.home.invoke("test", "--select", REPORTED)
    story.home.execute("update serve.fact_geo_performance set clicks = clicks + 1")
    with pytest.raises(AssertionError, match=REPORTED):
        story.home.invoke("test", "--select", REPORTED)
    story.home.build("--select", "fact_geo_performance", "--full-refresh")


def test_parts_that_exceed_the_whole_are_a_warning(story: Story) -> None:
    story.pull("geo_stats", 5, [place_row(march(3), 5_000)], 3, 4)
    story.build()
    # The places of the 3rd; and the keywords of the 4th, which here has no ad groups at all.
    name = "parts_of_campaigns_are_no_more_than_the_whole"
    assert story.home.outcome(name) == ("warn", 2)
