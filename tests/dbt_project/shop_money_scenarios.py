"""What the money on an order is made of, as Shopify writes it; numbers are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from built_home import Query
from commerce_rows import (
    adjusted,
    agreement,
    changes,
    line,
    orders,
    refund,
    shipping_line,
    shop_order,
    tip,
)
from commerce_scenarios import open_shop
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march

D = Decimal


def _lines(built: Query, organization: str, columns: str) -> Any:
    return built(
        f"select {columns} from fact_order_lines where organization_id = '{organization}' "
        "order by order_key, line_type desc, line_id"
    )


def _days(built: Query, organization: str, columns: str) -> Any:
    return built(
        f"select {columns} from mart_shop_daily_summary "
        f"where organization_id = '{organization}' order by date_day"
    )


def taxed_shipping(lake: FixtureLake) -> Scenario:
    """The tax on shipping is the shipping's: goods of 119.00 are 100.00, and 0.00 when back."""
    account = open_shop(lake, "taxed_shipping")
    stated = shipping_line("11.90", taxes=[("1.90", 0.19)])
    for number, day, more in ((1, 3, {}), (2, 4, {"shipping_lines": [stated]})):
        item = line(number * 10, "119.00", allocations=[], taxes=[("19.00", 0.19)])
        row = shop_order(
            number, at(day), [item], shipping="11.90", tax="20.90", taxes_included=True, **more
        )
        changes(lake, account, at(6), [row])
    built = yield
    parts = "net_amount, shipping_amount, shipping_tax_amount, tax_amount, total_amount"
    whole = (D(100), D(10), D("1.90"), D("20.90"), D("130.90"))
    assert orders(built, "taxed_shipping", f"{parts}, unexplained_amount") == [(*whole, D(0))] * 2
    assert _days(built, "taxed_shipping", "net_revenue, shipping") == [(D(100), D(10))] * 2
    item = line(10, "119.00", allocations=[], taxes=[("19.00", 0.19)])
    back = refund(7, at(8), [(10, 1, "119.00", "19.00")], paid_back="130.90")
    row = shop_order(
        1, at(3), [item], shipping="11.90", tax="20.90", taxes_included=True, refunds=[back],
        updated_at=at(8), status="REFUNDED",
    )  # fmt: skip
    changes(lake, account, at(9), [row])
    built = yield
    assert _days(built, "taxed_shipping", "date_day, net_revenue") == [
        (march(3), D(100)),
        (march(4), D(100)),
        (march(8), D(-100)),
    ]


def free_shipping(lake: FixtureLake) -> Scenario:
    """A discount on shipping is none on goods, whatever the header adds up."""
    account = open_shop(lake, "free_shipping")
    item = line(10, "100.00", allocations=[], taxes=[])
    free = shipping_line("10.00", allocations=["10.00"])
    rows = [
        shop_order(1, at(3), [item], shipping="10.00", discount="10.00", is_edited=True),
        shop_order(
            2, at(3), [{**item, "id": "gid://shopify/LineItem/20"}], shipping="10.00",
            discount="10.00", shipping_lines=[free],
        ),
    ]  # fmt: skip
    for row in rows:
        row.update(subtotal_price=D(100), total_price=D(100))
    changes(lake, account, at(5), rows)
    built = yield
    parts = "net_amount, discount_amount, shipping_amount, unexplained_amount"
    assert orders(built, "free_shipping", parts) == [(D(100), D(0), D(0), D(0))] * 2


def allocations_of_lines(lake: FixtureLake) -> Scenario:
    """Where a line states its allocations they are the truth; the header is none."""
    account = open_shop(lake, "allocations")
    items = [
        line(10, "40.00", allocations=["4.00"], taxes=[]),
        line(11, "60.00", allocations=["6.00"], taxes=[]),
    ]
    added = [
        line(20, "100.00", allocations=[], taxes=[]),
        line(21, "50.00", allocations=["10.00"], taxes=[]),
    ]
    two = line(30, "48.00", 2, allocations=["19.20"], taxes=[], currentQuantity=1)
    removed = refund(9, at(9), [(30, 1, "38.40", "0")], paid_back="0")
    rows = [
        shop_order(1, at(3), items, discount="10.00"),
        shop_order(2, at(3), added, discount="0", is_edited=True),
        shop_order(3, at(3), [two], discount="9.60", is_edited=True, refunds=[removed]),
    ]
    changes(lake, account, at(10), rows)
    built = yield
    assert orders(built, "allocations", "net_amount") == [(D(90),), (D(140),), (D("76.80"),)]
    assert sorted(_lines(built, "allocations", "line_id, net_amount"))[:2] == [
        ("10", D(36)),
        ("11", D(54)),
    ]
    assert _days(built, "allocations", "date_day, net_revenue") == [
        (march(3), D("306.80")),
        (march(9), D("-38.40")),
    ]


def gift_cards_and_tips(lake: FixtureLake) -> Scenario:
    """A card that is sold is a debt, one that is used a payment; a tip is no goods."""
    account = open_shop(lake, "cards")
    card = line(10, "100.00", allocations=[], taxes=[], isGiftCard=True)
    goods = line(20, "60.00", allocations=[], taxes=[])
    items = [line(30, "50.00", allocations=[], taxes=[]), tip(31, "5.00")]
    rows = [
        shop_order(1, at(3), [card]),
        shop_order(2, at(4), [goods]),
        shop_order(3, at(5), items, subtotal_price=D(50), total_price=D(55), total_tip=D(5)),
    ]
    changes(lake, account, at(6), rows)
    parts = "net_amount, units, gift_card_amount, tip_amount, total_amount, unexplained_amount"
    built = yield
    assert orders(built, "cards", parts) == [
        (D(0), D(0), D(100), D(0), D(100), D(0)),
        (D(60), D(1), D(0), D(0), D(60), D(0)),
        (D(50), D(1), D(0), D(5), D(55), D(0)),
    ]
    assert _days(built, "cards", "net_revenue, units, gift_cards, tips, gross_amount") == [
        (D(0), D(0), D(100), D(0), D(0)),
        (D(60), D(1), D(0), D(0), D(60)),
        (D(50), D(1), D(0), D(5), D(50)),
    ]
    assert sorted(_lines(built, "cards", "line_id, item_type")) == [
        ("10", "gift_card"),
        ("20", "product"),
        ("30", "product"),
        ("31", "tip"),
    ]


def tax_on_one_line(lake: FixtureLake) -> Scenario:
    """Tax that a shop put on one line is of all goods, unless its rate can have made it there."""
    account = open_shop(lake, "one_line")
    tax = [("189.21", 0.19)]

    def order(number: int, taxes: list[Any], total: str) -> dict[str, Any]:
        items = [
            line(number * 10 + n, "395.00", allocations=[], taxes=each)
            for n, each in enumerate(taxes)
        ]
        return shop_order(number, at(3), items, tax=total, taxes_included=True)

    rows = [
        order(1, [tax, [], []], "189.21"),
        order(2, [[("189.21", None)], None, None], "189.21"),
        # Books and bread: the one line that has a tax has its own.
        order(3, [[("63.07", 0.19)], [], []], "63.07"),
    ]
    changes(lake, account, at(5), rows)
    built = yield
    assert orders(built, "one_line", "net_amount, tax_amount") == [
        (D("995.79"), D("189.21")),
        (D("995.79"), D("189.21")),
        (D("1121.93"), D("63.07")),
    ]
    taxes = dict(_lines(built, "one_line", "line_id, tax_amount"))
    assert [taxes[name] for name in ("10", "11", "12")] == [D("63.07")] * 3
    assert [taxes[name] for name in ("30", "31", "32")] == [D("63.07"), D(0), D(0)]


def refunds_without_lines(lake: FixtureLake) -> Scenario:
    """An amount without lines lowers revenue once; money that follows lines does not."""
    account = open_shop(lake, "amounts")

    def order(number: int, *refunds: dict[str, Any], **more: Any) -> dict[str, Any]:
        item = line(number * 10, "100.00", 2, allocations=[], taxes=[])
        return shop_order(number, at(3), [item], refunds=refunds, updated_at=at(9), **more)

    def back(number: int, day: int, adjustment: str | None, value: str | None, paid: str) -> Any:
        lines = [(number // 10 * 10, 1, value, "0")] if value else []
        more = {} if adjustment is None else {"orderAdjustments": adjusted(adjustment)}
        return {**refund(number, at(day), lines, paid_back=paid), **more}

    rows = [
        # The whole of an order, and of one that an earlier version of the connector pulled.
        order(1, back(10, 5, "-200.00", None, "200.00")),
        order(2, back(20, 5, None, None, "200.00")),
        # Goods of 50 with 30 paid; with nothing paid, and 50 later, whether it is stated or not.
        order(3, back(30, 5, "20.00", "50.00", "30.00")),
        order(4, back(40, 5, "50.00", "50.00", "0"), back(41, 6, "-50.00", None, "50.00")),
        order(5, back(50, 5, None, "50.00", "0"), back(51, 6, "-50.00", None, "50.00")),
        # Set into the past; and one without a time, which is of no day.
        order(
            6, {**refund(60, at(8), [(60, 1, "50.00", "0")]), "processedAt": "2026-03-07T09:00:00Z"}
        ),
        order(7, {**refund(70, at(8), [(70, 1, "50.00", "0")]), "createdAt": None}),
        # The ledger says when it was.
        order(
            8,
            {**refund(80, at(8), [(80, 1, "50.00", "0")]), "createdAt": None},
            agreements=[
                agreement(1, at(9), "REFUND", (80, "RETURN", -1, "-50.00", "0"), refund_id=80)
            ],
        ),
    ]
    changes(lake, account, at(10), rows)
    built = yield
    assert built(
        "select refund_id, date_day, net_amount, adjustment_amount, other_amount "
        "from fact_refunds where organization_id = 'amounts' order by 1"
    ) == [
        ("10", march(5), D(0), D(200), D(0)),
        ("20", march(5), D(0), D(200), D(0)),
        ("30", march(5), D(50), D(-20), D(0)),
        ("40", march(5), D(50), D(-50), D(0)),
        ("41", march(6), D(0), D(50), D(0)),
        ("50", march(5), D(50), D(0), D(-50)),
        ("51", march(6), D(0), D(0), D(50)),
        ("60", march(7), D(50), D(0), D(0)),
        ("80", march(9), D(50), D(0), D(0)),
    ]
    assert _days(built, "amounts", "date_day, refunds, refund_adjustments, net_revenue") == [
        (march(3), D(0), D(0), D(1600)),
        (march(5), D(150), D(330), D(-480)),
        (march(6), D(0), D(50), D(-50)),
        (march(7), D(50), D(0), D(-50)),
        (march(9), D(50), D(0), D(-50)),
    ]


def returns_alike(lake: FixtureLake) -> Scenario:
    """Two returns of one line, of as many pieces: one with a refund, one taken off by an edit."""
    account = open_shop(lake, "alike")
    taken = agreement(3, at(10), "ORDER_EDIT", (10, "RETURN", -1, "-10.00", "0"))
    changes(
        lake,
        account,
        at(11),
        [
            shop_order(
                number,
                at(3),
                [line(10, "10.00", 2, allocations=[], taxes=[], currentQuantity=0)],
                refunds=[refund(8, at(9), [(10, 1, "10.00", "0")], paid_back="10.00")],
                agreements=[
                    agreement(1, at(3), "ORDER", (10, "ORDER", 2, "20.00", "0")),
                    agreement(
                        2, at(9), "REFUND", (10, "RETURN", -1, "-10.00", "0"), refund_id=refund_id
                    ),
                    taken,
                ],
                is_edited=True,
                updated_at=at(10),
            )
            # The ledger names the refund, or it does not.
            for number, refund_id in [(1, 8), (2, None)]
        ],
    )
    built = yield
    assert _days(built, "alike", "date_day, gross_revenue, refunds, net_revenue") == [
        (march(3), D(40), D(0), D(40)),
        (march(9), D(0), D(20), D(-20)),
        (march(10), D(0), D(20), D(-20)),
    ]


def exchanges_and_edits(lake: FixtureLake) -> Scenario:
    """What is added or taken off later is booked on its own day; the day of the order stays."""
    account = open_shop(lake, "edits")

    def item(number: int, price: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
        return line(number, price, quantity, allocations=[], taxes=[], **more)

    placed = [
        shop_order(1, at(3), [item(10, "400.00")]),
        shop_order(2, at(3), [item(20, "30.00"), item(21, "20.00")]),
        shop_order(3, at(3), [item(30, "10.00", 3)]),
        shop_order(4, at(3), [item(40, "70.00"), item(41, "7.00")]),
    ]
    changes(lake, account, at(4), placed)
    built = yield
    assert _days(built, "edits", "date_day, orders, net_revenue, gross_amount") == [
        (march(3), 4, D(557), D(557))
    ]
    both = [item(10, "400.00", currentQuantity=0), item(11, "365.00")]
    back = refund(9, at(9), [(10, 1, "400.00", "0")], paid_back="35.00")
    exchange = agreement(
        2, at(9), "RETURN", (10, "RETURN", -1, "-400.00", "0"), (11, "ORDER", 1, "365.00", "0")
    )
    taken = agreement(3, at(9), "ORDER_EDIT", (20, "RETURN", -1, "-30.00", "0"))
    more = agreement(4, at(10), "ORDER_EDIT", (30, "ORDER", 2, "20.00", "0"))
    edited: dict[str, Any] = {"is_edited": True, "updated_at": at(10)}
    rows = [
        shop_order(
            1, at(3), both, refunds=[back], original_total_price=D(400),
            agreements=[agreement(1, at(3), "ORDER", (10, "ORDER", 1, "400.00", "0")), exchange],
            region_code="CA", discount_codes='["TEN","FREE"]', landing_path="/products/tent",
            payment_gateways='["shopify_payments","gift_card"]', referrer_host="news.example",
            shipping_lines=[shipping_line("0.00")], **edited,
        ),
        # Taken off before it was paid: no refund has it.
        shop_order(
            2, at(3), [item(20, "30.00", currentQuantity=0), item(21, "20.00")],
            agreements=[taken], **edited,
        ),
        # Two more pieces of a line that was there.
        shop_order(3, at(3), [item(30, "10.00", 5)], agreements=[more], **edited),
        # Of the day on which this one went away no ledger was pulled.
        shop_order(4, at(3), [item(40, "70.00"), item(41, "7.00", currentQuantity=0)], **edited),
    ]  # fmt: skip
    changes(lake, account, at(11), rows)
    built = yield
    days = "date_day, orders, gross_revenue, refunds, net_revenue, units"
    assert _days(built, "edits", days) == [
        (march(3), 4, D(550), D(0), D(550), D(7)),
        (march(9), 0, D(365), D(430), D(-65), D(1)),
        (march(10), 0, D(20), D(0), D(20), D(2)),
    ]
    assert built(
        "select order_id, order_type, date_day, net_amount, total_amount, unexplained_amount "
        "from fact_orders where organization_id = 'edits' order by 1, 3"
    ) == [
        ("1", "sale", march(3), D(400), D(400), D(0)),
        ("1", "edit", march(9), D(365), D(365), D(0)),
        ("2", "sale", march(3), D(50), D(50), D(0)),
        ("3", "sale", march(3), D(30), D(30), D(0)),
        ("3", "edit", march(10), D(20), D(20), D(0)),
        ("4", "sale", march(3), D(70), D(77), D(7)),
    ]
    # What an edit added is of the same order, in all that its revenue can be grouped by.
    assert built(
        "select order_type, region, discount_codes, payment_gateways, delivery_methods, "
        "landing_path, referrer_host from fact_orders "
        "where organization_id = 'edits' and order_id in ('1', '2') order by order_id, date_day"
    ) == [
        (
            kind, "CA", "TEN | FREE", "shopify_payments | gift_card", "Standard",
            "/products/tent", "news.example",
        )
        for kind in ("sale", "edit")
    ] + [("sale", *(None,) * 6)]  # fmt: skip
    assert built(
        "select refund_type, date_day, net_amount, refunded_amount, adjustment_amount "
        "from fact_refunds where organization_id = 'edits' order by 1 desc"
    ) == [
        ("refund", march(9), D(400), D(35), D(0)),
        ("edit", march(9), D(30), D(0), D(0)),
    ]
    assert built(
        "select orders, gross_revenue_reporting - refunds_reporting = net_revenue_reporting "
        "from dim_customers where organization_id = 'edits' and orders > 0"
    ) == [(4, True)]


SCENARIOS = [
    exchanges_and_edits,
    returns_alike,
    refunds_without_lines,
    taxed_shipping,
    free_shipping,
    allocations_of_lines,
    gift_cards_and_tips,
    tax_on_one_line,
]
