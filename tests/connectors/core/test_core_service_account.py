"""A service account signs for itself; a platform may have a second address."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import parse_qs

import orjson
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from connectors.core.auth import ByCredential, OAuth2Refresh
from connectors.core.credentials import CredentialField
from connectors.core.errors import AuthRejected, ShapeChanged
from connectors.core.http import Client
from connectors.core.redaction import secret_parts
from connectors.core.service_account import GRANT, ServiceAccount

_TOKENS = "https://oauth2.example.com/token"
_ADMIN = "https://admin.example.com"
_KEY = rsa.generate_private_key(65_537, 2_048)


def _file(**more: str) -> str:
    pem = _KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    held = {"client_email": "a@b.example", "private_key": pem.decode(), **more}
    return orjson.dumps(held).decode()


def _client(kit: Any, server: Any, key: str, **more: Any) -> Client:
    ways = (
        ("refresh_token", OAuth2Refresh(_TOKENS)),
        ("key", ServiceAccount(_TOKENS, "read", "key")),
    )
    fields = (CredentialField("key", True, "The key file."),)
    platform = kit.platform(auth=ByCredential(ways), credential_fields=fields, **more)
    return kit.client(server, platform=platform, credential={"key": key})


def _part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_assertion_is_signed_and_its_token_is_used_again(
    kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00+00:00")
    granted = {"access_token": "ya29.1", "expires_in": 3_599}
    server = kit.server(lambda asked: granted if asked.url == _TOKENS else {"ok": True})
    client = _client(kit, server, _Text(_file()))
    for _ in range(2):
        client.get("/v1/reports")
    tokens, *asked = server.asked
    form = {name: values[0] for name, values in parse_qs(tokens.body.decode()).items()}
    assert form["grant_type"] == GRANT
    head, claims, signature = form["assertion"].split(".")
    assert orjson.loads(_part(head)) == {"alg": "RS256", "typ": "JWT"}
    signed = f"{head}.{claims}".encode()
    _KEY.public_key().verify(_part(signature), signed, PKCS1v15(), hashes.SHA256())
    found = orjson.loads(_part(claims))
    assert (found["iss"], found["aud"], found["scope"]) == ("a@b.example", _TOKENS, "read")
    assert found["exp"] - found["iat"] == 3_600
    assert [one.headers["Authorization"] for one in asked] == ["Bearer ya29.1"] * 2


@pytest.mark.parametrize(
    "key", ["no JSON", "[]", '{"client_email": "a@b.example"}', _file(private_key="none")]
)
def test_a_file_that_is_no_key_is_refused_and_not_shown(kit: Any, key: str) -> None:
    client = _client(kit, kit.server(lambda _: {}), key)
    with pytest.raises(AuthRejected, match="no key of a service account") as refused:
        client.get("/v1/reports")
    assert "whole JSON file" in refused.value.remedy
    assert "a@b.example" not in str(refused.value)


def test_a_message_is_masked_where_the_key_stands_and_nowhere_else() -> None:
    key = orjson.loads(_file())["private_key"]
    assert secret_parts(_file(type="service_account")) == [key]
    assert secret_parts("{no JSON") == ["{no JSON"]
    assert secret_parts('{"a": "b"}') == ['{"a": "b"}']


class _Text(str):
    """A text that is one of a kind of its own, as the registry gives secrets."""


def test_a_second_address_of_the_platform_gets_its_token_and_no_other_does(kit: Any) -> None:
    granted = {"access_token": "ya29.1", "expires_in": 3_599}
    server = kit.server(lambda asked: granted if asked.path == "/token" else {"ok": True})
    client = _client(kit, server, _file(), beside=(_ADMIN,))
    client.get(f"{_ADMIN}/v1/properties", params={"page": "2"})
    _, asked = server.asked
    assert asked.url == f"{_ADMIN}/v1/properties?page=2"
    assert asked.headers["Authorization"] == "Bearer ya29.1"
    for other in ("https://evil.example.com/v1", f"{_ADMIN}.evil.example.com/v1"):
        with pytest.raises(ShapeChanged, match="another host"):
            client.get(other)
    assert len(server.asked) == 2


def test_the_sandbox_stands_for_the_second_address_too(
    kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_SANDBOX", "http://127.0.0.1:8080")
    granted = {"access_token": "ya29.1", "expires_in": 3_599}
    server = kit.server(lambda asked: granted if asked.path.endswith("token") else {"ok": True})
    client = _client(kit, server, _file(), beside=(_ADMIN,))
    client.get(f"{_ADMIN}/v1/properties?page=2")
    assert server.asked[-1].url.startswith("http://127.0.0.1:8080/")
    assert server.asked[-1].url.endswith("/v1/properties?page=2")
