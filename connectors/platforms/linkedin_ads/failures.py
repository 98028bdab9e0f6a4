"""LinkedIn's error bodies into our error tree.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling
"""

from __future__ import annotations

import re

from connectors.core.errors import (
    AccountGone,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.pacing import LONGEST_WAIT
from connectors.core.replies import Reply

_NAME = re.compile(r"\b[a-z]+(?:[A-Z][A-Za-z]*)*\b")
_NO_ACCESS = (
    "Give the app the Advertising API, the token the scopes r_ads and r_ads_reporting, and the "
    "member who made it a role in this ad account; or remove the connection."
)


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; None for those that its HTTP status describes."""
    if reply.status < 400 or not isinstance(reply.data, dict):
        return None
    message = _message(reply)
    if reply.status == 426:
        return VersionSunset(message)
    if reply.status in {403, 404}:
        return AccountGone(message, remedy=_NO_ACCESS)
    if reply.status == 429:
        return _throttled(message)
    if reply.status == 504:
        # It may be busy, or busy with this question alone.
        return ServerTrouble(message, less_may_help=True)
    if reply.status == 400 and "/adAnalytics" in reply.url:
        # It is not known where a refused field is named: words that are no field count for nothing.
        return FieldRefused(message, fields=_NAME.findall(_described(reply.data)))
    return BadRequest(message) if reply.status == 400 else None


def _throttled(message: str) -> ConnectorError:
    """A day's allowance comes back at midnight UTC; that of metric values after five minutes."""
    if re.search(r"\bDAY\b", message):
        return QuotaSpent(
            message,
            remedy="Wait for midnight UTC, or ask LinkedIn for the Standard tier of the "
            "Advertising API.",
        )
    return RateLimited(
        message, retry_after=LONGEST_WAIT if "million metric values" in message else None
    )


def _message(reply: Reply) -> str:
    data = reply.data
    number = data.get("code") or data.get("serviceErrorCode") or reply.status
    trace = reply.headers.get("x-li-uuid")
    return (
        f"LinkedIn's error {number}: {_described(data) or 'no reason given'}"
        f"{f' (x-li-uuid {trace})' if trace else ''}"
    )


def _described(data: dict[str, object]) -> str:
    """The message, and what is wrong with each input."""
    texts = [str(data.get("message") or "")]
    details = data.get("errorDetails")
    inputs = details.get("inputErrors") if isinstance(details, dict) else None
    for one in inputs if isinstance(inputs, list) else ():
        if isinstance(one, dict):
            texts.append(f"{one.get('code')}: {one.get('description')}")
    return " ".join(filter(None, texts))
