"""Files that a platform keeps elsewhere: fetched without anything of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.core.errors import BadRequest, ConnectorError, ServerTrouble, ShapeChanged

_URL = "https://files.example/a.jsonl?Expires=1&X-Goog-Signature=0123456789abcdef"


def test_nothing_that_signs_our_requests_goes_along(kit: Any, tmp_path: Path) -> None:
    def handler(asked: Any) -> Any:
        if asked.path == "/token":
            return dict(kit.token)
        return kit.answer(body=b"one\ntwo\n", headers={"Set-Cookie": "a=b"})

    server = kit.server(handler)
    client = kit.client(server)
    client.get("/things", parse=bytes)
    assert client.download(_URL, tmp_path / "file") == 8
    assert (tmp_path / "file").read_bytes() == b"one\ntwo\n"
    asked = server.asked[-1]
    assert asked.url == _URL
    assert "Authorization" not in asked.headers
    assert "Cookie" not in asked.headers
    assert kit.token["access_token"] not in str(dict(asked.headers))


@pytest.mark.parametrize(
    ("base_url", "url", "fit"),
    [
        ("https://api.example", "https://files.example/a", True),
        ("https://api.example", "http://files.example/a", False),
        ("https://api.example", "https://127.0.0.1/a", False),
        ("https://api.example", "https://localhost/a", False),
        ("https://api.example", "http://127.0.0.1:9/a", False),
        ("https://api.example", "file:///etc/passwd", False),
        ("https://api.example", "https://[::1/a", False),
        ("https://api.example", "/a", False),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/a", True),
        ("http://127.0.0.1:9", "http://localhost:8/a", True),
        ("http://127.0.0.1:9", "http://files.example/a", False),
        ("http://127.0.0.1:9", "https://files.example/a", True),
    ],
)
def test_which_addresses_are_fit(
    kit: Any, tmp_path: Path, base_url: str, url: str, fit: bool
) -> None:
    server = kit.server(lambda asked: kit.answer(body=b"x"))
    client = kit.client(server, base_url=base_url)
    if fit:
        assert client.download(url, tmp_path / "file") == 1
    else:
        with pytest.raises(ShapeChanged, match="address"):
            client.download(url, tmp_path / "file")
        assert server.asked == []


def test_a_redirect_is_followed_to_fit_addresses_only(kit: Any, tmp_path: Path) -> None:
    targets = ["https://other.example/b", "http://other.example/b"]

    def handler(asked: Any) -> Any:
        if "files.example" in asked.url:
            return kit.answer(status=302, headers={"Location": targets.pop(0)}, body=b"")
        return kit.answer(body=b"whole")

    server = kit.server(handler)
    client = kit.client(server)
    assert client.download(_URL, tmp_path / "file") == 5
    with pytest.raises(ShapeChanged, match="https"):
        client.download(_URL, tmp_path / "file")


def test_an_error_is_an_error_without_the_signature(kit: Any, tmp_path: Path) -> None:
    body = b"<Error>" + _URL.encode() + b"</Error>" * 2000
    server = kit.server(lambda asked: kit.answer(status=403, body=body))
    with pytest.raises(ConnectorError) as caught:
        kit.client(server).download(_URL, tmp_path / "file")
    assert "0123456789abcdef" not in str(caught.value)
    assert len(server.asked) == 1


def test_trouble_is_asked_for_again(kit: Any, tmp_path: Path) -> None:
    answers = [kit.answer(status=503, body=b""), kit.answer(body=b"whole")]
    client = kit.client(kit.server(lambda asked: answers.pop(0)))
    assert client.download(_URL, tmp_path / "file") == 5
    assert client.stats.retries == 1
    client = kit.client(kit.server(lambda asked: kit.answer(status=500, body=b"")))
    with pytest.raises(ServerTrouble):
        client.download(_URL, tmp_path / "file")


def test_a_file_that_is_gone(kit: Any, tmp_path: Path) -> None:
    server = kit.server(lambda asked: kit.answer(status=404, body=b"no such key"))
    with pytest.raises(BadRequest, match="no such key"):
        kit.client(server).download(_URL, tmp_path / "file")
