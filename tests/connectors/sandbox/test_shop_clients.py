"""What clients of others ask for: scopes, traces of deletions, texts, variants, addresses."""

from __future__ import annotations

import pytest

from connectors.sandbox.server import SandboxClient
from connectors.sandbox.shopify.access import SCOPES, limited_token, products_token
from tests.connectors.sandbox.shop_client import ACME, KIWI, ShopClient


@pytest.mark.parametrize(
    ("token", "scopes"),
    [
        (None, SCOPES),
        (limited_token(ACME), SCOPES - {"read_all_orders"}),
        (products_token(ACME), {"read_products"}),
    ],
)
def test_a_token_knows_its_scopes(
    sandbox: SandboxClient, token: str | None, scopes: frozenset[str]
) -> None:
    shop = ShopClient(sandbox.url, token=token)
    found = shop.data("{currentAppInstallation{id accessScopes{handle description}}}")
    handles = [one["handle"] for one in found["currentAppInstallation"]["accessScopes"]]
    assert handles == sorted(scopes)
    status, _, body = shop.call(
        "GET",
        f"/shopify/{ACME}/admin/oauth/access_scopes.json",
        headers={"X-Shopify-Access-Token": shop.token},
    )
    assert status == 200
    assert body == b'{"access_scopes":[%s]}' % b",".join(
        b'{"handle":"%s"}' % handle.encode() for handle in handles
    )


def test_scopes_of_a_wrong_token_are_refused(sandbox: SandboxClient) -> None:
    path = f"/shopify/{ACME}/admin/oauth/access_scopes.json"
    assert ShopClient(sandbox.url).call("GET", path)[0] == 401


def test_deletions_leave_events(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url, KIWI)
    told = {
        one["order_id"]
        for one in sandbox.truth("shop_events", account=KIWI)
        if one["kind"].startswith("deleted")
    }
    asked = "events.json?filter=Order&verb=destroy&limit=250"
    status, _, body = shop.rest(asked)
    assert status == 200
    assert {str(one["subject_id"]) for one in body["events"]} == told
    assert {(one["subject_type"], one["verb"]) for one in body["events"]} == {("Order", "destroy")}
    query = (
        "query($q:String){events(first:50,query:$q,sortKey:CREATED_AT){nodes{id action createdAt "
        "...on BasicEvent{subjectId subjectType}}}}"
    )
    nodes = shop.data(query, q="subject_type:ORDER action:destroy")["events"]["nodes"]
    assert {one["subjectId"].rsplit("/", 1)[1] for one in nodes} == told
    assert {(one["subjectType"], one["action"]) for one in nodes} == {("ORDER", "destroy")}
    # Products are deleted too; before anything was, there is no trace.
    kinds = {one["subjectType"] for one in shop.data(query)["events"]["nodes"]}
    assert kinds == {"ORDER", "PRODUCT"}
    sandbox.set_clock("2026-09-01T00:00:00Z")
    assert shop.rest(asked)[2] == {"events": []}


def test_texts_of_products_and_variants_by_themselves(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url)
    products = shop.data(
        "{products(first:250){nodes{id bodyHtml descriptionHtml description "
        "variants(first:50){nodes{id sku}}}}}"
    )["products"]["nodes"]
    assert all(one["bodyHtml"] == one["descriptionHtml"] for one in products)
    assert all(one["bodyHtml"] == f"<p>{one['description']}</p>" for one in products)
    below = [node["id"] for one in products for node in one["variants"]["nodes"]]
    found = shop.data("{productVariants(first:250){nodes{id sku product{id}}}}")
    variants = found["productVariants"]["nodes"]
    assert sorted(one["id"] for one in variants) == sorted(below)
    one = shop.data("query($i:ID!){productVariant(id:$i){id sku}}", i=below[0])["productVariant"]
    assert one == products[0]["variants"]["nodes"][0]
    done, objects = shop.bulk("{productVariants{edges{node{id sku}}}}")
    assert {one["id"] for one in objects} == set(below)
    assert done["rootObjectCount"] == str(len(below))


def test_addresses_have_provinces_where_the_country_has(sandbox: SandboxClient) -> None:
    query = (
        "{orders(first:250,reverse:true){nodes{shippingAddress{countryCodeV2 provinceCode "
        "province city zip} transactions{status errorCode}}}}"
    )
    nodes = ShopClient(sandbox.url).data(query)["orders"]["nodes"]
    places = [one["shippingAddress"] for one in nodes if one["shippingAddress"]]
    with_province = {"AU", "CA", "IN", "NZ", "US"}
    for one in places:
        assert (one["provinceCode"] is not None) == (one["countryCodeV2"] in with_province)
    assert {one["countryCodeV2"] in with_province for one in places} == {True, False}
    moves = [move for one in nodes for move in one["transactions"]]
    assert all((one["errorCode"] is None) == (one["status"] != "FAILURE") for one in moves)
    assert any(one["errorCode"] == "CARD_DECLINED" for one in moves)
