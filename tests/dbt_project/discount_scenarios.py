"""What was taken off orders and what was sent of them, as Shopify writes it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from commerce_rows import changes, line, orders, shipping_line, shop_order
from commerce_scenarios import open_shop
from fixture_lake import FixtureLake
from scenarios import Scenario, at

D = Decimal


def _off(amount: str, type_: str, value: str, **named: str) -> dict[str, Any]:
    application = {"__typename": f"{type_}Application", "targetType": "LINE_ITEM", **named}
    return {
        "allocatedAmountSet": {"shopMoney": {"amount": amount}},
        "discountApplication": {**application, "value": {"__typename": value}},
    }


def discounts_add_up_to_their_orders(lake: FixtureLake) -> Scenario:
    """Each discount over all lines of its order; what none explains is a row of its own."""
    account = open_shop(lake, "discounts")
    ten = {"type_": "DiscountCode", "value": "PricingPercentageValue", "code": "TEN"}
    own = {"type_": "AutomaticDiscount", "value": "MoneyV2", "title": "Bundle"}
    tent = line(10, "100.00", taxes=[], discountAllocations=[_off("10", **ten), _off("5", **own)])
    mat = line(11, "50.00", taxes=[], discountAllocations=[_off("5.00", **ten)])
    free = shipping_line("7.00")
    free["discountAllocations"] = [_off("7.00", **{**ten, "code": "FREESHIP"})]
    sent = [
        {"status": "CANCELLED", "createdAt": at(3).isoformat()},
        {"status": "SUCCESS", "createdAt": at(5).isoformat()},
        {"status": "SUCCESS", "createdAt": at(4).isoformat()},
        {"status": "SUCCESS", "createdAt": "9999999-01-01"},
    ]
    rows = [
        shop_order(
            1, at(3), [tent, mat, mat], discount="20.00", shipping="7.00", shipping_lines=[free],
            fulfillments=json.dumps(sent),
        ),
        # Before the connector asked whose an allocation is.
        shop_order(2, at(3), [line(20, "30.00", allocations=["3.00"], taxes=[])], discount="3.00"),
        shop_order(3, at(3), [line(30, "40.00", taxes=[], discountAllocations=[
            _off("4.00", **ten), _off("odd", **ten), {"discountApplication": "odd"},
        ])], fulfillments="odd"),
        shop_order(4, at(3), [line(40, "40.00", allocations=[], taxes=[])], fulfillments="[]"),
    ]  # fmt: skip
    changes(lake, account, at(6), rows)
    built = yield
    named = "order_id, applies_to, discount_kind, discount_type, discount_name, discount_amount"
    found = built(
        f"select {named} from fact_order_discounts where organization_id = 'discounts' "
        "order by order_id, applies_to, discount_amount desc"
    )
    assert found == [
        ("1", "goods", "code", "percentage", "TEN", D(15)),
        ("1", "goods", "automatic", "fixed_amount", "Bundle", D(5)),
        ("1", "shipping", "code", "percentage", "FREESHIP", D(7)),
        ("2", "goods", "unknown", None, None, D(3)),
        # The line itself does not count what is no number.
        ("3", "goods", "code", "percentage", "TEN", D(4)),
        ("3", "goods", "unknown", None, None, D(-4)),
    ]
    sums = (
        "select orders.order_id, any_value(orders.discount_amount), "
        "coalesce(sum(discounts.discount_amount), 0) from fact_orders as orders "
        "left join fact_order_discounts as discounts "
        "on orders.order_key = discounts.order_key and discounts.applies_to = 'goods' "
        "where orders.organization_id = 'discounts' group by all order by 1"
    )
    added = built(sums)
    assert [row[1] for row in added] == [row[2] for row in added]
    assert added[0][1] == D(20)
    times = orders(built, "discounts", "fulfilled_at, last_fulfilled_at")
    assert times == [(at(4), at(5)), (None, None), (None, None), (None, None)]
    changes(lake, account, at(7), [
        shop_order(2, at(3), [
            line(20, "30.00", taxes=[], discountAllocations=[_off("3.00", **own)])
        ], discount="3.00", updated_at=at(7)),
    ])  # fmt: skip
    built = yield
    assert built(
        f"select {named} from fact_order_discounts "
        "where organization_id = 'discounts' and order_id = '2'"
    ) == [("2", "goods", "automatic", "fixed_amount", "Bundle", D(3))]


SCENARIOS = [discounts_add_up_to_their_orders]
