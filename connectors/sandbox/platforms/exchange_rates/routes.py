"""The ECB's address over HTTP; no credential is needed, as at the ECB."""

from __future__ import annotations

import asyncio
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.platforms.exchange_rates.file import PATH, render_zip
from connectors.sandbox.transport import Reset, Truncated
from connectors.sandbox.world import World

_POSSIBLE = frozenset({"429", "429_retry_after", "500", "503", "reset", "truncated", "slow"})


class ExchangeRates:
    """The file of reference rates over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rendered: tuple[datetime, bytes] | None = None

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/exchange_rates`."""
        return [Route(PATH, self._file, methods=["GET"])]

    async def _file(self, request: Request) -> Response:
        plan = self._world.faults.plan
        fault = self._world.faults.meet(b"GET " + PATH.encode(), _POSSIBLE)
        request.state.fault = fault
        if fault == "reset":
            return Reset()
        if fault in ("500", "503"):
            return Response("Service unavailable", status_code=int(fault))
        if fault in ("429", "429_retry_after"):
            headers = {"Retry-After": f"{plan.retry_after:g}"} if fault != "429" else None
            return Response("Too many requests", status_code=429, headers=headers)
        if fault == "slow":
            await asyncio.sleep(plan.slow_seconds)
        body = self._body(self._world.clock.now())
        if fault == "truncated":
            return Truncated(body, media_type="application/zip")
        return Response(body, media_type="application/zip")

    def _body(self, now: datetime) -> bytes:
        if self._rendered is None or self._rendered[0] != now:
            self._rendered = (now, render_zip(self._world.business.rates, now))
        return self._rendered[1]
