"""The sandbox's own endpoints, below `/sandbox`: clock, faults, truth, requests, connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from connectors.sandbox.answers import answer
from connectors.sandbox.connections import connections_yaml
from connectors.sandbox.tracking.sources import collect
from connectors.sandbox.truth.question import Question
from connectors.sandbox.wire.bodies import read_body
from connectors.sandbox.wire.faults import FaultPlan
from connectors.sandbox.world import World

_LINES_AT_ONCE = 500


class Controls:
    """Endpoints for whoever runs the sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/sandbox`."""
        return [
            Route("/health", self._health, methods=["GET"]),
            Route("/clock", self._clock, methods=["GET", "PUT"]),
            Route("/faults", self._faults, methods=["GET", "PUT"]),
            Route("/requests", self._requests, methods=["GET", "DELETE"]),
            Route("/connections.yaml", self._connections, methods=["GET"]),
            Route("/truth", self._truth, methods=["GET"]),
            Route("/collected", self._collected, methods=["PUT"]),
        ]

    async def _health(self, _: Request) -> Response:
        size, people = self._world.business.parameters, self._world.business.people
        return _json(
            {
                "status": "ok",
                "now": _text(self._world.clock.now()),
                "seed": size.seed,
                "first_day": str(size.first_day),
                "last_day": str(size.end),
                "accounts": len(people.accounts),
            }
        )

    async def _clock(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                now = (await _object(request)).get("now")
                self._world.clock.set(None if now is None else _instant(now))
            except ValueError as trouble:
                return _refuse(trouble)
        return _json({"now": _text(self._world.clock.now())})

    async def _faults(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self._world.faults.put(FaultPlan.read(await _object(request)))
            except ValueError as trouble:
                return _refuse(trouble)
        return _json(self._world.faults.plan.as_json())

    async def _requests(self, request: Request) -> Response:
        log = self._world.log
        if request.method == "DELETE":
            log.clear()
        by_status = {str(status): count for status, count in sorted(log.by_status.items())}
        return _json({"count": log.count, "by_status": by_status, "requests": list(log.last)})

    async def _connections(self, request: Request) -> Response:
        landed = request.query_params.get("landed") == "true"
        text = connections_yaml(self._world.business, landed=landed)
        return Response(text, media_type="application/yaml")

    async def _collected(self, request: Request) -> Response:
        try:
            landing = Path(str((await _object(request)).get("landing", "")))
            if not landing.is_absolute():
                raise ValueError("landing is the path of a folder, from the root")
        except ValueError as trouble:
            return _refuse(trouble)
        return _json({"lines": collect(self._world.business, landing, self._world.clock.now())})

    async def _truth(self, request: Request) -> Response:
        asked = request.query_params
        try:
            as_of = asked.get("as_of")
            question = Question(
                level=asked.get("level", ""),
                as_of=self._world.clock.now() if as_of is None else _instant(as_of),
                account=asked.get("account"),
                first=_day(asked.get("from")),
                last=_day(asked.get("to")),
                platform=asked.get("platform"),
            )
            rows = answer(self._world.business, question)
        except ValueError as trouble:
            return _refuse(trouble)
        return StreamingResponse(_lines(rows), media_type="application/x-ndjson")


async def _lines(rows: Iterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    lines: list[bytes] = []
    for row in rows:
        lines.append(orjson.dumps(row))
        if len(lines) == _LINES_AT_ONCE:
            yield b"\n".join(lines) + b"\n"
            lines.clear()
            await asyncio.sleep(0)
    if lines:
        yield b"\n".join(lines) + b"\n"


async def _object(request: Request) -> dict[str, Any]:
    body = orjson.loads(await read_body(request))
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _instant(text: object) -> datetime:
    # In a URL an unescaped + arrives as a space.
    instant = datetime.fromisoformat(str(text).replace(" ", "+"))
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no time zone; write e.g. 2026-11-15T06:00:00Z")
    return instant.astimezone(UTC)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")


def _refuse(trouble: ValueError) -> Response:
    return Response(
        orjson.dumps({"error": str(trouble)}), status_code=400, media_type="application/json"
    )
