"""The ECB's address over HTTP; no credential is needed, as at the ECB."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.platforms.exchange_rates.file import PATH, render_zip
from connectors.sandbox.wire.lifecycle import ON_ANY, Call, Lifecycle, Refusal
from connectors.sandbox.world import World


class ExchangeRates:
    """The file of reference rates over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wire = Lifecycle(world.faults, _refuse)
        self._rendered: tuple[datetime, bytes] | None = None

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/exchange_rates`."""
        return [Route(PATH, self._wire.endpoint(self._file, ON_ANY), methods=["GET"])]

    def _file(self, _: Call) -> Response:
        return Response(self._body(self._world.clock.now()), media_type="application/zip")

    def _body(self, now: datetime) -> bytes:
        if self._rendered is None or self._rendered[0] != now:
            self._rendered = (now, render_zip(self._world.business.rates, now))
        return self._rendered[1]


def _refuse(call: Call) -> Refusal:
    if call.fault in ("500", "503"):
        return Refusal(int(call.fault), "Service unavailable")
    again = {"Retry-After": f"{call.plan.retry_after:g}"} if call.fault != "429" else {}
    return Refusal(429, "Too many requests", again)
