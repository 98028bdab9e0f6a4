"""Errors of Google Analytics. The bucket of a quota stands in the message alone.

https://developers.google.com/analytics/devguides/reporting/data/v1/quotas
"""

from __future__ import annotations

import re

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    VersionSunset,
)
from connectors.core.google_errors import reasons
from connectors.core.replies import Reply

CONCURRENT_WAIT = 30.0
"""Seconds after which one of the requests that run at once is usually done."""
_FIELD = re.compile(r"Please (?:remove|add) (\S+) to make|Field (\S+) is not a valid")
_LASTS = (
    ("per day", "the tokens of the day, until midnight in California"),
    ("server errors", "server errors, for an hour"),
    ("thresholded", "requests that can be thresholded, for an hour"),
    ("per hour", "the tokens of the hour, for half an hour or so"),
)


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; what it leaves out is read by its HTTP status."""
    if reply.status < 400:
        return None
    if reply.status == 404 and reply.data is None:
        return VersionSunset("Google Analytics has no such address any more (HTTP 404)")
    found = reply.data.get("error") if isinstance(reply.data, dict) else None
    if not isinstance(found, dict):
        return None
    message = str(found.get("message", ""))
    said = f"HTTP {reply.status} {found.get('status', '')}: {message}"
    if reply.status == 400:
        return _question(message, said)
    if reply.status == 401:
        return AuthRejected(said, token_expired=True)
    if reply.status == 403:
        return _forbidden(said, reasons(found))
    if reply.status == 404:
        return AccountGone(said)
    return quota(said) if reply.status == 429 else None


def quota(said: str) -> ConnectorError:
    """Returns what a spent bucket means: a short wait, or an end for this run."""
    for word, lasts in _LASTS:
        if word in said.lower():
            return QuotaSpent(
                said,
                remedy=f"Nothing to do: the next run goes on. What is spent: {lasts}. If it comes "
                "each day, pull less often or give the sync a Cloud project of its own.",
            )
    return RateLimited(said, retry_after=CONCURRENT_WAIT)


def _question(message: str, said: str) -> ConnectorError:
    fields = [name for pair in _FIELD.findall(message) for name in pair if name]
    return FieldRefused(said, fields=fields) if fields else BadRequest(said)


def _forbidden(said: str, reasons: set[str]) -> ConnectorError:
    if "SERVICE_DISABLED" in reasons:
        return AuthRejected(
            said,
            remedy="Enable the Google Analytics Data API and the Google Analytics Admin API in the "
            "Cloud project of the OAuth client or the service account.",
        )
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return AuthRejected(said, remedy="Make the token again with …/auth/analytics.readonly.")
    return AccountGone(
        said,
        remedy="Give the user, or the service account's e-mail address, the role Viewer in this "
        "property (Admin → Property access management), or remove the connection.",
    )
