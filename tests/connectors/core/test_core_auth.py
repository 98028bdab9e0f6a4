"""Signing in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.core.auth import (
    ApiKeyHeader,
    ByCredential,
    ClientCredentials,
    MemoryTokens,
    NoAuth,
    OAuth2Refresh,
    Signing,
    Token,
    TokensOf,
)
from connectors.core.errors import AuthRejected, ShapeChanged

_CREDENTIAL = {"client_id": "id", "client_secret": "secret", "refresh_token": "refresh-1"}
_AUTH = OAuth2Refresh("https://login.example/token")


class _Exchange:
    """A token address that counts: every answer is a new token."""

    def __init__(self, delay: float = 0.0, **more: Any) -> None:
        self.forms: list[Mapping[str, str]] = []
        self._delay = delay
        self._more = more

    def __call__(
        self, url: str, form: Mapping[str, str], _as_json: bool = False, /
    ) -> Mapping[str, object]:
        assert url == "https://login.example/token"
        time.sleep(self._delay)
        self.forms.append(form)
        return {"access_token": f"access-{len(self.forms)}", "expires_in": 3599, **self._more}


def _header(exchange: _Exchange, tokens: MemoryTokens, refused: str | None = None) -> str:
    return _AUTH.headers(_CREDENTIAL, Signing(tokens, exchange, refused))["Authorization"]


def test_the_first_request_refreshes_and_the_next_uses_the_token() -> None:
    exchange, tokens = _Exchange(), MemoryTokens()
    assert _header(exchange, tokens) == "Bearer access-1"
    assert _header(exchange, tokens) == "Bearer access-1"
    assert exchange.forms == [{"grant_type": "refresh_token", **_CREDENTIAL}]


def test_many_threads_make_one_refresh() -> None:
    exchange, tokens = _Exchange(delay=0.02), MemoryTokens()
    barrier, seen = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        seen.append(_header(exchange, tokens))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["Bearer access-1"] * 8
    assert len(exchange.forms) == 1


def test_a_refused_token_is_refreshed_once_for_all_who_were_refused() -> None:
    exchange, tokens = _Exchange(), MemoryTokens()
    _header(exchange, tokens)
    assert _header(exchange, tokens, refused="access-1") == "Bearer access-2"
    assert _header(exchange, tokens, refused="access-1") == "Bearer access-2"
    assert len(exchange.forms) == 2


def test_a_token_near_its_end_is_refreshed_by_the_one_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exchange, tokens = _Exchange(), MemoryTokens()
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    _header(exchange, tokens)
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:58:00Z")
    assert _header(exchange, tokens) == "Bearer access-1"
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:59:30Z")
    assert _header(exchange, tokens) == "Bearer access-2"


def test_a_rotated_refresh_token_is_used_and_kept() -> None:
    exchange, tokens = _Exchange(refresh_token="refresh-2"), MemoryTokens()
    _header(exchange, tokens)
    _header(exchange, tokens, refused="access-1")
    assert [form["refresh_token"] for form in exchange.forms] == ["refresh-1", "refresh-2"]
    silent = _Exchange()
    _header(silent, tokens, refused="access-2")
    _header(silent, tokens, refused="access-1")
    assert [form["refresh_token"] for form in silent.forms] == ["refresh-2", "refresh-2"]


def test_the_lease_is_held_during_the_refresh_only() -> None:
    events: list[str] = []

    class Leased(MemoryTokens):
        @contextmanager
        def lease(self, key: str) -> Iterator[None]:
            events.append("taken")
            yield
            events.append("given back")

    class Noting(_Exchange):
        def __call__(
            self, url: str, form: Mapping[str, str], as_json: bool = False, /
        ) -> Mapping[str, object]:
            events.append("refreshed")
            return super().__call__(url, form, as_json)

    exchange, tokens = Noting(), Leased()
    _header(exchange, tokens)
    _header(exchange, tokens)
    assert events == ["taken", "refreshed", "given back"]


@pytest.mark.parametrize("expires_in", [None, "soon", 1e300, {}])
def test_an_end_that_is_not_told_lasts_until_it_is_refused(expires_in: object) -> None:
    exchange, tokens = _Exchange(expires_in=expires_in), MemoryTokens()
    assert _header(exchange, tokens) == _header(exchange, tokens) == "Bearer access-1"


def test_an_answer_without_a_token_is_a_changed_shape() -> None:
    with pytest.raises(ShapeChanged):
        _header(_Exchange(access_token=None), MemoryTokens())


@pytest.mark.parametrize("missing", ["client_id", "client_secret", "refresh_token"])
def test_a_missing_value_names_itself(missing: str) -> None:
    credential = {k: v for k, v in _CREDENTIAL.items() if k != missing}
    with pytest.raises(AuthRejected, match=missing):
        _AUTH.headers(credential, Signing(MemoryTokens(), _Exchange()))


def test_tokens_do_not_show() -> None:
    token = Token("access-hidden", datetime.now(UTC) + timedelta(hours=1), "refresh-hidden")
    assert "hidden" not in repr(token)


def test_an_api_key_and_no_auth() -> None:
    auth = ApiKeyHeader("X-Key", "api_key", "Token ")
    headers = auth.headers({"api_key": "k1"}, Signing(MemoryTokens(), _Exchange()))
    assert headers == {"X-Key": "Token k1"}
    assert NoAuth().headers({}, Signing(MemoryTokens(), _Exchange())) == {}
    assert not auth.refreshable
    assert not NoAuth().refreshable


def test_another_header_and_json() -> None:
    auth = OAuth2Refresh("https://login.example/token", "X-Token", "", as_json=True)
    as_json: list[bool] = []

    def exchange(url: str, form: Mapping[str, str], json: bool = False) -> Mapping[str, object]:
        as_json.append(json)
        return {"access_token": "a"}

    assert auth.headers(_CREDENTIAL, Signing(MemoryTokens(), exchange)) == {"X-Token": "a"}
    assert as_json == [True]


def test_the_secret_may_go_to_the_token_address_as_http_basic(kit: Any) -> None:
    def handler(asked: Any) -> Any:
        if asked.path != "/token":
            return {}
        assert asked.form == {"grant_type": "refresh_token", "refresh_token": "first-refresh"}
        assert asked.headers["Authorization"] == "Basic aWQ6c2VjcmV0LXZhbHVl"
        return kit.answer(
            {"error": "invalid_grant", "error_description": "aWQ6c2VjcmV0LXZhbHVl"}, status=400
        )

    auth = OAuth2Refresh("https://login.example/token", basic=True)
    secrets = {"client_id": "id", "client_secret": "secret-value", "refresh_token": "first-refresh"}
    client = kit.client(kit.server(handler), platform=kit.platform(auth=auth), credential=secrets)
    with pytest.raises(AuthRejected) as caught:
        client.get("/x")
    # The refusal repeats the pair, which is a secret like the one in it.
    assert "aWQ6c2VjcmV0LXZhbHVl" not in str(caught.value)


def test_client_credentials_are_asked_for_again_when_refused_or_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    auth, exchange, tokens = ClientCredentials(_AUTH.token_url), _Exchange(), MemoryTokens()
    for expected in ("Bearer access-1", "Bearer access-1"):
        assert auth.headers(_CREDENTIAL, Signing(tokens, exchange))["Authorization"] == expected
    auth.headers(_CREDENTIAL, Signing(tokens, exchange, "access-1"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T07:00:00Z")
    assert (
        auth.headers(_CREDENTIAL, Signing(tokens, exchange))["Authorization"] == "Bearer access-3"
    )
    form = {"grant_type": "client_credentials", "client_id": "id", "client_secret": "secret"}
    assert exchange.forms == [form] * 3
    with pytest.raises(AuthRejected, match="client_secret"):
        auth.headers({"client_id": "id"}, Signing(tokens, exchange))


def test_the_credential_says_how_to_sign_in() -> None:
    auth = ByCredential((("key", ApiKeyHeader("X-Key", "key")), ("refresh_token", _AUTH)))
    tokens, exchange = MemoryTokens(), _Exchange()
    assert auth.headers({"key": "k", **_CREDENTIAL}, Signing(tokens, exchange)) == {"X-Key": "k"}
    assert auth.headers({"key": "", **_CREDENTIAL}, Signing(tokens, exchange)) == {
        "Authorization": "Bearer access-1"
    }
    assert auth.refreshable
    assert not auth.way({"key": "k"}).refreshable
    with pytest.raises(AuthRejected, match="key or refresh_token"):
        auth.headers({}, Signing(tokens, exchange))


def test_tokens_of_two_addresses_do_not_meet() -> None:
    whole = MemoryTokens()
    here, there = TokensOf(whole, "https://a.example"), TokensOf(whole, "https://b.example")
    with here.lease("k"):
        here.write("k", Token("of a"))
    assert here.read("k") == Token("of a")
    assert there.read("k") is None
    assert TokensOf(whole, "https://a.example").read("k") == Token("of a")
