"""Google's error bodies into our error tree.

The body is `{"error": …}`; from streaming calls it comes wrapped in a list. Inside stand one or
more pairs of a category and a code; what each asks for is in the tables below.
https://developers.google.com/google-ads/api/docs/get-started/handle-errors
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
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

_Maker = Callable[[str, float | None], ConnectorError]


def _limited(message: str, delay: float | None) -> ConnectorError:
    return RateLimited(
        message,
        retry_after=delay,
        remedy="Nothing to do: it waits as Google asks. If it lasts, pull less often.",
    )


def _allowance(message: str, delay: float | None) -> ConnectorError:
    """The same code stands for a short limit and for the day's; the delay tells them apart."""
    if delay is None or delay <= LONGEST_WAIT:
        return _limited(message, delay)
    return QuotaSpent(
        f"{message} (Google asks to wait {delay:.0f} s)",
        remedy="Wait for Google's new day, or apply for a higher access level of the Cloud project "
        "(Explorer 2,880, Basic 15,000 operations a day, Standard without a limit).",
    )


def _expired(message: str, _delay: float | None) -> ConnectorError:
    return AuthRejected(
        message,
        token_expired=True,
        remedy="Connect the Google account again: a new access token was refused too.",
    )


def _restart(message: str, _delay: float | None) -> ConnectorError:
    return ServerTrouble(
        message, restart_chunk=True, remedy="Nothing to do: the chunk is fetched again."
    )


def _server(message: str, _delay: float | None) -> ConnectorError:
    return ServerTrouble(message)


def _slow(message: str, _delay: float | None) -> ConnectorError:
    return ServerTrouble(message, less_may_help=True)


def _as(kind: type[ConnectorError], remedy: str = "") -> _Maker:
    return lambda message, _delay: kind(message, remedy=remedy)


def _without_field(message: str, _delay: float | None) -> ConnectorError:
    """Google quotes what it does not know: `unrecognized field 'metrics.clicks'`."""
    return FieldRefused(message, fields=_QUOTED_FIELD.findall(message))


_QUOTED_FIELD = re.compile(r"'([a-z_]+(?:\.[a-z_0-9]+)+)'")
_NO_ACCESS = (
    "Check login_customer_id (the manager's id, when access goes through one) and that the "
    "signed-in Google user may read this account; or remove the connection."
)
_BY_CODE: dict[tuple[str, str], _Maker] = {
    ("authenticationError", "OAUTH_TOKEN_EXPIRED"): _expired,
    ("authenticationError", "OAUTH_TOKEN_INVALID"): _expired,
    ("authenticationError", "OAUTH_TOKEN_REVOKED"): _expired,
    ("authenticationError", "CUSTOMER_NOT_FOUND"): _as(
        AccountGone, "Check the account id: Google knows no such customer. Else remove it."
    ),
    ("authenticationError", "NOT_ADS_USER"): _as(
        AuthRejected, "Sign in with a Google user who has access to a Google Ads account."
    ),
    ("authorizationError", "USER_PERMISSION_DENIED"): _as(AccountGone, _NO_ACCESS),
    ("authorizationError", "CUSTOMER_NOT_ENABLED"): _as(
        AccountGone, "The account is not active yet or closed: reactivate it, or remove it."
    ),
    ("authorizationError", "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION"): _as(
        AuthRejected, "Apply for production access for the Cloud project of the OAuth client."
    ),
    ("authorizationError", "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION"): _as(
        AccountGone, "This account is not under that manager: correct login_customer_id."
    ),
    ("queryError", "REQUESTED_METRICS_FOR_MANAGER"): _as(
        BadRequest,
        "A manager account has no numbers of its own: connect its client accounts "
        "(`tributary connections discover` lists them).",
    ),
    ("queryError", "UNRECOGNIZED_FIELD"): _without_field,
    ("queryError", "PROHIBITED_FIELD_IN_SELECT_CLAUSE"): _without_field,
    ("queryError", "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE"): _without_field,
    ("queryError", "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE"): _as(
        BadRequest, "Update Tributary: Google no longer reports these fields together."
    ),
    ("queryError", "DATE_RANGE_TOO_WIDE"): _as(TooHeavy),
    ("internalError", "DEADLINE_EXCEEDED"): _slow,
    ("queryError", "FILTER_HAS_TOO_MANY_VALUES"): _as(BadRequest, "Ask for fewer values at once."),
    ("requestError", "INVALID_PAGE_TOKEN"): _as(
        BadRequest, "Run the sync again; if it stays, report it with this message."
    ),
    ("requestError", "EXPIRED_PAGE_TOKEN"): _restart,
    ("requestError", "PAGE_SIZE_NOT_SUPPORTED"): _as(
        BadRequest,
        "Update Tributary: Google fixes the page size and refuses a request that asks for another.",
    ),
    ("requestError", "UNSUPPORTED_VERSION"): _as(VersionSunset),
    ("requestError", "INVALID_CUSTOMER_ID"): _as(
        BadRequest, "Check the account id: ten digits, as Google Ads shows it, without dashes."
    ),
    ("requestError", "LOGIN_CUSTOMER_ID_PARAMETER_MISSING"): _as(AccountGone, _NO_ACCESS),
    ("quotaError", "RESOURCE_EXHAUSTED"): _allowance,
    ("quotaError", "RESOURCE_TEMPORARILY_EXHAUSTED"): _limited,
    ("quotaError", "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION"): _limited,
    ("quotaError", "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION"): _allowance,
    ("quotaError", "ACCESS_PROHIBITED"): _as(
        AuthRejected, "Check the access level of the Cloud project in its Google Ads API page."
    ),
    ("errorInfo", "SERVICE_DISABLED"): _as(
        AuthRejected, "Enable the Google Ads API in the Cloud project of the OAuth client."
    ),
    ("errorInfo", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"): _as(
        AuthRejected, "Connect the account again and grant the scope …/auth/adwords."
    ),
}
_BY_CATEGORY: dict[str, _Maker] = {
    "authenticationError": _as(AuthRejected),
    "authorizationError": _as(AuthRejected, "Give the Google user access to this account."),
    "quotaError": _limited,
    "internalError": _server,
    "databaseError": _server,
}
_BY_STATUS: dict[str, _Maker] = {
    "UNAUTHENTICATED": _expired,
    "PERMISSION_DENIED": _as(AuthRejected, _NO_ACCESS),
    "RESOURCE_EXHAUSTED": _allowance,
    "UNAVAILABLE": _server,
    "INTERNAL": _server,
    "DEADLINE_EXCEEDED": _server,
    "ABORTED": _server,
    "UNKNOWN": _server,
}


@dataclass(frozen=True, slots=True)
class _Failure:
    category: str
    code: str
    text: str
    delay: float | None


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; None when it holds none.

    A success whose body turns into an error half way (a stream that breaks off) counts as one.
    """
    error = _error_object(reply.data)
    if error is None:
        return None
    failures = list(_failures(error))
    delay = max((f.delay for f in failures if f.delay is not None), default=None)
    status = str(error.get("status", ""))
    for failure in failures:
        maker = _BY_CODE.get((failure.category, failure.code)) or _BY_CATEGORY.get(failure.category)
        if maker is not None:
            return maker(_message(reply, failure.code, failure.text or _text(error)), delay)
    if failures and failures[0].category not in {"", "errorInfo"}:
        # A category of its own is a complaint about the question (dateError, clickViewError …).
        first = failures[0]
        return BadRequest(_message(reply, f"{first.category} {first.code}", first.text))
    message = _message(reply, status, _text(error))
    if status in _BY_STATUS:
        return _BY_STATUS[status](message, delay)
    general = status_error(reply) if reply.status >= 300 else ServerTrouble(message)
    if isinstance(general, RateLimited):
        general.retry_after = delay
    return general


def seconds(duration: object) -> float | None:
    """Reads a protobuf Duration such as `"30s"` or `"1.5s"`; None when it is not readable."""
    if not isinstance(duration, str) or not duration.endswith("s"):
        return None
    try:
        value = float(duration[:-1])
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None


def _error_object(data: Any) -> dict[str, Any] | None:
    for part in data if isinstance(data, list) else [data]:
        if isinstance(part, dict) and isinstance(part.get("error"), dict):
            found: dict[str, Any] = part["error"]
            return found
    return None


def _failures(error: dict[str, Any]) -> Iterator[_Failure]:
    for detail in _objects(error.get("details")):
        for each in _objects(detail.get("errors")):
            quota = _object(_object(each.get("details")).get("quotaErrorDetails"))
            delay = seconds(quota.get("retryDelay"))
            for category, code in _object(each.get("errorCode")).items():
                yield _Failure(str(category), str(code), str(each.get("message", "")), delay)
        if "reason" in detail:
            yield _Failure("errorInfo", str(detail["reason"]), "", None)
        if "retryDelay" in detail:
            yield _Failure("", "", "", seconds(detail["retryDelay"]))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(error: dict[str, Any]) -> str:
    return str(error.get("message", ""))


def _message(reply: Reply, code: str, text: str) -> str:
    return f"HTTP {reply.status} {code}: {text}".replace(" :", ":")
