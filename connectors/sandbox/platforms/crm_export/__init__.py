"""A spreadsheet that an organization keeps its counter's sales in, by the Google Sheets API."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.crm_export.routes import ACCESS, Endpoints
from connectors.sandbox.platforms.crm_export.spreadsheet import PLATFORM, TABS, counters
from connectors.sandbox.platforms.crm_export.truth import LEVELS
from connectors.sandbox.service import ConnectionsPart, Service, one_each


def _connections(business: Business) -> ConnectionsPart:
    books = list(counters(business))
    held = [(one.shop.organization.id, one.shop.id) for one in books]
    found = one_each(business, PLATFORM, PLATFORM, ACCESS.secrets, held)
    for connection, book in zip(found.connections, books, strict=True):
        tabs = {f"tab_{table}": str(number) for table, (number, _) in TABS.items()}
        connection["settings"] = {"currency": book.shop.currency, **tabs}
    return found


SERVICE = Service(
    name=PLATFORM,
    routes=lambda world: Endpoints(world).routes(),
    connections=_connections,
    truth=LEVELS,
)
