"""Products: what is sold, what comes back, and what is bought together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commerce_rows import changes, line, refund, shop_order, shop_product, tip
from commerce_scenarios import open_shop
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march, window

D = Decimal


def _of(number: int, product: int, price: str, quantity: int = 1) -> dict[str, Any]:
    named = {"product": str(product), "variant": str(product), "title": f"Product {product}"}
    return line(number, price, quantity, **named)


def products_of_a_day(lake: FixtureLake) -> Scenario:
    """What comes back counts on its own day, with its cost; a tip is no product."""
    account = open_shop(lake, "baskets")
    goods = [
        shop_product("1", [("1", "10", "4.00")]),
        shop_product("2", [("2", "30", None)]),
        shop_product("3", [("3", "5", "1")]),
    ]
    changes(lake, account, at(1), goods, "products")
    back = [refund(1, at(6), [(11, 1, "10", "0")])]
    rows = [
        shop_order(
            1,
            at(3),
            [_of(11, 1, "10", 3), _of(12, 2, "30"), tip(13, "2")],
            refunds=back,
            updated_at=at(6),
        ),
        shop_order(2, at(3), [_of(21, 1, "10"), _of(22, 2, "30"), _of(23, 2, "30")]),
        shop_order(3, at(3), [_of(31, 1, "10"), _of(32, 3, "5")]),
        shop_order(4, at(3), [_of(41, 1, "10"), _of(42, 2, "30")], is_test=True),
        # A dealer's list makes no pairs.
        shop_order(5, at(4), [_of(500 + n, n, "1") for n in range(1, 60)]),
    ]
    changes(lake, account, at(9), rows, window=window(1, 8))
    built = yield
    shown = (
        "date_day, product_id::int, orders, units_sold::int, units_returned::int, "
        "gross_revenue, refunds, round(margin_amount_reporting / 1.1, 2)"
    )
    found = built(
        f"select {shown} from mart_product_performance "
        "where organization_id = 'baskets' and date_day <> '2026-03-04' "
        "order by date_day, product_id::int"
    )
    assert found == [
        (march(3), 1, 3, 5, 0, D(50), D(0), D(30)),
        (march(3), 2, 2, 3, 0, D(90), D(0), None),
        (march(3), 3, 1, 1, 0, D(5), D(0), D(4)),
        (march(6), 1, 0, 0, 1, D(0), D(10), D(-6)),
    ]
    pairs = built(
        "select product_name, other_product_name, orders_together, orders, other_orders, "
        "shop_orders, share_of_orders, lift from mart_product_pairs "
        "where organization_id = 'baskets' order by 1"
    )
    assert pairs == [
        ("Product 1", "Product 2", 2, 3, 2, 3, 2 / 3, 1.0),
        ("Product 2", "Product 1", 2, 2, 3, 3, 1.0, 1.0),
    ]


SCENARIOS = (products_of_a_day,)
