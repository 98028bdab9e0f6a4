"""Every order, visit and cost in a bucket: from click id to suggestion, and the audit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from built_home import BuildFailed, DbtHome, differences, named_in, twin_of
from commerce_rows import changes, shop, shop_order
from event_rows import SITE, event
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from google_parts_streams import click_row
from mart_scenarios import listed_ad
from scenarios import at, march, window

MODELS = named_in(__file__)
BUCKETS = "all_orders_and_spend_have_a_bucket"
D = Decimal
GOOGLE = Account("acme", "acme-ads")
PAID = {"utm_source": "google", "utm_medium": "cpc"}


def alias(number: int, campaign: str, utm_campaign: str) -> str:
    """A line of the seed, as SQL."""
    return (
        "insert into build.main.campaign_aliases (alias_number, organization_id, utm_campaign, "
        "platform, campaign_id, approved_by, approved_on) "
        f"values ({number}, 'acme', '{utm_campaign}', 'google_ads', '{campaign}', 'ada', "
        "'2026-03-01')"
    )


ORDERS: list[dict[str, Any]] = [
    # The platform reports this click; the words alone would fit nothing.
    {"click_id_type": "gclid", "click_id": "t1"},
    # A click stands before other words, and one that two campaigns are said to have proves none.
    {**PAID, "utm_campaign": "2", "click_id_type": "gclid", "click_id": "t1"},
    {**PAID, "utm_campaign": "2", "click_id_type": "gclid", "click_id": "t2"},
    {**PAID, "utm_campaign": "spring", "utm_content": "a"},
    {**PAID, "utm_campaign": "SPRING"},
    {**PAID, "utm_campaign": "Everything we sell"},
    {**PAID, "utm_campaign": "All products"},
    {**PAID, "utm_campaign": "promo-x"},
    {**PAID, "utm_campaign": "all_product"},
    {"utm_source": "klaviyo", "utm_medium": "email", "utm_campaign": "all_product"},
    {"utm_source": "nowhere", "utm_campaign": "x"},
    {},
]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixtureLake, DbtHome]:
    """Google Ads with a renamed Performance Max campaign, a shop, and a collector."""
    path = tmp_path_factory.mktemp("match") / "home"
    path.mkdir()
    lake, home = FixtureLake(path), DbtHome(path)
    lake.organization("acme", "EUR")
    sales = shop("acme")
    for account in (GOOGLE, sales, SITE):
        lake.connection(account)
    kinds = {"1": "SEARCH", "2": "SEARCH", "3": "PERFORMANCE_MAX"}
    for day, name in ((2, "Everything we sell"), (5, "All products")):
        rows = [listed_campaign(n, kind=kind) for n, kind in kinds.items() if n != "3"]
        rows.append(listed_campaign("3", name, kind="PERFORMANCE_MAX"))
        lake.pull(GOOGLE, "campaigns", at(day), rows)
    lake.pull(GOOGLE, "ads", at(2), [listed_ad("901", "1", "spring", "a")])
    stats = [campaign_row(march(3), n, spend=f"{n}.50") for n in kinds]
    # A campaign that no list has, and another month.
    stats += [campaign_row(march(4), "gone", spend="8"), campaign_row(march(1), "3", spend="16")]
    lake.pull(GOOGLE, "campaign_stats", at(6), stats, window(1, 4))
    clicks = [click_row(march(3), "t1", campaign_id="1"), click_row(march(3), "t2")]
    clicks.append(click_row(march(4), "t2", campaign_id="2"))
    lake.pull(GOOGLE, "clicks", at(6), clicks, window(3, 4))
    placed = [shop_order(n, at(3, n % 20), **said) for n, said in enumerate(ORDERS, 1)]
    placed.append(shop_order(99, at(3, 9), **PAID, is_test=True))
    changes(lake, sales, at(6), placed, window=window(1, 5))
    visit = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring"}
    seen = [event("e1", at(3), **visit), event("e2", at(3), "d2")]
    seen.append(event("e3", at(3), "d3", **visit, agent_kind="bot", bot_reason="x"))
    lake.pull(SITE, "events", at(6), seen, kind="changes")
    home.build(models=["int_event_days"])
    home.execute(alias(1, "2", "Promo-X"))
    home.build(models=MODELS)
    return lake, home


def matches(home: DbtHome, evidence_type: str, columns: str) -> list[tuple[Any, ...]]:
    return home.query(
        f"select {columns} from serve.mart_campaign_match "
        f"where evidence_type = '{evidence_type}' order by all"
    )


def test_the_strongest_sign_counts(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    found = matches(home, "order", "utm_campaign, method, campaign_id, confidence, orders")
    wanted = [
        ("2", "campaign_id", "2", D("1.00"), 1),
        ("2", "click_id", "1", D("1.00"), 1),
        ("All products", "campaign_name", "3", D("0.80"), 1),
        ("Everything we sell", "former_name", "3", D("0.70"), 1),
        ("SPRING", "campaign_utm", "1", D("0.90"), 1),
        ("all_product", "unmatched", None, D(0), 1),
        ("all_product", "unmatched", None, D(0), 1),
        ("promo-x", "alias", "2", D("0.95"), 1),
        ("spring", "ad_utm", "1", D("0.95"), 1),
        ("x", "unmatched", None, D(0), 1),
        (None, "click_id", "1", D("1.00"), 1),
        (None, "none", None, D(0), 1),
    ]
    assert found == wanted


def test_a_rename_breaks_no_history(story: tuple[FixtureLake, DbtHome]) -> None:
    """An order under the old name belongs to the campaign, and says until when it had the name."""
    _, home = story
    ((key, evidence),) = home.query(
        "select campaign_key, evidence from serve.mart_campaign_match where method = 'former_name'"
    )
    assert evidence.endswith("before 2026-03-05")
    named = "select distinct campaign_key from dim_campaigns where campaign_name = 'All products'"
    assert home.query(named) == [(key,)]
    spent = "sum(spend_reporting) from serve.mart_campaign_match where campaign_id = '3'"
    assert home.query(f"select {spent}") == [(D("19.5"),)]


def test_performance_max_is_not_lost_on_the_way_up(story: tuple[FixtureLake, DbtHome]) -> None:
    """It has no ad groups and no ads, and its spend is there all the same."""
    _, home = story
    spent = matches(home, "spend", "channel, campaign_id, spend_reporting")
    assert ("performance_max", "3", D("19.5")) in spent
    assert sum(row[2] for row in spent) == D("1.5") + D("2.5") + D("3.5") + 8 + 16
    assert ("unattributed", "gone", D(8)) in spent


def test_a_suggestion_waits(story: tuple[FixtureLake, DbtHome]) -> None:
    """What is nearly a campaign's name is suggested, to ads alone, and has no campaign."""
    _, home = story
    columns = "channel, suggested_campaign_name, suggestion_likeness, campaign_bucket"
    found = home.query(
        f"select {columns} from serve.mart_campaign_match where utm_campaign = 'all_product' "
        "order by channel"
    )
    # 10 of 11 letters.
    assert found == [
        ("email", None, None, "unattributed"),
        ("paid_google", "All products", D("0.9091"), "unattributed"),
    ]


def test_visits_are_matched_as_orders_are(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    assert matches(home, "session", "channel, method, campaign_id, sessions") == [
        ("direct", "none", None, 1),
        ("paid_search", "campaign_utm", "1", 1),
    ]


def test_what_is_wrong_with_parameters(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    found = home.query(
        "select issue, utm_part, utm_campaign, found_text, expected_text, orders, "
        "gross_revenue_reporting from serve.mart_utm_audit where evidence_type = 'order' "
        "order by all"
    )
    ten = D(10)
    alone, renamed = "the ad has left gclid alone", "all products | everything we sell"
    assert found == [
        ("missing", "utm_campaign", None, None, alone, 1, ten),
        ("missing", "utm_medium", "x", None, None, 1, ten),
        ("missing", "utm_medium", None, None, alone, 1, ten),
        ("missing", "utm_source", None, None, alone, 1, ten),
        ("mixed", "utm_campaign", "2", "2 | promo-x", None, 1, ten),
        ("mixed", "utm_campaign", "2", "2 | spring", None, 1, ten),
        ("mixed", "utm_campaign", "All products", renamed, None, 1, ten),
        ("mixed", "utm_campaign", "Everything we sell", renamed, None, 1, ten),
        ("mixed", "utm_campaign", "SPRING", "2 | spring", None, 1, ten),
        ("mixed", "utm_campaign", "promo-x", "2 | promo-x", None, 1, ten),
        ("mixed", "utm_campaign", "spring", "2 | spring", None, 1, ten),
        ("unknown", "utm_campaign", "all_product", "all_product", None, 1, ten),
        ("unknown", "utm_source", "x", "nowhere", None, 1, ten),
        ("wrong_case", "utm_campaign", "SPRING", "SPRING", "spring", 1, ten),
    ]  # fmt: skip


def test_all_money_has_a_bucket(story: tuple[FixtureLake, DbtHome]) -> None:
    _, home = story
    home.invoke("test", "--select", "mart_campaign_match", "mart_utm_audit", BUCKETS)
    totals = "select sum(orders), sum(gross_revenue_reporting) from serve.mart_campaign_match"
    assert home.query(totals) == [(12, D(120))]
    home.execute("create table serve.state.kept as from serve.mart_campaign_match")
    home.execute("delete from serve.mart_campaign_match where method = 'none'")
    with pytest.raises(BuildFailed, match=BUCKETS):
        home.invoke("test", "--select", BUCKETS)
    home.execute(
        "delete from serve.mart_campaign_match; "
        "insert into serve.mart_campaign_match from serve.state.kept; drop table serve.state.kept"
    )


@pytest.mark.long
def test_only_the_month_that_changed_is_made_again(
    story: tuple[FixtureLake, DbtHome], tmp_path: Path
) -> None:
    """An hour of an ad account rewrites its month, a new name all months: as a full refresh."""
    lake, home = story
    sales = shop("acme")
    late = [shop_order(200, at(1).replace(month=2, day=20), **PAID, utm_campaign="spring")]
    changes(lake, sales, at(7), late)
    home.build(models=MODELS)
    before = home.rewrites()
    lake.pull(GOOGLE, "campaign_stats", at(8), [campaign_row(march(6), "1")], window(6, 6))
    home.build(models=MODELS)
    done = {row[1]: row[3:] for row in home.rewrites() if row not in before}
    months = home.query(
        "select count(*) from serve.mart_campaign_match where date_month = '2026-03-01'"
    )
    assert done["mart_campaign_match"] == (1, months[0][0], months[0][0])
    assert "mart_utm_audit" not in done
    twin = twin_of(home, tmp_path / "twin")
    twin.build(models=["int_event_days"])
    twin.execute(alias(1, "2", "Promo-X"))
    twin.build(models=MODELS)
    assert differences(home, twin) == {}
