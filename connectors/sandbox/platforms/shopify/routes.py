"""The Admin API over HTTP: paths, versions, headers, tokens, throttling, faults."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from connectors.sandbox.platforms.shopify.access import Access, shop_id
from connectors.sandbox.platforms.shopify.bulk import BulkOperations
from connectors.sandbox.platforms.shopify.cost import Bucket
from connectors.sandbox.platforms.shopify.errors import (
    BAD_TOKEN,
    internal_error,
    refusal,
    throttled,
)
from connectors.sandbox.platforms.shopify.execution import answer
from connectors.sandbox.platforms.shopify.rest import Rest
from connectors.sandbox.platforms.shopify.root_fields import Query
from connectors.sandbox.platforms.shopify.root_tables import Listed
from connectors.sandbox.platforms.shopify.schema import schema_of
from connectors.sandbox.platforms.shopify.versions import LIVING, served
from connectors.sandbox.platforms.shopify.view import View
from connectors.sandbox.tables.results import Kept
from connectors.sandbox.wire.bodies import read_body
from connectors.sandbox.wire.lifecycle import (
    WITH_TOKEN,
    Call,
    Endpoint,
    Lifecycle,
    Refusal,
    json_response,
)
from connectors.sandbox.wire.sign_in import granted
from connectors.sandbox.world import World

_WINDOW = re.compile(
    r"updated_at:>=?\s*'(\d{4}-\d\d-\d\d)[^']*' AND updated_at:<=?\s*'(\d{4}-\d\d-\d\d)"
)
_ON_FILE = frozenset({"500", "503", "reset", "truncated", "slow"})
_ON_GRAPHQL = WITH_TOKEN | {"unknown_field", "duplicate_page", "empty_page"}
_ON_REST = WITH_TOKEN | {"unknown_field"}
_PAGE_FAULTS = frozenset({"duplicate_page", "empty_page"})
_GIVE_UP = "Exceeded 2 calls per second for api client. Reduce request rates to resume "


@dataclass(slots=True)
class _Shop:
    """What the platform remembers of one shop between requests."""

    bucket: Bucket
    calls: Bucket
    bulk: BulkOperations
    lists: Kept[Listed]


class Shopify:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.access = Access(world.business)
        self._organizations = {shop_id(one): one for one in world.business.people.organizations}
        self._shops: dict[str, _Shop] = {}
        self._wire = Lifecycle(
            world.faults,
            self._refuse,
            check=self._check,
            headers=_headers,
            tokens=self.access.tokens,
            token_of=_token_of,
        )
        self._files = Lifecycle(world.faults, _refuse_file)

    def routes(self) -> Sequence[BaseRoute]:
        """Returns the endpoints, below `/shopify`."""
        api = "/{account}/admin/api/{version}"
        graphql = self._wire.endpoint(self._graphql, _ON_GRAPHQL)
        file = self._files.endpoint(self._bulk_file, _ON_FILE)
        rest = self._rest
        return [
            Route("/{account}/admin/oauth/access_token", self._token, methods=["POST"]),
            Route("/{account}/admin/oauth/access_scopes.json", rest(Rest.scopes)),
            Route("/{account}/bulk/{token}.jsonl", file),
            Route(f"{api}/graphql.json", graphql, methods=["POST"]),
            Route(f"{api}/shop.json", rest(Rest.shop)),
            Route(f"{api}/orders/{{id}}/refunds.json", rest(Rest.refunds)),
            Route(f"{api}/{{resource}}/count.json", rest(Rest.count)),
            Route(f"{api}/{{resource}}/{{id}}.json", rest(Rest.one)),
            Route(f"{api}/{{resource}}.json", rest(Rest.listed)),
        ]

    async def _token(self, request: Request) -> Response:
        account = request.path_params["account"]
        request.state.account = account
        body, now = await read_body(request), self._world.clock.now()

        def issue() -> dict[str, Any]:
            if not self.access.knows(account):
                raise refusal(404, "Not Found")
            if request.headers.get("content-type", "").startswith("application/json"):
                asked = _object(body)
            else:
                asked = dict(parse_qsl(body.decode("utf-8", "replace")))
            return self.access.issue(account, asked, now, self._world.faults.plan)

        return granted(issue)

    def _bulk_file(self, call: Call) -> Response:
        account, token = call.request.path_params["account"], call.request.path_params["token"]
        call.note(account=account)
        content = None
        signed = call.request.query_params.get("X-Goog-Signature") == token[::-1]
        if account in self._shops and signed:
            content = self._shops[account].bulk.file(token, self._world.clock.now())
        if content is None:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        return Response(content, media_type="application/jsonl")

    def _graphql(self, call: Call) -> Response:
        account, view, version = _account(call), self._view(call), _version(call)
        body = _object(call.body)
        text = _text_of(body)
        found = _WINDOW.search(text or "")
        call.note(
            query=text,
            window=found.groups() if found else None,
            page=bool((body.get("variables") or {}).get("after")),
        )
        held = self._shop(account)
        fault = call.fault if call.fault in _PAGE_FAULTS else None
        schema = schema_of(version, call.plan.retired_fields)
        query = Query(view, version, schema, held.bulk, held.lists, _base_url(call), fault)
        result = answer(query, body, held.bucket, time.monotonic())
        if call.fault == "unknown_field":
            # What is asked for by name cannot surprise; what stands beside it can.
            result["extensions"]["sandboxNotice"] = {"depth": 1}
        return json_response(200, result)

    def _rest(self, ask: Callable[[Rest], dict[str, Any]]) -> Endpoint:
        def run(call: Call) -> Response:
            view, left = self._view(call), self._count_call(call)
            base = f"{_base_url(call)}/admin/api/{_asked_version(call)}"
            asked = call.request.query_params
            call.note(page="page_info" in asked)
            rest = Rest(view, base, call.request.path_params, asked)
            body = ask(rest)
            if call.fault == "unknown_field":
                body["sandbox_notice"] = {"depth": 1}
            response = json_response(200, body)
            response.headers["X-Shopify-Shop-Api-Call-Limit"] = left
            if rest.links:
                response.headers["Link"] = rest.links
            return response

        return self._wire.endpoint(run, _ON_REST)

    def _check(self, call: Call) -> None:
        call.note(account=_account(call))
        version = served(_asked_version(call), sunset=call.plan.sunset)
        if version is None or not self.access.knows(_account(call)):
            raise refusal(404, "Not Found")
        call.note(version=version)

    def _view(self, call: Call) -> View:
        now, account = self._world.clock.now(), _account(call)
        scopes = self.access.scopes(account, _token_of(call.request), now, call.plan)
        if account in call.plan.revoked_accounts:
            # The app has been removed from the shop: its tokens are unknown from then on.
            raise refusal(401, BAD_TOKEN)
        book = self._world.business.shop(self._organizations[account])
        return View(book, now, scopes)

    def _shop(self, account: str) -> _Shop:
        shop = self._shops.get(account)
        if shop is None:
            plan = self._world.business.shop(self._organizations[account]).shop.plan
            now = time.monotonic()
            points, calls = Bucket.of_points(plan, now), Bucket.of_calls(plan, now)
            shop = _Shop(points, calls, BulkOperations(), Kept())
            self._shops[account] = shop
        return shop

    def _refuse(self, call: Call) -> Refusal:
        graphql = call.request.url.path.endswith("/graphql.json")
        if call.fault == "429" and graphql:
            bucket = {**self._shop(_account(call)).bucket.as_json(), "currentlyAvailable": 0}
            cost = {"requestedQueryCost": 1, "actualQueryCost": None, "throttleStatus": bucket}
            return throttled(cost)
        if call.fault in ("429", "429_retry_after"):
            delay = f"{call.plan.retry_after:g}"
            again = {"Retry_After": delay} if call.fault == "429_retry_after" else {}
            return refusal(429, f"{_GIVE_UP}uninterrupted service.", **again)
        if call.fault == "500":
            if graphql and int(call.id.rpartition("-")[2]) % 2:
                return internal_error(call.id)
            return refusal(500, "Internal Server Error")
        return refusal(503, "Service Unavailable")

    def _count_call(self, call: Call) -> str:
        calls = self._shop(_account(call)).calls
        if not calls.take(1, time.monotonic()):
            raise refusal(429, f"{_GIVE_UP}uninterrupted service.", Retry_After="2.0")
        return f"{int(calls.maximum - calls.available)}/{int(calls.maximum)}"


def _account(call: Call) -> str:
    return str(call.request.path_params["account"])


def _asked_version(call: Call) -> str:
    # What belongs to the token has no version in its path.
    return str(call.request.path_params.get("version", LIVING[-1]))


def _version(call: Call) -> str:
    return str(call.request.state.version)


def _base_url(call: Call) -> str:
    url = call.request.url
    return f"{url.scheme}://{url.netloc}/shopify/{_account(call)}"


def _token_of(request: Request) -> str | None:
    return request.headers.get("x-shopify-access-token")


def _headers(call: Call) -> dict[str, str]:
    version = getattr(call.request.state, "version", None)
    known = {} if version is None else {"X-Shopify-API-Version": version}
    return {"X-Request-Id": call.id, **known}


def _refuse_file(call: Call) -> Refusal:
    return Refusal(int(call.fault or 500), "<Error><Code>InternalError</Code></Error>")


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
