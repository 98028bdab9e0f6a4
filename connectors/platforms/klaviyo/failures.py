"""What Klaviyo's refusals mean, and how long its limits want one to wait."""

from __future__ import annotations

import re
from typing import Any

from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.json_api import first_error
from connectors.core.pacing import LONGEST_WAIT, retry_after_seconds, window_seconds
from connectors.core.replies import Reply

KEYS = "Settings > API keys"
SCOPES = (
    "accounts:read, campaigns:read, events:read, flows:read, lists:read, metrics:read, "
    "profiles:read"
)
_AUTH_CODES = frozenset({"authentication_failed", "not_authenticated"})
_QUOTED = re.compile(r"'([\w.$-]+)'")


class Vanished(BadRequest):
    """What was asked for is not there, or no longer."""


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies; what it leaves out is read by its HTTP status."""
    if reply.status < 400 or reply.status >= 500:
        return None
    error, said = first_error(reply)
    if not error and reply.status == 403:
        # A challenge of the network before Klaviyo: a page, and not for long.
        return ServerTrouble(f"HTTP 403 without an error of Klaviyo: {reply.excerpt}")
    code = str(error.get("code", ""))
    message = f"HTTP {reply.status}: {said or reply.excerpt}"
    if reply.status == 429:
        return _throttled(reply, message)
    if reply.status == 410:
        return VersionSunset(message)
    if reply.status == 401 or code in _AUTH_CODES or "api key" in said.lower():
        return AuthRejected(
            message,
            token_expired=True,
            remedy=f"Check the private key (pk_…, {KEYS}), or connect the OAuth app again.",
        )
    if reply.status == 403:
        return AuthRejected(message, remedy=f"Give the key the scopes {SCOPES} ({KEYS}).")
    if reply.status == 404:
        return Vanished(message)
    return _refused(error, message)


def read_usage(reply: Reply) -> float:
    """Returns the seconds to wait when nothing is left of the minute of an endpoint."""
    return window_seconds(reply.headers)


def _throttled(reply: Reply, message: str) -> ConnectorError:
    """The minute's limit passes while one waits; that of the day, which reports have, does not."""
    seconds = retry_after_seconds(reply.headers)
    if seconds is not None and seconds > LONGEST_WAIT:
        return QuotaSpent(
            message,
            remedy=f"Nothing to do: Klaviyo answers again in {seconds / 3600:.1f} hours. Reports "
            "have 225 requests a day, which all that use the account share.",
        )
    return RateLimited(message, retry_after=seconds)


def _refused(error: dict[str, Any], message: str) -> ConnectorError:
    source = error.get("source")
    named = source if isinstance(source, dict) else {}
    where = str(named.get("parameter") or named.get("pointer") or "")
    if "cursor" in where:
        # The list is to be walked anew.
        return ServerTrouble(message, restart_chunk=True)
    if where.startswith("fields") or "statistics" in where:
        return FieldRefused(message, fields=_QUOTED.findall(message))
    return BadRequest(message)
