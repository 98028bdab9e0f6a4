"""A server that records a sandbox's answers byte for byte and serves them again without work.

What it has not seen it asks the sandbox; what it has seen it serves from memory, so that a client
is measured and not the simulation. Google Ads queries are told apart by what they select from and
by their page token, not by their dates: every window gets the recorded pages, in their order. Of an
asynchronous job only the end is kept, so that whoever asks again need not wait for it.

    python -m benchmarks.replay http://127.0.0.1:PORT     (ends when standard input closes)
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_PASSED_ON = ("Authorization", "Content-Type", "login-customer-id", "X-Shopify-Access-Token")
_LEFT_OUT = ("content-length", "transfer-encoding", "connection", "date", "server")
_THROTTLED, _THROTTLE_SECONDS = b'"THROTTLED"', 0.5

Answer = tuple[int, dict[str, str], bytes]


class Recorder(ThreadingHTTPServer):
    """The server; ``upstream`` is the host and port of the sandbox."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._upstream = upstream
        self._kept: dict[tuple[str, ...], Answer] = {}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Returns what was recorded for a request, or what the sandbox says."""
        key = (method, path, *_question(body))
        kept = self._kept.get(key)
        if kept is None:
            with self._lock:
                kept = self._ask(method, path, headers, body)
                while _THROTTLED in kept[2]:
                    # A limit of the sandbox is not what is measured.
                    time.sleep(_THROTTLE_SECONDS)
                    kept = self._ask(method, path, headers, body)
                if kept[0] == 200 and _is_final(body, kept[2]):
                    self._kept[key] = kept
        return kept

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self._upstream, timeout=120)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            # An answer that holds an address leads back to this server.
            here = urlsplit(self.url).netloc.encode()
            content = response.read().replace(self._upstream.encode(), here)
            headers = {k: v for k, v in response.getheaders() if k.lower() not in _LEFT_OUT}
            return response.status, headers, content
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Recorder

    def do_GET(self) -> None:
        """Serves one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
        status, answered, content = self.server.answer(self.command, self.path, headers, body)
        self.send_response(status)
        for name, value in answered.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _question(body: bytes) -> tuple[str, ...]:
    """What tells two requests to one path apart."""
    if b" FROM " not in body:
        return (body.decode("latin-1"),)
    asked = json.loads(body)
    resource = str(asked["query"]).partition(" FROM ")[2].partition(" ")[0]
    return resource, str(asked.get("pageToken", ""))


def _is_final(body: bytes, content: bytes) -> bool:
    """False for the state of a job that is still being done."""
    if b'"async_status"' in content:
        # A report says that it is completed a moment before it is.
        return b"Job Completed" in content and b'"async_percent_completion":100' in content
    if b'"bulkOperation"' in content and b"bulkOperationRunQuery" not in body:
        return b"COMPLETED" in content
    return True


def main() -> None:
    """Serves until standard input closes."""
    recorder = Recorder(urlsplit(sys.argv[1]).netloc)
    threading.Thread(target=recorder.serve_forever, daemon=True).start()
    print(recorder.url, flush=True)
    while sys.stdin.read(1):
        continue


if __name__ == "__main__":
    main()
