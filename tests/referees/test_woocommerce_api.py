"""WooCommerce's own Python client reads the sandbox: the same rows as `tributary run` writes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from woocommerce import API

from connectors.sandbox.server import SandboxClient
from tests.referees.pulls import Puller

SITE = "kiwi-outlet.example"
DAYS = ("2026-10-20", "2026-11-15")


@pytest.fixture
def shop(sandbox: SandboxClient) -> API:
    return API(
        url=f"{sandbox.url}/woocommerce/{SITE}",
        consumer_key=f"ck_sandbox_{SITE}",
        consumer_secret=f"cs_sandbox_{SITE}",
        version="wc/v3",
        timeout=30,
    )


def listed(shop: API, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
    """Yields a list as the documentation reads one: page by page, to the last of the header."""
    number, pages = 1, 1
    while number <= pages:
        params = {"per_page": 50, "order": "asc", **asked, "page": number}
        answer = shop.get(path, params=params)
        assert answer.status_code == 200, answer.text
        yield from answer.json()
        number, pages = number + 1, int(answer.headers["X-WP-TotalPages"])


def test_orders_are_the_clients(shop: API, puller: Puller) -> None:
    # The second before the first of the days begins in Auckland.
    bounds = {"modified_after": "2026-10-19T10:59:59", "dates_are_gmt": "true"}
    theirs = {
        str(one["id"]): one
        for status in ("any", "trash")
        for one in listed(shop, "orders", status=status, orderby="id", **bounds)
    }
    ours = {
        one["order_id"]: one for one in puller.table("woocommerce/orders", SITE, *DAYS).to_pylist()
    }
    assert len(theirs) > 100
    assert {one["status"] for one in theirs.values()} >= {"completed", "refunded", "trash"}
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        assert ours[id_]["status"] == one["status"]
        for name in ("total", "total_tax", "cart_tax", "shipping_total", "discount_total"):
            assert ours[id_][name] == Decimal(one[name]), name
        assert ours[id_]["updated_at"].strftime("%Y-%m-%dT%H:%M:%S") == one["date_modified_gmt"]
        # What the shop says of an order adds up.
        parts = [*one["line_items"], *one["shipping_lines"], *one["fee_lines"]]
        total = sum(Decimal(each["total"]) for each in parts) + Decimal(one["total_tax"])
        assert total == Decimal(one["total"])


def test_refunds_are_the_clients_in_both_lists(shop: API, puller: Puller) -> None:
    bounds = {"after": f"{DAYS[0]}T00:00:00", "orderby": "date"}
    theirs = {str(one["id"]): one for one in listed(shop, "refunds", **bounds)}
    ours = {
        one["refund_id"]: one
        for one in puller.table("woocommerce/refunds", SITE, *DAYS).to_pylist()
    }
    assert len(theirs) > 20
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        found = ours[id_]
        assert (found["amount"], found["order_id"]) == (
            Decimal(one["amount"]),
            str(one["parent_id"]),
        )
        assert str(found["date"]) == one["date_created"][:10]
    parent = next(iter(theirs.values()))["parent_id"]
    of_order = list(listed(shop, f"orders/{parent}/refunds"))
    embedded = shop.get(f"orders/{parent}").json()["refunds"]
    assert [(one["id"], f"-{one['amount']}") for one in of_order] == [
        (one["id"], one["total"]) for one in embedded
    ]


def test_customers_and_products_are_the_clients(shop: API, puller: Puller) -> None:
    customers = {str(one["id"]) for one in listed(shop, "customers", role="all", orderby="id")}
    ours = puller.table("woocommerce/customers", SITE).column("customer_id").to_pylist()
    assert len(ours) == len(customers) > 300
    assert set(ours) == customers
    products = {str(one["id"]): one for one in listed(shop, "products")}
    found = {
        one["product_id"]: one for one in puller.table("woocommerce/products", SITE).to_pylist()
    }
    assert found.keys() == products.keys()
    for id_, one in products.items():
        assert found[id_]["title"] == one["name"]
        assert found[id_]["variants"].count('"sku"') == len(one["variations"])


def test_a_wrong_secret_and_a_strangers_key_are_refused(shop: API) -> None:
    shop.consumer_secret = "cs_wrong"
    answer = shop.get("orders")
    assert answer.status_code == 401
    assert "signature does not match" in answer.json()["message"]
    shop.consumer_key = "ck_stranger"
    assert shop.get("orders").json()["message"] == "Consumer key is invalid."
