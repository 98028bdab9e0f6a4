"""Who may read a shop: static tokens, client credentials, rotating refresh tokens, scopes."""

from __future__ import annotations

import json

import pytest
import yaml

from connectors.sandbox.platforms.shopify.access import (
    limited_token,
    new_refresh_token,
    products_token,
)
from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.shop_client import ACME, CHAI, KIWI, ShopClient

NAME = "{shop{name}}"
BAD = "[API] Invalid API key or access token (unrecognized login or wrong password)"


def connected(sandbox: SandboxClient, shop: str) -> ShopClient:
    """A client with the secrets that the connections file has for a shop."""
    document = yaml.safe_load(sandbox.connections_yaml())
    credential = next(
        one for one in document["credentials"] if one["id"] == f"{shop.replace('-', '_')}_shopify"
    )
    client = ShopClient(sandbox.url, shop, token="none")
    client.secrets = credential["secrets"]
    return client


@pytest.mark.parametrize("token", ["", "shpat_unknown", "shpat_sandbox_kiwi-kitchen"])
def test_a_wrong_token_is_refused_with_errors_as_a_text(sandbox: SandboxClient, token: str) -> None:
    shop = ShopClient(sandbox.url, ACME, token or "none")
    for status, headers, body in (shop.ask(NAME), shop.rest("orders.json")):
        assert (status, body) == (401, {"errors": BAD})
        assert headers["x-request-id"]


def test_client_credentials(sandbox: SandboxClient) -> None:
    shop = connected(sandbox, KIWI)
    assert shop.ask(NAME)[0] == 401
    status, _, body = shop.grant(**shop.secrets, grant_type="client_credentials")
    assert status == 200
    assert set(body) == {"access_token", "scope", "expires_in"}
    assert body["expires_in"] == 86_399
    assert "read_all_orders" in body["scope"].split(",")
    shop.token = body["access_token"]
    assert shop.data(NAME)["shop"]["name"] == "Kiwi Kitchen"
    sandbox.set_clock("2026-11-16T05:59:58Z")
    assert shop.ask(NAME)[0] == 200
    sandbox.set_clock("2026-11-16T05:59:59Z")
    assert shop.ask(NAME)[2] == {"errors": BAD}


def test_a_refresh_token_serves_once(sandbox: SandboxClient) -> None:
    shop = connected(sandbox, CHAI)
    first = dict(shop.secrets)
    shop.refresh()
    assert shop.data(NAME)["shop"]["name"] == "Chai House"
    assert shop.secrets["refresh_token"] != first["refresh_token"]
    status, _, body = shop.grant(**first, grant_type="refresh_token")
    assert (status, body["error"]) == (400, "invalid_grant")
    assert body["error_description"]
    shop.refresh()
    assert shop.data(NAME)["shop"]["name"] == "Chai House"
    sandbox.set_clock("2026-11-15T07:00:00Z")
    assert shop.ask(NAME)[0] == 401
    shop.refresh()
    assert shop.ask(NAME)[0] == 200


def test_every_connections_file_is_a_grant_of_its_own(sandbox: SandboxClient) -> None:
    one, other = connected(sandbox, CHAI), connected(sandbox, CHAI)
    one.refresh()
    one.refresh()
    other.refresh()
    assert one.data(NAME) == other.data(NAME)


def test_a_refresh_token_outlives_the_process_that_made_it(sandbox: SandboxClient) -> None:
    shop = connected(sandbox, CHAI)
    shop.secrets["refresh_token"] = new_refresh_token(CHAI)
    shop.refresh()
    assert shop.ask(NAME)[0] == 200


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_id": "x"}, 401, "invalid_client"),
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"refresh_token": "shprt_sandbox_1_0_x"}, 400, "invalid_grant"),
        ({"refresh_token": new_refresh_token(KIWI)}, 400, "invalid_grant"),
    ],
)
def test_grants_that_are_refused(
    sandbox: SandboxClient, changed: dict[str, str], status: int, error: str
) -> None:
    shop = connected(sandbox, CHAI)
    received, _, body = shop.grant(**{**shop.secrets, "grant_type": "refresh_token", **changed})
    assert (received, body["error"]) == (status, error)


def test_without_read_all_orders_old_orders_silently_do_not_appear(
    sandbox: SandboxClient,
) -> None:
    whole, recent = ShopClient(sandbox.url), ShopClient(sandbox.url, token=limited_token(ACME))
    query = (
        "query($q:String){ordersCount(limit:null,query:$q){count} "
        "orders(first:1){nodes{createdAt}}}"
    )
    everything, some = whole.data(query), recent.data(query)
    assert some["ordersCount"]["count"] < everything["ordersCount"]["count"]
    assert everything["orders"]["nodes"][0]["createdAt"] < "2026-07-20"
    assert some["orders"]["nodes"][0]["createdAt"] >= "2026-09-16T06:00:00Z"
    late = "created_at:>='2026-09-16T06:00:00Z'"
    assert whole.data(query, q=late)["ordersCount"] == some["ordersCount"]


def test_changes_of_an_order_out_of_reach_are_unseen(sandbox: SandboxClient) -> None:
    """An order that could be followed for 60 days is refunded on its 61st, and nobody sees it."""
    now = "2026-11-15T06:00:00Z"
    old = {
        one["order_id"]: one
        for one in sandbox.truth("order", now, account=ACME, to="2026-09-14")
        if one["date"] > "2026-08-27"
    }
    late = next(
        one
        for one in sandbox.truth("refund", now, account=ACME, **{"from": "2026-10-26"})
        if one["order_id"] in old and one["refunded_at"] > old[one["order_id"]]["created_at"]
    )
    whole, recent = ShopClient(sandbox.url), ShopClient(sandbox.url, token=limited_token(ACME))
    query = "query($i:ID!){order(id:$i){id refunds{id}}}"
    id_ = f"gid://shopify/Order/{late['order_id']}"
    sandbox.set_clock("2026-10-25T00:00:00Z")
    assert recent.data(query, i=id_)["order"]["id"] == id_
    sandbox.set_clock(now)
    assert recent.data(query, i=id_)["order"] is None
    seen = [one["id"] for one in whole.data(query, i=id_)["order"]["refunds"]]
    assert f"gid://shopify/Refund/{late['refund_id']}" in seen
    assert recent.rest(f"orders/{late['order_id']}.json")[0] == 404


def test_without_a_scope_a_field_is_denied(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url, token=products_token(ACME))
    status, _, answer = shop.ask("{shop{name} orders(first:1){nodes{id}}}")
    assert status == 200
    (error,) = answer["errors"]
    assert error["path"] == ["orders"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert "read_orders" in error["extensions"]["requiredAccess"]
    assert shop.data("{products(first:1){nodes{id}}}")["products"]["nodes"]
    # Where the field may be null, the rest of the answer stands.
    _, _, partial = shop.ask('{shop{name} order(id:"gid://shopify/Order/1"){id}}')
    assert partial["data"] == {"shop": {"name": "Acme Outdoor"}, "order": None}
    assert partial["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert shop.rest("orders.json")[0] == 403


def test_a_revoked_account(sandbox: SandboxClient) -> None:
    sandbox.set_faults(revoked_accounts=[CHAI])
    shop = connected(sandbox, CHAI)
    status, _, body = shop.grant(**shop.secrets, grant_type="refresh_token")
    assert (status, body["error"]) == (400, "app_not_installed")
    other = ShopClient(sandbox.url, CHAI)
    assert other.ask(NAME)[2] == {"errors": BAD}
    assert ShopClient(sandbox.url, ACME).ask(NAME)[0] == 200


def test_an_unknown_shop(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url, "nobody")
    assert shop.ask(NAME)[0] == 404
    assert shop.grant(grant_type="client_credentials")[0] == 404


def test_bodies_that_are_none(sandbox: SandboxClient) -> None:
    shop = ShopClient(sandbox.url)
    path = f"/shopify/{ACME}/admin/api/2026-10/graphql.json"
    told = {"X-Shopify-Access-Token": shop.token}
    for body in ([], {}, {"query": 5}):
        status, _, answer = shop.call("POST", path, body, told)
        assert status == 400
        assert json.loads(answer)["errors"]
