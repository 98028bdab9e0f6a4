"""The Admin API over HTTP: paths, versions, headers, tokens, throttling, faults."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from connectors.sandbox.bodies import read_body
from connectors.sandbox.platforms.shopify.access import Access
from connectors.sandbox.platforms.shopify.bulk import BulkOperations
from connectors.sandbox.platforms.shopify.cost import Bucket
from connectors.sandbox.platforms.shopify.errors import (
    BAD_TOKEN,
    Refusal,
    internal_error,
    refusal,
    throttled,
)
from connectors.sandbox.platforms.shopify.execution import answer
from connectors.sandbox.platforms.shopify.lists import Lists
from connectors.sandbox.platforms.shopify.rest import Rest
from connectors.sandbox.platforms.shopify.rest_endpoints import (
    count,
    listed,
    one,
    refunds,
    scopes,
    shop,
)
from connectors.sandbox.platforms.shopify.retired import refuse_retired
from connectors.sandbox.platforms.shopify.root_fields import Query
from connectors.sandbox.platforms.shopify.versions import LIVING, served
from connectors.sandbox.platforms.shopify.view import View
from connectors.sandbox.transport import Reset, Truncated
from connectors.sandbox.world import World

JSON_TYPE = "application/json; charset=utf-8"
_WINDOW = re.compile(
    r"updated_at:>=?\s*'(\d{4}-\d\d-\d\d)[^']*' AND updated_at:<=?\s*'(\d{4}-\d\d-\d\d)"
)
_ON_ANY = frozenset({"429", "429_retry_after", "500", "503", "reset", "truncated", "slow"})
_ON_GRAPHQL = _ON_ANY | {"expired_token", "unknown_field", "duplicate_page", "empty_page"}
_ON_REST = _ON_ANY | {"expired_token", "unknown_field"}
_PAGE_FAULTS = frozenset({"duplicate_page", "empty_page"})
_REST_BUCKETS = {"Basic": (40, 2.0), "Advanced": (80, 4.0)}
_LARGE_REST_BUCKET = (400, 20.0)
_GIVE_UP = "Exceeded 2 calls per second for api client. Reduce request rates to resume "


@dataclass(slots=True)
class _Shop:
    """What the platform remembers of one shop between requests."""

    bucket: Bucket
    calls: float
    called_at: float
    bulk: BulkOperations
    lists: Lists


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has got through: who asks, what of, with which version and which fault."""

    account: str
    version: str
    view: View
    base_url: str
    request_id: str
    fault: str | None


Answer = Callable[[Call], Response]


class Shopify:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.access = Access(world.business)
        self._organizations = {
            one.id.replace("_", "-"): one for one in world.business.people.organizations
        }
        self._shops: dict[str, _Shop] = {}
        self._answered = 0

    def routes(self) -> Sequence[BaseRoute]:
        """Returns the endpoints, below `/shopify`."""
        api = "/{account}/admin/api/{version}"
        return [
            Route("/{account}/admin/oauth/access_token", self._token, methods=["POST"]),
            Route("/{account}/admin/oauth/access_scopes.json", self._rest(scopes), methods=["GET"]),
            Route("/{account}/bulk/{token}.jsonl", self._bulk_file, methods=["GET"]),
            Route(f"{api}/graphql.json", self._graphql, methods=["POST"]),
            Route(f"{api}/shop.json", self._rest(shop), methods=["GET"]),
            Route(f"{api}/orders/{{id}}/refunds.json", self._rest(refunds), methods=["GET"]),
            Route(f"{api}/{{resource}}/count.json", self._rest(count), methods=["GET"]),
            Route(f"{api}/{{resource}}/{{id}}.json", self._rest(one), methods=["GET"]),
            Route(f"{api}/{{resource}}.json", self._rest(listed), methods=["GET"]),
        ]

    async def _token(self, request: Request) -> Response:
        account = request.path_params["account"]
        request.state.account = account
        body = await read_body(request)
        try:
            if not self.access.knows(account):
                raise refusal(404, "Not Found")
            if request.headers.get("content-type", "").startswith("application/json"):
                asked = _object(body)
            else:
                asked = dict(parse_qsl(body.decode("utf-8", "replace")))
            issued = self.access.issue(
                account, asked, self._world.clock.now(), self._world.faults.plan
            )
        except Refusal as trouble:
            return _json(trouble.status, trouble.body)
        return _json(200, issued)

    async def _bulk_file(self, request: Request) -> Response:
        account, token = request.path_params["account"], request.path_params["token"]
        request.state.account = account
        plan = self._world.faults.plan
        request.state.fault = fault = self._world.faults.meet(
            request.url.path.encode(), frozenset({"500", "503", "reset", "truncated", "slow"})
        )
        if fault == "reset":
            return Reset()
        if fault in ("500", "503"):
            return Response("<Error><Code>InternalError</Code></Error>", int(fault))
        if fault == "slow":
            await asyncio.sleep(plan.slow_seconds)
        signed = request.query_params.get("X-Goog-Signature") == token[::-1]
        content = None
        if account in self._shops and signed:
            content = self._shops[account].bulk.file(token, self._world.clock.now())
        if content is None:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        if fault == "truncated":
            return Truncated(content, media_type="application/jsonl")
        return Response(content, media_type="application/jsonl")

    async def _graphql(self, request: Request) -> Response:
        sent = await read_body(request)

        def run(call: Call) -> Response:
            body = _object(sent)
            request.state.query = text = _text_of(body)
            found = _WINDOW.search(text or "")
            request.state.window = found.groups() if found else None
            request.state.page = bool((body.get("variables") or {}).get("after"))
            retired = self._world.faults.plan.retired_fields
            if shown := refuse_retired(call.version, body, retired):
                return _json(200, shown)
            held = self._shop(call.account)
            query = Query(
                call.view,
                call.version,
                held.bulk,
                held.lists,
                call.base_url,
                call.fault if call.fault in _PAGE_FAULTS else None,
            )
            result = answer(query, body, held.bucket, time.monotonic())
            if call.fault == "unknown_field":
                # What is asked for by name cannot surprise; what stands beside it can.
                result["extensions"]["sandboxNotice"] = {"depth": 1}
            return _json(200, result)

        return await self._answer(request, _ON_GRAPHQL, run, graphql=True)

    def _rest(self, resource: Callable[[Rest, Request], Any]) -> Any:
        async def endpoint(request: Request) -> Response:
            def run(call: Call) -> Response:
                left = self._count_call(call)
                version = request.path_params.get("version", call.version)
                base = f"{call.base_url}/admin/api/{version}"
                request.state.page = "page_info" in request.query_params
                body, links = resource(Rest(call.view, base), request)
                if call.fault == "unknown_field":
                    body["sandbox_notice"] = {"depth": 1}
                response = _json(200, body)
                response.headers["X-Shopify-Shop-Api-Call-Limit"] = left
                if links:
                    response.headers["Link"] = links
                return response

            return await self._answer(request, _ON_REST, run, graphql=False)

        return endpoint

    async def _answer(
        self, request: Request, possible: frozenset[str], run: Answer, *, graphql: bool
    ) -> Response:
        self._answered += 1
        request_id = f"sandbox-{self._answered:08d}"
        account = request.state.account = request.path_params["account"]
        token = request.headers.get("x-shopify-access-token")
        plan, fault, version = self._world.faults.plan, None, None
        try:
            version = self._version(request)
            if not self.access.can_end(token):
                possible = possible - {"expired_token"}
            fault = self._world.faults.meet(await _identity(request), possible)
            if fault == "expired_token" and not self.access.end(token, plan):
                fault = None
            request.state.fault = fault
            if fault == "slow":
                await asyncio.sleep(plan.slow_seconds)
            if fault == "reset":
                return Reset()
            view = self._view(account, token)
            self._fail(fault, account, request_id, graphql=graphql)
            base = f"{request.url.scheme}://{request.url.netloc}/shopify/{account}"
            response = run(Call(account, version, view, base, request_id, fault))
        except Refusal as trouble:
            response = _json(trouble.status, trouble.body)
            response.headers.update(trouble.headers)
        except HTTPException as trouble:
            response = _json(trouble.status_code, {"errors": trouble.detail})
        response.headers["X-Request-Id"] = request_id
        if version is not None:
            response.headers["X-Shopify-API-Version"] = version
        if fault == "truncated":
            return Truncated(response.body, response.status_code, dict(response.headers))
        return response

    def _version(self, request: Request) -> str:
        # What belongs to the token has no version in its path.
        asked = request.path_params.get("version", LIVING[-1])
        version = served(asked, sunset=self._world.faults.plan.sunset)
        if version is None or not self.access.knows(request.path_params["account"]):
            raise refusal(404, "Not Found")
        return version

    def _view(self, account: str, token: str | None) -> View:
        now = self._world.clock.now()
        scopes = self.access.scopes(account, token, now)
        if account in self._world.faults.plan.revoked_accounts:
            # The app has been removed from the shop: its tokens are unknown from then on.
            raise refusal(401, BAD_TOKEN)
        book = self._world.business.shop(self._organizations[account])
        return View(book, now, scopes)

    def _shop(self, account: str) -> _Shop:
        shop = self._shops.get(account)
        if shop is None:
            plan = self._world.business.shop(self._organizations[account]).shop.plan
            now = time.monotonic()
            shop = _Shop(Bucket.of(plan, now), 0.0, now, BulkOperations(), Lists())
            self._shops[account] = shop
        return shop

    def _fail(self, fault: str | None, account: str, request_id: str, *, graphql: bool) -> None:
        delay = f"{self._world.faults.plan.retry_after:g}"
        if fault == "429" and graphql:
            bucket = {**self._shop(account).bucket.as_json(), "currentlyAvailable": 0}
            cost = {"requestedQueryCost": 1, "actualQueryCost": None, "throttleStatus": bucket}
            raise throttled(cost)
        if fault in ("429", "429_retry_after"):
            again = {"Retry_After": delay} if fault == "429_retry_after" else {}
            raise refusal(429, f"{_GIVE_UP}uninterrupted service.", **again)
        if fault == "500" and graphql and self._answered % 2:
            raise internal_error(request_id)
        if fault == "500":
            raise refusal(500, "Internal Server Error")
        if fault == "503":
            raise refusal(503, "Service Unavailable")

    def _count_call(self, call: Call) -> str:
        shop, now = self._shop(call.account), time.monotonic()
        size, leak = _REST_BUCKETS.get(call.view.shop.plan, _LARGE_REST_BUCKET)
        shop.calls = max(0.0, shop.calls - (now - shop.called_at) * leak)
        shop.called_at = now
        if shop.calls + 1 > size:
            raise refusal(429, f"{_GIVE_UP}uninterrupted service.", Retry_After="2.0")
        shop.calls += 1
        return f"{int(shop.calls)}/{size}"


async def _identity(request: Request) -> bytes:
    """Returns what makes a request this one, for faults: its method, path, query and body."""
    body = await read_body(request)
    url = request.url
    return b"\x1f".join([request.method.encode(), f"{url.path}?{url.query}".encode(), body])


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as trouble:
        raise Refusal(400, {"errors": "json body could not be parsed"}) from trouble
    if not isinstance(found, dict):
        raise Refusal(400, {"errors": "json body must be an object"})
    return found


def _text_of(body: dict[str, Any]) -> str | None:
    query, variables = body.get("query"), body.get("variables")
    if not isinstance(query, str):
        return None
    return query if not variables else f"{query}\n{orjson.dumps(variables).decode()}"


def _json(status: int, body: Any) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type=JSON_TYPE)
