"""What Salesforce's refusals mean. An error is a list of objects with `errorCode` and `message`."""

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
    TooHeavy,
    Transient,
    VersionSunset,
)
from connectors.core.replies import Reply

MOST_USED = 0.95
"""Share of the day's requests after which we stop: all programs of an organization share them."""
_SPENT = (
    "Nothing to do: Salesforce counts the requests of the last 24 hours, of all programs together. "
    "If it comes every day, ask for more requests or pull less often."
)
_DENIED = (
    "Give the user of the app the permission `API Enabled`, and let it read the objects that the "
    "README lists."
)
_FIELD = re.compile(r"No such column '([\w.]+)'|relationship '(\w+)'", re.IGNORECASE)
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
_SLOW = {"QUERY_TIMEOUT", "OPERATION_TOO_LARGE"}
_AGAIN = re.compile(
    r"InternalServerError|Retried more than|UNABLE_TO_LOCK_ROW|time(d )?.?out", re.IGNORECASE
)


class NotThere(BadRequest):
    """There is no such object, or the user may not see it: Salesforce does not say which."""

    default_remedy = _DENIED


class NotInBulk(BadRequest):
    """Bulk jobs cannot read this object."""


class JobFailed(ServerTrouble):
    """A bulk job failed on Salesforce's side, at the beginning or half way."""


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies; what it leaves out is read by its HTTP status."""
    if reply.status < 400:
        return _nearly_spent(reply)
    code, text = _said(reply)
    message = f"HTTP {reply.status}: {code}: {text}" if code else f"HTTP {reply.status}: {text}"
    if reply.status in (406, 420):
        # The edge of the platform sends these without a body when it is busy.
        return RateLimited(message)
    if code == "REQUEST_LIMIT_EXCEEDED" and "oncurrent" in text:
        return RateLimited(message, retry_after=5.0)
    if code in ("REQUEST_LIMIT_EXCEEDED", "LIMIT_EXCEEDED"):
        return QuotaSpent(message, remedy=_SPENT)
    if code == "INVALID_QUERY_LOCATOR":
        return Transient(message, restart_chunk=True)
    if code in _SLOW:
        return TooHeavy(message)
    if code == "INVALID_FIELD":
        return of_field(message)
    if code == "INVALID_TYPE" or (code == "NOT_FOUND" and "/describe" in reply.url):
        return NotThere(message)
    if reply.status == 410:
        return VersionSunset(message)
    if reply.status == 401:
        return AuthRejected(message, token_expired=code != "INVALID_AUTH_HEADER")
    if reply.status == 403:
        return AuthRejected(message, remedy=_DENIED)
    return BadRequest(message) if reply.status < 500 and reply.status != 429 else None


def of_job(message: str) -> ConnectorError:
    """Returns what the message of a failed job means."""
    text = f"a bulk job failed: {message}"
    if "INVALIDENTITY" in message or "compound data" in message:
        return NotInBulk(text)
    if "INVALIDFIELD" in message.replace("_", "").upper():
        return of_field(text)
    if _AGAIN.search(message) or not message:
        return JobFailed(text)
    return BadRequest(text)


def of_field(message: str) -> ConnectorError:
    """Returns the error that names a field which is not there, or hidden from the user."""
    names = [one or other for one, other in _FIELD.findall(message)]
    return FieldRefused(message, fields=names) if names else BadRequest(message)


def _nearly_spent(reply: Reply) -> ConnectorError | None:
    found = _USAGE.search(reply.headers.get("Sforce-Limit-Info", ""))
    if found is None or int(found[1]) < MOST_USED * int(found[2]) or not int(found[2]):
        return None
    return QuotaSpent(f"{found[1]} of {found[2]} requests of a day are used up", remedy=_SPENT)


def _said(reply: Reply) -> tuple[str, str]:
    data: Any = reply.data
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        return "", reply.excerpt
    text = " ".join(str(first.get("message") or "").split())
    return str(first.get("errorCode") or ""), text or reply.excerpt
