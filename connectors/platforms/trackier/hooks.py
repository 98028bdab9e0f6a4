"""The network of a key, and what refusals mean: codes of Trackier's own go before the status."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import available_timezones

from connectors.core.accounts import Account
from connectors.core.auth import needed
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.http import Client
from connectors.core.paginators import at
from connectors.core.replies import Reply

_KEYS = "Settings > Security > API keys"
_BUSY, _LOCKED, _NOT_ALLOWED = 40, 42, 41
_TROUBLE, _WRONG_KEY = frozenset({50, 51}), frozenset({5, 11, 12, 13})


def discover(client: Client) -> Iterator[Account]:
    """Yields the network that the credential describes: no call of Trackier's does.

    Raises:
        AuthRejected: the key is refused, or the time zone is none.
    """
    client.get("/campaign", params={"limit": "1", "page": "1"})
    zone = needed(client.credential, "time_zone")
    if zone not in available_timezones():
        raise AuthRejected(
            f"{zone} is no time zone",
            remedy="Write the network's zone as IANA does, such as Asia/Kolkata, in time_zone.",
        )
    network, currency = (needed(client.credential, one) for one in ("network_id", "currency"))
    yield Account(network, network, currency, zone)


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account as its credential describes it.

    Raises:
        AccountGone: the credential is of another network.
    """
    (found,) = discover(client)
    if found.id != account.id:
        raise AccountGone(
            f"the credential is of the network {found.id}, not {account.id}",
            remedy="Use the credential of this network.",
        )
    return account.described(found.name, found.currency, found.time_zone)


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies of both shapes; what it leaves out is read by its HTTP status."""
    said = at(reply.data, "error")
    if said is None and isinstance(at(reply.data, "errors"), list):
        said = next(iter(reply.data["errors"]), None)
    if not isinstance(said, dict):
        return VersionSunset("HTTP 501: no such address") if reply.status == 501 else None
    text, message = str(said.get("code", "")), str(said.get("message") or reply.excerpt)
    code = int(text) if text.isdecimal() else 0
    if code == _BUSY or reply.status == 429:
        return RateLimited(message)
    if reply.status == 501:
        return VersionSunset(message)
    if code in _TROUBLE or reply.status >= 500:
        return ServerTrouble(message)
    if code == _LOCKED:
        return AccountGone(message)
    if code == _NOT_ALLOWED:
        return AuthRejected(message, remedy=f"Add this machine's address to the list ({_KEYS}).")
    if code in _WRONG_KEY or reply.status in (401, 403):
        return AuthRejected(
            message, token_expired=True, remedy=f"Check the API key of the network ({_KEYS})."
        )
    return BadRequest(message)
