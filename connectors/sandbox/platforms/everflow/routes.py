"""The endpoints of the network realm that a warehouse reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.affiliates import affiliate_books
from connectors.sandbox.platforms.everflow import rows
from connectors.sandbox.platforms.everflow.network import KEY, NETWORK, ZONES
from connectors.sandbox.platforms.everflow.rows import Json
from connectors.sandbox.tables.affiliates import Program
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import page, with_unknown_fields
from connectors.sandbox.wire.sign_in import SignIn
from connectors.sandbox.world import World

_MOST_CLICKS, _CLICK_DAYS, _KEPT_DAYS = 10_000, 14, 90
_MOST_DAYS, _MOST_SUMS = 367, 10_000
_DRIFTS = WITH_TOKEN | {"unknown_field"}
Listed = Callable[[Call, Program], Sequence[Json]]


def key_of(request: Request) -> str | None:
    """Returns the key of a request."""
    return request.headers.get("x-eflow-api-key")


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.account_id: one for one in affiliate_books(world.business, NETWORK)}
        accounts = [one.account for one in self._books.values()]
        self._sign_in = SignIn.lasting(
            accounts, KEY, lambda _: _error(401, "No Authentication Method Found"),
            world.clock.now, key_of,
        )  # fmt: skip
        self._wire = Lifecycle(
            world.faults,
            lambda call: Refusal.of_fault(call, lambda status: {"error": status.phrase}),
            check=_check,
            tokens=self._sign_in.tokens,
            token_of=key_of,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/everflow`."""
        wire, realm = self._wire.endpoint, "/v1/networks"
        lists: dict[str, tuple[str, Listed]] = {
            "affiliatestable": ("affiliates", _partners),
            "reporting/conversions": ("conversions", _conversions),
            "reporting/onhold": ("on_hold_conversions", _held),
            "reportingadjustments/table": ("adjustments", _adjustments),
            "billings/affiliates/invoicestable": ("invoices", _invoices),
        }
        return [
            Route(realm, wire(self._network)),
            Route("/v1/meta/timezones", wire(self._zones)),
            Route(f"{realm}/offers", wire(self._paged("offers", _offers), _DRIFTS)),
            Route(
                f"{realm}/reporting/clicks/stream", wire(self._clicks, _DRIFTS), methods=["POST"]
            ),
            Route(f"{realm}/reporting/entity/table", wire(self._sums), methods=["POST"]),
            *(
                Route(f"{realm}/{path}", wire(self._paged(*listed), _DRIFTS), methods=["POST"])
                for path, listed in lists.items()
            ),
        ]

    def _network(self, call: Call) -> Response:
        shop = self._program(call).book.shop
        zone = next(number for number, name in ZONES.items() if name == shop.time_zone)
        return json_response(
            200,
            {
                "network_id": int(self._program(call).book.account_id),
                "name": shop.name,
                "default_currency_id": shop.currency,
                "reporting_timezone_id": zone,
                "time_created": int(shop.created.timestamp()),
            },
        )

    def _zones(self, call: Call) -> Response:
        self._program(call)
        shown = [{"timezone_id": number, "timezone": name} for number, name in ZONES.items()]
        return json_response(200, {"timezones": shown})

    def _paged(self, name: str, listed: Listed) -> Callable[[Call], Response]:
        def run(call: Call) -> Response:
            program = self._program(call)
            number = call.number("page", 1, 2**31, _error(400, "invalid page"))
            size = call.number("page_size", 50, 2000, _error(400, "invalid page_size"))
            key = call.list_key("page") + call.body
            shown = page(self._world.faults, key, listed(call, program), number, size)
            call.note(page=number > 1, fault=shown.fault or call.fault)
            paging = {"page": number, "page_size": size, "total_count": shown.total}
            found = with_unknown_fields(shown.rows, call.fault)
            return json_response(200, {name: found, "paging": paging})

        return run

    def _clicks(self, call: Call) -> Response:
        program = self._program(call)
        start, end = _span(call)
        if end - start > _CLICK_DAYS * 86_400:
            raise _error(400, "the date range can be 14 days at most")
        oldest = program.clock - _KEPT_DAYS * 86_400
        found = program.clicks(max(start, oldest), end)[:_MOST_CLICKS]
        has = program.converted()
        shown = [rows.click(one, has_conversion=one.id in has) for one in found]
        return json_response(200, {"clicks": with_unknown_fields(shown, call.fault)})

    def _sums(self, call: Call) -> Response:
        program, asked = self._program(call), _body(call)
        columns = [one.get("column") for one in asked.get("columns", [])]
        if columns != ["date", "offer", "affiliate"]:
            raise _error(400, "invalid columns")
        first, last = _dates(asked)
        if (last - first).days > _MOST_DAYS:
            raise _error(400, "the date range is too long")
        # `to` is its day's midnight, in the zone.
        found = program.days(first, last - timedelta(days=1))
        shown = [rows.summed(key, sums, program.book) for key, sums in found.items()]
        cut = shown[:_MOST_SUMS]
        return json_response(200, {"table": cut, "incomplete_results": len(cut) < len(shown)})

    def _program(self, call: Call) -> Program:
        reached = self._sign_in.reached(call)
        if not reached:
            raise _error(403, "Out Of Realm")
        (account,) = reached
        call.note(account=account)
        return Program(self._books[account], int(self._world.clock.now().timestamp()))


def _offers(_: Call, program: Program) -> list[Json]:
    shop = program.book.shop
    created = int(shop.created.timestamp())
    return [rows.offer(one, shop.currency, created) for one in program.book.offers]


def _partners(_: Call, program: Program) -> list[Json]:
    created = int(program.book.shop.created.timestamp())
    return [rows.partner(one, created) for one in program.book.partners]


def _conversions(call: Call, program: Program) -> list[Json]:
    currency = program.book.shop.currency
    found = program.conversions(*_span(call))
    return [rows.conversion(one, state, currency) for one, state in reversed(found)]


def _held(call: Call, program: Program) -> list[Json]:
    shop = program.book.shop
    held = program.held(*_span(call))
    return [rows.hold(one, shop.currency, program.book.account_id) for one in held]


def _adjustments(call: Call, program: Program) -> list[Json]:
    found = program.adjustments(*_dates(_body(call)))
    return [rows.adjustment(one, program.clock) for one in found]


def _invoices(_: Call, program: Program) -> list[Json]:
    return [rows.invoice(one, program.book, program.clock) for one in program.invoices()]


def _error(status: int, message: str) -> Refusal:
    return Refusal(status, {"error": message})


def _check(call: Call) -> None:
    if call.plan.sunset:
        raise _error(410, "This version of the API is gone")


def _body(call: Call) -> dict[str, Any]:
    try:
        asked = orjson.loads(call.body)
    except ValueError as trouble:
        raise _error(400, "invalid JSON") from trouble
    if not isinstance(asked, dict) or asked.get("timezone_id") not in ZONES:
        raise _error(400, "timezone_id is required")
    call.note(window=(str(asked.get("from"))[:10], str(asked.get("to"))[:10]))
    return asked


def _dates(asked: dict[str, Any]) -> tuple[date, date]:
    try:
        return date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    except (KeyError, TypeError, ValueError) as trouble:
        raise _error(400, "invalid date range") from trouble


def _span(call: Call) -> tuple[int, int]:
    """Returns the instants of a range that names its seconds; the last one is included."""
    asked = _body(call)
    zone = ZoneInfo(ZONES[asked["timezone_id"]])
    try:
        first, last = (
            datetime.strptime(asked[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
            for name in ("from", "to")
        )
    except (KeyError, TypeError, ValueError) as trouble:
        raise _error(400, "invalid date range") from trouble
    return int(first.timestamp()), int(last.timestamp()) + 1
