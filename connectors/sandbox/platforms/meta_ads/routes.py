"""Graph API over HTTP: versions, slashes, tokens, usage headers, batches, and faults on the way."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.platforms.meta_ads.access import Access
from connectors.sandbox.platforms.meta_ads.errors import (
    GraphError,
    invalid,
    server_error,
    sunset,
    throttled,
    unknown_path,
)
from connectors.sandbox.platforms.meta_ads.graph import Call, Graph, canonical
from connectors.sandbox.platforms.meta_ads.parameters import read_json
from connectors.sandbox.wire.bodies import read_form
from connectors.sandbox.wire.faults import JOB_KINDS
from connectors.sandbox.wire.transport import Reset, Truncated
from connectors.sandbox.world import World

LIVING_VERSIONS = ("v23.0", "v24.0", "v25.0", "v26.0")
_JSON_TYPE = "application/json; charset=UTF-8"
_MOST_IN_BATCH = 50
_SECRETS = frozenset(
    {"access_token", "appsecret_proof", "client_secret", "fb_exchange_token", "input_token"}
)
_ON_ANY = frozenset({"429", "429_retry_after", "500", "503", "reset", "truncated", "slow"})
_ON_LISTS = _ON_ANY | {"duplicate_page", "empty_page", "unknown_field"}
_ON_JOBS = _ON_ANY | set(JOB_KINDS)


class MetaAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._access = Access(world.business.people)
        self._graph = Graph(world, self._access)
        self._answered = 0

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/meta_ads`."""
        return [Route("/{path:path}", self._any, methods=["GET", "POST"])]

    async def _any(self, request: Request) -> Response:
        self._answered += 1
        trace = f"Sandbox{self._answered:08d}"
        call: Call | None = None
        try:
            call = await self._read(request)
            if not call.path and "batch" in call.params:
                response = self._batch(request, call)
            else:
                response = await self._one(request, call)
        except GraphError as refusal:
            response = _json(refusal.http, refusal.body(trace))
            response.headers.update(refusal.headers)
        if call is not None:
            self._note(request, call)
        if call is not None and not isinstance(response, Reset):
            usage = self._graph.usage.headers(call.account, insights=call.insights)
            for name, value in usage.items():
                response.headers.setdefault(name, value)
            response.headers["facebook-api-version"] = call.version
        if not isinstance(response, Reset):
            response.headers["x-fb-trace-id"] = trace
        return response

    async def _one(self, request: Request, call: Call) -> Response:
        self._meet(call)
        request.state.fault = fault = call.fault
        if fault == "reset":
            return Reset()
        if fault == "slow":
            await asyncio.sleep(self._world.faults.plan.slow_seconds)
        body = orjson.dumps(self._graph.answer(call))
        if fault == "truncated":
            return Truncated(body, media_type=_JSON_TYPE)
        return Response(body, media_type=_JSON_TYPE)

    def _batch(self, request: Request, call: Call) -> Response:
        """Answers up to 50 calls at once; one that breaks off is `null`, as at the platform."""
        parts = read_json("batch", call.params["batch"])
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise invalid("batch parameter must be a JSON array")
        if len(parts) > _MOST_IN_BATCH:
            raise invalid(f"Too many requests in batch message: at most {_MOST_IN_BATCH}")
        written = call.params.get("include_headers", "true").lower() != "false"
        answers = [self._part(call, part, written) for part in parts]
        request.state.query = call.params["batch"]
        return _json(200, answers)

    def _part(self, call: Call, part: dict[str, Any], with_headers: bool) -> dict[str, Any] | None:
        url = urlsplit(str(part.get("relative_url", "")))
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        params.update(parse_qsl(str(part.get("body", "")), keep_blank_values=True))
        for name in ("access_token", "appsecret_proof"):
            if name in call.params:
                params.setdefault(name, call.params[name])
        try:
            method = str(part.get("method", "GET")).upper()
            inner = self._call(method, url.path, params, call.base, call.version)
            self._meet(inner)
            if inner.fault in ("reset", "truncated"):
                return None
            status, body = 200, self._graph.answer(inner)
            call.account, call.insights = inner.account, call.insights or inner.insights
        except GraphError as refusal:
            status, body = refusal.http, refusal.body("batch")
        answer: dict[str, Any] = {"code": status, "body": orjson.dumps(body).decode()}
        if with_headers:
            answer["headers"] = [{"name": "Content-Type", "value": _JSON_TYPE}]
        return answer

    async def _read(self, request: Request) -> Call:
        params = dict(request.query_params)
        if request.method == "POST":
            params.update(await read_form(request))
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() in ("bearer", "oauth") and bearer.strip():
            params.setdefault("access_token", bearer.strip())
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"
        method = params.get("method", request.method).upper()
        return self._call(method, request.path_params["path"], params, base, None)

    def _call(
        self, method: str, path: str, params: dict[str, str], base: str, version: str | None
    ) -> Call:
        parts = [part for part in path.split("/") if part]
        if parts and re.fullmatch(r"v\d{1,3}\.\d", parts[0]):
            version = parts.pop(0)
        version = version or LIVING_VERSIONS[0]
        newest = LIVING_VERSIONS[-1]
        if version not in LIVING_VERSIONS and float(version[1:]) > float(newest[1:]):
            raise unknown_path("/".join([version, *parts]))
        if version not in LIVING_VERSIONS or self._world.faults.plan.sunset:
            raise sunset(version, newest)
        call = Call(method, version, tuple(parts), params, base)
        if parts and parts[0].startswith("act_"):
            call.account = parts[0].removeprefix("act_")
        return call

    def _meet(self, call: Call) -> None:
        """Lets a call meet its fault.

        Raises:
            GraphError: The fault is a refusal.
        """
        plan = self._world.faults.plan
        edge = call.path[-1] if call.path else ""
        insights = edge == "insights"
        starts_job = insights and call.method == "POST"
        is_list = edge in ("insights", "campaigns", "adsets", "ads", "adcreatives", "adaccounts")
        possible = _ON_JOBS if starts_job else _ON_LISTS if is_list else _ON_ANY
        # Nobody can refresh a token here, so this fault only comes when it is asked for alone.
        if plan.kinds == ("expired_token",):
            possible = possible | {"expired_token"}
        call.fault = fault = self._world.faults.meet(canonical(call), possible)
        account = call.path[0].removeprefix("act_") if edge and call.path[0] != "me" else None
        if fault == "expired_token":
            self._access.end_token(call.params.get("access_token", ""), plan)
        if fault == "429":
            on_app = plan.seed % 2 == 0 or account is None
            raise throttled(None if on_app else account, insights, seconds=None)
        if fault == "429_retry_after":
            refusal = throttled(account, insights, seconds=plan.retry_after)
            headers = self._graph.usage.headers(account, insights=insights, regain=plan.retry_after)
            refusal.headers.update(headers)
            raise refusal
        if fault in ("500", "503"):
            raise server_error(int(fault))

    def _note(self, request: Request, call: Call) -> None:
        request.state.account = call.account
        request.state.window = call.window
        request.state.page = bool(call.params.get("after"))
        if "batch" not in call.params:
            shown = {name: value for name, value in call.params.items() if name not in _SECRETS}
            request.state.query = orjson.dumps(shown).decode()
        if call.fault is not None:
            request.state.fault = call.fault


def _json(status: int, body: Any) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type=_JSON_TYPE)
