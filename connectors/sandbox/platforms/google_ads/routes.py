"""Google Ads over HTTP: paths, versions, headers, bodies, and the faults on the way."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from starlette.requests import Request
from starlette.responses import (
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.access import Access, Credential
from connectors.sandbox.platforms.google_ads.errors import (
    GoogleAdsError,
    request_error,
)
from connectors.sandbox.platforms.google_ads.messages import (
    json_array,
    query_text,
    quota_error,
    read_json,
)
from connectors.sandbox.platforms.google_ads.search import Searches
from connectors.sandbox.platforms.google_ads.validation import refuse_retired
from connectors.sandbox.wire.bodies import read_form
from connectors.sandbox.wire.lifecycle import (
    JSON_TYPE,
    WITH_TOKEN,
    Call,
    Lifecycle,
    json_response,
)
from connectors.sandbox.wire.sign_in import granted
from connectors.sandbox.wire.tokens import bearer
from connectors.sandbox.world import World

LIVING_VERSIONS = ("v23", "v24", "v25", "v26")
_SEARCH_KEYS = {"query", "pageToken", "pageSize"}
_STREAM_KEYS = {"query"}
_ON_STREAM = WITH_TOKEN | {"unknown_field"}
_ON_SEARCH = _ON_STREAM | {"duplicate_page", "empty_page"}
_RANGE = re.compile(
    r"segments\.date\s+BETWEEN\s+'(\d{4}-\d\d-\d\d)'\s+AND\s+'(\d{4}-\d\d-\d\d)'", re.IGNORECASE
)


class GoogleAds:
    """The platform's endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.access = Access(world.business.people)
        self._searches = Searches(world.business)
        self._wire = Lifecycle(
            world.faults,
            _refuse,
            check=_check,
            headers=lambda call: {"request-id": call.id},
            tokens=self.access.tokens,
            token_of=lambda request: bearer(request.headers.get("authorization")),
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/google_ads`."""
        one, ways = "/{version}/customers/{customer_id}/googleAds", self._wire.endpoint
        return [
            Route("/o/oauth2/v2/auth", self._consent, methods=["GET"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/{version}/customers:listAccessibleCustomers", ways(self._list)),
            Route(f"{one}:search", ways(self._search, _ON_SEARCH), methods=["POST"]),
            Route(f"{one}:searchStream", ways(self._stream, _ON_STREAM), methods=["POST"]),
        ]

    async def _consent(self, request: Request) -> Response:
        return self.access.codes.page(request, self._world.clock.now())

    async def _token(self, request: Request) -> Response:
        form, now = await read_form(request), self._world.clock.now()
        return granted(lambda: self.access.issue(form, now, self._world.faults.plan))

    def _list(self, call: Call) -> Response:
        names = [f"customers/{one}" for one in self._authenticate(call).reaches]
        return json_response(200, {"resourceNames": names})

    def _search(self, call: Call) -> Response:
        account = self._account(call)
        body = read_json(call.body, _SEARCH_KEYS)
        if body.get("pageSize"):
            raise request_error(
                "PAGE_SIZE_NOT_SUPPORTED",
                "Setting the page size is not supported. Search Responses will have fixed "
                "page size of '10000' rows.",
            )
        query, token = _noted_query(call, body), str(body.get("pageToken") or "")
        call.note(page=bool(token))
        page = self._searches.search(account, query, token, call.fault, self._world.clock.now())
        return Response(page, media_type=JSON_TYPE)

    def _stream(self, call: Call) -> Response:
        account = self._account(call)
        body = read_json(call.body, _STREAM_KEYS)
        chunks = self._searches.stream(
            account,
            _noted_query(call, body),
            call.fault,
            self._world.clock.now(),
        )
        # The first chunk is made now: a refused query is an error, not a broken stream.
        first = next(chunks)
        return StreamingResponse(json_array(chain([first], chunks), call.id), media_type=JSON_TYPE)

    def _authenticate(self, call: Call) -> Credential:
        return self.access.authenticate(
            call.request.headers.get("authorization"), self._world.clock.now(), call.plan
        )

    def _account(self, call: Call) -> Account:
        return self.access.account(
            self._authenticate(call),
            call.request.path_params["customer_id"],
            call.request.headers.get("login-customer-id"),
            call.plan.revoked_accounts,
        )


def _check(call: Call) -> None:
    version = call.request.path_params["version"]
    call.note(account=call.request.path_params.get("customer_id"))
    newest = int(LIVING_VERSIONS[-1][1:])
    if not re.fullmatch(r"v\d{1,3}", version) or int(version[1:]) > newest:
        raise GoogleAdsError(404, "", "", "Requested entity was not found.")
    if version not in LIVING_VERSIONS or call.plan.sunset:
        raise request_error(
            "UNSUPPORTED_VERSION",
            f"Version {version} is deprecated. Requests to this version will be blocked.",
        )


def _refuse(call: Call) -> GoogleAdsError:
    if call.fault == "429":
        return quota_error("RESOURCE_EXHAUSTED", None)
    if call.fault == "429_retry_after":
        return quota_error("RESOURCE_TEMPORARILY_EXHAUSTED", call.plan.retry_after)
    if call.fault == "500":
        words = ("INTERNAL_ERROR", "An internal error has occurred.")
    else:
        words = ("TRANSIENT_ERROR", "A transient error occurred. Retry.")
    return GoogleAdsError(int(call.fault or 500), "internalError", *words)


def _noted_query(call: Call, body: dict[str, Any]) -> str:
    """Returns the query of a body and records its days.

    Raises:
        GoogleAdsError: There is none, or it names a field that is no longer there.
    """
    query = query_text(body)
    window = _RANGE.search(query)
    call.note(query=query, window=window.groups() if window else None)
    refuse_retired(query, call.plan.retired_fields)
    return query
