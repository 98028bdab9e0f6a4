"""Money that no rate converts: the known part stands, the rest beside it, and nothing is lost."""

from __future__ import annotations

from decimal import Decimal

from commerce_rows import changes, line, refund, shop, shop_order
from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import Scenario, at, march, start, window

from orchestration.defs.checks import UNCONVERTED

D = Decimal
DIRHAMS_AND_NAIRA = "AED 100.000000, NGN 5.000000"


def missing_rate(lake: FixtureLake) -> Scenario:
    """An account and a shop in dirhams and an account in naira beside those in euro."""
    euro = start(lake, "mixed", "EUR")
    dirham, naira = Account("mixed", "mixed-2", "AED"), Account("mixed", "mixed-3", "NGN")
    shops = shop("mixed"), Account("mixed", "gulf", "AED", platform="shopify")
    for account in (dirham, naira, *shops):
        lake.connection(account)
    days = (3, 4, 11)
    rows = [campaign_row(march(day), "1", spend="10") for day in days]
    lake.pull(euro, "campaign_stats", at(12), rows, window(3, 11))
    for account, spend in ((dirham, "100"), (naira, "5")):
        row = campaign_row(march(4), "1", spend=spend, value=0.0)
        lake.pull(account, "campaign_stats", at(12), [row], window(3, 11))
        hourly = [campaign_row(march(4), "1", spend=spend, value=0.0, hour=12)]
        lake.pull(account, "campaign_stats_hourly", at(12), hourly, window(4, 4))
    changes(lake, shops[0], at(12), [shop_order(1, at(4), [line(11, "10")])])
    # 150 are left of 200 dirhams on the next day.
    back = [refund(1, at(5), [(21, 1, "50", "0")])]
    gulf = shop_order(2, at(4), [line(21, "50", 4)], refunds=back, currency_code="AED")
    changes(lake, shops[1], at(12), [gulf])
    built = yield
    metrics = (
        "select date_day, spend_reporting, unconverted_spend, gross_revenue_reporting, "
        "unconverted_gross_revenue, unconverted_refunds, unconverted_net_revenue, "
    )
    where = "where organization_id = 'mixed' order by date_day"
    beside = (D(11), DIRHAMS_AND_NAIRA, D(11), "AED 200.000000", None, "AED 200.000000")
    returned = (None, "AED 50.000000", "AED -50.000000")
    daily = built(
        metrics + "platform_roas, mer, cpc_reporting, spend_reporting_previous_week "
        f"from mart_organization_daily_metrics {where}"
    )
    assert daily[0][:3] == (march(3), D(11), None)
    assert daily[0][7:] == (0.5, None, 1.1, None)
    # Ratios and comparisons of a part would mislead: there are none.
    assert daily[1] == (march(4), *beside, None, None, None, None)
    assert (daily[2][0], *daily[2][4:7]) == (march(5), *returned)
    assert (daily[-1][0], daily[-1][1], daily[-1][-1]) == (march(11), D(11), None)
    kpis = built(
        metrics + f"mer, aov_reporting, spend_reporting_previous_day from mart_kpi_daily {where}"
    )
    assert kpis[1] == (march(4), *beside, None, None, D(11))
    assert kpis[2][-1] is None, "the day before is only known in part"
    assert built(
        "select spend_reporting, unconverted_spend, platform_roas from mart_kpi_monthly "
        "where organization_id = 'mixed'"
    ) == [(D(33), DIRHAMS_AND_NAIRA, None)]
    assert built(
        "select spend_reporting, unconverted_spend, unconverted_net_revenue, mer "
        "from mart_kpi_summary where organization_id = 'mixed' and period = 'month_to_date'"
    ) == [(D(33), DIRHAMS_AND_NAIRA, "AED 150.000000", None)]
    for mart, period, spend in (("daily", "day", D(11)), ("monthly", "month", D(33))):
        assert built(
            f"select value, unconverted from mart_{mart}_aggregates where metric = 'spend' and "
            f"organization_id = 'mixed' and date_{period} in ('2026-03-01', '2026-03-04')"
        ) == [(spend, DIRHAMS_AND_NAIRA)]
    assert built(
        "select value, unconverted from mart_hourly_aggregates "
        "where organization_id = 'mixed' and metric = 'spend'"
    ) == [(None, DIRHAMS_AND_NAIRA)]
    assert built(
        "select platform, spend_reporting, unconverted_spend, platform_profit_reporting, "
        "shop_net_revenue_reporting, unconverted_shop_net_revenue from mart_platform_comparison "
        "where organization_id = 'mixed' and date_day = '2026-03-04' order by platform"
    ) == [
        ("google_ads", D(11), DIRHAMS_AND_NAIRA, None, D(0), None),
        ("unattributed", None, None, None, D(11), "AED 200.000000"),
    ]
    assert built(
        "select currency_code, gross_revenue, gross_revenue_reporting, unconverted_gross_revenue, "
        "aov_reporting from mart_shop_daily_summary where organization_id = 'mixed' "
        "and date_day = '2026-03-04' order by currency_code"
    ) == [("AED", D(200), None, "AED 200.000000", None), ("EUR", D(10), D(11), None, 11.0)]
    assert built(
        "select measure, currency_code, sum(amount) from mart_unconverted_amounts "
        "where organization_id = 'mixed' group by all order by all"
    ) == [
        ("gross_revenue", "AED", D(200)),
        ("net_revenue", "AED", D(150)),
        ("refunds", "AED", D(50)),
        ("spend", "AED", D(100)),
        ("spend", "NGN", D(5)),
    ]
    command = "if the ECB publishes none: tributary rates add {} UNITS --per EUR --from 2026-03-04"
    assert [row for row in built(UNCONVERTED) if row[0] == "mixed"] == [
        (
            "mixed",
            code,
            "no rate into USD",
            march(4),
            march(last),
            days,
            f"{command} --provider NAME".format(code),
        )
        for code, last, days in (("AED", 5, "days: 2"), ("NGN", 4, "days: 1"))
    ]
    lake.own_rate("AED", "4", "USD", march(4), march(5))
    built = yield
    daily = built(
        metrics + f"net_revenue_reporting, mer from mart_organization_daily_metrics {where}"
    )
    assert daily[1][:7] == (march(4), D(36), "NGN 5.000000", D(61), None, None, None)
    assert daily[1][7:] == (D(61), None)
    assert daily[2][7] == D("-12.5")
    assert built(
        "select distinct currency_code from mart_unconverted_amounts "
        "where organization_id = 'mixed'"
    ) == [("NGN",)]
    lake.own_rate("AED", None, "USD", march(4))
    yield


SCENARIOS = [missing_rate]
