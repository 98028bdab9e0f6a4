"""Every stream of ours has the rows of Shopify's own SDK: by REST, and by plain GraphQL.

The question is asked three times: by our connector, as `tributary run` does, by pages and by a bulk
operation; by the SDK's REST resources; and by plain queries through the SDK's `execute`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import shopify

from connectors.platforms import get
from connectors.platforms.shopify import listings
from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller, Row, check_same
from tests.referees.shopify_columns import (
    CUSTOMERS,
    ORDERS,
    PRODUCTS,
    SHOP,
    UTM,
    node_line,
    node_order,
    node_refund,
    node_shipping,
    rest_order,
)
from tests.referees.shopify_entities import (
    node_customer,
    node_product,
    node_shop,
    node_variant,
    rest_customer,
    rest_product,
    rest_shop,
)
from tests.referees.shopify_sdk import FROM, SALE, SEARCH, TO, graphql_all, rest_all
from tests.referees.shopify_sdk import SHOP as ACCOUNT

DAYS = ("2026-10-29", "2026-11-02")
ORGANIZATION = "acme_outdoor"
LATER = "2026-11-15T07:00:00Z"
"""After all that other tests pull: a list is due once at an instant."""
LISTS = {
    "line_items",
    "refunds",
    "shipping_lines",
    "agreements",
    "payment_gateways",
    "variants",
    "discount_codes",
    "fulfillments",
    "tags",
}
LEDGER = "agreements"
"""Asked of changed orders only; the tests of the sandbox hold it to the truth."""
NOT_IN_REST = {
    "country_code",
    "region_code",
    "is_edited",
    "return_status",
    "customer_order_index",
    "is_journey_ready",
    "last_visit_source",
    *("first_visit_at", "first_visit_source", "last_visit_at"),
    *(f"{prefix}utm_{name}" for prefix in ("", "first_") for name in UTM),
    *("first_landing_campaign_id", "first_click_id_type", "first_click_id"),
    *("landing_campaign_id", "click_id_type", "click_id", "landing_path", "referrer_host"),
    *(
        "fulfillments",
        "shipping_lines",
        "original_total_price",
        "total_tip",
        "total_duties",
        "total_fees",
        LEDGER,
    ),
}
COARSE = {"FULFILLED", "PARTIALLY_FULFILLED", "RESTOCKED"}
"""All that REST tells of fulfilment; an order on hold is not fulfilled."""


def our_orders(puller: Puller) -> list[Row]:
    """Our orders of a few days, with what hangs on them in one form."""
    return [
        row
        | {
            "line_items": [node_line(line) for line in row["line_items"]],
            "refunds": [node_refund(refund) for refund in row["refunds"]],
            "shipping_lines": [node_shipping(one) for one in row["shipping_lines"]],
        }
        for row in puller.rows("shopify/orders", ACCOUNT, *DAYS, lists=LISTS)
    ]


@pytest.fixture(scope="module")
def ours(puller: Puller) -> list[Row]:
    return our_orders(puller)


def without(rows: list[Row], *names: str) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def before(end: str, rest: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """REST includes the end of a range; a window does not."""
    return [one for one in rest.values() if one["updated_at"] < end]


def test_orders_by_rest(
    session: SandboxClient, ours: list[Row], days_of_orders: tuple[dict[int, dict[str, Any]], int]
) -> None:
    theirs = [rest_order(one) for one in before(TO, days_of_orders[0])]
    coarse = [
        row if row["fulfillment_status"] in COARSE else {**row, "fulfillment_status": "UNFULFILLED"}
        for row in without(ours, *NOT_IN_REST)
    ]
    check_same(coarse, theirs, "order_id")
    check_cases(theirs)


def check_cases(orders: list[Row]) -> None:
    """Agreement means something only where every case is there."""
    assert len(orders) > 100
    refunds = [refund for order in orders for refund in order["refunds"]]
    assert len(refunds) > 3
    assert any(refund["lines"] for refund in refunds)
    lines = [line for order in orders for line in order["line_items"]]
    for name in ("total_discounts", "total_tax", "total_shipping", "total_refunded"):
        assert {order[name] > 0 for order in orders} == {True, False}, name
    assert any(line["gross"] > line["discounted"] for line in lines)
    assert any(sum(line["allocations"]) > line["gross"] - line["discounted"] for line in lines)
    assert any(line["current"] < line["quantity"] for line in lines)
    for order in orders:
        # Gross less discounts is the subtotal: the same money, told twice by every order. A tip
        # is no part of it.
        goods = [line for line in order["line_items"] if line["title"] != "Tip"]
        left = sum((line["gross"] - sum(line["allocations"]) for line in goods), Decimal(0))
        assert left == order["subtotal_price"]


def test_orders_by_graphql(session: SandboxClient, puller: Puller, ours: list[Row]) -> None:
    theirs = [node_order(one) for one in graphql_all("orders", ORDERS, SEARCH)]
    clicks = ("click_id", "first_click_id")
    theirs = [row | {one: puller.token(ORGANIZATION, row[one]) for one in clicks} for row in theirs]
    assert len({row["click_id"] for row in theirs}) > 10
    check_same(without(ours, LEDGER), theirs, "order_id")
    assert any(order[LEDGER] for order in ours)


def test_orders_of_a_bulk_operation(
    session: SandboxClient, puller: Puller, ours: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "BULK_DAYS", 1)
    session.forget_requests()
    check_same(our_orders(puller), ours, "order_id")
    assert any("/bulk" in str(one) for one in session.requests()["requests"])


def test_customers(session: SandboxClient, puller: Puller) -> None:
    token = partial(puller.token, ORGANIZATION)
    ours = puller.rows("shopify/customers", ACCOUNT, *DAYS, lists=LISTS)
    nodes = graphql_all("customers", CUSTOMERS, SEARCH)
    check_same(ours, [node_customer(one, token) for one in nodes], "customer_id")
    rest, _ = rest_all(shopify.Customer, limit=250, updated_at_min=FROM, updated_at_max=TO)
    theirs = [rest_customer(one, token) for one in before(TO, rest)]
    check_same(without(ours, "locale"), theirs, "customer_id")


@pytest.mark.parametrize("now", [SALE, LATER])
def test_products_and_variants(session: SandboxClient, puller: Puller, now: str) -> None:
    session.set_clock(now)
    ours = [
        row | {"variants": [node_variant(each) for each in row["variants"]]}
        for row in puller.at(now).rows("shopify/products", ACCOUNT, lists=LISTS)
    ]
    reduced = [each["compare_at"] for row in ours for each in row["variants"]]
    assert {one is None for one in reduced} == {True, False}
    nodes = graphql_all("products", PRODUCTS)
    check_same(ours, [node_product(one) for one in nodes], "product_id")
    for row in ours:
        row["variants"] = without(row["variants"], "cost")
    rest, _ = rest_all(shopify.Product, limit=10)
    theirs = [rest_product(one) for one in rest.values()]
    check_same(without(ours, "category"), theirs, "product_id")


def test_the_shop(session: SandboxClient, puller: Puller) -> None:
    ours = puller.rows("shopify/shops", ACCOUNT)
    node = json.loads(shopify.GraphQL().execute(SHOP))["data"]["shop"]
    check_same(ours, [node_shop(node)], "shop_id")
    check_same(ours, [rest_shop(shopify.Shop.current().to_dict())], "shop_id")


def test_every_stream_is_compared() -> None:
    declared = {stream.name for stream in get("shopify").streams}
    assert declared == {"shops", "orders", "customers", "products"}
