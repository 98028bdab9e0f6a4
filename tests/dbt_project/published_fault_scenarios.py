"""Faults that other systems published, each one a story here that would show it.

The others have tests of their own:

- Meta's actions counted twice: `test_meta_ads.test_a_conversion_is_counted_once_under_one_type`
- archived contacts vanish: `test_hubspot` of the end-to-end tests and of the platform
- attribution that sums to 0.9997, a lost Performance Max, a rename that breaks history:
  `test_attribution` and its stories
- the first touch lost at a merge: `test_identity`
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from commerce_rows import changes, line, refund, shop_order
from commerce_scenarios import open_shop
from fixture_lake import FixtureLake, campaign_row, listed_campaign
from scenarios import Scenario, at, march, start, window

D = Decimal


def key_misses_a_breakdown(lake: FixtureLake) -> Scenario:
    """An ad's id repeats in another ad group: a key without the group would keep one of the two."""
    account = start(lake, "breakdown", reporting_currency="EUR")
    groups = [{"ad_group_id": group, "ad_id": "7"} for group in ("1", "2")]
    rows = [campaign_row(march(3), "1", 100, spend="2", **place) for place in groups]
    lake.pull(account, "ad_stats", at(5), rows, window(3, 3))
    built = yield
    assert built(
        "select count(distinct ad_key), sum(impressions), sum(spend) "
        "from fact_ad_creative_performance where organization_id = 'breakdown'"
    ) == [(2, 200, D(4))]


def roas_is_half_converted(lake: FixtureLake) -> Scenario:
    """Spend and claimed value are converted by the same rate: the return is that of the account."""
    account = start(lake, "half", "GBP")
    lake.pull(
        account,
        "campaign_stats",
        at(5),
        [campaign_row(march(3), "1", spend="20", value=50.0)],
        window(3, 3),
    )
    built = yield
    ((roas, spend, claimed),) = built(
        "select platform_roas, spend_reporting, platform_conversion_value_reporting "
        "from mart_platform_comparison where organization_id = 'half' and platform = 'google_ads'"
    )
    assert abs(roas - 2.5) < 1e-6
    rate = D("1.1") / D("0.85")
    assert abs(spend - 20 * rate) < D("0.00001")
    assert abs(claimed - 50 * rate) < D("0.00001")


def weekend_rate_is_one_or_inverted(lake: FixtureLake) -> Scenario:
    """On a Saturday and a Sunday without a rate Friday's holds; it is neither 1 nor its inverse."""
    saturday, sunday = date(2026, 6, 6), date(2026, 6, 7)
    account = start(lake, "weekend", "PLN")
    rows = [campaign_row(day, "1", spend="100") for day in (saturday, sunday)]
    lake.pull(account, "campaign_stats", at(5), rows, (saturday, date(2026, 6, 8)))
    friday = date(2026, 6, 5)
    rates = {friday: {"USD": "1.2", "PLN": "4.8"}}
    lake.pull_rates(at(5), (friday, date(2026, 6, 8)), rates)
    built = yield
    assert built(
        "select facts.date_day, facts.spend_reporting, rates.rate_date "
        "from fact_campaign_performance as facts inner join fact_exchange_rates as rates "
        "on rates.date_day = facts.date_day and rates.from_currency = 'PLN' "
        "and rates.to_currency = 'USD' where facts.organization_id = 'weekend' order by 1"
    ) == [(saturday, D(25), friday), (sunday, D(25), friday)]


def deleted_campaigns_lose_their_spend(lake: FixtureLake) -> Scenario:
    """A campaign that is gone from the list keeps what it cost, in the fact and in the marts."""
    account = start(lake, "deleted", reporting_currency="EUR")
    both = [listed_campaign(number) for number in "12"]
    lake.pull(account, "campaigns", at(2), both)
    rows = [campaign_row(march(3), number, spend="3") for number in "12"]
    lake.pull(account, "campaign_stats", at(5), rows, window(3, 3))
    lake.pull(account, "campaigns", at(6), both[:1])
    built = yield
    assert built(
        "select campaign_id, status from dim_campaigns "
        "where organization_id = 'deleted' and is_current order by 1"
    ) == [("1", "ACTIVE"), ("2", "DELETED")]
    total = "select sum({}) from {} where organization_id = 'deleted' and {}"
    for column, table, rest in (
        ("spend", "fact_campaign_performance", "true"),
        ("spend", "mart_campaign_daily_summary", "true"),
        ("spend_reporting", "mart_platform_comparison", "platform = 'google_ads'"),
        ("value", "mart_daily_aggregates", "metric = 'spend'"),
    ):
        assert built(total.format(column, table, rest)) == [(D(6),)], table


def daily_and_intraday_rows_overlap(lake: FixtureLake) -> Scenario:
    """A day's hours and the day itself are two reports: no mart adds one to the other."""
    account = start(lake, "intraday", reporting_currency="EUR")
    hours = [campaign_row(march(3), "1", spend="1", hour=hour) for hour in range(24)]
    lake.pull(account, "campaign_stats_hourly", at(4), hours, window(3, 3))
    day = [campaign_row(march(3), "1", 2400, 240, spend="24", conversions=24.0, value=120.0)]
    lake.pull(account, "campaign_stats", at(4), day, window(3, 3))
    built = yield
    by_mart = "select sum(value) from {} where organization_id = 'intraday' and metric = 'spend'"
    for mart in ("hourly", "daily", "monthly", "yearly"):
        assert built(by_mart.format(f"mart_{mart}_aggregates")) == [(D(24),)], mart


def refund_is_not_seen(lake: FixtureLake) -> Scenario:
    """A refund three weeks after the order comes with the order's change and lowers its day."""
    account = open_shop(lake, "late_refund", reporting_currency="EUR")
    placed = [line(11, "80")]
    changes(lake, account, at(3), [shop_order(1, at(2), placed)], window=window(1, 2))
    built = yield
    months = (
        "select gross_revenue_reporting, refunds_reporting, net_revenue_reporting "
        "from mart_kpi_monthly where organization_id = 'late_refund'"
    )
    assert built(months) == [(D(80), D(0), D(80))]
    back = refund(5, at(23), [(11, 1, "80", "0")])
    again = shop_order(1, at(2), placed, refunds=[back], updated_at=at(23))
    changes(lake, account, at(23, 12), [again], window=(march(3), march(23) + timedelta(days=1)))
    built = yield
    assert built(months) == [(D(80), D(80), D(0))]
    assert built("select date_day from fact_refunds where organization_id = 'late_refund'") == [
        (march(23),)
    ]


SCENARIOS = (
    key_misses_a_breakdown,
    roas_is_half_converted,
    weekend_rate_is_one_or_inverted,
    deleted_campaigns_lose_their_spend,
    daily_and_intraday_rows_overlap,
    refund_is_not_seen,
)
