"""Three ways to sign in to a shop."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.auth import MemoryTokens
from connectors.core.errors import AuthRejected

_APP = {"client_id": "app-1", "client_secret": "shpss_0123456789"}
_REFUSED = {"errors": "[API] Invalid API key or access token (unrecognized login or …)"}


class _Platform:
    """Gives tokens, and serves the shop to the newest one only."""

    def __init__(self, kit: Any, pages: Any, **more: Any) -> None:
        self.kit, self.pages, self.more = kit, pages, more
        self.given: list[dict[str, Any]] = []
        self.valid = ""

    def __call__(self, asked: Any) -> Any:
        if asked.path == "/admin/oauth/access_token":
            assert asked.headers["Content-Type"] == "application/json"
            assert asked.url.startswith("https://acme-outdoor.myshopify.com/")
            self.given.append(asked.json)
            self.valid = f"shpat_{len(self.given)}_abcdef"
            rotated = {k: f"{v}{len(self.given)}" for k, v in self.more.items()}
            return {"access_token": self.valid, "scope": "x", "expires_in": 86399, **rotated}
        if self.valid and asked.headers["X-Shopify-Access-Token"] != self.valid:
            return self.kit.answer(_REFUSED, status=401)
        return self.pages("shop")


def _rows(reader: Any, kit: Any, platform: Any, credential: Any, **changes: Any) -> Any:
    reader.server = kit.server(platform)
    return reader.rows("shops", client=reader.client(credential, **changes))


def test_a_static_token(reader: Any, kit: Any, pages: Any) -> None:
    platform = _Platform(kit, pages)
    _rows(reader, kit, platform, {"access_token": "shpat_static"})
    (asked,) = reader.server.asked
    assert asked.headers["X-Shopify-Access-Token"] == "shpat_static"
    assert "Authorization" not in asked.headers
    assert asked.url == "https://acme-outdoor.myshopify.com/admin/api/2026-10/graphql.json"


def test_a_static_token_that_is_refused_is_not_tried_twice(
    reader: Any, kit: Any, pages: Any
) -> None:
    with pytest.raises(AuthRejected) as caught:
        _rows(
            reader,
            kit,
            lambda a: kit.answer(_REFUSED, status=401),
            {"access_token": "shpat_static"},
        )
    assert len(reader.server.asked) == 1
    assert "shpat_static" not in str(caught.value)


def test_client_credentials_are_asked_for_anew_when_they_end(
    reader: Any, kit: Any, pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, tokens = _Platform(kit, pages), MemoryTokens()
    _rows(reader, kit, platform, _APP, tokens=tokens)
    _rows(reader, kit, platform, _APP, tokens=tokens)
    assert platform.given == [{**_APP, "grant_type": "client_credentials"}]
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-16T06:00:00Z")
    _rows(reader, kit, platform, _APP, tokens=tokens)
    assert len(platform.given) == 2
    platform.valid = "shpat_another"
    _rows(reader, kit, platform, _APP, tokens=tokens)
    assert len(platform.given) == 3


def test_each_shop_of_an_app_has_a_token_of_its_own(reader: Any, kit: Any, pages: Any) -> None:
    tokens = MemoryTokens()
    seen: list[str] = []

    def platform(asked: Any) -> Any:
        shop = asked.url.split("/")[2].removesuffix(".myshopify.com")
        if asked.path.endswith("access_token"):
            return {"access_token": f"shpat_of_{shop}", "expires_in": 86399}
        seen.append(asked.headers["X-Shopify-Access-Token"])
        return pages("shop")

    reader.server = kit.server(platform)
    for handle in ("one", "two", "one"):
        client = kit.client(reader.server, platform=reader.client().platform, tokens=tokens,
                            account=Account(handle), credential=_APP)  # fmt: skip
        reader.rows("shops", client=client)
    assert seen == ["shpat_of_one", "shpat_of_two", "shpat_of_one"]


def test_a_rotating_refresh_token_is_never_spent_twice(reader: Any, kit: Any, pages: Any) -> None:
    platform, tokens = _Platform(kit, pages, refresh_token="shprt_"), MemoryTokens()
    credential = {**_APP, "refresh_token": "shprt_0", "access_token": "shpat_of_yesterday"}
    for _ in range(3):
        _rows(reader, kit, platform, credential, tokens=tokens)
        platform.valid = "shpat_revoked"
    assert [each["refresh_token"] for each in platform.given] == ["shprt_0", "shprt_1", "shprt_2"]


def test_a_credential_without_any_of_them(reader: Any, kit: Any, pages: Any) -> None:
    with pytest.raises(AuthRejected, match="refresh_token or access_token or client_secret"):
        _rows(reader, kit, _Platform(kit, pages), {"client_id": "x"})


def test_a_shop_may_be_named_by_its_host(reader: Any, kit: Any, pages: Any) -> None:
    account = Account("Acme-Outdoor.myshopify.com")
    client = kit.client(reader.server, platform=reader.client().platform, account=account)
    assert client.base_url == "https://acme-outdoor.myshopify.com"


@pytest.mark.parametrize("handle", ["", "evil.example", "a/b", "a@evil", "x.myshopify.com.evil"])
def test_a_shop_that_is_no_handle_gets_no_token(reader: Any, kit: Any, handle: str) -> None:
    with pytest.raises(ValueError, match="address"):
        kit.client(reader.server, platform=reader.client().platform, account=Account(handle))
