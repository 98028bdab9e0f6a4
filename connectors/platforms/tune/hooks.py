"""The network of a token, and what refusals mean: most come as HTTP 200."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
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
from connectors.platforms.tune.calls import call

_PAUSE = 10.0
"""Seconds of the window in which requests are counted: 50 of them."""
_TOKEN = "Company > Customize Application > API (or Support > API)"


def discover(client: Client) -> Iterator[Account]:
    """Yields the network that the credential names."""
    yield _described(client, Account(needed(client.credential, "network_id")))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the network with its time zone; the API states neither its name nor its currency.

    Raises:
        AccountGone: the credential names another network.
    """
    named = needed(client.credential, "network_id")
    if named != account.id:
        raise AccountGone(
            f"the credential is of the network {named}, not {account.id}",
            remedy="Use the credential of this network.",
        )
    return _described(client, account)


def _described(client: Client, account: Account) -> Account:
    reply = call(client, account.id, "Application", "getTimezone")
    return account.described(account.name or account.id, "", _zone(at(reply.data, "response.data")))


def _zone(said: Any) -> str:
    """Returns the name of a zone of the IANA that stands anywhere in a model; empty for none."""
    if isinstance(said, dict):
        return next((found for value in said.values() if (found := _zone(value))), "")
    return str(said) if str(said) in available_timezones() else ""


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads the envelope; what it leaves out is read by its HTTP status."""
    if reply.status == 504:
        return ServerTrouble("HTTP 504: the range is too large", less_may_help=True)
    if reply.status == 410:
        return VersionSunset("HTTP 410: this version of the API is gone")
    said = at(reply.data, "response")
    if not isinstance(said, dict) or said.get("status") == 1:
        return None
    message = str(said.get("errorMessage") or at(said, "errors") or reply.excerpt)
    words = message.lower()
    if "exceeded" in words and "rate limit" in words:
        return RateLimited(message, retry_after=_PAUSE)
    if "authenticated" in words or "networktoken" in words:
        return AuthRejected(
            message, token_expired=True, remedy=f"Check network_id and network_token ({_TOKEN})."
        )
    return BadRequest(message)
