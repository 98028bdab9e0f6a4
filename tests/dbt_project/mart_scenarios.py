"""Histories whose marts would mislead: what counts, who is new, and how sure that is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from commerce_rows import changes, file_line, file_source, orders, shop_customer, shop_order
from commerce_scenarios import open_shop
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march, window

D = Decimal


def in_all_or_in_none(lake: FixtureLake) -> Scenario:
    """What does not count is in no measure of a mart, and says why; nobody has no first order."""
    account = open_shop(lake, "rule")
    rows = [
        shop_order(1, at(3), is_test=True),
        shop_order(2, at(3, 7), status="VOIDED"),
        shop_order(3, at(3, 8), status="PENDING", cancelled_at=at(4)),
        shop_order(4, at(3, 9), customer=None),
        shop_order(5, at(3, 10), status="EXPIRED"),
    ]
    changes(lake, account, at(5), rows)
    books = file_source("rule", "books")
    lake.connection(books)
    lost = {"document_type": "write_off", "customer_id": None}
    documents = [
        file_line("10", 1, at(3), "2", "7"),
        file_line("11", 1, at(3), "-9", "0", **lost),
        # A line of lost stock among lines that were sold makes no write-off of the order.
        file_line("12", 1, at(3), "-1", "0", **lost),
        file_line("12", 2, at(3), "1", "5"),
    ]
    lake.pull(books, "orders", at(5), documents)
    built = yield
    assert orders(built, "rule", "order_id, not_counted_reason, is_counted, order_type") == [
        ("1", "test", False, "sale"),
        ("10", None, True, "sale"),
        ("11", "write_off", False, "write_off"),
        ("12", None, True, "sale"),
        ("2", "voided", False, "sale"),
        ("3", "cancelled", False, "sale"),
        ("4", None, True, "sale"),
        ("5", "expired", False, "sale"),
    ]
    assert built(
        "select order_documents, orders_not_counted, orders, units, gross_amount, "
        "gross_amount_not_counted, gross_revenue from mart_shop_daily_summary "
        "where organization_id = 'rule' order by platform"
    ) == [
        (3, 1, 2, D(2), D(19), D(0), D(19)),
        (5, 4, 1, D(1), D(10), D(40), D(10)),
    ]
    assert built(
        "select platform, orders, first_order_at, first_order_day, last_order_at "
        "from dim_customers where organization_id = 'rule' and is_unknown order by 1"
    ) == [("files", 2, None, None, None), ("shopify", 1, None, None, None)]


def new_at_the_shop(lake: FixtureLake) -> Scenario:
    """A customer is new by what the shop says, returning or unknown else, and cohorts follow."""
    account = open_shop(lake, "newcomers", "EUR", "America/New_York")
    old = at(1) - timedelta(days=900)
    placed: list[dict[str, Any]] = [
        {"customer": "numbered", "customer_order_index": 5},
        {"customer": "first", "customer_order_index": 1},
        {"customer": "counted"},
        {"customer": "alone"},
        {"customer": "signed_up"},
        {"customer": "silent"},
        {"customer": None},
        {"customer": "silent"},
        # The shop numbers orders by when they were made: what is imported later comes after.
        {"customer": "imported", "customer_order_index": 3, "created_at": at(6)},
        {"customer": "imported", "customer_order_index": 2, "created_at": at(5, 1)},
    ]
    rows = [shop_order(n, at(4, n + 8), **more) for n, more in enumerate(placed, 1)]
    changes(lake, account, at(7), rows, window=window(1, 7))
    listed = [
        shop_customer("numbered", at(2), created_at=old, number_of_orders=1),
        shop_customer("counted", at(2), created_at=old, number_of_orders=3),
        shop_customer("alone", at(2), created_at=old, number_of_orders=1),
        shop_customer("signed_up", at(2), created_at=at(2)),
        shop_customer("silent", at(2), created_at=old),
    ]
    changes(lake, account, at(7), listed, "customers", window=window(1, 7))
    types = "order_id::int, customer_type, customer_order_number"
    built = yield
    silent = [("unknown", None), ("unknown", None), ("returning", None)]
    found = [
        ("returning", 5),
        ("new", 1),
        ("returning", 3),
        ("new", 1),
        ("new", 1),
        *silent,
        ("returning", 2),
        ("returning", 3),
    ]
    assert sorted(orders(built, "newcomers", types)) == [
        (n, *kind) for n, kind in enumerate(found, 1)
    ]
    daily = (
        "select orders, new_customers, orders_of_unknown_customers from {} "
        "where organization_id = 'newcomers' and date_day = '2026-03-04'"
    )
    for mart in ("mart_shop_daily_summary", "mart_organization_daily_metrics", "mart_kpi_daily"):
        assert built(daily.format(mart)) == [(10, 3, 2)]
    cohorts = (
        "select first_order_day, first_known_order_day, count(*) from dim_customers "
        "where organization_id = 'newcomers' group by all order by 1 nulls last, 2 nulls last"
    )
    known = march(4)
    assert built(cohorts) == [(known, known, 3), (None, known, 4), (None, None, 1)]
    # The shop says later how many orders there were: nothing of the order itself has changed.
    silent_now = shop_customer("silent", at(8), created_at=old, number_of_orders=2)
    changes(lake, account, at(8), [silent_now], "customers")
    built = yield
    assert sorted(orders(built, "newcomers", types))[5:8] == [
        (6, "new", 1),
        (7, "unknown", None),
        (8, "returning", 2),
    ]
    assert built(cohorts)[0] == (known, known, 4)


SCENARIOS = [in_all_or_in_none, new_at_the_shop]
