"""The sandbox as one ASGI application: every platform below its name, the controls beside them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.controls import Controls
from connectors.sandbox.service import services
from connectors.sandbox.world import World

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LONGEST_KEPT_QUERY = 4_000


def create_app(world: World) -> ASGIApp:
    """Builds the application over a world."""
    return Starlette(
        routes=[
            *(Mount(f"/{one.name}", routes=one.routes(world)) for one in services()),
            Mount("/sandbox", routes=Controls(world).routes()),
        ],
        middleware=[Middleware(LoopbackOnly), Middleware(Recorded, world=world)],
    )


class LoopbackOnly:
    """Refuses requests that name another host: a web page must not reach us through DNS tricks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what names the loopback interface."""
        if scope["type"] == "http":
            host = next((value for name, value in scope["headers"] if name == b"host"), b"")
            if urlsplit(f"//{host.decode('latin-1')}").hostname not in _LOOPBACK:
                refusal = PlainTextResponse("the sandbox answers on loopback only", 421)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Recorded:
    """Keeps a log of the requests to the platforms, for tests to ask what was asked.

    A platform records what it made of a request in `request.state`: `account`, `query`, `window`
    (its first and last date), `page` (whether it continues a result) and `fault`.
    """

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app, self._world = app, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and writes down what became of it; 0 is no answer at all."""
        if scope["type"] != "http" or scope["path"].startswith("/sandbox/"):
            await self._app(scope, receive, send)
            return
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        state = scope.setdefault("state", {})
        try:
            await self._app(scope, receive, watch)
        finally:
            self._write(scope, state, status)

    def _write(self, scope: Scope, state: dict[str, object], status: int) -> None:
        asked = state.get("query")
        query = asked[:_LONGEST_KEPT_QUERY] if isinstance(asked, str) else None
        window = state.get("window")
        first, last = window if isinstance(window, tuple) else (None, None)
        self._world.log.add(
            {
                "method": scope["method"],
                "path": scope["path"],
                "platform": scope["path"].split("/")[1],
                "account": state.get("account"),
                "status": status,
                "fault": state.get("fault"),
                "query": query,
                "next_page": bool(state.get("page")),
                "first_date": first,
                "last_date": last,
            }
        )
