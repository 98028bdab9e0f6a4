"""Every fault in Shopify's shape, and that a correct client comes to the same orders."""

from __future__ import annotations

import http.client
from typing import Any

import pytest

from connectors.sandbox.server import SandboxClient
from tests.connectors.sandbox.shop_client import ACME, CHAI, KIWI, START, ShopClient
from tests.connectors.sandbox.test_shop_access import connected

DAY = "updated_at:>='2026-10-20T00:00:00Z' AND updated_at:<'2026-10-23T00:00:00Z'"
NAME = "{shop{name}}"


def test_throttling_is_http_200(sandbox: SandboxClient, shop: ShopClient) -> None:
    sandbox.set_faults(rate=1, kinds=["429"])
    status, headers, answer = shop.ask(NAME)
    assert status == 200
    assert "retry-after" not in headers
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert answer["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 0


def test_429_with_a_delay(sandbox: SandboxClient, shop: ShopClient) -> None:
    sandbox.set_faults(rate=1, kinds=["429_retry_after"], retry_after=0.25)
    for status, headers, answer in (shop.ask(NAME), shop.rest("orders.json")):
        assert (status, headers["retry-after"]) == (429, "0.25")
        assert answer["errors"].startswith("Exceeded 2 calls per second")


def test_inner_errors_come_as_500_and_as_200(sandbox: SandboxClient, shop: ShopClient) -> None:
    sandbox.set_faults(rate=1, kinds=["500"])
    seen = {}
    for number in range(6):
        status, _, answer = shop.ask(f"{{shop{{name}} a{number}:shop{{name}}}}")
        seen[status] = answer
    assert set(seen) == {200, 500}
    assert seen[500] == {"errors": "Internal Server Error"}
    extensions = seen[200]["errors"][0]["extensions"]
    assert extensions["code"] == "INTERNAL_SERVER_ERROR"
    assert extensions["requestId"]


def test_503_reset_and_truncated(sandbox: SandboxClient, shop: ShopClient) -> None:
    sandbox.set_faults(rate=1, kinds=["503"])
    assert shop.ask(NAME)[0] == 503
    sandbox.set_faults(rate=1, kinds=["reset"])
    with pytest.raises(ConnectionResetError):
        shop.ask(NAME)
    sandbox.set_faults(rate=1, kinds=["truncated"])
    with pytest.raises(http.client.IncompleteRead):
        shop.ask(NAME)


def test_only_tokens_that_expire_are_ended(sandbox: SandboxClient, shop: ShopClient) -> None:
    rotating = connected(sandbox, CHAI)
    rotating.refresh()
    sandbox.set_faults(rate=1, kinds=["expired_token"], token_grace=3)
    assert shop.ask(NAME)[0] == 200
    assert rotating.ask(NAME)[0] == 401
    assert rotating.ask(NAME)[0] == 401
    rotating.refresh()
    statuses = [rotating.ask(f"{{a{number}:shop{{name}}}}")[0] for number in range(4)]
    assert statuses == [200] * 3 + [401]


@pytest.mark.parametrize("kind", ["duplicate_page", "empty_page"])
def test_pages_that_come_twice_or_empty(
    sandbox: SandboxClient, shop: ShopClient, kind: str
) -> None:
    expected = [one["id"] for one in shop.orders(DAY, size=60)]
    sandbox.set_faults(rate=1, kinds=[kind])
    sandbox.forget_requests()
    found = [one["id"] for one in shop.orders(DAY, size=60)]
    assert list(dict.fromkeys(found)) == expected
    assert len(found) == len(expected) * (2 if kind == "duplicate_page" else 1)
    assert {one["fault"] for one in sandbox.requests()["requests"]} >= {kind}


def test_unknown_fields_stand_beside_the_data(sandbox: SandboxClient, shop: ShopClient) -> None:
    sandbox.set_faults(rate=1, kinds=["unknown_field"])
    _, _, answer = shop.ask(NAME)
    assert answer["data"]["shop"] == {"name": "Acme Outdoor"}
    assert answer["extensions"]["sandboxNotice"] == {"depth": 1}
    assert shop.rest("orders.json?limit=1")[2]["sandbox_notice"] == {"depth": 1}


def test_a_sunset_shows_in_the_version_that_answers(
    sandbox: SandboxClient, shop: ShopClient
) -> None:
    sandbox.set_faults(sunset=True)
    status, headers, _ = shop.ask(NAME)
    assert (status, headers["x-shopify-api-version"]) == (200, "2027-10")


def test_the_file_of_a_bulk_operation_meets_faults_too(
    sandbox: SandboxClient, shop: ShopClient
) -> None:
    query = '{products(query:"status:active"){edges{node{id}}}}'
    payload = shop.data(START, q=query, g=False)["bulkOperationRunQuery"]
    done = shop.finish(payload["bulkOperation"]["id"])
    path = done["url"].split(shop.address.netloc, 1)[1]
    whole = shop.call("GET", path)[2]
    sandbox.set_faults(rate=1, kinds=["truncated"])
    with pytest.raises(http.client.IncompleteRead):
        shop.call("GET", path)
    sandbox.set_faults(rate=1, kinds=["503"])
    assert shop.call("GET", path)[0] == 503
    sandbox.set_faults()
    assert shop.call("GET", path)[2] == whole


@pytest.mark.parametrize("account", [ACME, KIWI, CHAI])
def test_all_faults_at_once_change_nothing(sandbox: SandboxClient, account: str) -> None:
    def plain(shop: ShopClient) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in shop.orders(DAY, size=3):
            assert found.setdefault(one["id"], one) == one
        return found

    expected = plain(ShopClient(sandbox.url, account))
    shop = connected(sandbox, account)
    if "access_token" in shop.secrets:
        shop.token = shop.secrets.pop("access_token")
    else:
        shop.refresh()
    sandbox.set_faults(rate=0.6, seed=3, retry_after=0.01, slow_seconds=0.01, token_grace=1)
    sandbox.forget_requests()
    assert plain(shop) == expected
    met = {one["fault"] for one in sandbox.requests()["requests"]} - {None}
    assert len(met) >= 7, met
