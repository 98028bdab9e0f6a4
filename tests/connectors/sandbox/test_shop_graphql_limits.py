"""GraphQL of the Admin API where it refuses: errors, costs, throttling, versions."""

from __future__ import annotations

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.shopify.cost import Bucket
from connectors.sandbox.server import sandbox_thread
from tests.connectors.sandbox.shop_client import ORDERS, ShopClient

DAY = "updated_at:>='2026-10-18T00:00:00Z' AND updated_at:<'2026-10-22T00:00:00Z'"

ERRORS = [
    ("{orders(first:1){nodes{nope}}}", "undefinedField",
     "Field 'nope' doesn't exist on type 'Order'"),
    ("{orders(first:1,nope:2){nodes{id}}}", "argumentNotAccepted",
     "Field 'orders' doesn't accept argument 'nope'"),
    ("{order{id}}", "missingRequiredArguments", "Field 'order' is missing required arguments: id"),
    ("{orders(first:1)}", "selectionMismatch", "Field must have selections"),
    ("{orders(first:1,sortKey:TEA){nodes{id}}}", "argumentLiteralsIncompatible", "invalid value"),
    ("{orders(first:1){", "parseError", "Syntax Error"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "message"), ERRORS)
def test_faults_of_a_query_come_with_http_200_and_a_code(
    shop: ShopClient, query: str, code: str, message: str
) -> None:
    status, _, answer = shop.ask(query)
    assert status == 200
    assert "data" not in answer
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == code
    assert message in error["message"]
    assert error["locations"]


def test_the_path_of_an_undefined_field(shop: ShopClient) -> None:
    query = (
        "query A{orders(first:1){nodes{...F}}} fragment F on Order{lineItems(first:1){nodes{x}}}"
    )
    (error,) = shop.ask(query)[2]["errors"]
    assert error["path"] == ["fragment F", "lineItems", "nodes", "x"]
    assert error["extensions"] == {
        "code": "undefinedField",
        "typeName": "LineItem",
        "fieldName": "x",
    }


@pytest.mark.parametrize("arguments", ["", "first:251", "first:-1", 'first:1,after:"tea"'])
def test_pages_that_make_no_sense_are_refused(shop: ShopClient, arguments: str) -> None:
    query = f"{{orders({arguments}){{nodes{{id}}}}}}" if arguments else "{orders{nodes{id}}}"
    _, _, answer = shop.ask(query)
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["orders"]


def test_costs(shop: ShopClient) -> None:
    _, _, answer = shop.ask(ORDERS, n=50, q=DAY)
    cost = answer["extensions"]["cost"]
    assert 80 < cost["requestedQueryCost"] < 250
    assert 0 < cost["actualQueryCost"] < cost["requestedQueryCost"]
    assert cost["throttleStatus"]["maximumAvailable"] == 20 * cost["throttleStatus"]["restoreRate"]
    none = shop.ask(ORDERS, n=50, q="id:1")[2]["extensions"]["cost"]
    assert none["requestedQueryCost"] == cost["requestedQueryCost"]
    assert none["actualQueryCost"] == 2


def test_a_query_that_is_too_dear_is_not_run(shop: ShopClient) -> None:
    part = ORDERS[ORDERS.index("orders(") :]
    many = " ".join(f"a{number}:{part[:-1]}" for number in range(12))
    head = ORDERS[: ORDERS.index("orders(")]
    status, _, answer = shop.ask(head + many + "}", n=250)
    assert status == 200
    assert "data" not in answer
    extensions = answer["errors"][0]["extensions"]
    assert extensions["code"] == "MAX_COST_EXCEEDED"
    assert extensions["cost"] > extensions["maxCost"] == 1_000
    assert "throttleStatus" not in answer["extensions"]["cost"]


def test_a_small_plan_is_throttled_until_the_bucket_fills() -> None:
    with sandbox_thread(Parameters(days=20, organizations=6)) as running:
        shop = ShopClient(running.url, "shop-006")
        answers = [shop.ask(ORDERS, n=250)[2] for _ in range(40)]
    refused = [one for one in answers if "errors" in one]
    assert 0 < len(refused) < 40
    assert "data" not in refused[0]
    assert refused[0]["errors"][0]["message"] == "Throttled"
    assert refused[0]["errors"][0]["extensions"]["code"] == "THROTTLED"
    cost = refused[0]["extensions"]["cost"]
    assert cost["actualQueryCost"] is None
    status = cost["throttleStatus"]
    assert status["currentlyAvailable"] < cost["requestedQueryCost"]
    assert (status["maximumAvailable"], status["restoreRate"]) == (2_000.0, 100.0)


def test_a_bucket_fills_by_the_second() -> None:
    bucket = Bucket.of_points("Basic", now=0.0)
    assert bucket.take(1_950, now=0.0)
    assert not bucket.take(100, now=0.1)
    assert bucket.take(100, now=0.6)
    bucket.give_back(90)
    assert bucket.as_json()["currentlyAvailable"] == 100
    assert bucket.take(2_000, now=1_000.0)


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("2026-10", "2026-10"), ("2025-01", "2025-01"), ("2024-10", "2024-10"),
        ("2023-04", "2024-10"), ("unstable", "unstable"),
    ],
)  # fmt: skip
def test_retired_versions_are_served_by_the_oldest(
    shop: ShopClient, asked: str, served: str
) -> None:
    shop.version = asked
    status, headers, answer = shop.ask("{shop{name}}")
    assert (status, answer["data"]["shop"]["name"]) == (200, "Acme Outdoor")
    assert headers["x-shopify-api-version"] == served


@pytest.mark.parametrize("asked", ["2026-11", "2031-01", "v1"])
def test_versions_that_never_were_are_not_found(shop: ShopClient, asked: str) -> None:
    shop.version = asked
    assert shop.ask("{shop{name}}")[0] == 404


def test_versions_differ(shop: ShopClient) -> None:
    bulk = '{bulkOperation(id:"gid://shopify/BulkOperation/1"){id}}'
    for version, known in (("2025-07", False), ("2026-01", True)):
        shop.version = version
        assert ("errors" not in shop.ask(bulk)[2]) == known
        contact = shop.ask("{orders(first:1){nodes{contactEmail}}}")[2]
        assert ("errors" in contact) == known
