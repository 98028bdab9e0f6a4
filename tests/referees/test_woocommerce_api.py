"""WooCommerce's own Python client reads the sandbox: the same rows as `tributary run` writes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import requests
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


def pulled(puller: Puller, stream: str, key: str, *days: str) -> dict[str, dict[str, Any]]:
    return {one[key]: one for one in puller.table(f"woocommerce/{stream}", SITE, *days).to_pylist()}


def test_orders_are_the_clients(shop: API, puller: Puller) -> None:
    # The second before the first of the days begins in Auckland.
    bounds = {"modified_after": "2026-10-19T10:59:59", "dates_are_gmt": "true"}
    theirs = {
        str(one["id"]): one
        for status in ("any", "trash")
        for one in listed(shop, "orders", status=status, orderby="id", **bounds)
    }
    ours = pulled(puller, "orders", "order_id", *DAYS)
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
    ours = pulled(puller, "refunds", "refund_id", *DAYS)
    assert len(theirs) > 20
    assert ours.keys() == theirs.keys()
    for id_, one in theirs.items():
        found = (str(ours[id_]["date"]), ours[id_]["order_id"], ours[id_]["amount"])
        assert found == (one["date_created"][:10], str(one["parent_id"]), Decimal(one["amount"]))
    parent = next(iter(theirs.values()))["parent_id"]
    of_order = {one["id"] for one in listed(shop, f"orders/{parent}/refunds")}
    assert of_order >= {one["id"] for one in theirs.values() if one["parent_id"] == parent}


def test_customers_and_products_are_the_clients(shop: API, puller: Puller) -> None:
    customers = {str(one["id"]) for one in listed(shop, "customers", role="all", orderby="id")}
    assert pulled(puller, "customers", "customer_id").keys() == customers
    assert len(customers) > 300
    products = {str(one["id"]): one for one in listed(shop, "products")}
    ours = pulled(puller, "products", "product_id")
    assert ours.keys() == products.keys()
    for id_, one in products.items():
        assert ours[id_]["title"] == one["name"]
        assert ours[id_]["variants"].count('"sku"') == len(one["variations"])


def test_who_may_not_read_is_refused_over_http_and_behind_https(shop: API) -> None:
    def behind_https(key: str, secret: str) -> Any:
        url, headers = f"{shop.url}/wp-json/wc/v3/orders", {"X-Forwarded-Proto": "https"}
        return requests.get(url, auth=(key, secret), headers=headers, timeout=30)

    key, secret = shop.consumer_key, shop.consumer_secret
    assert len(behind_https(key, secret).json()) == 10
    assert behind_https(key, "cs_wrong").json()["message"] == "Consumer secret is invalid."
    assert behind_https("ck_x", secret).json()["code"] == "woocommerce_rest_cannot_view"
    # Over http a pair counts for nothing.
    assert requests.get(f"{shop.url}/wp-json/wc/v3/orders", auth=(key, secret)).status_code == 401
    shop.consumer_secret = "cs_wrong"
    answer = shop.get("orders")
    assert (answer.status_code, "signature does not" in answer.json()["message"]) == (401, True)
    shop.consumer_key = "ck_stranger"
    assert shop.get("orders").json()["message"] == "Consumer key is invalid."
