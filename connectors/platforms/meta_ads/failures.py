"""Meta's error bodies into our error tree.

The body is `{"error": {"code": …, "error_subcode": …}}`; a failed report holds the same numbers as
`error_code` and `error_subcode`. Throttling comes as HTTP 400 or 403, so the code decides.
https://developers.facebook.com/docs/graph-api/guides/error-handling
https://developers.facebook.com/docs/marketing-api/insights/error-codes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    TooHeavy,
    VersionSunset,
)
from connectors.core.pacing import LONGEST_WAIT
from connectors.core.replies import Reply, status_error
from connectors.platforms.meta_ads.usage import seconds_until_access

_Maker = Callable[[str], ConnectorError]


def _as(kind: type[ConnectorError], remedy: str = "") -> _Maker:
    return lambda message: kind(message, remedy=remedy)


def _smaller(message: str) -> ConnectorError:
    return TooHeavy(message)


def _heavy(message: str) -> ConnectorError:
    """Meta says so of passing trouble, and of what is too much for it time and again."""
    return ServerTrouble(message, less_may_help=True)


def _gone_report(message: str) -> ConnectorError:
    return ServerTrouble(
        message, restart_chunk=True, remedy="Nothing to do: the report is made again."
    )


_RECONNECT = "Make a new token with the scope ads_read and connect the account again."
_NO_ACCESS = (
    "Give the token's user or system user access to this ad account, with the scope ads_read; or "
    "remove the connection."
)
_UPDATE = "Update Tributary: Meta no longer answers this question."
THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80007), 80008, 80009, 80014})
"""Too many calls: of the app, the user, the account or a business use case."""

_BY_SUBCODE: dict[tuple[int, int], _Maker] = {
    (190, 458): _as(AuthRejected, "The user removed the app: " + _RECONNECT),
    (190, 459): _as(
        AuthRejected, "The user must sign in at facebook.com and confirm who they are."
    ),
    (190, 460): _as(AuthRejected, "The user changed the password: " + _RECONNECT),
    (190, 463): _as(AuthRejected, "The token has expired: " + _RECONNECT),
    (190, 464): _as(
        AuthRejected, "The user must sign in at facebook.com and confirm who they are."
    ),
    (190, 467): _as(AuthRejected, "The token is not valid any more: " + _RECONNECT),
    (100, 1487534): _smaller,
    (100, 1504018): _smaller,
    (2, 1504038): _smaller,
    (1, 99): _heavy,
    (2, 1504041): _as(BadRequest, _UPDATE),
    (2, 1504042): _as(BadRequest, _UPDATE),
}
_BY_CODE: dict[int, _Maker] = {
    -2: _as(ServerTrouble),
    1: _as(ServerTrouble),
    2: _as(ServerTrouble),
    10: _as(AuthRejected, "The app may not read ads: give it the permission ads_read."),
    100: _as(BadRequest),
    102: _as(AuthRejected, _RECONNECT),
    104: _as(ServerTrouble),
    190: _as(AuthRejected, _RECONNECT),
    803: _as(AccountGone, _NO_ACCESS),
    2635: _as(VersionSunset),
    3018: _as(BadRequest, "Meta keeps 37 months: ask for later dates."),
    **dict.fromkeys(range(200, 300), _as(AccountGone, _NO_ACCESS)),
}
_FIELD_CODES = frozenset({12, 100, 2642, 3001})
"""Under these numbers Meta complains of parameters, fields among them; the words say which."""
_NODE_FIELD = re.compile(r"nonexisting field \(([A-Za-z_0-9]+)\)(?: on node type \(([A-Za-z]+)\))?")
_LISTED_FIELDS = re.compile(
    r"\(#\d+\)\s+([a-z_0-9]+(?:(?:,\s*|\s+and\s+)[a-z_0-9]+)*)(?: fields?| metrics?)?\s+"
    r"(?:is|are|has been|have been)\s+(?:not valid for fields param|deprecated|removed)"
)
_WORD = re.compile(r"[a-z_0-9]+")
_TRANSIENT_SUBCODES = frozenset({99, 1504043})
_HEAVY_CODES = frozenset({960, 2601})
"""A batch that timed out, and a report that cannot be read, whatever `is_transient` says of it."""


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; None when it holds none."""
    error = reply.data.get("error") if isinstance(reply.data, dict) else None
    if not isinstance(error, dict):
        return None
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    message = _message(code, subcode, error, "message")
    if (code, subcode) == (100, 33):
        # "Unsupported get request": the node is not there, or not for this token.
        return AccountGone(message, remedy=_NO_ACCESS) if "/act_" in reply.url else _gone_report(
            message
        )  # fmt: skip
    return (
        _known(code, subcode, message, reply.headers, bool(error.get("is_transient")))
        or status_error(reply)
        or ServerTrouble(message)
    )


def failed_report(run: Mapping[str, Any]) -> ConnectorError:
    """Returns why a report could not be made; transient unless Meta says that it is no use."""
    code, subcode = _number(run.get("error_code")), _number(run.get("error_subcode"))
    message = _message(code, subcode, run, "error_message")
    message = f"the report ended as {run.get('async_status')!r}: {message}"
    return _known(code, subcode, message, {}, False) or ServerTrouble(message)


def _known(
    code: int, subcode: int, message: str, headers: Mapping[str, str], transient: bool
) -> ConnectorError | None:
    if "reduce the amount of data" in message.lower():
        return TooHeavy(message, pages_help=True)
    if code in THROTTLED:
        return _throttled(message, seconds_until_access(headers))
    refused = _refused_fields(message) if code in _FIELD_CODES else ()
    if refused:
        return FieldRefused(message, fields=refused)
    if (code, subcode) in _BY_SUBCODE:
        return _BY_SUBCODE[code, subcode](message)
    if code in _HEAVY_CODES:
        return _heavy(message)
    if transient or subcode in _TRANSIENT_SUBCODES:
        return ServerTrouble(message)
    return _BY_CODE[code](message) if code in _BY_CODE else None


def _refused_fields(message: str) -> tuple[str, ...]:
    """Returns the fields that a message complains about, those of a creative as `creative.x`."""
    node = _NODE_FIELD.search(message)
    if node is not None:
        inside = "creative." if node[2] == "AdCreative" else ""
        return (inside + node[1],)
    listed = _LISTED_FIELDS.search(message)
    return tuple(name for name in _WORD.findall(listed[1]) if name != "and") if listed else ()


def _throttled(message: str, wait: float | None) -> ConnectorError:
    """A short wait is waited; asking earlier than told only makes Meta's ban longer."""
    if wait is None or wait <= LONGEST_WAIT:
        return RateLimited(
            message,
            retry_after=wait,
            remedy="Nothing to do: it waits as Meta asks. If it lasts, pull less often.",
        )
    return QuotaSpent(
        f"{message} (Meta asks to wait {wait:.0f} s)",
        remedy=f"Run again in {wait / 60:.0f} minutes, or apply for Full access to the Marketing "
        "API, which allows far more calls.",
    )


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _message(code: int, subcode: int, error: Mapping[str, Any], key: str) -> str:
    number = f"{code}/{subcode}" if subcode else str(code)
    texts = [str(error[name]) for name in (key, "error_user_msg") if error.get(name)]
    trace = f" (fbtrace_id {error['fbtrace_id']})" if error.get("fbtrace_id") else ""
    return f"Meta's error {number}: {' '.join(texts) or 'no reason given'}{trace}"
