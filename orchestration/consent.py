"""Waiting for a browser that comes back with the owner's answer, on a port of this machine."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer

from connectors.core.consent import Question
from connectors.core.errors import AuthRejected

LOOPBACK = "127.0.0.1"
_GLANCE_SECONDS = 0.5
_DONE = "Tributary has the answer. You may close this page and go back to the terminal.\n"
_STRANGE = "This is no answer to the question that Tributary asked.\n"


class Answers(HTTPServer):
    """Listens for the answer; whatever else asks is turned away.

    Args:
        port: the port; 0 for one that the system chooses.
    """

    def __init__(self, port: int) -> None:
        self._question: Question | None = None
        self._code: str | None = None
        self._refusal: AuthRejected | None = None
        super().__init__((LOOPBACK, port), _Page)
        self.timeout = _GLANCE_SECONDS

    @property
    def redirect(self) -> str:
        """The address that the browser is sent to."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def wait(self, question: Question) -> str:
        """Waits for the code that answers a question.

        Raises:
            AuthRejected: the owner did not allow it.
        """
        self._question = question
        while self._code is None:
            self.handle_request()
            if self._refusal is not None:
                raise self._refusal
        return self._code

    def take(self, path: str) -> bool:
        """Takes what a browser brought; says whether it was the answer."""
        try:
            self._code = self._question.code(path) if self._question else None
        except AuthRejected as refusal:
            self._refusal = refusal
        return self._code is not None or self._refusal is not None


class _Page(BaseHTTPRequestHandler):
    server: Answers
    timeout = 10.0
    """Seconds: a connection on which nothing comes must not hold up the answer."""

    def do_GET(self) -> None:
        """Says that the answer has come."""
        is_answer = self.server.take(self.path)
        body = (_DONE if is_answer else _STRANGE).encode()
        self.send_response(HTTPStatus.OK if is_answer else HTTPStatus.BAD_REQUEST)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps quiet: the path holds the code."""


@contextmanager
def answers(port: int) -> Iterator[Answers]:
    """Listens while the block runs.

    Raises:
        RuntimeError: the port cannot be used.
    """
    try:
        server = Answers(port)
    except OSError as error:
        raise RuntimeError(
            f"port {port} cannot be used ({error.strerror}): leave --port out, and the system "
            "chooses one"
        ) from None
    with server:
        yield server


def show(address: str) -> bool:
    """Opens a page in a browser, where there is a screen for one; says whether it did."""
    has_screen = sys.platform == "darwin" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    return has_screen and webbrowser.open(address)


def pasted(question: Question, ask: Callable[[], str]) -> str:
    """Returns the code of an address that a person copies out of the browser.

    Raises:
        AuthRejected: the owner did not allow it.
        ValueError: it is no answer to the question.
    """
    code = question.code(ask().strip())
    if code is None:
        raise ValueError(
            "that address is no answer to this question: copy the whole address that the browser "
            f"ends at (it begins with {question.redirect}/?), and do not use one of an earlier call"
        )
    return code
