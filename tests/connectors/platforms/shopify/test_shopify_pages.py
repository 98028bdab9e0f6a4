"""Rows of orders, customers and products as the shop answers them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connectors.core.accounts import Account
from connectors.platforms import get

_ORDERS, _REFUNDS = "orders(first", "o0:order(id"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_order_with_its_lines_and_refunds(reader: Any, shop: Any, pages: Any) -> None:
    shop.answers = {_ORDERS: lambda v: pages("orders"), _REFUNDS: lambda v: pages("refunds")}
    first, second = reader.rows("orders")
    lines = json.loads(first.pop("line_items"))
    refunds = json.loads(first.pop("refunds"))
    (shipping,) = json.loads(first.pop("shipping_lines"))
    assert shipping["taxLines"][0]["priceSet"] == {"shopMoney": {"amount": "0.8"}}
    (agreement,) = json.loads(first.pop("agreements"))
    assert (agreement["happenedAt"], agreement["refund"]["id"][-1]) == ("2026-11-01T10:00:00Z", "7")
    assert [sale["quantity"] for sale in agreement["sales"]["nodes"]] == [-1]
    assert first == {
        "order_id": "5001",
        "name": "#1001",
        "created_at": _at("2026-11-01T09:12:03+00:00"),
        "processed_at": _at("2026-10-31T23:30:00+00:00"),
        "updated_at": _at("2026-11-01T10:00:00+00:00"),
        "cancelled_at": None,
        "cancel_reason": None,
        "is_test": False,
        "is_edited": True,
        "taxes_included": True,
        "currency_code": "EUR",
        "presentment_currency_code": "GBP",
        "financial_status": "PARTIALLY_REFUNDED",
        "fulfillment_status": "FULFILLED",
        "return_status": "RETURNED",
        "source_name": "web",
        "total_price": Decimal("119.000000"),
        "current_total_price": Decimal("100.000000"),
        "subtotal_price": Decimal("114.010000"),
        "total_discounts": Decimal("10.000000"),
        "total_tax": Decimal("19.000000"),
        "total_shipping": Decimal("4.990000"),
        "total_refunded": Decimal("19.000000"),
        "discount_codes": '["WELCOME10"]',
        "tags": '["vip","gift"]',
        "customer_id": "9",
        "country_code": "FR",
        "region_code": None,
        "payment_gateways": '["shopify_payments","gift_card"]',
        "customer_order_index": 0,
        "is_journey_ready": True,
        "first_visit_at": datetime(2026, 10, 20, 7, 15, tzinfo=UTC),
        "first_visit_source": "an email",
        "first_utm_source": "news",
        "first_utm_medium": "email",
        "first_utm_campaign": None,
        "first_utm_term": None,
        "first_utm_content": None,
        "first_landing_campaign_id": "77",
        "first_click_id_type": "fbclid",
        "first_click_id": "<IwAR>",
        "last_visit_at": datetime(2026, 11, 1, 9, 58, tzinfo=UTC),
        "last_visit_source": "Google",
        "utm_source": "google",
        "utm_medium": "cpc",
        "utm_campaign": "brand",
        "utm_term": None,
        "utm_content": "a1",
        "landing_campaign_id": "2201",
        "landing_path": "/collections/tents",
        "referrer_host": "www.google.com",
        "click_id_type": "gclid",
        "click_id": "<Cj0K>",
        "original_total_price": Decimal("119.000000"),
        "total_tip": Decimal("0E-6"),
        "total_duties": None,
        "total_fees": None,
        "fulfillments": None,
        "_extra": None,
    }
    assert [line["id"][-1] for line in lines] == ["1", "2"]
    assert lines == pages("orders")["data"]["orders"]["nodes"][0]["lineItems"]["nodes"]
    (sent,) = pages("refunds")["data"]["o0"]["refunds"]
    for part in ("refundLineItems", "transactions", "refundShippingLines", "orderAdjustments"):
        del sent[part]["pageInfo"]
    assert refunds == [sent]
    assert second["total_price"] == Decimal("-0.005000")
    assert (second["is_test"], second["total_tax"], second["customer_id"]) == (True, None, None)
    assert (second["line_items"], second["refunds"]) == ("[]", "[]")


def test_refunds_are_asked_of_refunded_orders_only(reader: Any, shop: Any, pages: Any) -> None:
    shop.answers = {_ORDERS: lambda v: pages("orders"), _REFUNDS: lambda v: pages("refunds")}
    reader.rows("orders")
    ((_, asked),) = [each for each in shop.asked if each[0] == _REFUNDS]
    assert asked["i0"] == "gid://shopify/Order/5001"
    assert "i1" not in asked


def test_a_refund_without_a_time_is_set_aside_and_stays_in_its_order(
    reader: Any, shop: Any, pages: Any
) -> None:
    def refunds(ledger: bool) -> Any:
        found = pages("refunds")
        order = found["data"]["o0"]
        order["refunds"][0]["createdAt"] = None
        if not ledger:
            order["agreements"]["nodes"] = []
        return found

    shop.answers = {_ORDERS: lambda v: pages("orders"), _REFUNDS: lambda v: refunds(False)}
    (page,) = reader.typed("orders")
    (rejected,) = page.rejected
    assert "a refund of order #1001 has no time" in rejected.reason
    payload = json.loads(rejected.payload_json)
    assert payload["order"] == "gid://shopify/Order/5001"
    assert payload["refund"]["id"] == "gid://shopify/Refund/7"
    assert page.batch.num_rows == 2
    assert "gid://shopify/Refund/7" in page.batch.column("refunds")[0].as_py()
    # The ledger says when it was.
    shop.answers[_REFUNDS] = lambda v: refunds(True)
    (page,) = reader.typed("orders")
    assert page.rejected == ()


def test_an_order_without_a_time_is_set_aside(reader: Any, shop: Any, pages: Any) -> None:
    def orders(variables: Any) -> Any:
        found = pages("orders")
        order = found["data"]["orders"]["nodes"][0]
        order["createdAt"] = order["processedAt"] = None
        return found

    shop.answers = {_ORDERS: orders, _REFUNDS: lambda v: pages("refunds")}
    (page,) = reader.typed("orders")
    (rejected,) = page.rejected
    assert "order #1001 has no time: it is of no day until the shop states one" in rejected.reason
    assert json.loads(rejected.payload_json) == {"order": "gid://shopify/Order/5001"}
    assert page.batch.num_rows == 2


def test_customers_carry_tokens_and_no_names(reader: Any, shop: Any, pages: Any) -> None:
    shop.answers = {"customers(first": lambda v: pages("customers")}
    first, second = reader.rows("customers")
    assert first["email"] == "<ann@example.com>"
    assert first["phone"] == "<+491701234567>"
    assert first["number_of_orders"] == 3
    assert first["amount_spent"] == Decimal("359.97")
    assert first["country_code"] == "DE"
    assert (second["email"], second["phone"], second["country_code"]) == (None, None, None)
    text = shop.requests[0].json["query"]
    assert not any(name in text for name in ("firstName", "lastName", "address1", "city", "zip"))


def test_products_and_the_shop(reader: Any, shop: Any, pages: Any) -> None:
    shop.answers = {
        "products(first": lambda v: pages("products"),
        "shop{": lambda v: pages("shop"),
    }
    (product,) = reader.rows("products")
    (variant,) = json.loads(product["variants"])
    assert (product["product_id"], product["total_inventory"]) == ("3", -2)
    assert product["category"] == "Sporting Goods > Camping"
    assert variant["inventoryItem"]["unitCost"]["amount"] == "21.5"
    assert variant["price"] == "50.00"
    (row,) = reader.rows("shops")
    assert row["shop_id"] == "gid://shopify/Shop/77"
    assert row["plan_name"] == "Basic"


def test_a_shop_describes_itself(reader: Any, shop: Any, pages: Any) -> None:
    shop.answers = {"shop{": lambda v: pages("shop")}
    client = reader.client()
    found = get("shopify").describe_account(client, Account("Acme-Outdoor.myshopify.com"))
    assert found == Account(
        "acme-outdoor", name="Acme Outdoor", currency="EUR", time_zone="Europe/Berlin"
    )
    assert [each.id for each in get("shopify").discover(client)] == ["acme-outdoor"]


def test_a_shop_says_what_it_has_granted(reader: Any, shop: Any, pages: Any, answered: Any) -> None:
    """To write is to read; scopes that cannot be read are a matter of the orders alone."""
    describe, account = get("shopify").describe_account, Account("acme-outdoor")
    scopes = [{"handle": name} for name in ("write_orders", "read_products")]
    installed = {"currentAppInstallation": {"accessScopes": scopes}}
    shop.answers = {"accessScopes": lambda v: answered({**pages("shop")["data"], **installed})}
    found = describe(reader.client(), account)
    assert found.granted == {"write_orders", "read_orders", "read_products"}
    missing = {one.missing: one.is_error for one in get("shopify").shortfalls(found)}
    assert missing == {"read_customers": True, "read_inventory": True, "read_all_orders": False}

    fault = {"message": "no such thing", "extensions": {"code": "parseError"}}
    shop.answers = {"accessScopes": lambda v: {"errors": [fault]}, "shop{": lambda v: pages("shop")}
    found = describe(reader.client(), account)
    assert (found.name, found.granted) == ("Acme Outdoor", None)
    (unknown,) = get("shopify").shortfalls(found)
    assert unknown.is_error
    assert "read_all_orders" in unknown.remedy
