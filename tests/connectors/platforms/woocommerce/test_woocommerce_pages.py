"""Orders, refunds, customers and products as sites send them become exact rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.core.window import Window

DAYS = Window(date(2026, 11, 1), date(2026, 11, 6))
INSTANTS = Window(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC))
D = Decimal
Load = Callable[[str], list[dict[str, Any]]]


def test_an_order_with_a_coupon_and_a_negative_fee(site: Any, page: Load) -> None:
    site.lists["orders"] = page("orders")
    (row,) = site.rows("orders", INSTANTS)
    assert (row["order_id"], row["customer_id"], row["email"]) == ("727", "0", "<ada@example.com>")
    # GMT fields have no zone; the shop's own time is an hour ahead.
    assert row["created_at"] == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert row["completed_at"] is None
    assert (row["country_code"], row["shipping_country_code"]) == ("DE", "AT")
    assert (row["visit_type"], row["utm_source"], row["utm_medium"]) == ("utm", "google", None)
    assert (row["landing_path"], row["referrer_host"]) == ("/product/shirt/", "www.google.com")
    named = (row["landing_campaign_id"], row["click_id_type"], row["click_id"])
    assert named == ("2201", "gclid", "<Cj0K>")
    (line,), (fee,) = json.loads(row["line_items"]), json.loads(row["fee_lines"])
    amounts = [D(line["total"]), D(fee["total"]), row["shipping_total"], row["total_tax"]]
    assert row["total"] == sum(amounts) == D("119.95")
    assert row["discount_total"] == D(line["subtotal"]) - D(line["total"])
    assert json.loads(row["refunds"]) == [{"id": 740, "total": "-20.00"}]


def test_nothing_personal_is_asked_for_or_kept_but_a_token(site: Any, page: Load) -> None:
    site.lists |= {"orders": page("orders"), "refunds": page("refunds")}
    (order,), (refund,) = site.rows("orders", INSTANTS), site.rows("refunds", DAYS)
    text = (repr(order) + repr(refund)).replace("<ada@example.com>", "").lower()
    for word in ("ada", "abbott", "wallstr", "10115", "berlin", "1234567", "203.0"):
        assert word not in text, word
    # What nobody knows is kept all the same.
    assert json.loads(order["_extra"]) == {"gift_wrap": {"ribbon": "red"}, "version": "9.3.1"}
    fields = set(site.asked[0].params["_fields"].split(","))
    assert {"billing.email", "billing.country", "line_items", "meta_data"} < fields
    assert not fields & {"billing", "shipping", "customer_note"}


def test_a_refund_is_of_the_shops_own_day_and_its_lines_are_negative(site: Any, page: Load) -> None:
    site.lists["refunds"] = page("refunds")
    (row,) = site.rows("refunds", DAYS)
    assert (row["date"], row["created_at"].hour) == (date(2026, 11, 4), 23)
    assert (row["refund_id"], row["order_id"], row["amount"]) == ("740", "727", D(20))
    (line,) = json.loads(row["line_items"])
    assert (line["quantity"], line["total"], line["refunded_line_id"]) == (-1, "-15.55", "315")
    asked = site.asked[0].params
    assert (asked["after"], asked["before"]) == ("2026-10-31T23:59:59", "2026-11-06T00:00:00")
    assert asked["dates_are_gmt"] == "false"


def test_a_shop_without_a_list_of_refunds_is_asked_order_by_order(site: Any, page: Load) -> None:
    order, refund = page("orders")[0], page("refunds")[0]
    order["date_created"] = "2026-02-01T10:00:00"
    other = {**refund, "id": 741, "date_created": "2026-11-09T10:00:00"}
    del refund["parent_id"]
    whole = {**order, "id": 726, "refunds": []}
    site.lists |= {"orders": [whole, order], "orders/727/refunds": [refund, other]}
    (row,) = site.rows("refunds", DAYS)
    assert (row["refund_id"], row["order_id"], row["amount"]) == ("740", "727", D(20))


@pytest.mark.parametrize(("sent", "kept"), [("1000", D(1000)), ("1000.00", D(1000))])
def test_yen_with_and_without_decimals(site: Any, page: Load, sent: str, kept: Decimal) -> None:
    order = page("orders")[0] | {"currency": "JPY", "total": sent}
    site.lists["orders"] = [order]
    (row,) = site.rows("orders", INSTANTS)
    assert (row["currency_code"], row["total"]) == ("JPY", kept)


def test_an_amount_in_a_line_that_is_no_number_is_set_aside(site: Any, page: Load) -> None:
    order = page("orders")[0]
    order["line_items"][0]["total"] = "a lot"
    site.lists["orders"] = [order]
    (reason,) = site.read("orders", INSTANTS).rejected
    assert "line_items" in reason


def test_variations_hang_on_their_product(site: Any) -> None:
    made = {"date_created_gmt": "2026-01-01T00:00:00", "date_modified_gmt": "2026-01-02T00:00:00"}
    simple = {"id": 1, "name": "Pot", "type": "simple", "price": "", "variations": [], **made}
    variable = {"id": 2, "name": "Tea", "type": "variable", "price": "4.50", **made}
    small = {"id": 7, "name": "Small", "price": "4.50", "sku": "T-1", "weight": "1", **made}
    site.lists |= {"products": [simple, variable], "products/2/variations": [small]}
    pot, tea = site.rows("products")
    assert (pot["price"], pot["variants"]) == ("", "[]")
    (one,) = json.loads(tea["variants"])
    assert (one["id"], one["sku"], one["date_modified_gmt"]) == (7, "T-1", "2026-01-02T00:00:00Z")


def test_customers_of_every_role_come_and_a_profile_may_never_have_changed(site: Any) -> None:
    person = {"id": 3, "email": "a@b.de", "role": "subscriber", "first_name": "Ada"}
    times = {"date_created_gmt": "2026-01-01T00:00:00", "date_modified_gmt": None}
    site.lists["customers"] = [{**person, **times, "billing": {"country": "DE", "city": "Ulm"}}]
    (row,) = site.rows("customers")
    assert (row["customer_id"], row["email"], row["updated_at"]) == ("3", "<a@b.de>", None)
    assert site.asked[0].params["role"] == "all"
