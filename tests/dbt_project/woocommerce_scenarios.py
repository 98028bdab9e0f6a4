"""WooCommerce's orders in exact numbers: what is not dated anew, money of all kinds, and guests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from fixture_lake import FixtureLake
from scenarios import Scenario, at, march, window
from tenants import Tenant

D = Decimal
PARTS = "net_amount, tax_amount, shipping_amount, fee_amount, total_amount, unexplained_amount"


def line(id_: int, total: str, tax: str = "0", before: str = "", **more: Any) -> dict[str, Any]:
    subtotal = {"subtotal": before or total, "subtotal_tax": more.pop("before_tax", tax)}
    product = {"product_id": 93, "variation_id": 0, "sku": "A1", "name": "Shirt", "quantity": 1}
    return {"id": id_, **product, **subtotal, "total": total, "total_tax": tax, **more}


def order(id_: int, day: int, lines: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A row of the stream; an amount that is not given is that of the lines, or 0."""
    fees = more.pop("fees", [])
    parts = [*lines, *fees]
    tax = sum(D(one["total_tax"]) for one in parts) + D(more.get("shipping_tax", 0))
    total = sum(D(one["total"]) for one in parts) + D(more.get("shipping_total", 0)) + tax
    return {
        "order_id": str(id_), "number": str(id_), "status": "completed", "currency_code": "JPY",
        "is_tax_included": False, "created_at": at(day), "updated_at": at(day), "paid_at": at(day),
        "total": total, "total_tax": tax, "shipping_total": D(0), "shipping_tax": D(0),
        "customer_id": "0", "line_items": json.dumps(list(lines)), "fee_lines": json.dumps(fees),
        **more,
    }  # fmt: skip


def refund(id_: int, order_id: int, day: int, amount: str, *lines: Any) -> dict[str, Any]:
    return {
        "date": march(day), "refund_id": str(id_), "order_id": str(order_id), "amount": D(amount),
        "created_at": at(day), "line_items": json.dumps(lines), "shipping_lines": "[]",
        "fee_lines": "[]",
    }  # fmt: skip


class Shop(Tenant):
    """A shop of an organization of its own, pulled before each build."""

    order = "order_id"

    def __init__(self, lake: FixtureLake, name: str) -> None:
        super().__init__(
            lake, f"woo_{name}", "shop.example.com", "JPY", "Asia/Tokyo", "woocommerce"
        )

    def pull(
        self,
        day: int,
        orders: Sequence[dict[str, Any]] = (),
        refunds: Sequence[dict[str, Any]] = (),
        states: dict[int, str] | None = None,
    ) -> None:
        """Pulls at noon of a day what has changed, all refunds, and the states of March 2."""
        noon, pull = at(day, 12), self.lake.pull
        pull(self.account, "orders", noon, orders, window(1, day), kind="changes")
        pull(self.account, "refunds", noon, refunds, window(1, 15))
        if states is not None:
            rows = [
                {"date": march(2), "order_id": str(id_), "status": status}
                for id_, status in states.items()
            ]
            pull(self.account, "order_states", noon + timedelta(minutes=1), rows, window(2, 2))


def what_an_order_is_made_of(lake: FixtureLake) -> Scenario:
    """Amounts with and without decimals, beside tax and with it; a coupon, fees of both signs."""
    shop = Shop(lake, "parts")
    fees = [
        {"id": 7, "total": "-500", "total_tax": "-50"},
        {"id": 8, "total": "100", "total_tax": "0"},
    ]
    beside = order(1, 2, [line(11, "9000", "900", "10000", before_tax="1000")], fees=fees,
                   shipping_total=D(500), shipping_tax=D(50), payment_method="stripe",
                   coupon_lines=json.dumps([
                       {"id": 9, "code": "welcome10", "discount": "900", "discount_tax": "90",
                        "discount_type": "percent"},
                       {"code": "free", "discount": "0", "discount_type": "fixed_cart"},
                   ]), region_code="13", shipping_region_code="", completed_at=at(4),
                   shipping_lines=json.dumps([{"id": 5, "method_id": "flat_rate"}]))  # fmt: skip
    inside = order(2, 3, [line(21, "9000.00", "900.00", "10000.00", before_tax="1000.00")],
                   is_tax_included=True, shipping_region_code="27",
                   coupon_lines=json.dumps([
                       {"code": "ten", "discount": "1000.00", "discount_tax": "100.00",
                        "discount_type": "fixed_product"},
                   ]))  # fmt: skip
    shop.pull(5, [beside, inside])
    built = yield
    assert shop.rows(built, "fact_orders", PARTS) == [
        (D(9000), D(900), D(500), D(-400), D(10000), D(0)),
        (D(9000), D(900), D(0), D(0), D(9900), D(0)),
    ]
    said = "discount_codes, payment_gateways, delivery_methods, region"
    assert shop.rows(built, "fact_orders", said) == [
        ("welcome10 | free", "stripe", "flat_rate", "13"),
        ("ten", None, None, "27"),
    ]
    assert shop.rows(built, "fact_orders", "fulfilled_at, last_fulfilled_at") == [
        (at(4), at(4)),
        (None, None),
    ]
    named = "discount_kind, discount_type, discount_name, applies_to, discount_amount"
    assert sorted(shop.rows(built, "fact_order_discounts", named), key=str) == [
        ("code", "fixed_amount", "ten", "goods", D(1100)),
        ("code", "percentage", "welcome10", "goods", D(900)),
        ("unknown", None, None, "goods", D(100)),
    ], "of prices that hold the tax the discount holds it, too"
    # Prices that hold the tax hold it before and after the discount.
    assert shop.rows(built, "fact_orders", "gross_amount, discount_amount") == [
        (D(10000), D(1000)),
        (D(11000), D(1100)),
    ]


def where_an_order_came_from(lake: FixtureLake) -> Scenario:
    """What WooCommerce names without an address that says so is no parameter of one."""
    shop, lines = Shop(lake, "visits"), [line(11, "1000")]
    click = {"click_id_type": "gclid", "click_id": "t", "landing_campaign_id": "7"}
    tagged = {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "google_cpc"}
    visits: list[dict[str, Any]] = [
        {"visit_type": "utm", **tagged, **click, "landing_path": "/", "referrer_host": "a.example"},
        {"visit_type": "utm", "utm_source": "newsletter", "utm_medium": "email", "utm_term": "x"},
        {"visit_type": "organic", "utm_source": "yahoo", "utm_medium": "organic"},
        {"visit_type": "referral", "utm_source": "blog.example", "utm_medium": "referral"},
        {"visit_type": "typein", "utm_source": "(direct)"},
        {"visit_type": "admin"},
    ]
    shop.pull(9, [order(number, number, lines, **one) for number, one in enumerate(visits, 1)])
    built = yield
    said = "channel, utm_source, utm_medium, utm_campaign, utm_term"
    nothing = (None,) * 4
    assert shop.rows(built, "fact_orders", said) == [
        ("paid_google", *nothing),
        ("email", "newsletter", "email", None, "x"),
        ("organic_search", *nothing),
        ("referral", *nothing),
        ("direct", *nothing),
        ("unattributed", *nothing),
    ]
    kept = "landing_campaign_id, click_id_type, click_id, landing_path, referrer_host"
    assert shop.rows(built, "fact_orders", kept)[:2] == [
        ("7", "gclid", "t", "/", "a.example"),
        (None,) * 5,
    ]


def what_comes_back_and_what_is_taken_back(lake: FixtureLake) -> Scenario:
    """A refund changes no order's date: a new one, a deleted one, one for an earlier day."""
    shop = Shop(lake, "back")
    back = {"quantity": -1, "refunded_line_id": "11"}
    rows = [
        refund(71, 1, 4, "1100", line(711, "-1000", "-100", **back)),
        # An amount of a line of which nothing comes back; and one for no line at all, of more than
        # is left of the goods: the rest is tax.
        refund(72, 1, 5, "1100", line(721, "-1000", "-100", **{**back, "quantity": 0})),
        refund(73, 1, 6, "8800"),
    ]
    shop.pull(7, [order(1, 2, [line(11, "10000", "1000", quantity=10)])], rows)
    built = yield
    columns = "date_day, units, net_amount, tax_amount, adjustment_amount, refunded_amount"
    whole = [
        (march(4), D(1), D(1000), D(100), D(0), D(1100)),
        (march(5), D(0), D(1000), D(100), D(0), D(1100)),
        (march(6), D(0), D(0), D(0), D(8000), D(8800)),
    ]
    assert shop.rows(built, "fact_refunds", columns, "date_day") == whole
    assert shop.rows(built, "fact_orders", "refunded_amount_to_date") == [(D(11000),)]
    shop.pull(9, (), [rows[0], rows[2], refund(74, 1, 3, "110")])
    built = yield
    assert shop.rows(built, "fact_refunds", columns, "date_day") == [
        (march(3), D(0), D(0), D(0), D(110), D(110)),
        whole[0],
        (march(6), D(0), D(0), D(0), D(8800), D(8800)),
    ]
    assert shop.rows(built, "fact_orders", "refunded_amount_to_date") == [(D(10010),)]


def what_is_in_the_bin_counts_for_nothing_until_it_is_back(lake: FixtureLake) -> Scenario:
    """One comes back as a draft with its old date, one is deleted for good: neither is dated."""
    shop, lines = Shop(lake, "bin"), [line(11, "1000")]
    rows = [order(one, 2, lines) for one in (1, 2, 3)]
    binned = order(1, 2, lines, status="trash", updated_at=at(4))
    shop.pull(5, [binned, *rows[1:]], states={1: "trash", 2: "completed", 3: "completed"})
    built = yield
    counted = "is_counted, financial_status"
    completed = (True, "completed")
    assert shop.rows(built, "fact_orders", counted) == [
        (False, "trash"),
        completed,
        completed,
    ]
    assert shop.rows(built, "mart_shop_daily_summary", "sum(orders)", "1") == [(2,)]
    shop.pull(9, (), states={1: "draft", 2: "completed"})
    built = yield
    assert shop.rows(built, "fact_orders", counted) == [
        (True, "draft"),
        completed,
        (False, "completed"),
    ]


def guests_are_kept_apart_by_their_token_and_never_known_to_be_new(lake: FixtureLake) -> Scenario:
    """Who has an account is new where it is no older than what was pulled."""
    shop, lines = Shop(lake, "guests"), [line(11, "1000")]
    buyers = [{"email": "a"}, {"email": "b"}, {"email": "a"}, {"customer_id": "7", "email": "c"}]
    rows = [order(number, number, lines, **one) for number, one in enumerate(buyers, 1)]
    customer = {"customer_id": "7", "created_at": at(4), "email": "c", "country_code": "JP"}
    shop.lake.pull(shop.account, "customers", at(6), [customer])
    shop.pull(7, rows)
    built = yield
    types = ["unknown", "unknown", "returning", "new"]
    assert shop.rows(built, "fact_orders", "customer_type") == [(one,) for one in types]


def a_product_without_variations_is_sold_itself(lake: FixtureLake) -> Scenario:
    """What is sold of a variable product are its variations."""
    shop = Shop(lake, "products")
    small = {"id": 8, "name": "S", "sku": "T-S", "price": "900", "regular_price": "1000"}
    category = json.dumps([{"id": 1, "name": "Wear"}, {"id": 2, "name": "New"}])
    of_all = {"status": "publish", "categories": category, "created_at": at(1)}
    pot = {"product_id": "1", "title": "Pot", "sku": "P", "price": "", "variants": "[]"}
    tee = {"product_id": "2", "title": "Tee", "price": "900", "variants": json.dumps([small])}
    shop.lake.pull(shop.account, "products", at(6), [pot | of_all, tee | of_all])
    built = yield
    columns = "product_id, variant_id, sku, category, price, compare_at_price"
    assert shop.rows(built, "dim_products", columns, "product_id") == [
        ("1", None, "P", "Wear", None, None),
        ("2", "8", "T-S", "Wear", D(900), D(1000)),
    ]


SCENARIOS = (
    what_an_order_is_made_of,
    where_an_order_came_from,
    what_comes_back_and_what_is_taken_back,
    what_is_in_the_bin_counts_for_nothing_until_it_is_back,
    guests_are_kept_apart_by_their_token_and_never_known_to_be_new,
    a_product_without_variations_is_sold_itself,
)
