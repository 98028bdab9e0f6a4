"""One tenant's odd values stop no other: every staging model over whatever a lake can hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from built_home import PROJECT, DbtHome, Query
from commerce_rows import changes, file_source, shop, shop_order
from event_rows import event
from fixture_lake import RATES, Account, FixtureLake, campaign_row, listed_campaign
from hostile_rows import DAY, hostile_rows
from scenarios import at, march

from connectors.core.platform import Platform
from connectors.platforms import load

WINDOW = (date(2026, 3, 1), date(2026, 3, 11))
HEALTHY = (
    "select sum(spend)::decimal(18, 2), sum(conversions)::decimal(18, 2), sum(impressions) "
    "from fact_campaign_performance where organization_id = 'healthy' and platform = '{}'"
)

WORDS = list(
    enumerate(
        [
            {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
            for source, medium, campaign in (
                *(("a|b", "c", None), ("a", "b|c", None), ("a", "b", "c"), ("a|b|c", None, None)),
                *(("~", "e", None), (None, "e", None), ("~", None, "~"), (None, "~", "~")),
                *(
                    ("~3:a|b", "c", None),
                    ("a\\", "b", None),
                    ("a\\|b", None, None),
                    ("", "e", None),
                ),
            )
        ],
        1,
    )
)
"""Numbers and what a link says."""

_SPEND = "select spend from fact_campaign_performance where organization_id = 'hostile'"


def test_the_odd_values_of_one_tenant_stop_no_other(tmp_path: Path) -> None:
    lake = FixtureLake(tmp_path)
    home = DbtHome(tmp_path)
    _rates(lake)
    _healthy(lake)
    _hostile(lake)
    home.build()
    _assert_healthy(home)
    # No test holds the release of everybody back.
    home.invoke("test", "--exclude", "test_type:unit")
    models = sorted(path.stem for path in (PROJECT / "models/staging").glob("*/stg_*.sql"))
    with home.reading() as query:
        assert [name for name in models if not _has_hostile_rows(query, name)] == []


@pytest.mark.long
def test_a_corrected_file_and_a_removal_mend_what_is_unknown(tmp_path: Path) -> None:
    """An article number was mapped as the cost of a day, when the door still took it."""
    lake = FixtureLake(tmp_path)
    home = DbtHome(tmp_path)
    _rates(lake)
    _healthy(lake)
    lake.organization("hostile")
    costs, sold = file_source("hostile", "costs"), shop("hostile")
    for account in (costs, sold):
        lake.connection(account)
    lake.pull(costs, "costs", at(11), [_cost("4006381333931")], WINDOW)
    article = shop_order(2, at(3, 12)) | {"total_price": Decimal("4006381333931")}
    changes(lake, sold, at(11), [article])
    home.build()
    _assert_healthy(home)
    assert home.query(_SPEND) == [(None,)]

    lake.pull(costs, "costs", at(12), [_cost("40.06")], WINDOW)
    home.build()
    _assert_healthy(home)
    assert home.query(_SPEND) == [(Decimal("40.060000"),)]
    home.invoke("test", "--exclude", "test_type:unit")

    for account in (costs, sold):
        lake.connection(account, status="removed")
    home.build()
    _assert_healthy(home)
    home.build("--full-refresh")
    _assert_healthy(home)
    home.invoke("test", "--exclude", "test_type:unit")


def _rates(lake: FixtureLake) -> None:
    days = [date(2026, 2, 15) + timedelta(days=n) for n in range(40)]
    lake.pull_rates(at(5), (days[0], days[-1]), {day: {"USD": "1.1"} for day in days})


def _healthy(lake: FixtureLake) -> None:
    lake.organization("healthy")
    ads, sold = Account("healthy", "1"), shop("healthy")
    costs = file_source("healthy", "costs")
    for account in (ads, sold, costs):
        lake.connection(account)
    lake.pull(ads, "campaigns", at(11), [listed_campaign("1")])
    row = campaign_row(DAY, "1", 100, 10, "123.45", 2.5, 50.0)
    lake.pull(ads, "campaign_stats", at(11), [row], WINDOW)
    lake.pull(costs, "costs", at(11), [_cost("7.77")], WINDOW)
    changes(lake, sold, at(11), [shop_order(1, at(3, 12))])


def _cost(cost: str) -> dict[str, object]:
    return {
        "date": DAY,
        "channel": "radio",
        "campaign": "a",
        "cost": Decimal(cost),
        "source_row": 2,
    }


def _assert_healthy(home: DbtHome) -> None:
    assert home.query(HEALTHY.format("google_ads")) == [(Decimal("123.45"), Decimal("2.50"), 100)]
    assert home.query(HEALTHY.format("files")) == [(Decimal("7.77"), None, None)]
    orders = "select date_day, net_amount from fact_orders where organization_id = 'healthy'"
    assert home.query(orders) == [(march(3), Decimal("10.000000"))]
    bad = (
        "select * from mart_reconciliation where organization_id = 'healthy' and not is_reconciled"
    )
    assert home.query(bad) == []


def _hostile(lake: FixtureLake) -> None:
    """An organization with accounts of every platform, and all that a stream of it can bring."""
    lake.organization("hostile")
    lake.acknowledge([_odd_acknowledgement()])
    for platform in load().values():
        if platform.shared:
            _odd_rates(lake, platform)
            continue
        for stream in platform.streams:
            # What models join is of one connection; each of what lands has one stream.
            name = f"hostile-{stream.name if platform.intake.is_local else platform.name}"
            account = Account("hostile", name, "EUR", "Europe/Berlin", platform.name)
            lake.connection(account)
            rows = hostile_rows(stream)
            window = WINDOW if stream.kind != "snapshot" else None
            if stream.kind == "report" and all(one.role != "metric" for one in stream.columns):
                # What a day's records were before: each with what is now said of the next.
                following = zip(rows, [*rows[1:], rows[0]], strict=True)
                before = [{**b, **{one: a.get(one) for one in stream.key}} for a, b in following]
                lake.pull(account, stream.name, at(9), before, window, kind=stream.kind)
            lake.pull(account, stream.name, at(10), rows, window, kind=stream.kind)
    _words_that_run_together(lake)


def _words_that_run_together(lake: FixtureLake) -> None:
    """Links, which anybody can write, with words that are alike once they stand in one text."""
    site, sold = Account("hostile", "words", "EUR", "Europe/Berlin", "events"), shop("hostile")
    for account in (site, sold):
        lake.connection(account)
    lake.pull(
        site, "events", at(10), [event(f"w{n}", at(3), **said) for n, said in WORDS], kind="changes"
    )
    changes(lake, sold, at(10), [shop_order(n, at(3, 12), **said) for n, said in WORDS])


def _odd_acknowledgement() -> dict[str, object]:
    """One of a rule and a subject that are not there, of all days, in words that break SQL."""
    words = 'it\'s "done"; --\n\u2028'
    return {
        "organization_id": "hostile",
        "alert_key": words,
        "rule_id": words,
        "scope_type": words,
        "scope": words,
        "first_day": date.min,
        "last_day": date.max,
        "acknowledged_at": at(10),
        "acknowledged_by": words,
        "note": words,
    }


def _odd_rates(lake: FixtureLake, platform: Platform) -> None:
    """Days of a feed before those on which anything happens."""
    first = date(2026, 1, 5)
    for stream in platform.streams:
        rows = [row | {stream.date_column: first} for row in hostile_rows(stream)]
        lake.pull(RATES, stream.name, at(10), rows, (first, first + timedelta(days=1)))


def _has_hostile_rows(query: Query, model: str) -> bool:
    columns = query(
        "select column_name from duckdb_columns() "
        f"where table_name = '{model}' and column_name in ('organization_id', 'account_id')"
    )
    if not columns:
        return True
    condition = "organization_id in ('hostile', '_shared')"
    if ("organization_id",) not in columns:
        condition = "true"
    return bool(query(f"select 1 from build.{model} where {condition} limit 1"))
