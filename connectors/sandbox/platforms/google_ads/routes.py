"""Google Ads over HTTP: paths, versions, headers, bodies, and the faults on the way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from starlette.requests import Request
from starlette.responses import (
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from connectors.sandbox.bodies import read_form
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.access import (
    LIFETIME,
    Access,
    Credential,
    OAuthRefusal,
)
from connectors.sandbox.platforms.google_ads.consent import SCOPE, Refused
from connectors.sandbox.platforms.google_ads.errors import (
    GoogleAdsError,
    request_error,
    unknown_json_name,
)
from connectors.sandbox.platforms.google_ads.field_metadata import search_fields
from connectors.sandbox.platforms.google_ads.managers import Manager
from connectors.sandbox.platforms.google_ads.messages import (
    JSON_TYPE,
    cut,
    identity,
    json_array,
    json_response,
    query_text,
    quota_error,
    read_json,
)
from connectors.sandbox.platforms.google_ads.search import Searches, SearchRequest
from connectors.sandbox.platforms.google_ads.validation import refuse_retired
from connectors.sandbox.transport import Reset
from connectors.sandbox.world import World

LIVING_VERSIONS = ("v23", "v24", "v25", "v26")
_SEARCH_KEYS = {"query", "pageToken", "pageSize", "validateOnly", "searchSettings"}
_SETTINGS = {"omitResults", "returnSummaryRow", "returnTotalResultsCount"}
_STREAM_KEYS = {"query", "summaryRowSetting"}
_FIELD_KEYS = {"query", "pageToken", "pageSize"}
_ON_ANY = frozenset({"429", "429_retry_after", "500", "503", "reset", "truncated", "slow"})
_WITH_TOKEN = _ON_ANY | {"expired_token"}
_ON_STREAM = _WITH_TOKEN | {"unknown_field"}
_ON_SEARCH = _ON_STREAM | {"duplicate_page", "empty_page"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that has got through: its id, and a fault that its answer is to show."""

    request_id: str
    fault: str | None


Answer = Callable[[Call], Awaitable[Response]]
_RANGE = re.compile(
    r"segments\.date\s+BETWEEN\s+'(\d{4}-\d\d-\d\d)'\s+AND\s+'(\d{4}-\d\d-\d\d)'", re.IGNORECASE
)


class GoogleAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.access = Access(world.business.people)
        self._searches = Searches(world.business)
        self._answered = 0

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/google_ads`."""
        one = "/{version}/customers/{customer_id}/googleAds"
        return [
            Route("/o/oauth2/v2/auth", self._consent, methods=["GET"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/{version}/customers:listAccessibleCustomers", self._list, methods=["GET"]),
            Route("/{version}/googleAdsFields:search", self._fields, methods=["POST"]),
            Route(f"{one}:search", self._search, methods=["POST"]),
            Route(f"{one}:searchStream", self._stream, methods=["POST"]),
        ]

    async def _consent(self, request: Request) -> Response:
        try:
            back = self.access.codes.allow(dict(request.query_params), self._world.clock.now())
        except Refused as refusal:
            return PlainTextResponse(f"Error 400: {refusal}", 400)
        return RedirectResponse(back, 302)

    async def _token(self, request: Request) -> Response:
        try:
            token = self.access.issue(
                await read_form(request), self._world.clock.now(), self._world.faults.plan
            )
        except OAuthRefusal as refusal:
            body = {"error": refusal.error, "error_description": refusal.description}
            return json_response(refusal.http, body)
        return json_response(
            200,
            {
                **token,
                "expires_in": int(LIFETIME.total_seconds()),
                "scope": SCOPE,
                "token_type": "Bearer",
            },
        )

    async def _list(self, request: Request) -> Response:
        async def answer(_: Call) -> Response:
            credential = self._authenticate(request)
            names = [f"customers/{one}" for one in credential.reaches]
            return json_response(200, {"resourceNames": names})

        return await self._answer(request, _WITH_TOKEN, answer)

    async def _fields(self, request: Request) -> Response:
        async def answer(_: Call) -> Response:
            self._authenticate(request)
            body = await read_json(request, _FIELD_KEYS)
            rows = search_fields(query_text(body))
            return json_response(200, {"results": rows, "totalResultsCount": str(len(rows))})

        return await self._answer(request, _WITH_TOKEN, answer)

    async def _search(self, request: Request) -> Response:
        async def answer(call: Call) -> Response:
            account = self._account(request)
            body = await read_json(request, _SEARCH_KEYS)
            if body.get("pageSize"):
                raise request_error(
                    "PAGE_SIZE_NOT_SUPPORTED",
                    "Setting the page size is not supported. Search Responses will have fixed "
                    "page size of '10000' rows.",
                )
            settings = body.get("searchSettings") or {}
            for name in settings:
                if name not in _SETTINGS:
                    raise unknown_json_name(name)
            query = query_text(body)
            _note(request, query)
            refuse_retired(query, self._world.faults.plan.retired_fields)
            now = self._world.clock.now()
            if body.get("validateOnly"):
                self._searches.asked(account, query, now)
                return json_response(200, {})
            asked = SearchRequest(
                query=query,
                page_token=str(body.get("pageToken") or ""),
                omit_results=bool(settings.get("omitResults")),
                summary_row=bool(settings.get("returnSummaryRow")),
                total_count=bool(settings.get("returnTotalResultsCount")),
                fault=call.fault,
            )
            request.state.page = bool(asked.page_token)
            return Response(self._searches.search(account, asked, now), media_type=JSON_TYPE)

        return await self._answer(request, _ON_SEARCH, answer)

    async def _stream(self, request: Request) -> Response:
        async def answer(call: Call) -> Response:
            account = self._account(request)
            body = await read_json(request, _STREAM_KEYS)
            query = query_text(body)
            _note(request, query)
            refuse_retired(query, self._world.faults.plan.retired_fields)
            chunks = self._searches.stream(
                account,
                query,
                str(body.get("summaryRowSetting") or "").replace("NO_SUMMARY_ROW", ""),
                call.fault,
                self._world.clock.now(),
            )
            # The first chunk is made now: a refused query is an error, not a broken stream.
            first = next(chunks)
            return StreamingResponse(
                json_array(chain([first], chunks), call.request_id), media_type=JSON_TYPE
            )

        return await self._answer(request, _ON_STREAM, answer, in_array=True)

    async def _answer(
        self, request: Request, possible: frozenset[str], answer: Answer, *, in_array: bool = False
    ) -> Response:
        self._answered += 1
        request_id = f"sandbox-{self._answered:08d}"
        version = request.path_params["version"]
        request.state.account = request.path_params.get("customer_id")
        try:
            self._check_version(version)
            fault = self._world.faults.meet(await identity(request), possible)
            if fault == "expired_token" and not self._end_token(request):
                fault = None
            request.state.fault = fault
            self._fail(fault)
            if fault == "slow":
                await asyncio.sleep(self._world.faults.plan.slow_seconds)
            if fault == "reset":
                return Reset()
            response = await answer(Call(request_id, fault))
        except GoogleAdsError as refusal:
            body: Any = refusal.body(version, request_id)
            response = json_response(refusal.http, [body] if in_array else body)
            response.headers.update(refusal.headers)
            fault = None
        response.headers["request-id"] = request_id
        if fault == "truncated":
            return await cut(response)
        return response

    def _check_version(self, version: str) -> None:
        if not re.fullmatch(r"v\d{1,3}", version) or int(version[1:]) > int(
            LIVING_VERSIONS[-1][1:]
        ):
            raise GoogleAdsError(404, "", "", "Requested entity was not found.")
        if version not in LIVING_VERSIONS or self._world.faults.plan.sunset:
            raise request_error(
                "UNSUPPORTED_VERSION",
                f"Version {version} is deprecated. Requests to this version will be blocked.",
            )

    def _fail(self, fault: str | None) -> None:
        delay = self._world.faults.plan.retry_after
        if fault == "429":
            raise quota_error("RESOURCE_EXHAUSTED", None)
        if fault == "429_retry_after":
            raise quota_error("RESOURCE_TEMPORARILY_EXHAUSTED", delay)
        if fault == "500":
            raise GoogleAdsError(
                500, "internalError", "INTERNAL_ERROR", "An internal error has occurred."
            )
        if fault == "503":
            raise GoogleAdsError(
                503, "internalError", "TRANSIENT_ERROR", "A transient error occurred. Retry."
            )

    def _end_token(self, request: Request) -> bool:
        return self.access.end_token(request.headers.get("authorization"), self._world.faults.plan)

    def _authenticate(self, request: Request) -> Credential:
        return self.access.authenticate(
            request.headers.get("authorization"), self._world.clock.now()
        )

    def _account(self, request: Request) -> Account | Manager:
        return self.access.account(
            self._authenticate(request),
            request.path_params["customer_id"],
            request.headers.get("login-customer-id"),
            self._world.faults.plan.revoked_accounts,
        )


def _note(request: Request, query: str) -> None:
    request.state.query = query
    window = _RANGE.search(query)
    request.state.window = window.groups() if window else None
