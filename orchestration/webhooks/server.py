"""The process that serves the receiver, until it is asked to end."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.core import clock
from orchestration.webhooks.endpoints import Endpoints
from orchestration.webhooks.receiver import Receiver
from orchestration.workspace import Workspace
from warehouse.locks import file_lock

_log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often connections and secrets are read again."""
REPORT_SECONDS = 60.0
GRACE_SECONDS = 25
"""What is under way may end when the process is asked to; supervisors kill after 30."""
MOST_CONNECTIONS = 2_000


def application(
    space: Workspace, public_url: str = "", now: Callable[[], datetime] = clock.now
) -> Starlette:
    """Builds the application of a home."""
    endpoints = Endpoints(space, now())
    receiver = Receiver(endpoints, now, public_url)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        receiver.start()
        looking = asyncio.create_task(_look(endpoints, receiver, now))
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.to_thread(receiver.stop)

    async def health(_request: Request) -> Response:
        status, body = receiver.health()
        return Response(body, status, media_type="application/json")

    return Starlette(
        routes=[Route("/hooks/{id}", receiver), Route("/health", health)], lifespan=lifespan
    )


async def _look(endpoints: Endpoints, receiver: Receiver, now: Callable[[], datetime]) -> None:
    """Reads the registry again and again, and says in the log what was refused."""
    reported: dict[tuple[str, str], int] = {}
    loop = asyncio.get_running_loop()
    next_report = loop.time() + REPORT_SECONDS
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await asyncio.to_thread(endpoints.read, now())
        except Exception as trouble:
            # A registry that is busy or away for a moment ends no receiver.
            _log.error("the registry could not be read: %s", type(trouble).__name__)
        if loop.time() >= next_report:
            next_report = loop.time() + REPORT_SECONDS
            for key, count in receiver.refused.items():
                if count > reported.get(key, 0):
                    new = count - reported.get(key, 0)
                    _log.warning("%s: %d requests refused: %s", key[0] or "no address", new, key[1])
                    reported[key] = count


def listen(host: str, port: int) -> socket.socket:
    """Opens the port; 0 lets the system choose.

    Raises:
        OSError: it is taken, or may not be opened.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    # From now on callers wait until the application has started, and are not refused.
    found.listen(MOST_CONNECTIONS)
    return found


def serve(space: Workspace, opened: socket.socket, public_url: str = "") -> None:
    """Serves until SIGINT or SIGTERM; what was begun is ended first.

    Raises:
        LockTimeout: another receiver works on this home.
    """
    lock = space.home.path / "webhooks.lock"
    with file_lock(lock, "the receiver of webhooks", timeout_seconds=0.0), opened:
        config = uvicorn.Config(
            application(space, public_url),
            log_level="warning",
            # It would hold what stands in addresses: tokens, and values of postbacks.
            access_log=False,
            server_header=False,
            date_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[opened])
