"""Bulk operations: started, polled, fetched as JSONL, refused."""

from __future__ import annotations

from itertools import pairwise

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.shopify.access import products_token
from connectors.sandbox.server import SandboxClient, sandbox_thread
from tests.connectors.sandbox.shop_client import ACME, POLL, START, ShopClient

QUERY = """{orders(query:"updated_at:>='2026-11-10T00:00:00Z'"){edges{node{id name
 totalPriceSet{shopMoney{amount}} refunds{id createdAt}
 lineItems{edges{node{id sku quantity}}}}}}}"""


@pytest.mark.parametrize("grouped", [True, False])
def test_a_bulk_query_brings_what_pages_bring(shop: ShopClient, grouped: bool) -> None:
    done, objects = shop.bulk(QUERY, grouped=grouped)
    roots = [one for one in objects if "__parentId" not in one]
    lines = [one for one in objects if "__parentId" in one]
    paged = {one["id"]: one for one in shop.orders("updated_at:>='2026-11-10T00:00:00Z'")}
    assert {one["id"] for one in roots} == paged.keys()
    assert len(roots) == len(paged) > 200
    assert (done["objectCount"], done["rootObjectCount"]) == (str(len(objects)), str(len(roots)))
    for one in roots:
        assert set(one) == {"id", "name", "totalPriceSet", "refunds"}
        total = paged[one["id"]]["totalPriceSet"]["shopMoney"]["amount"]
        assert one["totalPriceSet"]["shopMoney"]["amount"] == total
    count = {one["id"]: 0 for one in roots}
    for line in lines:
        assert set(line) == {"id", "sku", "quantity", "__parentId"}
        count[line["__parentId"]] += 1
    long = [one for one in paged.values() if one["lineItems"]["pageInfo"]["hasNextPage"]]
    for id_, number in count.items():
        if paged[id_] not in long:
            assert number == len(paged[id_]["lineItems"]["nodes"])
    near = all(
        "__parentId" not in one or one["__parentId"] == before.get("__parentId", before["id"])
        for before, one in pairwise(objects)
    )
    assert near == grouped


def test_its_life(sandbox: SandboxClient, shop: ShopClient) -> None:
    payload = shop.data(START, q=QUERY, g=False)["bulkOperationRunQuery"]
    assert payload["bulkOperation"]["status"] == "CREATED"
    id_ = payload["bulkOperation"]["id"]
    first = shop.data(POLL, i=id_)["node"]
    assert (first["status"], first["url"], first["completedAt"]) == ("RUNNING", None, None)
    done = shop.finish(id_)
    assert done["status"] == "COMPLETED"
    assert done["completedAt"] == "2026-11-15T06:00:00Z"
    current = shop.data("{currentBulkOperation(type:QUERY){id status}}")["currentBulkOperation"]
    assert current == {"id": id_, "status": "COMPLETED"}
    found = shop.data("query($i:ID!){bulkOperation(id:$i){url}}", i=id_)
    assert found["bulkOperation"]["url"] == done["url"]
    path = done["url"].split(shop.address.netloc, 1)[1]
    status, _, body = shop.call("GET", path)
    assert (status, str(len(body))) == (200, done["fileSize"])
    assert shop.call("GET", path[:-2])[0] == 403, "the address is signed"
    sandbox.set_clock("2026-11-22T06:00:00Z")
    assert shop.call("GET", path)[0] == 403, "and lives seven days"


def test_nothing_found_has_no_address(shop: ShopClient) -> None:
    done, objects = shop.bulk('{orders(query:"id:1"){edges{node{id}}}}')
    assert (done["url"], done["fileSize"], done["objectCount"]) == (None, None, "0")
    assert objects == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{shop{name}}", "at least one connection"),
        ("{orders{edges{node{refunds{refundLineItems{nodes{id}}}}}}}", "within a list field"),
        ("{orders{edges{node{name lineItems{nodes{id}}}}}}", "must select the 'id' field"),
        ("{orders{edges{node{nope}}}}", "Field 'nope' doesn't exist on type 'Order'"),
        ("{orders{", "Syntax Error"),
        ("mutation{bulkOperationCancel(id:1){userErrors{message}}}", "single query operation"),
    ],
)
def test_queries_that_cannot_be_run_in_bulk(shop: ShopClient, query: str, message: str) -> None:
    payload = shop.data(START, q=query, g=False)["bulkOperationRunQuery"]
    assert payload["bulkOperation"] is None
    (error,) = payload["userErrors"]
    assert error["code"] == "INVALID"
    assert error["field"] == ["query"]
    assert message in error["message"]


@pytest.mark.parametrize(("version", "most"), [("2025-10", 1), ("2026-01", 5)])
def test_only_so_many_run_at_once(version: str, most: int) -> None:
    with sandbox_thread(Parameters(days=60)) as running:
        shop = ShopClient(running.url)
        shop.version = version
        whole = "{orders{edges{node{id lineItems{edges{node{id title sku}}}}}}}"
        payloads = [shop.data(START, q=whole, g=False)["bulkOperationRunQuery"] for _ in range(7)]
        started = [one["bulkOperation"]["id"] for one in payloads if one["bulkOperation"]]
        busy = [one["userErrors"][0] for one in payloads if one["userErrors"]]
        assert most <= len(started) < 7
        assert busy[0]["code"] == "OPERATION_IN_PROGRESS"
        assert started[0] in busy[0]["message"]
        assert [shop.finish(one)["status"] for one in started] == ["COMPLETED"] * len(started)


def test_an_operation_can_be_cancelled() -> None:
    with sandbox_thread(Parameters(days=60)) as running:
        shop = ShopClient(running.url)
        whole = "{orders{edges{node{id lineItems{edges{node{id title sku}}}}}}}"
        id_ = shop.data(START, q=whole, g=False)["bulkOperationRunQuery"]["bulkOperation"]["id"]
        cancel = (
            "mutation($i:ID!){bulkOperationCancel(id:$i){bulkOperation{status} "
            "userErrors{message}}}"
        )
        payload = shop.data(cancel, i=id_)["bulkOperationCancel"]
        assert payload["bulkOperation"]["status"] == "CANCELING"
        assert shop.finish(id_)["status"] == "CANCELED"
        assert shop.data(cancel, i=id_)["bulkOperationCancel"]["userErrors"]


def test_without_the_scope_it_fails(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url, token=products_token(ACME))
    payload = shop.data(START, q=QUERY, g=False)["bulkOperationRunQuery"]
    done = shop.finish(payload["bulkOperation"]["id"])
    assert (done["status"], done["errorCode"]) == ("FAILED", "ACCESS_DENIED")
    _, products = shop.bulk("{products{edges{node{id variants{edges{node{id}}}}}}}")
    assert len(products) > 60


def test_the_ledger_of_orders_comes_in_bulk(shop: ShopClient) -> None:
    search = "updated_at:>='2026-11-13T00:00:00Z'"
    ledger = (
        "{id __typename happenedAt reason sales{edges{node{id __typename actionType "
        "totalAmount{shopMoney{amount}} ...on ProductSale{lineItem{id}}}}}}"
    )
    query = (
        f'{{orders(query:"{search}"){{edges{{node{{id agreements{{edges{{node{ledger}}}}}}}}}}}}}'
    )
    _, objects = shop.bulk(query)
    below = {one["id"]: one for one in objects}
    sales = [one for one in objects if "actionType" in one]
    agreements = [one for one in objects if "happenedAt" in one]
    assert len(below) == len(objects)
    assert {below[one["__parentId"]]["__typename"] for one in sales} > {"OrderAgreement"}
    assert all("agreements" not in below[one["__parentId"]] for one in agreements)
    assert {"ProductSale", "ShippingLineSale"} <= {one["__typename"] for one in sales}
    assert all(("lineItem" in one) == (one["__typename"] == "ProductSale") for one in sales)
    paged = shop.data(
        "query($q:String){orders(first:250,query:$q){nodes{agreements(first:9){nodes"
        "{sales(first:250){nodes{id}}}}}}}",
        q=search,
    )["orders"]["nodes"]
    ids = {
        sale["id"]
        for one in paged
        for agreement in one["agreements"]["nodes"]
        for sale in agreement["sales"]["nodes"]
    }
    assert len(ids) > 200
    assert ids <= {one["id"] for one in sales}
