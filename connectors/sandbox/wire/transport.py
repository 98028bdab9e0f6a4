"""Answers that break off: resets and truncated bodies, below what an HTTP framework offers."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


def _connection_made(self: Any, transport: asyncio.Transport) -> None:
    _open[_peer(transport)] = transport
    cast(Any, AutoHTTPProtocol).connection_made(self, transport)


def _connection_lost(self: Any, exc: Exception | None) -> None:
    _open.pop(_peer(self.transport), None)
    cast(Any, AutoHTTPProtocol).connection_lost(self, exc)


def _peer(transport: asyncio.Transport) -> tuple[str, int]:
    host, port = transport.get_extra_info("peername")[:2]
    return host, port


# uvicorn's own protocol, which here remembers its transports, so that a response can cut its own.
ResettableProtocol: type[asyncio.Protocol] = type(
    "ResettableProtocol",
    (AutoHTTPProtocol,),
    {"connection_made": _connection_made, "connection_lost": _connection_lost},
)


class Reset(Response):
    """No answer at all: the connection is reset (TCP RST)."""

    async def __call__(self, scope: Scope, _: Receive, __: Send) -> None:
        """Resets the connection."""
        transport = _open[tuple(scope["client"])]
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class Truncated(Response):
    """An answer whose body ends half way: fewer bytes than Content-Length says, then the end."""

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Sends the headers and half of the body, and leaves it at that."""
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": bytes(half), "more_body": True})
