"""The one endpoint of the API v3, and the targets and methods that a warehouse asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.affiliates import affiliate_books
from connectors.sandbox.platforms.tune import rows
from connectors.sandbox.platforms.tune.network import NETWORK, TOKEN
from connectors.sandbox.platforms.tune.rows import Json
from connectors.sandbox.tables.affiliates import Program
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import page, with_unknown_fields
from connectors.sandbox.wire.sign_in import SignIn
from connectors.sandbox.world import World

_DATES = "filters[Stat.date][values][{}]"
Entities = Callable[[Program], dict[str, Json]]
Reported = Callable[[Program, date, date], list[Json]]


def token_of(request: Request) -> str | None:
    """Returns the token of a request, which stands among its parameters."""
    return request.query_params.get("NetworkToken")


class Endpoints:
    """The endpoint over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.account_id: one for one in affiliate_books(world.business, NETWORK)}
        accounts = [one.account for one in self._books.values()]
        self._sign_in = SignIn.lasting(
            accounts, TOKEN, lambda _: _unknown(), world.clock.now, token_of
        )
        self._wire = Lifecycle(
            world.faults, _of_fault, check=_check, tokens=self._sign_in.tokens, token_of=token_of
        )
        self._entities: dict[tuple[str, str], Entities] = {
            ("Offer", "findAll"): rows.offers,
            ("Affiliate", "findAll"): rows.partners,
            ("AffiliateBilling", "findAllInvoices"): rows.invoices,
        }
        self._reports: dict[tuple[str, str], Reported] = {
            ("Report", "getConversions"): rows.conversions,
            ("Report", "getStats"): rows.stats,
        }

    def routes(self) -> list[Route]:
        """Returns the endpoint, below `/tune`."""
        possible = WITH_TOKEN | {"unknown_field"}
        return [Route("/Apiv3/json", self._wire.endpoint(self._answer, possible))]

    def _answer(self, call: Call) -> Response:
        asked = call.request.query_params
        call.note_query("NetworkToken")
        named = asked.get("Target", ""), asked.get("Method", "")
        program = self._program(call)
        if named == ("Application", "getTimezone"):
            zone = {"id": "13", "name": program.book.shop.time_zone, "gmt": "12"}
            return _enveloped(call, {"Timezone": zone})
        if named in self._entities:
            found = self._entities[named](program)
            shown, paging = self._paged(call, list(found.items()))
            return _enveloped(call, {**paging, "data": dict(shown)} if shown else {"data": []})
        if named in self._reports:
            return self._report(call, self._reports[named](program, *_dates(call)))
        raise _refusal(f"Method {named[1]} does not exist for {named[0]}")

    def _report(self, call: Call, found: list[Json]) -> Response:
        wanted = call.request.query_params.get("filters[Stat.is_adjustment][values]")
        if wanted is not None:
            found = [one for one in found if one.get("is_adjustment") == wanted]
        named = [
            value.partition(".")[2]
            for name, value in call.request.query_params.multi_items()
            if name.startswith("fields[")
        ]
        unknown = [one for one in named if found and one not in found[0]]
        if unknown:
            raise _refusal(f"Field Stat.{unknown[0]} is not available")
        kept = [{name: one[name] for name in named} for one in found]
        shown, paging = self._paged(call, kept)
        stats = [{"Stat": one} for one in with_unknown_fields(shown, call.fault)]
        return _enveloped(call, {**paging, "data": stats} if stats else {"data": False})

    def _paged(self, call: Call, found: list[Any]) -> tuple[list[Any], Json]:
        size = call.number("limit", 100_000, 100_000, _refusal("limit must be a number"))
        number = call.number("page", 1, 2**31, _refusal("page must be a number"))
        shown = page(self._world.faults, call.list_key("page"), found, number, size)
        call.note(page=number > 1, fault=shown.fault or call.fault)
        paging = {"page": number, "current": len(shown.rows), "count": shown.total}
        return list(shown.rows), {**paging, "pageCount": shown.pages}

    def _program(self, call: Call) -> Program:
        named = call.request.query_params.get("NetworkId", "")
        call.note(account=named)
        if named not in self._sign_in.reached(call):
            raise _unknown()
        return Program(self._books[named], int(self._world.clock.now().timestamp()))


def _enveloped(call: Call, data: Json) -> Response:
    asked = call.request.query_params
    request = {
        "Target": asked.get("Target"), "Format": "json", "Service": "HasOffers", "Version": "3",
        "NetworkId": asked.get("NetworkId"), "Method": asked.get("Method"),
    }  # fmt: skip
    response = {"status": 1, "httpStatus": 200, "data": data, "errors": [], "errorMessage": ""}
    return json_response(200, {"request": request, "response": response})


def _refusal(message: str) -> Refusal:
    said = {"data": "", "errors": [{"publicMessage": message}], "errorMessage": message}
    return Refusal(200, {"response": {"status": -1, "httpStatus": 200, **said}})


def _unknown() -> Refusal:
    return _refusal("NetworkToken is not authenticated")


def _of_fault(call: Call) -> Refusal:
    if str(call.fault).startswith("429"):
        return _refusal("API usage exceeded rate limit. Configured: 50/10s window; Your usage: 51.")
    return Refusal.of_fault(call, lambda status: f"<html>{HTTPStatus(status).phrase}</html>")


def _check(call: Call) -> None:
    if call.plan.sunset:
        raise Refusal(410, "<html>Gone</html>")


def _dates(call: Call) -> tuple[date, date]:
    wrong = _refusal("Stat.date must be filtered")
    first, last = (call.day(_DATES.format(place), wrong) for place in (0, 1))
    call.note(window=(str(first), str(last)))
    return first, last
