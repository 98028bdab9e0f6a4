"""Shopify's own Python SDK reads the sandbox: REST with the Link header, GraphQL through `execute`.

Its answers agree with each other, with the platform's document field by field, and with the truth.
"""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import shopify
from pyactiveresource.connection import ClientError, ResourceNotFound, UnauthorizedAccess

from connectors.sandbox.server import SandboxClient
from tests.referees.shopify_sdk import (
    DOCUMENTED,
    SHOP,
    activate,
    graphql_all,
    rest_all,
)

MONEY = {
    "total_price": "totalPriceSet",
    "current_total_price": "currentTotalPriceSet",
    "total_tax": "totalTaxSet",
    "total_discounts": "totalDiscountsSet",
}


def rest_orders(**asked: Any) -> tuple[dict[int, dict[str, Any]], int]:
    return rest_all(shopify.Order, **asked)


def graphql_orders(text: str) -> dict[int, dict[str, Any]]:
    nodes = graphql_all("orders", DOCUMENTED, text)
    return {int(one["legacyResourceId"]): one for one in nodes}


def number(gid: str | None) -> int | None:
    return None if gid is None else int(gid.rsplit("/", 1)[1])


def shop_money(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


def test_rest_graphql_and_truth_agree(
    session: SandboxClient, days_of_orders: tuple[dict[int, dict[str, Any]], int]
) -> None:
    rest, pages = days_of_orders
    graphql = graphql_orders(
        "updated_at:>='2026-10-28T23:00:00Z' AND updated_at:<='2026-11-02T23:00:00Z'"
    )
    assert pages > 2
    assert list(rest) == list(graphql)
    assert len(rest) > 100
    check_every_case_is_there(rest.values())
    truth = {int(one["order_id"]): one for one in session.truth("order", account=SHOP)}
    for id_, one in rest.items():
        other, known = graphql[id_], truth[id_]
        for name, set_name in MONEY.items():
            assert Decimal(one[name]) == shop_money(other[set_name]), name
        assert Decimal(one["total_price"]) == Decimal(known["total"])
        assert Decimal(one["total_tax"]) == Decimal(known["tax"])
        goods = Decimal(known["gross"]) + Decimal(known["gift_cards"])
        assert Decimal(one["total_line_items_price"]) == goods
        assert one["financial_status"].upper() == other["displayFinancialStatus"]
        assert one["presentment_currency"] == other["presentmentCurrencyCode"]
        assert (one["test"], one["name"]) == (other["test"], other["name"])
        assert [tag for tag in one["tags"].split(", ") if tag] == other["tags"]
        for name, camel in (("created_at", "createdAt"), ("updated_at", "updatedAt")):
            at = datetime.fromisoformat(one[name])
            assert at == datetime.fromisoformat(other[camel])
            assert one[name][-6:] in ("+01:00", "+02:00"), "REST speaks the shop's offset"
            assert other[camel].endswith("Z")
        assert (one["customer"] or {}).get("id") == number((other["customer"] or {}).get("id"))
        check_lines(one, other)
        check_refunds(one, other, Decimal(known["refunded"]))


def check_every_case_is_there(orders: Iterable[dict[str, Any]]) -> None:
    found = list(orders)
    assert sum(bool(one["refunds"]) for one in found) > 3
    assert len({one["financial_status"] for one in found}) > 4
    assert {len(one["line_items"]) > 1 for one in found} == {True, False}
    assert {one["created_at"][-6:] for one in found} == {"+01:00", "+02:00"}
    assert len({one["presentment_currency"] for one in found}) > 2
    for name in ("customer", "test", "tags"):
        assert {bool(one[name]) for one in found} == {True, False}, name
    assert {Decimal(one["total_discounts"]) > 0 for one in found} == {True, False}
    assert {one["total_price"] == one["current_total_price"] for one in found} == {True, False}


def check_lines(one: dict[str, Any], other: dict[str, Any]) -> None:
    nodes = {number(line["id"]): line for line in other["lineItems"]["nodes"]}
    for line in one["line_items"][:50]:
        node = nodes[line["id"]]
        assert (line["sku"], line["quantity"]) == (node["sku"], node["quantity"])
        assert line["product_id"] == number((node["product"] or {}).get("id"))
        whole = Decimal(line["price"]) * line["quantity"]
        assert whole == shop_money(node["originalTotalSet"])
        assert whole - Decimal(line["total_discount"]) == shop_money(node["discountedTotalSet"])


def check_refunds(one: dict[str, Any], other: dict[str, Any], refunded: Decimal) -> None:
    assert [refund["id"] for refund in one["refunds"]] == [
        number(refund["id"]) for refund in other["refunds"]
    ]
    paid = [
        Decimal(transaction["amount"])
        for refund in one["refunds"]
        for transaction in refund["transactions"]
        if (transaction["kind"], transaction["status"]) == ("refund", "success")
    ]
    assert sum(paid, Decimal(0)) == refunded == shop_money(other["totalRefundedSet"])
    for refund, node in zip(one["refunds"], other["refunds"], strict=True):
        lines = {number(line["id"]): line for line in node["refundLineItems"]["nodes"]}
        for line in refund["refund_line_items"][:50]:
            found = lines[line["id"]]
            # The one place where REST writes money as a JSON float.
            assert type(line["subtotal"]) is type(line["total_tax"]) is float
            assert Decimal(str(line["subtotal"])) == shop_money(found["subtotalSet"])
            assert Decimal(str(line["total_tax"])) == shop_money(found["totalTaxSet"])
            assert line["restock_type"].upper() == found["restockType"]
            assert line["line_item_id"] == number(found["lineItem"]["id"])


def test_types_are_the_documents(session: SandboxClient) -> None:
    one = shopify.Order.find(limit=1, status="any")[0].to_dict()
    assert type(one["id"]) is int
    for name in ("total_price", "current_total_price", "total_tax"):
        assert isinstance(one[name], str)
        assert len(one[name].split(".")[1]) == 2
    assert set(one["total_price_set"]) == {"shop_money", "presentment_money"}
    node = next(iter(graphql_orders("updated_at:>='2026-11-15T00:00:00Z'").values()))
    assert node["id"] == f"gid://shopify/Order/{node['legacyResourceId']}"


def test_only_open_orders_come_without_a_status(session: SandboxClient) -> None:
    asked = {
        "limit": 250,
        "fields": "id,closed_at,cancelled_at",
        "created_at_min": "2026-11-12T00:00:00+01:00",
        "created_at_max": "2026-11-13T00:00:00+01:00",
    }
    whole, _ = rest_orders(status="any", **asked)
    open_, _ = rest_orders(**asked)
    assert 0 < len(open_) < len(whole)
    assert all(not one["closed_at"] and not one["cancelled_at"] for one in open_.values())
    del asked["limit"], asked["fields"]
    assert shopify.Order.count(status="any", **asked) == len(whole)


def test_single_resources(session: SandboxClient) -> None:
    refunded = next(
        one for one in rest_orders(limit=250, status="any", ids=some_refunded(session))[0].values()
    )
    order = shopify.Order.find(refunded["id"])
    assert order.name == refunded["name"]
    refunds = shopify.Refund.find(order_id=refunded["id"])
    assert [one.id for one in refunds] == [one["id"] for one in refunded["refunds"]]
    assert shopify.Shop.current().iana_timezone == "Europe/Berlin"
    assert len(shopify.Product.find(limit=250)) >= 23
    customers = shopify.Customer.find(limit=5)
    assert all("@example.com" in one.email.lower() for one in customers)
    with pytest.raises(ResourceNotFound):
        shopify.Order.find(1)


def some_refunded(session: SandboxClient) -> str:
    rows = session.truth("order", account=SHOP, **{"from": "2026-10-01"})
    return ",".join(one["order_id"] for one in rows[:400] if one["refunds"])


def test_refusals_reach_the_sdk(session: SandboxClient, sandbox: SandboxClient) -> None:
    page = shopify.Order.find(limit=5, status="any")
    with pytest.raises(ClientError) as refused:
        shopify.Order.find(from_=f"{page.next_page_url}&status=any")
    assert refused.value.code == 400
    activate(sandbox, "wrong")
    with pytest.raises(UnauthorizedAccess):
        shopify.Order.find(limit=1)
    with pytest.raises(urllib.error.HTTPError) as trouble:
        shopify.GraphQL().execute("{shop{name}}")
    assert trouble.value.code == 401


def test_the_call_limit_is_reported(session: SandboxClient) -> None:
    shopify.Order.find(limit=1, status="any")
    # Not through `shopify.Limits`: it wants the header in capitals, uvicorn writes small letters.
    headers = {
        name.lower(): value for name, value in shopify.Shop.connection.response.headers.items()
    }
    used, size = headers["x-shopify-shop-api-call-limit"].split("/")
    assert 0 < int(used) < int(size) == 400


def test_bulk_operations_through_the_sdk(session: SandboxClient) -> None:
    start = (
        'mutation{bulkOperationRunQuery(query:"{products{edges{node{id title}}}}")'
        "{bulkOperation{id status} userErrors{field message}}}"
    )
    payload = json.loads(shopify.GraphQL().execute(start))["data"]["bulkOperationRunQuery"]
    assert payload["userErrors"] == []
    poll = "query($i:ID!){node(id:$i){...on BulkOperation{status objectCount url}}}"
    for _ in range(50):
        answer = json.loads(shopify.GraphQL().execute(poll, {"i": payload["bulkOperation"]["id"]}))
        if answer["data"]["node"]["status"] == "COMPLETED":
            break
    assert answer["data"]["node"]["objectCount"].isdigit()
    assert answer["data"]["node"]["url"].startswith("http")
