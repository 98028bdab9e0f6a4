"""The endpoints: tokens, what a spreadsheet is, and the cells of its tabs."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from connectors.sandbox.business.counter import Counter
from connectors.sandbox.platforms.crm_export.sheet import SheetWriter, grid
from connectors.sandbox.platforms.crm_export.spreadsheet import (
    ORGANIZATION,
    TABS,
    account_of,
    counters,
)
from connectors.sandbox.wire.google_access import GoogleAccess
from connectors.sandbox.wire.google_errors import (
    NOT_FOUND,
    check_version,
    error,
    of_fault,
    unauthenticated,
)
from connectors.sandbox.wire.lifecycle import WITH_TOKEN, Call, Lifecycle, json_response
from connectors.sandbox.wire.pages import with_unknown_fields
from connectors.sandbox.wire.sign_in import in_authorization
from connectors.sandbox.world import World

ACCESS = GoogleAccess(
    "sheets", "https://www.googleapis.com/auth/spreadsheets.readonly", ORGANIZATION
)
_EXHAUSTED = (
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
    "of service 'sheets.googleapis.com'."
)
_DENIED = "The caller does not have permission"
_EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Endpoints:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._books = {one.shop.id: one for one in counters(world.business)}
        accounts = [account_of(one) for one in self._books.values()]
        self._sign_in, self._tokens = ACCESS.sign_in(
            accounts, unauthenticated, world.faults, world.clock.now
        )
        self._wire = Lifecycle(
            world.faults,
            lambda call: of_fault(call, _EXHAUSTED),
            check=check_version,
            tokens=self._sign_in.tokens,
            token_of=in_authorization,
        )

    def routes(self) -> list[Route]:
        """Returns the endpoints, below `/crm_export`."""
        wire, sheet = self._wire.endpoint, "/v4/spreadsheets/{id}"
        return [
            Route("/o/oauth2/v2/auth", self._tokens.consent),
            Route("/token", self._tokens.answer, methods=["POST"]),
            Route(f"{sheet}/values:batchGet", wire(self._values, WITH_TOKEN | {"unknown_field"})),
            Route(sheet, wire(self._about)),
            Route("/{path:path}", _not_found, methods=_EVERY),
        ]

    def _mine(self, call: Call) -> Counter:
        account = self._sign_in.account(call, call.request.path_params["id"], error(403, _DENIED))
        return self._books[account.id]

    def _about(self, call: Call) -> Response:
        shop = self._mine(call).shop
        tabs = [
            {"properties": {"sheetId": number, "title": title, "index": place}}
            for place, (number, title) in enumerate(TABS.values())
        ]
        about = {"title": shop.name, "locale": "en_GB", "timeZone": shop.time_zone}
        body = {"spreadsheetId": shop.id, "properties": about, "sheets": tabs}
        return json_response(200, body)

    def _values(self, call: Call) -> Response:
        book = self._mine(call)
        asked = call.request.query_params
        call.note_query()
        if (asked.get("valueRenderOption"), asked.get("dateTimeRenderOption")) != (
            "UNFORMATTED_VALUE",
            "SERIAL_NUMBER",
        ):
            raise error(400, "The sandbox keeps cells without their formats")
        ranges = [self._range(call, book, one) for one in asked.getlist("ranges")]
        return json_response(200, {"spreadsheetId": book.shop.id, "valueRanges": ranges})

    def _range(self, call: Call, book: Counter, asked: str) -> dict[str, object]:
        title = asked.strip("'").replace("''", "'")
        tables = [name for name, (_, known) in TABS.items() if known == title]
        if not tables:
            raise error(400, f"Unable to parse range: {asked}")
        clock = int(self._world.clock.now().timestamp())
        records = with_unknown_fields(SheetWriter(book, clock).records(tables[0]), call.fault)
        # A cell holds no object: what nobody knows is a text here.
        for record in records:
            if "sandbox_field" in record:
                record["sandbox_field"] = "from the sandbox"
        rows = grid(records, tables[0])
        found: dict[str, object] = {"range": f"'{title}'!A1:Z{len(rows)}", "majorDimension": "ROWS"}
        return {**found, "values": rows} if rows else found


async def _not_found(_: Request) -> Response:
    return HTMLResponse(NOT_FOUND, 404)
