"""What counts of reports: the winner of a day, whole, however its syncs came."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from scenarios import Scenario, at, march, start, stats, window


def emptied_day(lake: FixtureLake) -> Scenario:
    """A day that had rows comes back empty: its rows go, its neighbours stay."""
    account = start(lake, "emptied")
    lake.pull(
        account,
        "campaign_stats",
        at(6),
        [campaign_row(march(d), "1") for d in (3, 4, 5)],
        window(3, 5),
    )
    built = yield
    assert [row[0] for row in stats(built, "emptied")] == [march(3), march(4), march(5)]
    sync = lake.pull(
        account,
        "campaign_stats",
        at(7),
        [campaign_row(march(d), "1") for d in (3, 5)],
        window(3, 5),
    )
    built = yield
    assert [row[0] for row in stats(built, "emptied")] == [march(3), march(5)]
    totals = built(
        "select date_day, spend_month_to_date from mart_campaign_daily_summary "
        "where organization_id = 'emptied' order by date_day"
    )
    assert totals == [(march(3), Decimal(1)), (march(5), Decimal(2))]
    restated = built(
        "select value, value_change, _sync_id from fact_restatements where organization_id = "
        "'emptied' and date_day = '2026-03-04' and metric = 'spend' and not is_first"
    )
    assert restated == [(Decimal(0), Decimal(-1), sync)]


def out_of_order(lake: FixtureLake) -> Scenario:
    """An older fetch that is committed after a newer one does not win."""
    account = start(lake, "order")
    newer = lake.pull(
        account, "campaign_stats", at(8), [campaign_row(march(5), "1", spend="2")], window(5, 5)
    )
    built = yield
    assert stats(built, "order", "spend, _sync_id") == [(Decimal(2), newer)]
    lake.pull(
        account,
        "campaign_stats",
        at(7),
        [campaign_row(march(d), "1", spend="9") for d in (4, 5)],
        window(4, 5),
        committed_at=at(9),
    )
    built = yield
    assert stats(built, "order") == [(march(4), "1", Decimal(9)), (march(5), "1", Decimal(2))]
    known = built(
        "select date_day, value from fact_restatements "
        "where organization_id = 'order' and metric = 'spend' order by 1, known_at"
    )
    assert known == [(march(4), Decimal(9)), (march(5), Decimal(2))]


def partial_success(lake: FixtureLake) -> Scenario:
    """One account's failure leaves its old rows; what it fetched before it failed is not seen."""
    account = start(lake, "partial")
    other = Account("partial", "partial-2", "USD", "America/New_York")
    lake.connection(other)
    sync = lake.pull(account, "campaign_stats", at(6), [campaign_row(march(4), "1")], window(4, 5))
    lake.pull(
        other,
        "campaign_stats",
        at(6),
        [campaign_row(march(4), "7", spend="5")],
        window(4, 5),
        sync_id=sync,
    )
    lake.pull(account, "campaigns", at(6), [listed_campaign("1"), listed_campaign("2")])
    built = yield
    assert len(stats(built, "partial")) == 2
    later = lake.pull(
        account,
        "campaign_stats",
        at(7),
        [campaign_row(march(4), "1", spend="99")],
        window(4, 5),
        status="failed",
    )
    lake.pull(
        other,
        "campaign_stats",
        at(7),
        [campaign_row(march(4), "7", spend="6")],
        window(4, 5),
        sync_id=later,
    )
    lake.pull(account, "campaigns", at(7), [], status="failed")
    built = yield
    assert stats(built, "partial") == [
        (march(4), "1", Decimal(1)),
        (march(4), "7", Decimal(6)),
    ]
    assert built(
        "select count(*) from dim_campaigns where organization_id = 'partial' and is_deleted"
    ) == [(0,)]
    assert built(
        "select status from fact_syncs where organization_id = 'partial' and stream = "
        "'campaign_stats' order by started_at, status"
    ) == [("succeeded",), ("succeeded",), ("failed",), ("succeeded",)]


def overlapping_windows(lake: FixtureLake) -> Scenario:
    """Two windows share days, across a month's end; each day belongs to the later fetch whole."""
    account = start(lake, "overlap")
    february = date(2026, 2, 26)
    lake.pull(
        account,
        "campaign_stats",
        at(4),
        [campaign_row(february + timedelta(days=d), "1") for d in range(6)],
        (february, march(4)),
    )
    lake.pull(
        account,
        "campaign_stats",
        at(4, 7),
        [campaign_row(march(1), "2", spend="3")],
        (date(2026, 2, 28), march(2)),
    )
    built = yield
    assert stats(built, "overlap", "date_day, campaign_id") == [
        (date(2026, 2, 26), "1"),
        (date(2026, 2, 27), "1"),
        (march(1), "2"),
        (march(2), "1"),
        (march(3), "1"),
    ]
    lake.pull(
        account,
        "campaign_stats",
        at(4, 8),
        [campaign_row(date(2026, 2, 28), "1"), campaign_row(march(1), "1")],
        (date(2026, 2, 28), march(2)),
    )
    built = yield
    assert [row[1] for row in stats(built, "overlap", "date_day, campaign_id")] == ["1"] * 6


def repeated_page(lake: FixtureLake) -> Scenario:
    """A page that the platform sent twice counts once."""
    account = start(lake, "repeated")
    row = campaign_row(march(4), "1")
    lake.pull(account, "campaign_stats", at(6), [row, row], window(4, 4))
    lake.pull(account, "campaigns", at(6), [listed_campaign("1"), listed_campaign("1")])
    built = yield
    assert len(stats(built, "repeated")) == 1
    assert built(
        "select count(*) from dim_campaigns where organization_id = 'repeated' and not is_inferred"
    ) == [(1,)]


def contradicting_pages(lake: FixtureLake) -> Scenario:
    """Two copies of a key that differ: the same one is picked, in whatever order they came."""
    account = start(lake, "contradicting")
    for day in (3, 4):
        copies = [campaign_row(march(day), "1", spend=spend) for spend in ("1", "2")]
        if day == 4:
            copies.reverse()
        lake.pull(account, "campaign_stats", at(6), copies, window(day, day))
    for hour, names in ((5, ("A", "B")), (6, ("B", "A"))):
        lake.pull(account, "campaigns", at(6, hour), [listed_campaign("1", n) for n in names])
    built = yield
    assert stats(built, "contradicting", "spend") == [(Decimal(2),), (Decimal(2),)]
    assert built(
        "select distinct value from fact_restatements "
        "where organization_id = 'contradicting' and metric = 'spend'"
    ) == [(Decimal(2),)]
    assert built(
        "select campaign_name from dim_campaigns where organization_id = 'contradicting'"
    ) == [("B",)]


def autumn_hour(lake: FixtureLake) -> Scenario:
    """Hours of a clock change: the repeated one flagged, the skipped one moved and flagged."""
    account = start(lake, "hours")
    autumn, spring = date(2025, 10, 26), date(2025, 3, 30)
    for day in (autumn, spring):
        rows = [campaign_row(day, "1", hour=hour) for hour in (1, 2, 3)]
        lake.pull(account, "campaign_stats_hourly", at(6), rows, (day, day + timedelta(days=1)))
    built = yield
    hours = built(
        "select strftime(hour_at, '%m-%d %H'), local_hour, is_ambiguous_hour, is_skipped_hour "
        "from fact_campaign_performance_hourly where organization_id = 'hours' "
        "order by date_day, local_hour"
    )
    assert hours == [
        ("03-30 00", 1, False, False),
        ("03-30 01", 2, False, True),
        ("03-30 01", 3, False, False),
        ("10-25 23", 1, False, False),
        ("10-26 01", 2, True, False),
        ("10-26 02", 3, False, False),
    ]


def long_history(lake: FixtureLake) -> Scenario:
    """Days of four half-years, each built by itself: every one is there once, with its versions."""
    account = start(lake, "long", reporting_currency="EUR")
    days = [date(2024, 6, 30), date(2024, 7, 1), date(2025, 6, 30), date(2025, 12, 31), march(3)]
    for at_hour, spend in ((5, "1"), (6, "2")):
        for day in days:
            rows = [campaign_row(day, campaign, spend=spend) for campaign in "12"]
            whole_day = (day, day + timedelta(days=1))
            lake.pull(account, "campaign_stats", at(6, at_hour), rows, whole_day)
    built = yield
    expected = [(day, campaign, Decimal(2)) for day in days for campaign in "12"]
    assert stats(built, "long") == expected
    assert (
        built(
            "select date_day, campaign_id, sum(value_change) from fact_restatements "
            "where organization_id = 'long' and metric = 'spend' group by all order by all"
        )
        == expected
    )


def second_chunk(lake: FixtureLake) -> Scenario:
    """A sync's chunks count one by one: the failed one leaves its days as they were."""
    account = start(lake, "chunks")
    sync = lake.pull(account, "campaign_stats", at(6), [campaign_row(march(3), "1")], window(3, 3))
    lake.pull(
        account,
        "campaign_stats",
        at(6, 7),
        [campaign_row(march(4), "1")],
        window(4, 4),
        sync_id=sync,
        chunk_id=1,
        status="failed",
    )
    built = yield
    assert [row[0] for row in stats(built, "chunks")] == [march(3)]
    assert built("select status, chunks from fact_syncs where organization_id = 'chunks'") == [
        ("partial", 2)
    ]


def abandoned_chunk(lake: FixtureLake) -> Scenario:
    """Rows of a chunk that was never committed are not listed; a chunk that comes later is."""
    account = start(lake, "abandoned")
    sync = lake.pull(account, "campaigns", at(4), [listed_campaign("1", "Right")], chunk_id=1)
    wrong = [listed_campaign("1", "Wrong"), listed_campaign("2", "Wrong")]
    lake.pull(account, "campaigns", at(4), wrong, sync_id=sync, chunk_id=0, logged=False)
    names = (
        "select campaign_id, campaign_name from dim_campaigns "
        "where organization_id = 'abandoned' order by 1, 2"
    )
    built = yield
    assert built(names) == [("1", "Right")]
    later = [listed_campaign("3", "Later")]
    lake.pull(account, "campaigns", at(4, 7), later, sync_id=sync, chunk_id=2)
    built = yield
    assert built(names) == [("1", "Right"), ("3", "Later")]


def rejected_rows(lake: FixtureLake) -> Scenario:
    """A list with rejected rows adds and changes and deletes nothing; the next whole one does."""
    account = start(lake, "rejected")
    one, two, three = (listed_campaign(c) for c in "123")
    current = (
        "select campaign_id, campaign_name, status, is_deleted from dim_campaigns "
        "where organization_id = 'rejected' and is_current order by campaign_id"
    )
    names = [("1", "Campaign 1", "ACTIVE", False), ("2", "Campaign 2", "ACTIVE", False)]
    lake.pull(account, "campaigns", at(3), [one, two])
    built = yield
    assert built(current) == names
    renamed = listed_campaign("1", "Renamed")
    lake.pull(account, "campaigns", at(4), [renamed, three], rejected=1)
    built = yield
    names = [("1", "Renamed", "ACTIVE", False), names[1], ("3", "Campaign 3", "ACTIVE", False)]
    assert built(current) == names
    lake.pull(account, "campaigns", at(5), [renamed], rejected=2)
    built = yield
    assert built(current) == names
    lake.pull(account, "campaigns", at(6), [renamed])
    built = yield
    gone = [(*row[:2], "DELETED", True) for row in names[1:]]
    assert built(current) == [names[0], *gone]
    # A list from before is found to come between: it could delete, so the others answer for it.
    lake.pull(account, "campaigns", at(4, 12), [renamed, two, listed_campaign("4")])
    built = yield
    listed = "select campaign_id, status from dim_campaigns where organization_id = 'rejected' "
    assert built(listed + "and valid_to > '2026-03-04' and valid_from < '2026-03-06' order by 1, 2")
    assert built(listed + "and is_current order by 1") == [
        ("1", "ACTIVE"),
        ("2", "DELETED"),
        ("3", "DELETED"),
        ("4", "DELETED"),
    ]


def forgotten(lake: FixtureLake) -> Scenario:
    """An organization is erased: its keys vanish from the truth, so its rows vanish."""
    account = start(lake, "forgotten")
    lake.pull(account, "campaign_stats", at(6), [campaign_row(march(4), "1")], window(4, 4))
    lake.pull(account, "campaigns", at(6), [listed_campaign("1")])
    tables = (
        "dim_organizations",
        "dim_connections",
        "dim_campaigns",
        "fact_campaign_performance",
        "fact_restatements",
        "fact_syncs",
        "mart_campaign_daily_summary",
        "mart_daily_aggregates",
        "mart_reconciliation",
    )
    built = yield
    for table in tables:
        assert built(f"select count(*) > 0 from {table} where organization_id = 'forgotten'") == [
            (True,)
        ], table
    lake.forget(account)
    built = yield
    for table in tables:
        assert built(f"select count(*) from {table} where organization_id = 'forgotten'") == [
            (0,)
        ], table


SCENARIOS = [
    emptied_day,
    out_of_order,
    partial_success,
    overlapping_windows,
    repeated_page,
    contradicting_pages,
    autumn_hour,
    long_history,
    second_chunk,
    abandoned_chunk,
    rejected_rows,
    forgotten,
]
