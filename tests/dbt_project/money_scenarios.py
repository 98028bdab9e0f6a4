"""Money of reports: rates that are late or missing, currencies that change, the largest amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import Scenario, at, march, start, stats, window


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


SCENARIOS = [
    late_rate,
    conversion_rule,
    reporting_currency_changed,
    account_currency_changed,
    large_amounts,
]
