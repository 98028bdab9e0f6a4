"""Graph API over HTTP: versions, slashes, tokens, usage headers, batches, and faults on the way."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
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
from connectors.sandbox.platforms.meta_ads.graph import Asking, Graph, canonical
from connectors.sandbox.platforms.meta_ads.parameters import read_json
from connectors.sandbox.wire.faults import JOB_KINDS
from connectors.sandbox.wire.lifecycle import (
    JSON_TYPE,
    REFUSED,
    WITH_TOKEN,
    Call,
    Lifecycle,
    json_response,
)
from connectors.sandbox.wire.tokens import bearer
from connectors.sandbox.world import World

LIVING_VERSIONS = ("v23.0", "v24.0", "v25.0", "v26.0")
_MOST_IN_BATCH = 50
_SECRETS = frozenset({"access_token", "appsecret_proof"})
_ON_LISTS = WITH_TOKEN | {"duplicate_page", "empty_page", "unknown_field"}
_ON_JOBS = WITH_TOKEN | set(JOB_KINDS)
_LISTS = ("insights", "campaigns", "adsets", "ads", "adcreatives", "adaccounts")


class MetaAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._access = Access(world.business.people)
        self._graph = Graph(world, self._access)
        self._wire = Lifecycle(
            world.faults,
            lambda call: self._refusal(_asking(call), call.fault or ""),
            check=self._check,
            headers=self._headers,
            tokens=self._access.tokens,
            token_of=lambda request: _token(request.state.asking),
            identity=lambda call: canonical(_asking(call)),
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/meta_ads`."""
        any_ = self._wire.endpoint(self._answer, lambda call: _possible(_asking(call)))
        return [Route("/{path:path}", any_, methods=["GET", "POST"])]

    def _check(self, call: Call) -> None:
        request = call.request
        params = dict(request.query_params)
        if request.method == "POST":
            sent = call.body.decode("utf-8", "replace")
            params.update(parse_qsl(sent, keep_blank_values=True))
        given = request.headers.get("authorization", "")
        token = bearer(re.sub("^oauth ", "Bearer ", given, flags=re.IGNORECASE))
        if token is not None:
            params.setdefault("access_token", token)
        base = f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"
        method = params.get("method", request.method).upper()
        shown = {name: value for name, value in params.items() if name not in _SECRETS}
        asking = self._read(method, request.path_params["path"], params, base, None)
        call.note(
            asking=asking,
            account=asking.account,
            page=bool(params.get("after")),
            query=params.get("batch") or orjson.dumps(shown).decode(),
        )

    def _read(
        self, method: str, path: str, params: dict[str, str], base: str, version: str | None
    ) -> Asking:
        parts = [part for part in path.split("/") if part]
        if parts and re.fullmatch(r"v\d{1,3}\.\d", parts[0]):
            version = parts.pop(0)
        version = version or LIVING_VERSIONS[0]
        newest = LIVING_VERSIONS[-1]
        if version not in LIVING_VERSIONS and float(version[1:]) > float(newest[1:]):
            raise unknown_path("/".join([version, *parts]))
        if version not in LIVING_VERSIONS or self._world.faults.plan.sunset:
            raise sunset(version, newest)
        asking = Asking(method, version, tuple(parts), params, base)
        if parts and parts[0].startswith("act_"):
            asking.account = parts[0].removeprefix("act_")
        return asking

    def _answer(self, call: Call) -> Response:
        asking = _asking(call)
        asking.fault = call.fault
        body = self._batch(asking) if _is_batch(asking) else self._graph.answer(asking)
        return json_response(200, body)

    def _batch(self, asking: Asking) -> list[dict[str, Any] | None]:
        """Answers up to 50 calls at once; one that breaks off is `null`, as at the platform."""
        parts = read_json("batch", asking.params["batch"])
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise invalid("batch parameter must be a JSON array")
        if len(parts) > _MOST_IN_BATCH:
            raise invalid(f"Too many requests in batch message: at most {_MOST_IN_BATCH}")
        written = asking.params.get("include_headers", "true").lower() != "false"
        return [self._part(asking, part, written) for part in parts]

    def _part(
        self, asking: Asking, part: dict[str, Any], with_headers: bool
    ) -> dict[str, Any] | None:
        url = urlsplit(str(part.get("relative_url", "")))
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        params.update(parse_qsl(str(part.get("body", "")), keep_blank_values=True))
        for name in ("access_token", "appsecret_proof"):
            if name in asking.params:
                params.setdefault(name, asking.params[name])
        try:
            method = str(part.get("method", "GET")).upper()
            inner = self._read(method, url.path, params, asking.base, asking.version)
            possible = _possible(inner) - {"expired_token"}
            inner.fault = self._world.faults.meet(canonical(inner), possible)
            if inner.fault in ("reset", "truncated"):
                return None
            if inner.fault in REFUSED:
                raise self._refusal(inner, inner.fault)
            status, body = 200, self._graph.answer(inner)
            asking.account, asking.insights = inner.account, asking.insights or inner.insights
        except GraphError as refusal:
            status, body = refusal.status, refusal.written("batch")
        answer: dict[str, Any] = {"code": status, "body": orjson.dumps(body).decode()}
        if with_headers:
            answer["headers"] = [{"name": "Content-Type", "value": JSON_TYPE}]
        return answer

    def _refusal(self, asking: Asking, fault: str) -> GraphError:
        plan, insights = self._world.faults.plan, asking.path[-1:] == ("insights",)
        if fault in ("500", "503"):
            return server_error(int(fault))
        named = len(asking.path) > 0 and asking.path[0] != "me"
        account = asking.path[0].removeprefix("act_") if named else None
        if fault == "429":
            on_app = plan.seed % 2 == 0 or account is None
            return throttled(None if on_app else account, insights, seconds=None)
        refusal = throttled(account, insights, seconds=plan.retry_after)
        usage = self._graph.usage.headers(account, insights=insights, regain=plan.retry_after)
        refusal.headers.update(usage)
        return refusal

    def _headers(self, call: Call) -> dict[str, str]:
        asking: Asking | None = getattr(call.request.state, "asking", None)
        trace = {"x-fb-trace-id": call.id}
        if asking is None:
            return trace
        call.note(account=asking.account, window=asking.window)
        usage = self._graph.usage.headers(asking.account, insights=asking.insights)
        return {**trace, "facebook-api-version": asking.version, **usage}


def _asking(call: Call) -> Asking:
    asking: Asking = call.request.state.asking
    return asking


def _token(asking: Asking) -> str | None:
    return asking.params.get("access_token")


def _is_batch(asking: Asking) -> bool:
    return not asking.path and "batch" in asking.params


def _possible(asking: Asking) -> frozenset[str]:
    """Returns the faults that a call can meet; in a batch each part meets its own."""
    if _is_batch(asking):
        return frozenset()
    edge = asking.path[-1] if asking.path else ""
    if edge == "insights" and asking.method == "POST":
        return _ON_JOBS
    return _ON_LISTS if edge in _LISTS else WITH_TOKEN
