"""Errors of the Google Sheets API.

https://developers.google.com/workspace/sheets/api/troubleshoot-api-errors
"""

from __future__ import annotations

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    RateLimited,
    VersionSunset,
)
from connectors.core.google_errors import reasons
from connectors.core.replies import Reply
from connectors.core.shapes import object_of

MINUTE = 60.0
"""Seconds after which a spent quota is back: quotas are filled up each minute."""


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; what it leaves out is read by its HTTP status."""
    if reply.status < 400:
        return None
    if reply.status == 404 and reply.data is None:
        return VersionSunset("Google Sheets has no such address any more (HTTP 404)")
    found = object_of(reply.data, "error")
    if not found:
        return None
    said = f"HTTP {reply.status} {found.get('status', '')}: {found.get('message', '')}"
    if reply.status == 400:
        return _question(said)
    if reply.status == 401:
        return AuthRejected(said, token_expired=True)
    if reply.status == 403:
        return _forbidden(said, reasons(found))
    if reply.status == 404:
        return AccountGone(said, remedy="Correct the spreadsheet's id, or remove the connection.")
    return RateLimited(said, retry_after=MINUTE) if reply.status == 429 else None


def _question(said: str) -> BadRequest:
    if "not supported for this document" in said:
        return BadRequest(
            said,
            remedy="It is an Excel file that was opened in Drive: save it as a Google Sheet, or "
            "drop it into the landing folder of a connection of files.",
        )
    if "Unable to parse range" in said:
        return BadRequest(said, remedy="The tab was renamed at that moment: run the sync again.")
    return BadRequest(said)


def _forbidden(said: str, reasons: set[str]) -> ConnectorError:
    if "SERVICE_DISABLED" in reasons:
        return AuthRejected(
            said, remedy="Enable the Google Sheets API in the Cloud project of the credential."
        )
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return AuthRejected(said, remedy="Make the token again with …/auth/spreadsheets.readonly.")
    return AccountGone(
        said,
        remedy="Share the spreadsheet with the e-mail address of the service account (or of the "
        "user) as a viewer, or remove the connection.",
    )
