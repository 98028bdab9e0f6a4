"""What a client sends where: hosts, headers and addresses, and no secret in any message."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
import requests

from connectors.core import addresses
from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    ShapeChanged,
)


def test_an_address_on_another_host_is_refused(kit: Any, serve: Any) -> None:
    server = serve({})
    client = kit.client(server)
    assert client.get("https://api.example/next?page=2").data == {}
    for address in ("https://evil.example/x", "http://api.example/x", "https://api.example:444/"):
        with pytest.raises(ShapeChanged, match="another host"):
            client.get(address)
    assert [each.path for each in server.asked].count("/token") == len(server.asked) - 1


def test_a_redirect_stays_on_the_host_and_takes_no_header_elsewhere(kit: Any, serve: Any) -> None:
    away = kit.answer(status=302, headers={"Location": "https://evil.example/x"})
    server = serve(away)
    with pytest.raises(ShapeChanged, match="another host"):
        kit.client(server).get("/x", headers={"developer-token": "dev-token"})
    assert all("evil" not in asked.url for asked in server.asked)
    near = kit.answer(status=301, headers={"Location": "/y"})
    assert kit.client(serve(near, {"at": "y"})).get("/x").data == {"at": "y"}
    with pytest.raises(ShapeChanged, match="redirects"):
        kit.client(serve(near)).get("/x")


def test_a_header_that_http_forbids_is_said_without_quoting_it(kit: Any, serve: Any) -> None:
    client, secret = kit.client(serve({})), "-".join(["break", "secret"])
    with pytest.raises(BadRequest, match="forbids") as caught:
        client.get("/x", headers={"developer-token": "line\r\n" + secret})
    assert secret not in "".join(traceback.format_exception(caught.value))


class TestAddresses:
    """Where requests go."""

    def test_the_sandbox_takes_the_place_of_every_address(
        self, kit: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRIBUTARY_SANDBOX", "http://127.0.0.1:8080/")
        server = serve({})
        server.handler = lambda asked: dict(kit.token)
        kit.client(server).get("/v1/x")
        assert [asked.url for asked in server.asked] == [
            "http://127.0.0.1:8080/example/token",
            "http://127.0.0.1:8080/example/v1/x",
        ]

    @pytest.mark.parametrize(
        "address",
        [
            "http://sandbox.example:8080",
            "https://10.0.0.1",
            "http://127.0.0.1@evil.example",
            "127.0.0.1:8080",
            "ftp://127.0.0.1",
            "http://localhost.evil.example",
        ],
    )
    def test_a_sandbox_elsewhere_is_refused(
        self, address: str, kit: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRIBUTARY_SANDBOX", address)
        with pytest.raises(ValueError, match="loopback"):
            kit.client(serve({}))

    @pytest.mark.parametrize(
        "address", ["http://[::1]:9", "http://localhost:9", "http://127.9.9.9"]
    )
    def test_loopback_has_several_names(self, address: str) -> None:
        assert addresses.is_loopback(address)

    def test_credentials_do_not_travel_without_https(self, kit: Any, serve: Any) -> None:
        with pytest.raises(ValueError, match="https"):
            kit.client(serve({}), base_url="http://api.example")

    def test_an_explicit_base_moves_the_token_address_too(self, kit: Any) -> None:
        server = kit.server(lambda asked: dict(kit.token))
        kit.client(server, base_url="http://127.0.0.1:5/deep/").get("/x")
        assert [asked.url for asked in server.asked] == [
            "http://127.0.0.1:5/deep/token",
            "http://127.0.0.1:5/deep/x",
        ]


class TestSecrets:
    """No secret reaches a message, a log, an exception chain or a repr."""

    _TROUBLES = (
        lambda kit, text: kit.answer({"error": text, "access_token": text}, status=400),
        lambda kit, text: kit.answer(body=f"<html>{text}</html>".encode(), status=503),
        lambda kit, text: kit.answer(body=text.encode(), status=200),
        lambda kit, text: requests.ConnectionError(f"no route to https://x/?token={text} {text}"),
        lambda kit, text: requests.exceptions.SSLError(f"Bearer {text}"),
        lambda kit, text: requests.exceptions.InvalidHeader(f"bad header {text}"),
        lambda kit, text: kit.answer(status=302, headers={"Location": f"https://e.example/{text}"}),
        # An excerpt of the answer ends in the middle of it.
        *(
            lambda kit, text, before=before: kit.answer(
                body=b"." * before + text.encode(), status=500
            )
            for before in (264, 280, 290, 295)
        ),
        lambda kit, text: kit.answer(status=302, headers={"Location": f"http://[{text}]/x"}),
    )

    @pytest.mark.parametrize("number", range(len(_TROUBLES)))
    @pytest.mark.parametrize("echoed", ["client_secret", "refresh_token", "access"])
    def test_a_server_that_echoes_a_secret(
        self, number: int, echoed: str, kit: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        secrets = {**kit.credential, "access": "access-abcdef"}
        del secrets["client_id"]
        trouble = type(self)._TROUBLES[number]

        def handler(asked: Any) -> Any:
            return dict(kit.token) if asked.path == "/token" else trouble(kit, secrets[echoed])

        client = kit.client(kit.server(handler))
        with caplog.at_level(logging.DEBUG), pytest.raises(ConnectorError) as caught:
            client.get("/x", params={"access_token": secrets[echoed]})
        error = caught.value
        chain = "".join(traceback.format_exception(error))
        shown = [str(error), repr(error), repr(error.args), error.url, chain, caplog.text]
        shown += [repr(client), repr(error.__context__), repr(error.__cause__), repr(vars(error))]
        for secret in secrets.values():
            assert all(secret[:8] not in text for text in shown)

    def test_an_oauth_error_that_echoes_the_form(self, kit: Any) -> None:
        def handler(asked: Any) -> Any:
            return kit.answer(
                {"error": "invalid_grant", "error_description": asked.body.decode()}, status=400
            )

        with pytest.raises(AuthRejected) as caught:
            kit.client(kit.server(handler)).get("/x")
        text = "".join(traceback.format_exception(caught.value))
        assert "invalid_grant" in text
        assert kit.credential["refresh_token"] not in text
        assert "secret%2Bvalue" not in text
        assert "secret+value" not in text


def test_an_account_may_be_part_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    own = "https://{account}.myshop.example"
    monkeypatch.delenv(addresses.VARIABLE, raising=False)
    assert addresses.base_url("shop", own, "acme-1") == "https://acme-1.myshop.example"
    monkeypatch.setenv(addresses.VARIABLE, "http://127.0.0.1:80")
    assert addresses.base_url("shop", own, "acme-1") == "http://127.0.0.1:80/shop/acme-1"
    assert addresses.base_url("ads", "https://ads.example", "1") == "http://127.0.0.1:80/ads"


@pytest.mark.parametrize("account", ["", "evil.example/", "a@b", "a.b", "-a", "a/../b", "a#", "é"])
def test_an_account_that_would_change_the_host_is_refused(account: str) -> None:
    with pytest.raises(ValueError, match="part of an address"):
        addresses.base_url("shop", "https://{account}.myshop.example", account)
