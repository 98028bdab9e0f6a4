"""Real sockets: cut bodies, resets, compression, bodies that are too large."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from connectors.core import transport
from connectors.core.auth import NoAuth
from connectors.core.errors import NetworkTrouble, ShapeChanged
from connectors.core.pacing import MAX_RETRIES

_BODY = orjson.dumps({"results": [{"n": n} for n in range(200)]})


@pytest.fixture
def loopback() -> Iterator[Callable[..., tuple[str, list[str]]]]:
    """Starts a server that acts once per request, from a list of acts (the last repeats)."""
    servers: list[ThreadingHTTPServer] = []

    def start(*acts: Callable[[BaseHTTPRequestHandler], None]) -> tuple[str, list[str]]:
        left, seen = list(acts), []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                seen.append(self.path)
                (left.pop(0) if len(left) > 1 else left[0])(self)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}", seen

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _whole(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(_BODY)))
    handler.end_headers()
    handler.wfile.write(_BODY)


def _zipped(handler: BaseHTTPRequestHandler) -> None:
    body = gzip.compress(_BODY)
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(_BODY)))
    handler.end_headers()
    handler.wfile.write(_BODY[:500])
    handler.close_connection = True


def _cut_silently(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(_BODY[:500])


def _cut_in_a_chunk(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"1f4\r\n" + _BODY[:100])
    handler.close_connection = True


def _cut_zip(handler: BaseHTTPRequestHandler) -> None:
    body = gzip.compress(_BODY)[:-30]
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _reset(handler: BaseHTTPRequestHandler) -> None:
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def _client(kit: Any, base_url: str) -> Any:
    platform = kit.platform(auth=NoAuth())
    return kit.client(kit.server(_whole), platform=platform, session=None, base_url=base_url)


@pytest.mark.parametrize(
    "trouble",
    [_cut_short, _cut_silently, _cut_in_a_chunk, _cut_zip, _reset],
    ids=lambda act: act.__name__,
)
def test_a_broken_answer_is_asked_for_again(trouble: Any, kit: Any, loopback: Any) -> None:
    base_url, seen = loopback(trouble, trouble, _whole)
    client = _client(kit, base_url)
    assert client.get("/things").data == orjson.loads(_BODY)
    assert len(seen) == 3
    assert client.stats.retries == 2


@pytest.mark.parametrize("trouble", [_cut_short, _reset], ids=lambda act: act.__name__)
def test_an_answer_that_stays_broken_is_network_trouble(
    trouble: Any, kit: Any, loopback: Any
) -> None:
    base_url, seen = loopback(trouble)
    with pytest.raises(NetworkTrouble):
        _client(kit, base_url).get("/things")
    assert len(seen) == MAX_RETRIES + 1


def test_a_compressed_answer_is_unpacked(kit: Any, loopback: Any) -> None:
    base_url, _ = loopback(_zipped)
    assert _client(kit, base_url).get("/things").body == _BODY


def test_nobody_listening_is_network_trouble(kit: Any) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(NetworkTrouble, match="connection failed"):
            _client(kit, f"http://127.0.0.1:{held.getsockname()[1]}").get("/things")


def test_an_unknown_host_is_said_in_few_words(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(NetworkTrouble) as caught:
        _client(kit, "https://nowhere.invalid").get("/things")
    said = caught.value.message
    assert said.startswith("the connection failed: nowhere.invalid: Failed to resolve")
    assert "_Pool" not in said
    assert "Max retries" not in said


def test_a_body_beyond_measure_is_refused(
    kit: Any, loopback: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST_BODY", 1000)
    base_url, seen = loopback(_whole)
    with pytest.raises(ShapeChanged, match="larger"):
        _client(kit, base_url).get("/things")
    assert len(seen) == 1


def _drip(handler: BaseHTTPRequestHandler, head: bytes) -> None:
    """Sends a byte now and then, never silent for long, until nobody reads any more."""
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(head)
        for _ in range(1_000_000):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.01)


_DRIPS = {
    "headers": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
    "body without a length": b"HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("head", _DRIPS.values(), ids=_DRIPS)
def test_a_dripping_server_does_not_hold_us_for_ever(
    kit: Any, loopback: Any, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(transport, "BODY_TIMEOUT", 0.05)
    base_url, seen = loopback(lambda handler: _drip(handler, head))
    with pytest.raises(NetworkTrouble, match="took longer"):
        _client(kit, base_url).get("/things")
    assert len(seen) <= MAX_RETRIES + 1


def test_an_address_that_is_not_readable_shows_nothing_of_itself(kit: Any, loopback: Any) -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://[t0ken-of-somebody]/x")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    base_url, _ = loopback(moved)
    with pytest.raises(ShapeChanged, match="not readable") as caught:
        _client(kit, base_url).get("/things")
    assert "t0ken" not in "".join(traceback.format_exception(caught.value))


def test_a_netrc_does_not_replace_the_token(
    kit: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.example login me password from-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    def handler(asked: Any) -> Any:
        return dict(kit.token)

    server = kit.server(handler)
    kit.client(server).get("/x")
    assert server.asked[-1].headers["Authorization"] == "Bearer access-abcdef"


def test_a_file_is_saved_piece_by_piece(kit: Any, loopback: Any, tmp_path: Any) -> None:
    base_url, seen = loopback(_cut_short, _zipped)
    client = _client(kit, base_url)
    target = tmp_path / "file"
    assert client.download(f"{base_url}/file?sig=s3cret-signature", target) == len(_BODY)
    assert target.read_bytes() == _BODY
    assert len(seen) == 2
    assert client.stats.bytes >= len(_BODY)
