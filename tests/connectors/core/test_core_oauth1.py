"""A key and its secret: as they are over https, a signature over http, where that is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from woocommerce.oauth import OAuth

from connectors.core.accounts import Account
from connectors.core.credentials import CredentialField
from connectors.core.errors import AuthRejected
from connectors.core.http import Client
from connectors.core.oauth1 import KeyAndSecret, signature

_PAIR = {"consumer_key": "ck_0123456789", "consumer_secret": "cs_9876543210"}


def client(
    kit: Any, server: Any, *, plain: bool = True, pair: Any = None, **settings: str
) -> Client:
    platform = kit.platform(
        base_url="https://{account}",
        address_setting="address",
        plain_http=plain,
        auth=KeyAndSecret(*_PAIR),
        credential_fields=tuple(CredentialField(one, True, "A secret.") for one in _PAIR),
    )
    account = Account("shop.example.com", settings=settings)
    return kit.client(server, platform=platform, account=account, credential=pair or _PAIR)


def test_over_https_the_pair_goes_as_it_is(kit: Any) -> None:
    server = kit.server(lambda _: {})
    client(kit, server).get("/wp-json/wc/v3/orders")
    (asked,) = server.asked
    assert asked.url == "https://shop.example.com/wp-json/wc/v3/orders"
    assert asked.headers["Authorization"] == "Basic Y2tfMDEyMzQ1Njc4OTpjc185ODc2NTQzMjEw"


def test_over_http_a_signature_goes_and_no_secret(kit: Any) -> None:
    server = kit.server(lambda _: {})
    one = client(kit, server, address="http://shop.example.com/store")
    for _ in range(2):
        one.get("/wp-json/wc/v3/orders", params={"status": "any"})
    first, second = (asked.headers["Authorization"] for asked in server.asked)
    assert server.asked[0].url.startswith("http://shop.example.com/store/wp-json/wc/v3/orders?")
    assert first.startswith('OAuth oauth_consumer_key="ck_0123456789", oauth_nonce="')
    assert "cs_9876543210" not in str(server.asked)
    # A nonce is good once.
    assert first != second


def test_the_signature_is_the_official_clients() -> None:
    url = "http://shop.example.com/wp-json/wc/v3/orders"
    said = {
        "oauth_consumer_key": "ck_1",
        "oauth_nonce": "abc",
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": "1790000000",
    }
    asked = {"after": "2026-11-01T00:00:00", "_fields": "id,billing.email", "page": "1"}
    theirs = OAuth(url, "ck_1", "cs_1", version="wc/v3").generate_oauth_signature(
        {**asked, **said}, url
    )
    query = "after=2026-11-01T00%3A00%3A00&_fields=id%2Cbilling.email&page=1"
    assert signature("cs_1", "GET", f"{url}?{query}", said) == theirs


def test_a_public_page_gets_neither(kit: Any) -> None:
    server = kit.server(lambda _: {})
    client(kit, server).get("/", signed=False)
    assert "Authorization" not in server.asked[0].headers


def test_without_https_goes_only_what_holds_no_secret(kit: Any) -> None:
    with pytest.raises(ValueError, match="without https"):
        client(kit, kit.server(lambda _: {}), plain=False, address="http://shop.example.com")


def test_half_a_pair_is_none(kit: Any) -> None:
    with pytest.raises(AuthRejected, match="no consumer_secret"):
        client(kit, kit.server(lambda _: {}), pair={"consumer_key": "ck_1"}).get("/")


@pytest.mark.parametrize("account", ["shop..example.com", "shop.example.com/x", "-a.example.com"])
def test_an_account_that_is_a_host_leads_nowhere_else(kit: Any, account: str) -> None:
    platform = kit.platform(base_url="https://{account}")
    with pytest.raises(ValueError, match="no part of an address"):
        kit.client(kit.server(lambda _: {}), platform=platform, account=Account(account))
