"""The documented calls of the network realm, as of one clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.affiliate_entities import (
    APPROVED,
    INVALID,
    PENDING,
    REJECTED,
    Click,
    Conversion,
    State,
)
from connectors.sandbox.business.affiliates import AffiliateBook, affiliate_books
from connectors.sandbox.platforms.trackier.network import KEY, NETWORK, long_id
from connectors.sandbox.tables.affiliates import Program
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import with_unknown_fields
from connectors.sandbox.wire.sign_in import SignIn
from connectors.sandbox.world import World

Json = dict[str, Any]
_WORDS = {PENDING: "pending", APPROVED: "approved", REJECTED: "rejected", INVALID: "cancelled"}
_CONVERSIONS, _CLICKS = 500, 1000
_GROUPS = ["created", "campaign_id", "publisher_id"]
_DRIFTS = WITH_TOKEN | {"unknown_field"}


def key_of(request: Request) -> str | None:
    """Returns the key of a request."""
    return request.headers.get("x-api-key")


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.account_id: one for one in affiliate_books(world.business, NETWORK)}
        accounts = [one.account for one in self._books.values()]
        self._sign_in = SignIn.lasting(
            accounts, KEY, lambda _: _error(400, 13, "Invalid API Key"), world.clock.now, key_of
        )
        self._wire = Lifecycle(
            world.faults, _of_fault, check=_check, tokens=self._sign_in.tokens, token_of=key_of
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/trackier`."""
        wire = self._wire.endpoint
        return [
            Route("/campaign", wire(self._campaigns)),
            Route("/network/conversions", wire(self._conversions, _DRIFTS)),
            Route("/network/clicks", wire(self._clicks, _DRIFTS)),
            Route("/network/customReport", wire(self._sums, _DRIFTS)),
        ]

    def _campaigns(self, call: Call) -> Response:
        book = self._program(call).book
        currency = book.shop.currency
        found = [
            {
                "_id": long_id("offer", one.id),
                "id": int(one.id),
                "title": one.name,
                "status": one.status,
                "currency": currency,
                "model": "cps" if one.per_mille else "cpa",
            }
            for one in book.offers
        ]
        shown, number, size = _paged(call, found, 20)
        data = {"campaigns": shown, "total": len(found), "page": number, "limit": size}
        return json_response(200, {"success": True, "data": data})

    def _conversions(self, call: Call) -> Response:
        program = self._program(call)
        start, end = _span(call, program.book)
        found = program.conversions(start, end)
        fields = call.request.query_params.getlist("fields[]")
        shown, number, _ = _paged(call, list(reversed(found)), _CONVERSIONS, most=_CONVERSIONS)
        rows = with_unknown_fields(
            [_conversion(one, state, program.book) for one, state in shown], call.fault
        )
        ids = [one.id for one, _ in shown]
        known = {*fields, "sandbox_field"}
        kept = [{name: value for name, value in row.items() if name in known} for row in rows]
        return json_response(
            200,
            {
                "success": True,
                "query": {"fields": fields},
                "limit": _CONVERSIONS,
                "page": number,
                "columns": {name: name for name in fields},
                # Without rows PHP's empty array is a list.
                "records": dict(zip(ids, kept, strict=True)) or [],
                "count": len(kept),
            },
        )

    def _clicks(self, call: Call) -> Response:
        program = self._program(call)
        start, end = _span(call, program.book)
        shown, _, _ = _paged(call, program.clicks(start, end), _CLICKS)
        rows = [_click(one, program.book) for one in shown]
        data = {"clicks": with_unknown_fields(rows, call.fault)}
        return json_response(200, {"success": True, "data": data})

    def _sums(self, call: Call) -> Response:
        program = self._program(call)
        if call.request.query_params.getlist("group[]") != _GROUPS:
            raise _error(400, 20, "Invalid group")
        first, last = _dates(call)
        rows = [
            {
                "created": str(day),
                "campaign_id": int(offer),
                "publisher_id": int(partner),
                "currency": program.book.shop.currency,
                "grossClicks": sums.clicks,
                "uniqueClicks": sums.unique_clicks,
                "approvedConversions": sums.conversions,
                "payout": sums.payout / 100,
                "revenue": sums.revenue / 100,
                "saleAmount": sums.sales / 100,
            }
            for (day, partner, offer), sums in program.days(first, last).items()
        ]
        return json_response(
            200, {"success": True, "records": with_unknown_fields(rows, call.fault)}
        )

    def _program(self, call: Call) -> Program:
        call.note_query()
        reached = self._sign_in.reached(call)
        if not reached:
            raise _error(403, 42, "Account locked")
        (account,) = reached
        call.note(account=account)
        return Program(self._books[account], int(self._world.clock.now().timestamp()))


def _conversion(one: Conversion, state: State, book: AffiliateBook) -> Json:
    return {
        "cid": one.click.id,
        "created": _local(one.at, book),
        "click_created": _local(one.click.at, book),
        **_parties(one.click),
        "status": _WORDS[state.status],
        "payout": state.payout_cents / 100,
        "revenue": state.revenue_cents / 100,
        "sale_amount": state.sale_cents / 100,
        "currency": book.shop.currency,
        "goal_id": None,
        "txn_id": one.order_id,
        "p1": one.click.sub_id,
        "note": "",
    }


def _click(one: Click, book: AffiliateBook) -> Json:
    return {
        "_id": one.id,
        "created": _local(one.at, book),
        **_parties(one),
        "campaign_long_id": long_id("offer", one.offer.id),
        "publisher_long_id": long_id("partner", one.partner.id),
        "p1": one.sub_id,
        "country": "IN",
        "unique": one.is_unique,
    }


def _parties(one: Click) -> Json:
    return {"campaign_id": int(one.offer.id), "publisher_id": int(one.partner.id)}


def _local(at: int, book: AffiliateBook) -> str:
    return datetime.fromtimestamp(at, book.zone).strftime("%Y-%m-%d %H:%M:%S")


def _paged(
    call: Call, found: list[Any], usual: int, most: int = 1000
) -> tuple[list[Any], int, int]:
    wrong = _error(400, 20, "Invalid parameter")
    size, number = call.number("limit", usual, most, wrong), call.number("page", 1, 2**31, wrong)
    call.note(page=number > 1)
    return found[(number - 1) * size : number * size], number, size


def _error(status: int, code: int, message: str) -> Refusal:
    return Refusal(status, {"success": False, "error": {"code": code, "message": message}})


def _of_fault(call: Call) -> Refusal:
    code, message = (
        (40, "Too many requests") if str(call.fault).startswith("429") else (51, "Internal")
    )
    said = _error(0, code, message).body
    return Refusal.of_fault(call, lambda _: said)


def _check(call: Call) -> None:
    if call.plan.sunset:
        raise _error(501, 30, "Unknown URI")


def _dates(call: Call) -> tuple[date, date]:
    wrong = _error(400, 20, "start and end are required")
    first, last = call.day("start", wrong), call.day("end", wrong)
    call.note(window=(str(first), str(last)))
    return first, last


def _span(call: Call, book: AffiliateBook) -> tuple[int, int]:
    first, last = _dates(call)
    start, end = (
        datetime.combine(day, time(), book.zone) for day in (first, last + timedelta(days=1))
    )
    return int(start.timestamp()), int(end.timestamp())
