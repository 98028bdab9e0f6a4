"""The endpoints of wc/v3 that a warehouse reads: lists with filters, orders and pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.responses import Response
from starlette.routing import Route

from connectors.sandbox.business.outlet import is_guest
from connectors.sandbox.platforms.woocommerce.entities import Json
from connectors.sandbox.platforms.woocommerce.errors import refusal, unknown
from connectors.sandbox.platforms.woocommerce.resources import Writer
from connectors.sandbox.platforms.woocommerce.site import PAIR, outlets
from connectors.sandbox.wire.key_pairs import KeyPairs, key_of, unsigned_key
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, Refusal, json_response
from connectors.sandbox.wire.pages import page
from connectors.sandbox.wire.sparse import trimmed
from connectors.sandbox.world import World

_MOST = 100
_TIMES = {"date": "date_created_gmt", "modified": "date_modified_gmt"}
_ORDERS_BY = (*_TIMES, "id", "include", "title", "slug")
_BOUNDS = {"after": "created", "before": "created", "modified_after": "modified",
           "modified_before": "modified"}  # fmt: skip
Rows = Callable[[Call, Writer], list[Json]]


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.shop.id: one for one in outlets(world.business)}
        pairs = dict.fromkeys(self._books, PAIR)
        self._access = KeyPairs(pairs, unknown, world.clock.now)
        self._wire = Lifecycle(
            world.faults,
            lambda call: Refusal.of_fault(call, lambda one: f"<html>{one.phrase}</html>"),
            check=self._check,
            tokens=self._access.tokens,
            token_of=key_of,
            identity=unsigned_key,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/woocommerce`."""
        site = "/{site}/wp-json/"
        lists: dict[str, Rows] = {
            "orders": _orders,
            "orders/{id:int}/refunds": _refunds,
            "refunds": _refunds,
            "customers": _customers,
            "products": _products,
            "products/{id:int}/variations": _variations,
        }
        wire = self._wire.endpoint
        return [
            Route(site, wire(self._root, WITH_TOKEN - {"expired_token"})),
            Route(f"{site}wc/v3/settings/general/woocommerce_currency", wire(self._setting)),
            *(
                Route(f"{site}wc/v3/{path}", wire(self._listed(rows)))
                for path, rows in lists.items()
            ),
        ]

    def _check(self, call: Call) -> None:
        site = str(call.request.path_params["site"])
        call.note(account=site)
        if site not in self._books:
            raise Refusal(404, "<html>Not Found</html>")
        if call.plan.sunset and "/wc/v3" in call.request.url.path:
            said = "No route was found matching the URL and request method."
            raise refusal("rest_no_route", said, 404)

    def _root(self, call: Call) -> Response:
        shop = self._books[call.request.path_params["site"]].shop
        zone = {"gmt_offset": "0", "timezone_string": shop.time_zone}
        return json_response(200, {"name": shop.name, "namespaces": ["wc/v3"], **zone})

    def _setting(self, call: Call) -> Response:
        shop = self._signed_in(call).book.shop
        return json_response(200, {"id": "woocommerce_currency", "value": shop.currency})

    def _listed(self, rows: Rows) -> Callable[[Call], Response]:
        def run(call: Call) -> Response:
            writer, asked = self._signed_in(call), call.request.query_params
            signature = [name for name in asked if name.startswith("oauth_")]
            call.note_query("consumer_key", "consumer_secret", *signature)
            number, size = _whole(call, "page", 1, 2**31), _whole(call, "per_page", 10, _MOST)
            found = _sorted(call, [one for one in rows(call, writer) if _fits(call, one)])
            shown = page(self._world.faults, unsigned_key(call, "page"), found, number, size)
            call.note(page=number > 1, fault=shown.fault or call.fault)
            bodies = list(shown.rows)
            if asked.get("_fields"):
                bodies = [trimmed(one, asked["_fields"].split(",")) for one in bodies]
            answer = json_response(200, bodies)
            answer.headers["X-WP-Total"] = str(shown.total)
            answer.headers["X-WP-TotalPages"] = str(shown.pages)
            return answer

        return run

    def _signed_in(self, call: Call) -> Writer:
        book = self._books[str(call.request.path_params["site"])]
        self._access.check(call, book.shop.id)
        return Writer(book, int(self._world.clock.now().timestamp()))


def _orders(_: Call, writer: Writer) -> list[Json]:
    return [writer.order(one) for one in writer.book.shown(writer.clock)]


def _refunds(call: Call, writer: Writer) -> list[Json]:
    parent = call.request.path_params.get("id")
    return [
        writer.refund(order, one)
        for order in writer.book.shown(writer.clock)
        for one in order.refunds
        if one.at <= writer.clock < one.removed and parent in (None, order.id)
    ]


def _customers(call: Call, writer: Writer) -> list[Json]:
    role = call.request.query_params.get("role", "customer")
    places = [one for one in range(writer.book.customers) if not is_guest(one)]
    bodies = [writer.customer(one) for one in places]
    return [one for one in bodies if one["date_created"] and role in ("all", one["role"])]


def _products(_: Call, writer: Writer) -> list[Json]:
    return [writer.product(one) for one in writer.book.products if one.exists(writer.now)]


def _variations(call: Call, writer: Writer) -> list[Json]:
    held = [one for one in writer.book.products if one.id == call.request.path_params["id"]]
    return [writer.variation(one, each) for one in held for each in one.variants]


def _fits(call: Call, row: Json) -> bool:
    asked = call.request.query_params
    # Without `dates_are_gmt` a bound is one of the site's own time. It is never in the list.
    zone = "_gmt" if asked.get("dates_are_gmt") in ("true", "1") else ""
    for name, time in _BOUNDS.items():
        at, bound = row.get(f"date_{time}{zone}") or "", asked.get(name)
        if bound and (at <= bound if name.endswith("after") else at >= bound):
            return False
    wanted = asked.get("status", "any").split(",")
    # `any` hides what is in the bin.
    return row.get("status") in wanted or ("any" in wanted and row.get("status") != "trash")


def _sorted(call: Call, rows: Sequence[Json]) -> list[Json]:
    asked = call.request.query_params
    by, falling = asked.get("orderby", "date"), asked.get("order", "desc") == "desc"
    if by not in _ORDERS_BY:
        raise _invalid("orderby", f"orderby is not one of {', '.join(_ORDERS_BY)}.")
    time = _TIMES.get(by, "id")
    return sorted(rows, key=lambda one: (one[time], one["id"]), reverse=falling)


def _whole(call: Call, name: str, usual: int, most: int) -> int:
    between = f"{name} must be between 1 (inclusive) and {most} (inclusive)"
    return call.number(name, usual, most, _invalid(name, between))


def _invalid(name: str, why: str) -> Refusal:
    said = {"code": "rest_invalid_param", "message": f"Invalid parameter(s): {name}"}
    return Refusal(400, {**said, "data": {"status": 400, "params": {name: why}}})
