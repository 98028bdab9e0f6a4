"""Histories that incremental builds get wrong, each one organization of one lake.

A scenario is a generator: it lands data, yields for a build, is sent what was built, checks exact
numbers, lands more, and so on. All scenarios move in step, so that one build serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign

Built = Callable[[str], list[tuple[Any, ...]]]
Scenario = Generator[None, Built, None]


def at(day: int, hour: int = 6, minute: int = 0) -> datetime:
    """An instant in March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def march(day: int) -> date:
    """A day in March 2026."""
    return date(2026, 3, day)


def window(first: int, last: int) -> tuple[date, date]:
    """The half-open window of whole days in March, both given days in it."""
    return march(first), march(last) + timedelta(days=1)


def start(lake: FixtureLake, name: str, currency: str = "EUR", **more: Any) -> Account:
    """An organization with one account, on the first rates."""
    lake.organization(name, **more)
    account = Account(name, f"{name}-1", currency)
    lake.connection(account)
    return account


def stats(built: Built, organization: str, columns: str = "date_day, campaign_id, spend") -> Any:
    """Rows of the campaign facts of an organization."""
    return built(
        f"select {columns} from fact_campaign_performance "
        f"where organization_id = '{organization}' order by date_day, campaign_id"
    )


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


def late_rate(lake: FixtureLake) -> Scenario:
    """A day has no rate when it is first built; the rate comes later and converts it."""
    account = start(lake, "late_rate", "CHF")
    lake.pull(account, "campaign_stats", at(6), [campaign_row(march(4), "1")], window(4, 4))
    built = yield
    assert stats(built, "late_rate", "spend, spend_reporting") == [(Decimal(1), None)]
    assert built(
        "select spend_reporting from mart_platform_comparison where organization_id = 'late_rate'"
    ) == [(None,)]
    rates = {"USD": "1.1", "GBP": "0.85", "SEK": "11", "CHF": "11"}
    lake.pull_rates(at(7), window(2, 4), dict.fromkeys(map(march, (2, 3, 4)), rates))
    built = yield
    assert stats(built, "late_rate", "spend, spend_reporting") == [(Decimal(1), Decimal("0.1"))]


def conversion_rule(lake: FixtureLake) -> Scenario:
    """Weekend and holidays take the last rate, up to 7 days old; older or none converts nothing."""
    april = [date(2026, 4, day) for day in (1, 2, 3, 4, 6, 7, 14, 15)]
    account = start(lake, "conversion_rule", "NOK")
    rows = [campaign_row(day, "1") for day in april]
    lake.pull(account, "campaign_stats", at(6), rows, (april[0], date(2026, 4, 16)))
    # Good Friday to Easter Monday 2026 have no reference rates; the first for NOK is of the 2nd.
    rates = {
        date(2026, 4, 1): {"USD": "1.25"},
        date(2026, 4, 2): {"USD": "1.25", "NOK": "10"},
        date(2026, 4, 7): {"USD": "1.2", "NOK": "12"},
    }
    lake.pull_rates(at(6), (date(2026, 4, 1), date(2026, 4, 16)), rates)
    built = yield
    thursdays, tuesdays = Decimal("0.125"), Decimal("0.1")
    converted = stats(built, "conversion_rule", "date_day, spend_reporting")
    assert converted == list(
        zip(april, [None, *[thursdays] * 4, tuesdays, tuesdays, None], strict=True)
    )
    carried = built(
        "select rate_date from fact_exchange_rates where from_currency = 'NOK' and to_currency = "
        "'USD' and date_day between '2026-04-02' and '2026-04-07' order by date_day"
    )
    assert carried == [(date(2026, 4, 2),)] * 5 + [(date(2026, 4, 7),)]


def rename_after_facts(lake: FixtureLake) -> Scenario:
    """A campaign is listed after its numbers, and renamed later: no fact moves, marts do."""
    account = start(lake, "renamed")
    rows = [campaign_row(march(d), "1") for d in (3, 4, 5, 6)]
    lake.pull(account, "campaign_stats", at(7), rows, window(3, 6))
    names = (
        "select date_day, campaign_name, channel, campaign_status from mart_campaign_daily_summary "
        "where organization_id = 'renamed' order by date_day"
    )
    built = yield
    assert {row[1:] for row in built(names)} == {("Unknown campaign", "unattributed", "UNKNOWN")}
    lake.pull(account, "campaigns", at(4), [listed_campaign("1", "First")])
    built = yield
    assert {row[1:] for row in built(names)} == {("First", "paid_search", "ACTIVE")}
    lake.pull(account, "campaigns", at(5, 23, 30), [listed_campaign("1", "Second", "PAUSED")])
    built = yield
    # 23:30 UTC is the 6th in Berlin.
    assert [row[1] for row in built(names)] == ["First", "First", "First", "Second"]
    lake.pull(account, "campaigns", at(7), [])
    built = yield
    versions = built(
        "select campaign_name, status, valid_from, valid_to, is_current, is_backfilled "
        "from dim_campaigns where organization_id = 'renamed' and not is_inferred "
        "order by valid_from"
    )
    forever, begin = date(9999, 12, 31), date(1900, 1, 1)
    assert versions == [
        ("First", "ACTIVE", begin, march(6), False, True),
        ("Second", "PAUSED", march(6), march(7), False, False),
        ("Second", "DELETED", march(7), forever, True, False),
    ]


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


def removed_and_added_again(lake: FixtureLake) -> Scenario:
    """An account that is removed keeps its history and continues it when it comes back."""
    account = start(lake, "again")
    lake.pull(account, "campaign_stats", at(6), [campaign_row(march(4), "1")], window(4, 4))
    yield
    lake.connection(account, status="removed")
    built = yield
    assert len(stats(built, "again")) == 1
    lake.connection(account)
    lake.pull(account, "campaign_stats", at(8), [campaign_row(march(7), "1")], window(7, 7))
    built = yield
    keys = stats(built, "again", "campaign_key")
    assert len(keys) == 2
    assert len(set(keys)) == 1


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


def reporting_currency_changed(lake: FixtureLake) -> Scenario:
    """The organization reports in another currency: all its money is converted again."""
    account = start(lake, "currency", reporting_currency="USD")
    rows = [campaign_row(march(d), "1", spend="10") for d in (4, 5)]
    lake.pull(account, "campaign_stats", at(6), rows, window(4, 5))
    columns = "reporting_currency, spend_reporting"
    built = yield
    assert set(stats(built, "currency", columns)) == {("USD", Decimal(11))}
    lake.organization("currency", reporting_currency="EUR")
    built = yield
    assert set(stats(built, "currency", columns)) == {("EUR", Decimal(10))}
    lake.organization("currency", reporting_currency="GBP")
    built = yield
    assert set(stats(built, "currency", columns)) == {("GBP", Decimal("8.5"))}


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


def large_amounts(lake: FixtureLake) -> Scenario:
    """Amounts up to the largest that a column holds, into a weak currency and out of it."""
    may = [date(2026, 5, day) for day in (4, 5, 6)]
    whole_may = (may[0], date(2026, 5, 7))
    rates = {"USD": "1.1", "IDR": "20123.45"}
    lake.pull_rates(at(6), whole_may, dict.fromkeys(may, rates))
    most = "999999999999.999999"
    dollars = start(lake, "large", "USD", reporting_currency="IDR")
    rows = [campaign_row(d, c, spend=most, value=999999999999.0) for d in may for c in "12"]
    for stream, more in {
        "campaign_stats": {},
        "campaign_stats_hourly": {"hour": 1},
        "ad_group_stats": {"ad_group_id": "1"},
        "ad_stats": {"ad_group_id": "1", "ad_id": "1"},
    }.items():
        lake.pull(dollars, stream, at(6), [row | more for row in rows], whole_may)
    rupiah = start(lake, "small", "IDR", reporting_currency="USD")
    lake.pull(
        rupiah,
        "campaign_stats",
        at(6),
        [campaign_row(may[0], "1", spend="123456789012")],
        whole_may,
    )
    built = yield
    cross = Decimal("20123.45") / Decimal("1.1")
    each = Decimal(most) * cross
    # A rate of 100 and more multiplies with 12 decimals: here its first 17 digits.
    near = each * Decimal("1e-16")
    assert all(abs(row[0] - each) < near for row in stats(built, "large", "spend_reporting"))
    ((total, cpm),) = built(
        "select spend_month_to_date, cpm from mart_campaign_daily_summary "
        "where organization_id = 'large' and campaign_id = '1' and date_day = '2026-05-06'"
    )
    assert total == 3 * Decimal(most)
    assert cpm == 1000 * float(most) / 100
    for mart in ("mart_platform_comparison", "mart_organization_daily_metrics"):
        ((spend, cpm),) = built(
            f"select spend_reporting, cpm_reporting from {mart} "
            "where organization_id = 'large' and date_day = '2026-05-04'"
        )
        assert abs(spend - 2 * each) < 2 * near
        assert abs(cpm / (1000 * float(2 * each) / 200) - 1) < 1e-12
    ((dollars_spent,),) = stats(built, "small", "spend_reporting")
    assert abs(dollars_spent - Decimal(123456789012) / cross) < Decimal("0.005")
    ((rate,),) = built(
        "select exchange_rate from fact_exchange_rates where from_currency = 'IDR' "
        "and to_currency = 'USD' and date_day = '2026-05-04'"
    )
    assert rate == (1 / cross).quantize(Decimal("1e-18"), "ROUND_HALF_UP")


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


def account_currency_changed(lake: FixtureLake) -> Scenario:
    """An account changes its currency: nothing adds the two or takes one from the other."""
    euros = start(lake, "recurrent")
    rows = [campaign_row(march(d), "1", spend="10") for d in (2, 3)]
    lake.pull(euros, "campaign_stats", at(4), rows, window(2, 3))
    months = (
        "select date_day, spend_month_to_date, roas_month_to_date is null, "
        "spend_reporting_month_to_date, conversions_month_to_date "
        "from mart_campaign_daily_summary where organization_id = 'recurrent' order by date_day"
    )
    built = yield
    assert [row[1] for row in built(months)] == [Decimal(10), Decimal(20)]
    dollars = Account("recurrent", euros.id, "USD")
    rows = [campaign_row(march(d), "1", spend="11") for d in (3, 4)]
    lake.pull(dollars, "campaign_stats", at(5), rows, window(3, 4))
    built = yield
    assert built(months) == [
        (march(2), Decimal(10), False, Decimal(11), Decimal(1)),
        (march(3), None, True, Decimal(22), Decimal(2)),
        (march(4), None, True, Decimal(33), Decimal(3)),
    ]
    assert built(
        "select metric, value, value_change, currency_code from fact_restatements "
        "where organization_id = 'recurrent' and not is_first order by metric"
    ) == [
        ("conversion_value", Decimal(5), None, "USD"),
        ("spend", Decimal(11), None, "USD"),
    ]


def unlisted_entities(lake: FixtureLake) -> Scenario:
    """What no list has is a member of its dimension until one has it; no join loses spend."""
    account = start(lake, "unlisted")
    ids = {"ad_group_id": "11", "ad_id": "111"}
    rows = [campaign_row(march(d), "1", spend="2", **ids) for d in (3, 4)]
    for stream in ("campaign_stats", "ad_group_stats", "ad_stats"):
        lake.pull(account, stream, at(5), rows, window(3, 4))
    hourly = [campaign_row(march(4), "9", spend="2", hour=1)]
    lake.pull(account, "campaign_stats_hourly", at(5), hourly, window(4, 4))
    joined = {
        "dim_campaigns": ("fact_campaign_performance", "campaign_key"),
        "dim_ad_groups": ("fact_ad_group_performance", "ad_group_key"),
        "dim_ads": ("fact_ad_creative_performance", "ad_key"),
    }

    def joined_spend(built: Built) -> list[Any]:
        return [
            built(
                f"select sum(spend) from {fact} inner join {dimension} as members using ({key}) "
                f"where {fact}.organization_id = 'unlisted' and members.is_current"
            )
            for dimension, (fact, key) in joined.items()
        ]

    members = (
        "select campaign_id, campaign_name, channel, status, valid_from, is_current, is_inferred "
        "from dim_campaigns where organization_id = 'unlisted' order by campaign_id"
    )
    begin = date(1900, 1, 1)
    one, nine, two = (
        (campaign, "Unknown campaign", "unattributed", "UNKNOWN", begin, True, True)
        for campaign in "192"
    )
    built = yield
    assert joined_spend(built) == [[(Decimal(4),)]] * 3
    assert built(members) == [one, nine]
    assert built(
        "select ad_group_name, ad_name, campaign_id = '1', ads.is_inferred and groups.is_inferred "
        "from dim_ads as ads inner join dim_ad_groups as groups "
        "using (ad_group_key, campaign_key, campaign_id) where ads.organization_id = 'unlisted'"
    ) == [("Unknown ad group", "Unknown ad", True, True)]
    lake.pull(account, "campaigns", at(6), [listed_campaign("1", "Known")])
    built = yield
    known = ("1", "Known", "paid_search", "ACTIVE", begin, True, False)
    assert built(members) == [known, nine]
    rows = [campaign_row(march(4), c, spend="2") for c in "12"]
    lake.pull(account, "campaign_stats", at(7), rows, window(4, 4))
    built = yield
    assert built(members) == [known, two, nine]
    assert joined_spend(built)[0] == [(Decimal(6),)]
    lake.pull(account, "campaign_stats_hourly", at(7), [], window(4, 4))
    built = yield
    assert built(members) == [known, two]


def failing_stream(lake: FixtureLake) -> Scenario:
    """A connection is as fresh as its oldest stream; what the other streams do hides nothing."""
    account = start(lake, "failing")
    for day in (18, 19):
        lake.pull(account, "campaign_stats", at(day, 12), [], window(day, day))
    lake.pull(account, "campaigns", at(18, 8), [])
    sync = lake.pull(account, "campaigns", at(19, 8), [])
    lake.pull(account, "campaigns", at(19, 8), [], sync_id=sync, chunk_id=1, status="failed")
    others = {}
    for frequency, success in {
        "hourly": at(20, 3),
        "daily": at(18, 5),
        "weekly": at(7),
        "manual": at(1),
    }.items():
        others[frequency] = Account("failing", frequency)
        lake.connection(others[frequency], sync_frequency=frequency)
        lake.pull(others[frequency], "campaigns", success, [])
    never = Account("failing", "never")
    lake.connection(never)
    lake.pull(never, "campaigns", at(19, 8), [])
    lake.pull(never, "campaign_stats", at(19, 8), [], window(19, 19), status="failed")
    fresh = (
        "select account_id, freshness, allowed_lag_hours, last_success_at::timestamp, "
        "last_error_class from mart_data_freshness where organization_id = 'failing' order by 1"
    )
    rest = [
        ("daily", "stale", 48, datetime(2026, 3, 18, 5, 1), None),
        ("hourly", "stale", 2, datetime(2026, 3, 20, 3, 1), None),
        ("manual", "fresh", None, datetime(2026, 3, 1, 6, 1), None),
        ("never", "failing", 48, None, "AuthRejected"),
        ("weekly", "fresh", 336, datetime(2026, 3, 7, 6, 1), None),
    ]
    built = yield
    (first, *others_built) = sorted(built(fresh), key=lambda row: row[0] != account.id)
    assert first == (
        account.id,
        "failing",
        48,
        datetime(2026, 3, 18, 8, 1),
        "AuthRejected",
    )
    assert others_built == rest
    lake.pull(account, "campaigns", at(19, 20), [])
    built = yield
    (first, *_) = sorted(built(fresh), key=lambda row: row[0] != account.id)
    assert first == (account.id, "fresh", 48, datetime(2026, 3, 19, 12, 1), None)
    assert built(
        "select failing_streams, last_error_class, last_failure_at is null from dim_connections "
        f"where connection_id = '{account.connection_id}'"
    ) == [(0, None, False)]


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


SCENARIOS = [
    rejected_rows,
    large_amounts,
    abandoned_chunk,
    account_currency_changed,
    unlisted_entities,
    failing_stream,
    contradicting_pages,
    forgotten,
    emptied_day,
    late_rate,
    conversion_rule,
    rename_after_facts,
    out_of_order,
    partial_success,
    removed_and_added_again,
    overlapping_windows,
    reporting_currency_changed,
    repeated_page,
    autumn_hour,
    second_chunk,
]
