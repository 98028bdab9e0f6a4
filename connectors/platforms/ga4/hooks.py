"""Properties of Google Analytics, by the Admin API: which there are, and what is set in them.

https://developers.google.com/analytics/devguides/config/admin/v1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from connectors.core import addresses
from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, BadRequest, VersionSunset
from connectors.core.http import Client
from connectors.core.paginators import TokenInBody
from connectors.core.rest import Rest
from connectors.core.shapes import body_of
from connectors.core.stream import Page
from connectors.core.window import Window

ADMIN = "https://analyticsadmin.googleapis.com"
ATTRIBUTION = "attribution"
"""Setting of a described account: what its attribution is set to, as JSON."""
_NAME = "properties/"
_SUMMARIES = Rest(
    f"{ADMIN}/v1beta/accountSummaries?pageSize=200",
    "accountSummaries",
    lambda: TokenInBody("nextPageToken", "pageToken"),
)
_SETTINGS = (
    "reportingAttributionModel",
    "acquisitionConversionEventLookbackWindow",
    "otherConversionEventLookbackWindow",
)


def bare(given: str) -> str:
    """Returns the number of a property: `properties/1234` without its beginning."""
    return given.strip().removeprefix(_NAME)


def discover(client: Client) -> Iterator[Account]:
    """Yields every property that the credential reaches, its account's name before its own."""
    for page in _SUMMARIES(client, Account("")):
        for summary in page.records:
            for one in summary.get("propertySummaries", ()):
                name = f"{summary.get('displayName', '')} / {one.get('displayName', '')}"
                yield Account(bare(str(one["property"])), name)


def describe_account(client: Client, account: Account) -> Account:
    """Returns the property with its present name, currency, zone and attribution.

    Raises:
        AccountGone: it is out of reach, or in the bin.
    """
    found = _property(client, account)
    settings = {**account.settings, ATTRIBUTION: _text(_attribution(client, account))}
    names = (found.get(one) for one in ("displayName", "currencyCode", "timeZone"))
    return account.described(*names, settings=settings)


def properties(client: Client, account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the one page that holds the property itself."""
    found, settings = _property(client, account), _attribution(client, account)
    about = {name: settings[name] for name in _SETTINGS if name in settings}
    yield Page([{**found, "property_id": account.id, "attribution": about}], 0)


def basis(account: Account) -> str | None:
    """Returns what key events are credited by; None when it is not known."""
    return account.settings.get(ATTRIBUTION) or None


def _property(client: Client, account: Account) -> dict[str, Any]:
    reply = client.get(ADMIN + addresses.path("v1beta", "properties", account.id))
    if body_of(reply, "timeZone").get("deleteTime"):
        raise AccountGone(
            f"the property {account.id} is in the bin",
            remedy="Restore it in Admin → Bin, or remove the connection.",
        )
    return body_of(reply)


def _attribution(client: Client, account: Account) -> dict[str, Any]:
    """Returns the attribution settings; nothing where the endpoint, an early one, fails."""
    path = addresses.path("v1alpha", "properties", account.id, "attributionSettings")
    try:
        reply = client.get(ADMIN + path)
    except (AccountGone, BadRequest, VersionSunset):
        return {}
    return reply.data if isinstance(reply.data, dict) else {}


def _text(settings: dict[str, Any]) -> str:
    held = {name: settings[name] for name in _SETTINGS if name in settings}
    return orjson.dumps(held).decode() if held else ""
