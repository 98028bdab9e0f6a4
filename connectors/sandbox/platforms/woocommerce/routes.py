"""The endpoints of wc/v3 that a warehouse reads: lists with filters, orders and pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.platforms.woocommerce.access import Access, key_of, refusal
from connectors.sandbox.platforms.woocommerce.entities import Json, trimmed
from connectors.sandbox.platforms.woocommerce.outlet import (
    Outlet,
    is_guest,
    modified,
    outlets,
    status,
)
from connectors.sandbox.platforms.woocommerce.resources import Writer
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import page, with_unknown_fields
from connectors.sandbox.world import World

_MOST = 100
_SECRETS = ("consumer_key", "consumer_secret")
_ORDERS_BY = ("date", "id", "include", "modified", "title", "slug")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: what it is found and sorted by, and how it is written."""

    id: int
    write: Callable[[], Json]
    created: int = 0
    modified: int = 0
    status: str = ""
    parent: int = 0


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.shop.id: one for one in outlets(world.business)}
        self._access = Access(world, list(self._books))
        self._wire = Lifecycle(
            world.faults,
            lambda call: Refusal.of_fault(
                call, lambda status: f"<html><body>{status.phrase}</body></html>"
            ),
            check=self._check,
            tokens=self._access.tokens,
            token_of=key_of,
            identity=_identity,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/woocommerce`."""
        site = "/{site}/wp-json/"
        lists: dict[str, Callable[[Call], list[Row]]] = {
            "orders": self._orders,
            "orders/{id:int}/refunds": self._refunds,
            "refunds": self._refunds,
            "customers": self._customers,
            "products": self._products,
            "products/{id:int}/variations": self._variations,
        }
        return [
            Route(site, self._wire.endpoint(self._root, WITH_TOKEN - {"expired_token"})),
            Route(f"{site}wc/v3/settings/general/{{id}}", self._wire.endpoint(self._setting)),
            Route(f"{site}wc/v3/orders/{{id:int}}", self._wire.endpoint(self._order)),
            *(
                Route(f"{site}wc/v3/{path}", self._wire.endpoint(self._listed(rows), _possible))
                for path, rows in lists.items()
            ),
        ]

    def _check(self, call: Call) -> None:
        site = str(call.request.path_params["site"])
        call.note(account=site)
        if site not in self._books:
            raise Refusal(404, "<html><body>Not Found</body></html>")
        if call.plan.sunset and "/wc/v3" in call.request.url.path:
            message = "No route was found matching the URL and request method."
            raise refusal("rest_no_route", message, 404)

    def _root(self, call: Call) -> Response:
        shop = self._book(call).shop
        zone = {"gmt_offset": "0", "timezone_string": shop.time_zone}
        return json_response(200, {"name": shop.name, "namespaces": ["wc/v3"], **zone})

    def _setting(self, call: Call) -> Response:
        book = self._signed_in(call)
        values = {
            "woocommerce_currency": book.shop.currency,
            "woocommerce_price_num_decimals": "2",
        }
        name = str(call.request.path_params["id"])
        if name not in values:
            raise refusal("rest_setting_setting_invalid", "Invalid setting.", 404)
        return json_response(200, {"id": name, "value": values[name], "default": ""})

    def _order(self, call: Call) -> Response:
        writer = Writer(self._signed_in(call), self._clock())
        for order in self._book(call).shown(self._clock()):
            if order.id == call.request.path_params["id"]:
                return json_response(200, writer.order(order))
        raise refusal("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)

    def _listed(self, rows: Callable[[Call], list[Row]]) -> Callable[[Call], Response]:
        def run(call: Call) -> Response:
            self._signed_in(call)
            asked = call.request.query_params
            call.note_query(*_SECRETS, *(one for one in asked if one.startswith("oauth_")))
            number, size = _whole(call, "page", 1, 2**31), _whole(call, "per_page", 10, _MOST)
            found = self._sorted(call, self._filtered(call, rows(call)))
            shown = page(self._world.faults, _identity(call, "page"), found, number, size)
            call.note(page=number > 1, fault=shown.fault or call.fault)
            bodies = with_unknown_fields([one.write() for one in shown.rows], call.fault)
            if asked.get("_fields"):
                bodies = [trimmed(one, asked["_fields"].split(",")) for one in bodies]
            answer = json_response(200, bodies)
            answer.headers["X-WP-Total"] = str(shown.total)
            answer.headers["X-WP-TotalPages"] = str(shown.pages)
            return answer

        return run

    def _orders(self, call: Call) -> list[Row]:
        book, clock = self._book(call), self._clock()
        writer = Writer(book, clock)
        return [
            Row(
                one.id,
                lambda one=one: writer.order(one),  # type: ignore[misc]
                one.created,
                modified(one, clock),
                status(one, clock),
            )
            for one in book.shown(clock)
        ]

    def _refunds(self, call: Call) -> list[Row]:
        book, clock = self._book(call), self._clock()
        writer, parent = Writer(book, clock), call.request.path_params.get("id")
        return [
            Row(
                one.id,
                lambda order=order, one=one: writer.refund(order, one),  # type: ignore[misc]
                one.processed,
                parent=order.id,
            )
            for order in book.shown(clock)
            for one in order.refunds
            if one.at <= clock < one.removed and parent in (None, order.id)
        ]

    def _customers(self, call: Call) -> list[Row]:
        book, clock = self._book(call), self._clock()
        writer, role = Writer(book, clock), call.request.query_params.get("role", "customer")
        bodies = [writer.customer(one) for one in range(book.customers) if not is_guest(one)]
        return [
            Row(one["id"], lambda one=one: one)  # type: ignore[misc]
            for one in bodies
            if one["date_created"] and role in ("all", one["role"])
        ]

    def _products(self, call: Call) -> list[Row]:
        book, now = self._book(call), self._world.clock.now()
        writer = Writer(book, self._clock())
        return [
            Row(
                one.id,
                lambda one=one: writer.product(one),  # type: ignore[misc]
                int(one.title.created.timestamp()),
            )
            for one in book.products
            if one.exists(now)
        ]

    def _variations(self, call: Call) -> list[Row]:
        book, id_ = self._book(call), call.request.path_params["id"]
        writer = Writer(book, self._clock())
        held = [(one, each) for one in book.products if one.id == id_ for each in one.variants]
        return [
            Row(each.id, lambda one=one, each=each: writer.variation(one, each))  # type: ignore[misc]
            for one, each in held
        ]

    def _filtered(self, call: Call, rows: Sequence[Row]) -> list[Row]:
        asked = call.request.query_params
        # Without `dates_are_gmt` a bound is one of the site's own time; it is never in the list.
        zone = ZoneInfo(self._book(call).shop.time_zone)
        if asked.get("dates_are_gmt") in ("true", "1"):
            zone = ZoneInfo("UTC")
        found = list(rows)
        if found and found[0].status:
            wanted = asked.get("status", "any").split(",")
            found = [one for one in found if one.status in wanted or _is_any(one, wanted)]
        for name, of in (("", "created"), ("modified_", "modified")):
            after, before = (asked.get(f"{name}{side}") for side in ("after", "before"))
            if after:
                least = _instant(after, zone)
                found = [one for one in found if getattr(one, of) > least]
            if before:
                most = _instant(before, zone)
                found = [one for one in found if getattr(one, of) < most]
        for name, of in (("include", "id"), ("parent", "parent")):
            if asked.get(name):
                ids = set(asked[name].split(","))
                found = [one for one in found if str(getattr(one, of)) in ids]
        return found

    def _sorted(self, call: Call, rows: list[Row]) -> list[Row]:
        asked = call.request.query_params
        by = asked.get("orderby", "date")
        if by not in _ORDERS_BY:
            raise _invalid("orderby", f"orderby is not one of {', '.join(_ORDERS_BY)}.")
        of = {"date": "created", "modified": "modified"}.get(by, "id")
        falling = asked.get("order", "desc") == "desc"
        return sorted(rows, key=lambda one: (getattr(one, of), one.id), reverse=falling)

    def _signed_in(self, call: Call) -> Outlet:
        book = self._book(call)
        self._access.check(call, book.shop.id)
        return book

    def _book(self, call: Call) -> Outlet:
        return self._books[str(call.request.path_params["site"])]

    def _clock(self) -> int:
        return int(self._world.clock.now().timestamp())


def _is_any(row: Row, wanted: Sequence[str]) -> bool:
    return "any" in wanted and row.status != "trash"


def _possible(call: Call) -> frozenset[str]:
    """Fields that nobody knows come where fields are not asked for by name."""
    named = "_fields" in call.request.query_params
    return WITH_TOKEN if named else WITH_TOKEN | {"unknown_field"}


def _identity(call: Call, *without: str) -> bytes:
    """Returns what makes a request this one: no signature, which differs each time."""
    asked = call.request.query_params.multi_items()
    kept = sorted(one for one in asked if not one[0].startswith("oauth_") and one[0] not in without)
    return f"{call.request.url.path} {kept}".encode()


def _whole(call: Call, name: str, usual: int, most: int) -> int:
    between = f"{name} must be between 1 (inclusive) and {most} (inclusive)"
    return call.number(name, usual, most, _invalid(name, between))


def _invalid(name: str, why: str) -> Refusal:
    said = {"code": "rest_invalid_param", "message": f"Invalid parameter(s): {name}"}
    return Refusal(400, {**said, "data": {"status": 400, "params": {name: why}}})


def _instant(text: str, zone: ZoneInfo) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as trouble:
        raise _invalid("after", "Invalid date.") from trouble
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).timestamp())
