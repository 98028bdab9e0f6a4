"""Stories of the days of shops: orders that leave and return, quiet days, hidden orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from commerce_rows import (
    changes,
    line,
    orders,
    shop_order,
)
from commerce_scenarios import open_shop
from fixture_lake import Account, FixtureLake, campaign_row
from scenarios import Scenario, at, march, window

D = Decimal


def orders_come_and_go(lake: FixtureLake) -> Scenario:
    """Two credentials for one shop, removed and added again, its chunks gone: one history."""
    account = open_shop(lake, "coming")
    other = shop_order(2, at(4))
    first = changes(lake, account, at(5), [shop_order(1, at(3)), other])
    changes(lake, account, at(5), [shop_order(1, at(3)), other])
    built = yield
    assert orders(built, "coming", "order_id") == [("1",), ("2",)]
    lake.connection(account, status="removed")
    newer = shop_order(1, at(3), [line(11, "30")], updated_at=at(6))
    changes(lake, account, at(6), [newer])
    lake.connection(account)
    built = yield
    assert orders(built, "coming", "order_id, net_amount") == [("1", D(30)), ("2", D(10))]
    lake.uncommit(account, "orders", at(6))
    built = yield
    assert orders(built, "coming", "order_id, net_amount") == [("1", D(10)), ("2", D(10))]
    assert first
    lake.forget(account)
    built = yield
    for table in ("fact_orders", "fact_order_lines", "dim_customers", "dim_products"):
        assert built(f"select count(*) from {table} where organization_id = 'coming'") == [(0,)]


def periods_to_date(lake: FixtureLake) -> Scenario:
    """Months, and what the last days are compared with, as of the morning of the 20th."""
    account = open_shop(lake, "periods")
    placed = [
        *[at(19) - timedelta(days=n) for n in (0, 6, 7, 13)],
        at(19) - timedelta(days=28),
        at(20, 1),
    ]
    rows = [shop_order(n, moment) for n, moment in enumerate(placed, 1)]
    changes(lake, account, at(20), rows)
    built = yield
    assert built(
        "select period, orders, orders_previous, days_with_data, mer from mart_kpi_summary "
        "where organization_id = 'periods' and period in ('last_7_days', 'last_28_days', "
        "'month_to_date') order by sort_number"
    ) == [
        ("last_7_days", D(2), D(2), 2, None),
        ("last_28_days", D(4), D(1), 4, None),
        ("month_to_date", D(4), D(1), 4, None),
    ]
    assert built(
        "select date_month, orders, orders_previous_month from mart_kpi_monthly "
        "where organization_id = 'periods' order by 1"
    ) == [(datetime(2026, 2, 1).date(), D(1), None), (march(1), D(5), D(1))]
    assert built(
        "select value, days from mart_yearly_aggregates "
        "where organization_id = 'periods' and metric = 'orders'"
    ) == [(D(6), 6)]


def quiet_days(lake: FixtureLake) -> Scenario:
    """A day without an order is 0 as soon as all of it is known, and unknown before."""
    account = open_shop(lake, "quiet", "EUR", "America/New_York")
    ads = Account("quiet", "quiet-ads")
    lake.connection(ads)
    lake.pull(ads, "campaign_stats", at(5), [campaign_row(march(4), "1")], window(4, 4))
    shop_days = (
        "select date_day, order_documents, orders, net_revenue, net_revenue_reporting, "
        "currency_code from mart_shop_daily_summary where organization_id = 'quiet' order by 1"
    )
    spent = "where organization_id = 'quiet' and date_day = '2026-03-04' order by 1"
    days = f"select orders, net_revenue_reporting, mer from mart_organization_daily_metrics {spent}"
    compared = f"select platform, shop_orders from mart_platform_comparison {spent}"

    def nothing(*days: int) -> list[tuple[Any, ...]]:
        return [(march(day), 0, 0, D(0), D(0), "EUR") for day in days]

    # The first window of a backfill: its orders may have changed since, which the next one tells.
    changes(lake, account, at(7), [shop_order(1, at(3, 15))], window=window(1, 4))
    built = yield
    assert [row[0] for row in built(shop_days)] == [march(3)]
    assert built(days) == [(None, None, None)]
    assert built(compared) == [("google_ads", None)]
    # To the moment of the first fetch. Midnight in UTC is the evening before in New York.
    changes(lake, account, at(7, 8), [], window=window(5, 7))
    built = yield
    a_sale = [(march(3), 1, 1, D(10), D(11), "EUR")]
    known = [*nothing(1, 2), *a_sale, *nothing(4, 5, 6)]
    assert built(shop_days) == known
    assert built(days) == [(0, D(0), 0.0)]
    assert built(compared) == [("google_ads", 0), ("unattributed", 0)]
    # After a gap the days beyond it are known, the gap is not; a failed window fills none.
    changes(lake, account, at(8), [], window=window(7, 7), status="failed")
    changes(lake, account, at(11), [], window=window(9, 11))
    built = yield
    assert built(shop_days) == [*known, *nothing(9, 10)]
    # It is filled; and an order is reported late, of a day that had none.
    changes(lake, account, at(12), [shop_order(2, at(5, 15))], window=window(7, 8))
    lake.organization("quiet", "EUR")
    built = yield
    late = (march(5), 1, 1, D(10), D(10), "EUR")
    sale = (march(3), 1, 1, D(10), D(10), "EUR")
    assert built(shop_days) == [*nothing(1, 2), sale, *nothing(4), late, *nothing(6, 7, 8, 9, 10)]
    assert built(
        "select sum(value), count(distinct date_day) from mart_daily_aggregates "
        "where organization_id = 'quiet' and metric = 'orders'"
    ) == [(D(2), 10)]
    # What was taken back is unknown again.
    lake.uncommit(account, "orders", at(11))
    built = yield
    assert built(shop_days) == [*nothing(1, 2), sale, *nothing(4), late, *nothing(6, 7)]


def hidden_orders(lake: FixtureLake) -> Scenario:
    """Days whose orders were hidden are no days of 0, and each day says what was not shown."""
    days = (
        "select date_day, orders, orders_hidden_before from mart_shop_daily_summary "
        "where organization_id = '{}' order by 1"
    )

    def on(day: int, orders: int, hidden: int | None) -> tuple[Any, ...]:
        return march(day), orders, march(hidden) if hidden else None

    # Both logged nothing of what was hidden, as an earlier version did. The orders before the 4th
    # were asked for as well, and the shop left them out.
    shops = {name: open_shop(lake, name, "EUR", "UTC") for name in ("kept_short", "opened")}
    for account in shops.values():
        changes(lake, account, at(9), [shop_order(1, at(5, 15))], window=window(1, 8))
        changes(lake, account, at(9, 8), [], window=window(9, 9))
    built = yield
    for name in shops:
        assert built(days.format(name)) == [on(n, int(n == 5), None) for n in range(1, 9)]
    # The next sync of each says that five days are shown, or that all are.
    for name, hidden in (("kept_short", at(5, 6)), ("opened", datetime(1970, 1, 1, tzinfo=UTC))):
        changes(lake, shops[name], at(10), [], window=window(9, 10), hidden_before=hidden)
    built = yield
    assert built(days.format("opened")) == [on(n, int(n == 5), None) for n in range(1, 10)]
    first = [on(5, 1, 4), *(on(n, 0, 4) for n in (6, 7, 8))]
    assert built(days.format("kept_short")) == [*first, on(9, 0, 5)]
    # Whoever may see everything is shown it; what is asked for again of two days was hidden later.
    account = shops["kept_short"]
    everything = datetime(1970, 1, 1, tzinfo=UTC)
    changes(lake, account, at(11), [], window=window(7, 7), hidden_before=everything)
    changes(lake, account, at(11), [], window=window(6, 6), hidden_before=at(6, 6))
    built = yield
    shown = [on(5, 1, 4), on(6, 0, 4), on(7, 0, None), on(8, 0, 4), on(9, 0, 5)]
    assert built(days.format("kept_short")) == shown


SCENARIOS = [
    orders_come_and_go,
    periods_to_date,
    quiet_days,
    hidden_orders,
]
