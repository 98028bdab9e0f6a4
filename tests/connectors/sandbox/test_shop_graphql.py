"""GraphQL as the Admin API speaks it: pages, filters, errors, costs, versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from tests.connectors.sandbox.shop_client import ACME, KIWI, MORE_LINES, ORDERS, ShopClient

FIRST, AFTER = "2026-10-18", "2026-10-22"


DAY = f"updated_at:>='{FIRST}T00:00:00Z' AND updated_at:<'{AFTER}T00:00:00Z'"


def ids(nodes: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in nodes]


def test_pages_follow_each_other_and_sort_by_the_key(shop: ShopClient) -> None:
    whole = list(shop.orders(DAY, size=50))
    assert len(whole) > 100
    assert ids(list(shop.orders(DAY, size=17))) == ids(whole)
    keys = [(one["updatedAt"], int(one["legacyResourceId"])) for one in whole]
    assert keys == sorted(keys)
    assert all(FIRST <= one["updatedAt"] < AFTER for one in whole)


def test_edges_and_reverse(shop: ShopClient) -> None:
    query = "query($q:String){orders(%s,sortKey:UPDATED_AT,query:$q){edges{cursor node{id}}}}"
    forward = shop.data(query % "first:250", q=DAY)["orders"]["edges"]
    back = shop.data(query % "first:250,reverse:true", q=DAY)["orders"]["edges"]
    whole = ids(list(shop.orders(DAY)))
    assert [one["node"]["id"] for one in back] == whole[::-1][:250]
    after = forward[9]["cursor"]
    rest = shop.data(query % f'first:5,after:"{after}"', q=DAY)["orders"]["edges"]
    assert [one["node"]["id"] for one in rest] == whole[10:15]
    onward = shop.data(query % f'first:4,reverse:true,after:"{back[2]["cursor"]}"', q=DAY)
    assert [one["node"]["id"] for one in onward["orders"]["edges"]] == whole[::-1][3:7]


def test_default_order_is_processed_at_for_orders_and_id_for_the_others(shop: ShopClient) -> None:
    orders = shop.data("{orders(first:100){nodes{processedAt}}}")["orders"]["nodes"]
    assert [one["processedAt"] for one in orders] == sorted(one["processedAt"] for one in orders)
    for name in ("customers", "products"):
        nodes = shop.data(f"{{{name}(first:100){{nodes{{legacyResourceId}}}}}}")[name]["nodes"]
        numbers = [int(one["legacyResourceId"]) for one in nodes]
        assert numbers == sorted(numbers)
        assert len(numbers) > 20


@pytest.mark.parametrize("kind", ["long_order", "very_long_order"])
def test_long_orders_are_read_on_through_the_order(
    sandbox: SandboxClient, shop: ShopClient, kind: str
) -> None:
    told = next(one for one in sandbox.truth("shop_events", account=ACME) if one["kind"] == kind)
    id_, after, lines = f"gid://shopify/Order/{told['order_id']}", None, []
    pages = 0
    while True:
        page = shop.data(MORE_LINES, id=id_, after=after)["order"]["lineItems"]
        lines += ids(page["nodes"])
        pages += 1
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    truth = [
        f"gid://shopify/LineItem/{one['line_id']}"
        for one in sandbox.truth("order_line", account=ACME, **{"from": told["date"]})
        if one["order_id"] == told["order_id"]
    ]
    assert lines == truth
    assert len(lines) >= {"long_order": 60, "very_long_order": 260}[kind]
    assert pages == {"long_order": 2, "very_long_order": 6}[kind]


def test_pages_end_at_25_000_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.sandbox.platforms.shopify.paging.DEEPEST", 300)
    with sandbox_thread(Parameters(days=10)) as running:
        shop, after = ShopClient(running.url), None
        query = "query($a:String){orders(first:250,after:$a){pageInfo{endCursor} nodes{id}}}"
        for refused in (False, True):
            _, _, answer = shop.ask(query, a=after)
            assert ("errors" in answer) == refused
            if refused:
                assert answer["data"] is None
                assert "limited to 300" in answer["errors"][0]["message"]
            else:
                after = answer["data"]["orders"]["pageInfo"]["endCursor"]


FILTERS: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("financial_status:refunded", lambda one: one["displayFinancialStatus"] == "REFUNDED"),
    ("-financial_status:paid", lambda one: one["displayFinancialStatus"] != "PAID"),
    ("status:cancelled", lambda one: one["cancelledAt"] is not None),
    ("test:true", lambda one: one["test"]),
    ('created_at:>"2026-10-19T12:00:00Z" created_at:<="2026-10-20T12:00:00Z"',
     lambda one: "2026-10-19T12:00:00Z" < one["createdAt"] <= "2026-10-20T12:00:00Z"),
    ("processed_at:<2026-10-20", lambda one: one["processedAt"] < "2026-10-19T22:00:00Z"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "holds"), FILTERS)
def test_filters(shop: ShopClient, text: str, holds: Callable[[dict[str, Any]], bool]) -> None:
    whole = list(shop.orders(DAY))
    found = list(shop.orders(f"{DAY} {text}"))
    assert ids(found) == ids([one for one in whole if holds(one)])
    assert 0 < len(found) < len(whole)


@pytest.mark.parametrize("text", ["test:true OR status:open", "NOT test:true", "(test:true)"])
def test_what_is_not_served_in_a_filter_is_refused(shop: ShopClient, text: str) -> None:
    _, _, answer = shop.ask("query($q:String){orders(first:1,query:$q){nodes{id}}}", q=text)
    assert "not served here" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("updated_at:>=2026-11-14T00:00:00Z", "updated_at", "invalid_value"),
        ("updated_at:>='yesterday'", "updated_at", "invalid_value"),
        ("updatd_at:>='2026-11-14T00:00:00Z'", "updatd_at", "invalid_field"),
    ],
)
def test_a_filter_that_cannot_be_read_is_ignored_with_a_warning(
    shop: ShopClient, text: str, name: str, code: str
) -> None:
    query = "query($q:String){ordersCount(limit:null,query:$q){count} orders(first:1,query:$q)"
    _, _, answer = shop.ask(query + "{nodes{id}}}", q=text)
    assert "errors" not in answer
    everything = shop.data("{ordersCount(limit:null){count}}")["ordersCount"]["count"]
    assert answer["data"]["ordersCount"]["count"] == everything > 3_000
    counted = shop.data("{ordersCount(limit:1000){count precision}}")["ordersCount"]
    assert counted == {"count": 1000, "precision": "AT_LEAST"}, "no limit, no end to it"
    (search,) = answer["extensions"]["search"]
    assert search["path"] == ["orders"]
    assert (search["warnings"][0]["field"], search["warnings"][0]["code"]) == (name, code)
    # A filter in order has none.
    assert "search" not in shop.ask(query + "{nodes{id}}}", q=DAY)[2]["extensions"]


def test_scalars_are_written_as_the_platform_writes_them(shop: ShopClient) -> None:
    nodes = list(shop.orders(DAY))
    amounts = {one["totalPriceSet"]["shopMoney"]["amount"] for one in nodes}
    assert any(one.endswith(".0") for one in amounts) or any(
        len(one.split(".")[1]) == 1 for one in amounts
    )
    assert not any(one.endswith("00") or "." not in one for one in amounts)
    assert all(one["createdAt"].endswith("Z") and len(one["createdAt"]) == 20 for one in nodes)
    assert all(isinstance(one["legacyResourceId"], str) for one in nodes)
    assert all(isinstance(one["tags"], list) for one in nodes)
    foreign = [
        one["totalPriceSet"]
        for one in nodes
        if one["currencyCode"] != one["presentmentCurrencyCode"]
    ]
    assert foreign
    for one in foreign:
        assert one["shopMoney"]["currencyCode"] == "EUR"
        assert one["presentmentMoney"]["currencyCode"] != "EUR"
        assert one["presentmentMoney"]["amount"] != one["shopMoney"]["amount"]
    variant = shop.data(
        "{products(first:1){nodes{variants(first:3){nodes{price inventoryQuantity "
        "inventoryItem{unitCost{amount currencyCode}}}}}}}"
    )["products"]["nodes"][0]["variants"]["nodes"][0]
    assert len(variant["price"].split(".")[1]) == 2
    assert variant["inventoryItem"]["unitCost"]["currencyCode"] == "EUR"


def test_discounts_by_code_are_not_in_the_discounted_total(shop: ShopClient) -> None:
    query = (
        "query($q:String){orders(first:250,query:$q){nodes{discountCodes totalDiscountsSet"
        "{shopMoney{amount}} lineItems(first:250){nodes{originalTotalSet{shopMoney{amount}} "
        "plain:discountedTotalSet{shopMoney{amount}} all:discountedTotalSet(withCodeDiscounts:true)"
        "{shopMoney{amount}} discountAllocations{allocatedAmountSet{shopMoney{amount}}}}}}}}"
    )
    with_code = 0
    for order in shop.data(query, q=DAY)["orders"]["nodes"]:
        lines = order["lineItems"]["nodes"]

        def total(read: Callable[[Any], Any], lines: list[Any] = lines) -> int:
            return sum(round(float(read(line)["shopMoney"]["amount"]) * 100) for line in lines)

        if "FREESHIP" in order["discountCodes"]:
            # What it takes off stands with the shipping line.
            continue
        off = round(float(order["totalDiscountsSet"]["shopMoney"]["amount"]) * 100)
        assert total(lambda line: line["originalTotalSet"]) - total(lambda line: line["all"]) == off
        allocated = [one for line in lines for one in line["discountAllocations"]]
        cents = [one["allocatedAmountSet"]["shopMoney"]["amount"] for one in allocated]
        assert sum(round(float(one) * 100) for one in cents) == off
        if order["discountCodes"]:
            with_code += 1
            assert total(lambda line: line["plain"]) > total(lambda line: line["all"])
    assert with_code > 10


def test_a_journey_takes_a_while(sandbox: SandboxClient, shop: ShopClient) -> None:
    query = (
        "{orders(first:250,reverse:true,sortKey:CREATED_AT){nodes{sourceName createdAt "
        "customerJourneySummary{ready customerOrderIndex lastVisit{source}}}}}"
    )
    nodes = shop.data(query)["orders"]["nodes"]
    seen = [one["customerJourneySummary"] for one in nodes if one["sourceName"] == "web"]
    waiting = [one for one in seen if not one["ready"]]
    assert 0 < len(waiting) < len(seen) / 2
    assert all(one["lastVisit"] is None and one["customerOrderIndex"] is None for one in waiting)
    assert all(one["lastVisit"]["source"] for one in seen if one["ready"])
    assert all(one["customerJourneySummary"] is None for one in nodes if one["sourceName"] != "web")


def test_the_clock_decides_what_is_there(sandbox: SandboxClient, shop: ShopClient) -> None:
    told = next(
        one for one in sandbox.truth("shop_events", account=ACME) if one["kind"] == "deleted_order"
    )
    query = "query($i:ID!){order(id:$i){id displayFinancialStatus cancelledAt}}"
    id_ = f"gid://shopify/Order/{told['order_id']}"
    sandbox.set_clock("2026-11-01T00:00:00Z")
    assert shop.data(query, i=id_)["order"]["displayFinancialStatus"] == "VOIDED"
    newest = shop.data("{orders(first:1,reverse:true,sortKey:UPDATED_AT){nodes{updatedAt}}}")
    assert newest["orders"]["nodes"][0]["updatedAt"] <= "2026-11-01T00:00:00Z"
    sandbox.set_clock("2026-11-15T06:00:00Z")
    assert shop.data(query, i=id_)["order"] is None


def test_nodes_and_the_shop(shop: ShopClient) -> None:
    one = next(shop.orders(DAY))
    query = "query($i:[ID!]!){nodes(ids:$i){__typename id ...on Order{name} ...on Product{title}}}"
    product = shop.data("{products(first:1){nodes{id title}}}")["products"]["nodes"][0]
    found = shop.data(query, i=[one["id"], product["id"], "gid://shopify/Order/1"])["nodes"]
    assert found == [
        {"__typename": "Order", "id": one["id"], "name": one["name"]},
        {"__typename": "Product", **product},
        None,
    ]
    told = shop.data(
        "{shop{id name myshopifyDomain currencyCode ianaTimezone timezoneOffsetMinutes "
        "enabledPresentmentCurrencies plan{displayName}}}"
    )["shop"]
    assert told["myshopifyDomain"] == "acme-outdoor.myshopify.com"
    assert (told["currencyCode"], told["ianaTimezone"]) == ("EUR", "Europe/Berlin")
    assert told["timezoneOffsetMinutes"] == 60


def test_variables_aliases_fragments_directives_and_introspection(shop: ShopClient) -> None:
    answer = shop.data(
        "query($n:Int!,$yes:Boolean!){a:orders(first:$n){...P} b:orders(first:1,reverse:true)"
        "{...P nodes{name @skip(if:$yes) id @include(if:$yes) __typename}} "
        '__type(name:"Order"){fields{name}} } fragment P on OrderConnection{nodes{number:name}}',
        n=2,
        yes=True,
    )
    assert [list(one) for one in answer["a"]["nodes"]] == [["number"]] * 2
    assert set(answer["b"]["nodes"][0]) == {"number", "id", "__typename"}
    assert {"name": "currentTotalPriceSet"} in answer["__type"]["fields"]
    status, _, refused = shop.ask("query($n:Int!){orders(first:$n){nodes{id}}}", n="x")
    assert (status, refused["errors"][0]["extensions"]["code"]) == (200, "INVALID_VARIABLE")


def test_customers_and_products(sandbox: SandboxClient, shop: ShopClient) -> None:
    query = (
        "query($a:String){customers(first:250,after:$a,sortKey:UPDATED_AT,query:"
        "\"updated_at:>='2026-11-10T00:00:00Z'\"){pageInfo{hasNextPage endCursor} nodes"
        "{legacyResourceId updatedAt numberOfOrders amountSpent{amount currencyCode} tags state "
        "locale defaultEmailAddress{emailAddress marketingState} defaultAddress{countryCodeV2}}}}"
    )
    found, after = [], None
    while True:
        page = shop.data(query, a=after)["customers"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    truth = {one["customer_id"]: one for one in sandbox.truth("customer", account=ACME)}
    assert len(found) > 150
    assert [one["updatedAt"] for one in found] == sorted(one["updatedAt"] for one in found)
    for one in found:
        told = truth[one["legacyResourceId"]]
        assert int(one["numberOfOrders"]) == told["orders"]
        assert float(one["amountSpent"]["amount"]) == float(told["amount_spent"])
        assert one["tags"] == told["tags"]
        assert one["defaultEmailAddress"]["marketingState"] == told["marketing_state"]
        assert one["defaultAddress"]["countryCodeV2"] == told["country"]


def test_prices_are_those_of_the_clock(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url, KIWI)
    query = (
        "{products(first:250){nodes{legacyResourceId title status updatedAt variants(first:50)"
        "{nodes{legacyResourceId sku price compareAtPrice inventoryItem{unitCost{amount}}}}}}}"
    )
    prices = []
    for clock in ("2026-09-01T00:00:00Z", "2026-11-15T06:00:00Z"):
        sandbox.set_clock(clock)
        truth = {
            one["variant_id"]: one for one in sandbox.truth("product_variant", clock, account=KIWI)
        }
        wire = {}
        for product in shop.data(query)["products"]["nodes"]:
            assert product["updatedAt"] <= clock
            for variant in product["variants"]["nodes"]:
                told = truth[variant["legacyResourceId"]]
                assert (product["title"], product["status"]) == (told["title"], told["status"])
                assert (variant["sku"], variant["price"]) == (told["sku"], told["price"])
                cost = variant["inventoryItem"]["unitCost"]
                assert (cost is None) == (told["unit_cost"] is None)
                assert cost is None or float(cost["amount"]) == float(told["unit_cost"])
                wire[variant["legacyResourceId"]] = variant["price"]
        assert wire.keys() == truth.keys()
        prices.append(wire)
    assert sum(prices[1].get(key) != price for key, price in prices[0].items()) >= 3


def test_what_was_asked_is_in_the_log_of_requests(sandbox: SandboxClient, shop: ShopClient) -> None:
    shop.data(ORDERS, n=5, q=DAY)
    last = sandbox.requests()["requests"][-1]
    assert (last["platform"], last["account"]) == ("shopify", ACME)
    assert (last["first_date"], last["last_date"]) == (FIRST, AFTER)
    assert json.loads(last["query"].split("\n")[-1])["q"] == DAY
