"""Where a site is, how requests to it are signed, who it says it is, and what its refusals mean."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, AuthRejected, VersionSunset
from connectors.core.http import Client
from connectors.platforms import get

_PLATFORM = get("woocommerce")
_PAIR = {"consumer_key": "ck_0123456789", "consumer_secret": "cs_9876543210"}


def client(kit: Any, server: Any, **settings: str) -> Client:
    account = Account("shop.example.com", settings=settings)
    return kit.client(server, platform=_PLATFORM, account=account, credential=_PAIR)


@pytest.mark.parametrize(
    ("root", "zone"),
    [
        ({"timezone_string": "Europe/Berlin", "gmt_offset": "1"}, "Europe/Berlin"),
        ({"timezone_string": "", "gmt_offset": "9"}, "Etc/GMT-9"),
        ({"timezone_string": "", "gmt_offset": -3}, "Etc/GMT+3"),
        ({"timezone_string": "", "gmt_offset": "5.5"}, "Asia/Kolkata"),
        ({"timezone_string": "", "gmt_offset": "0"}, "UTC"),
    ],
)
def test_a_site_describes_itself_and_its_root_gets_no_key(kit: Any, root: Any, zone: str) -> None:
    currency = {"id": "woocommerce_currency", "value": "JPY"}
    server = kit.server(
        lambda asked: {"name": "Shop", **root} if asked.path == "/wp-json/" else currency
    )
    one = client(kit, server)
    assert one.account is not None
    found = _PLATFORM.describe_account(one, one.account)
    assert (found.name, found.currency, found.time_zone) == ("Shop", "JPY", zone)
    assert ["Authorization" in asked.headers for asked in server.asked] == [False, True]


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "remedy"),
    [
        (401, "woocommerce_rest_cannot_view", "Sorry.", AuthRejected, "shop manager"),
        (401, "woocommerce_rest_authentication_error", "Consumer secret is invalid.", AuthRejected,
         "Check key and secret"),
        (401, "woocommerce_rest_authentication_error", "Invalid signature - x.", AuthRejected,
         "own address"),
        (401, "woocommerce_rest_authentication_error", "Invalid timestamp.", AuthRejected,
         "clocks"),
        (401, "woocommerce_rest_authentication_error",
         "The API key provided does not have read permissions.", AuthRejected, "permission"),
        (404, "rest_no_route", "No route.", VersionSunset, "active"),
        (404, "", "", AccountGone, "permalinks"),
    ],
)  # fmt: skip
def test_what_a_refusal_means(
    kit: Any, status: int, code: str, message: str, kind: type[Exception], remedy: str
) -> None:
    said = {"code": code, "message": message, "data": {"status": status}}
    server = kit.server(lambda _: kit.answer(said, status=status))
    with pytest.raises(kind) as met:
        client(kit, server).get("/wp-json/wc/v3/orders")
    assert remedy in met.value.remedy  # type: ignore[attr-defined]
