"""TikTok's codes into our error tree. They come with HTTP 200; a gateway may still use others.

The official list of codes could not be read in full: https://business-api.tiktok.com/portal/docs
"""

from __future__ import annotations

import re

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    RateLimited,
    ServerTrouble,
    TooHeavy,
    VersionSunset,
)
from connectors.core.replies import Reply

CUT_SHORT = "X-Tt-Ads-Throttle"
"""The only sign that a report stops after the newest 20,000 ids."""

_TOO_OFTEN = re.compile(r"too (frequent|many requests)|QPS|QPM|QPD", re.IGNORECASE)
_TOO_SLOW = re.compile(r"time(d )?\s?-?out", re.IGNORECASE)
_ENDED = re.compile(r"\bversion\b.*\b(no longer|not supported|deprecated)\b", re.IGNORECASE)
_REFUSED = re.compile(r"[Ii]nvalid (?:metric|dimension)?\s*fields?:\s*\[([^\]]*)\]")
_RECONNECT = "Allow the app access again, and store the new token: `tributary connections add`."
_NO_ACCESS = (
    "Let the advertiser grant the app access, with the permissions to read its ads and its "
    "reports; or remove the connection."
)
_KINDS: dict[int, tuple[type[ConnectorError], str]] = {
    40000: (TooHeavy, ""),
    40001: (AccountGone, _NO_ACCESS),
    40002: (BadRequest, ""),
    40007: (AccountGone, _NO_ACCESS),
    40100: (RateLimited, ""),
    40101: (AuthRejected, "Check app_id and secret."),
    40105: (AuthRejected, _RECONNECT),
    40110: (AuthRejected, _RECONNECT),
    40200: (ServerTrouble, ""),
    40201: (ServerTrouble, ""),
    40202: (ServerTrouble, ""),
    40300: (AuthRejected, _RECONNECT),
    40700: (ServerTrouble, ""),
    41000: (AuthRejected, "TikTok does not serve the country that this machine is in."),
    51021: (RateLimited, ""),
}


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; None when it holds none."""
    code = reply.data.get("code") if isinstance(reply.data, dict) else None
    if code == 0 and CUT_SHORT in reply.headers:
        return TooHeavy(f"TikTok leaves rows out: {reply.headers[CUT_SHORT]}")
    if code == 0 or not isinstance(code, int):
        return None
    said = str(reply.data.get("message") or "no reason given")
    message = f"TikTok's error {code}: {said} (request_id {reply.data.get('request_id')})"
    refused = _REFUSED.search(said)
    if refused:
        return FieldRefused(message, fields=re.findall(r"\w+", refused[1]))
    if _TOO_OFTEN.search(said):
        # It was seen under the code for missing access, too.
        return RateLimited(message)
    if code >= 50000 and _TOO_SLOW.search(said):
        # It may be busy, or busy with this question alone.
        return ServerTrouble(message, less_may_help=True)
    if _ENDED.search(said):
        return VersionSunset(message)
    kind, remedy = _KINDS.get(code, (BadRequest if code < 50000 else ServerTrouble, ""))
    return kind(message, remedy=remedy)
