"""Shopify's errors into our error tree.

Errors of a query come with HTTP 200; `errors` is a list there and a text elsewhere. A part of the
data may stand beside them: it is never taken.
https://shopify.dev/docs/api/admin-graphql#status_and_error_codes
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Unpack

from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    Place,
    RateLimited,
    ServerTrouble,
    ShapeChanged,
    VersionSunset,
)
from connectors.core.replies import Reply, status_error
from connectors.platforms.shopify.schema import ADDRESS

_log = logging.getLogger(__name__)

_VERSION = re.compile(r"/admin/api/([^/]+)/")
_NO_FIELD = re.compile(r"(?:Field|field) '(\w+)' (?:doesn't exist )?on type '\w+'")
STRUCTURE = frozenset({"edges", "node", "nodes"})
"""What stands between a list and its objects: no fields of theirs."""
_SERVER = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT"})
_SCOPES = (
    "Give the app the missing access scope (read_orders, read_all_orders, read_customers, "
    "read_products, read_inventory) or the approval for protected customer data, and install it "
    "again."
)
_BY_STATUS: Mapping[int, tuple[type[ConnectorError], str]] = {
    402: (AccountGone, "The shop is frozen until its owner pays Shopify: wait, or remove it."),
    403: (AuthRejected, _SCOPES),
    404: (AccountGone, "Check the account: Shopify knows no shop of that handle. Else remove it."),
    423: (AccountGone, "The shop is locked: its owner must ask Shopify. Or pause the connection."),
    430: (
        BadRequest,
        "Shopify's protection refused this machine: look at its proxy, and run again later.",
    ),
}


class TooExpensive(BadRequest):
    """The query costs more points than Shopify ever grants one; a smaller page may pass.

    Attributes:
        cost: points that the query would cost; 0 if Shopify does not say.
        limit: points that one query may cost; 0 if Shopify does not say.
    """

    def __init__(
        self, message: str, *, cost: float = 0, limit: float = 0, **place: Unpack[Place]
    ) -> None:
        super().__init__(message, **place)
        self.cost, self.limit = cost, limit


def read_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that a reply holds; None when it holds none.

    A success counts as an error when another version answered than was asked, or when a search
    was not understood: Shopify then ignores it and returns the whole table.
    """
    errors = reply.data.get("errors") if isinstance(reply.data, dict) else None
    if reply.status >= 300:
        return _status(reply, errors)
    if errors:
        return _of_query(reply, errors)
    return _other_version(reply) or _ignored_search(reply)


def cost_of(data: Any) -> dict[str, Any]:
    """Returns `extensions.cost` of an answer; empty if there is none."""
    return _object(_object(_object(data).get("extensions")).get("cost"))


def number(value: Any) -> float:
    """Returns a number of Shopify's; 0 if it is none."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _status(reply: Reply, errors: Any) -> ConnectorError | None:
    text = errors if isinstance(errors, str) else reply.excerpt
    message = f"HTTP {reply.status}: {text}" if text else f"HTTP {reply.status}"
    if reply.status == 401:
        return AuthRejected(
            message,
            token_expired=True,
            remedy="Connect the shop again: the app was removed from it, or its token was revoked.",
        )
    if reply.status in _BY_STATUS:
        kind, remedy = _BY_STATUS[reply.status]
        return kind(message, remedy=remedy)
    return status_error(reply)


def _of_query(reply: Reply, errors: Any) -> ConnectorError:
    listed = [each for each in errors if isinstance(each, dict)] if type(errors) is list else []
    codes = [str(_object(each.get("extensions")).get("code", "")) for each in listed]
    texts = [str(each.get("message", "")) for each in listed] or [str(errors)]
    message = "; ".join(f"{code}: {text}".removeprefix(": ")
                        for code, text in zip(codes or [""], texts, strict=True))  # fmt: skip
    if "THROTTLED" in codes or texts == ["Throttled"]:
        return _throttled(reply, message)
    if "MAX_COST_EXCEEDED" in codes:
        said = _object(listed[codes.index("MAX_COST_EXCEEDED")].get("extensions"))
        return TooExpensive(
            message, cost=number(said.get("cost")), limit=number(said.get("maxCost"))
        )
    if "ACCESS_DENIED" in codes:
        denied = [each for each, code in zip(listed, codes, strict=True) if code == "ACCESS_DENIED"]
        if all(ADDRESS in (each.get("path") or ()) for each in denied):
            # Protected customer data: an app may read orders and not where they go.
            return FieldRefused(message, fields=[ADDRESS])
        needed = _object(denied[0].get("extensions"))
        wanted = needed.get("requiredAccess")
        return AuthRejected(f"{message} ({wanted})" if wanted else message, remedy=_SCOPES)
    refused = [_refused_field(each) for each in listed]
    if any(refused):
        return FieldRefused(message, fields=[name for name in refused if name])
    if _SERVER & set(codes) or any(text.startswith("Internal error") for text in texts):
        return ServerTrouble(message)
    return BadRequest(
        message, remedy="Update Tributary: this API version does not take the question."
    )


def refused_fields(message: str) -> list[str]:
    """Returns the fields that a text complains about, without what they lie in."""
    return _NO_FIELD.findall(message)


def _refused_field(error: dict[str, Any]) -> str:
    """Returns the path of a field that a type does not have, from an object of the list on."""
    said = _object(error.get("extensions"))
    if said.get("code") != "undefinedField":
        return ""
    path = error.get("path")
    names = [str(part) for part in path] if isinstance(path, list) else []
    inside = [name for name in names[2:] if name not in STRUCTURE]
    return ".".join(inside) or str(said.get("fieldName", ""))


def _throttled(reply: Reply, message: str) -> ConnectorError:
    cost = cost_of(reply.data)
    status = _object(cost.get("throttleStatus"))
    wanted, limit = number(cost.get("requestedQueryCost")), number(status.get("maximumAvailable"))
    if limit and wanted > limit:
        # However long it waits, the bucket never holds as much.
        return TooExpensive(message, cost=wanted, limit=limit)
    missing = wanted - number(status.get("currentlyAvailable"))
    rate = number(status.get("restoreRate"))
    return RateLimited(message, retry_after=missing / rate if rate > 0 and missing > 0 else None)


def _other_version(reply: Reply) -> ConnectorError | None:
    asked, answered = _VERSION.search(reply.url), reply.headers.get("X-Shopify-API-Version", "")
    reason = reply.headers.get("X-Shopify-API-Deprecated-Reason", "")
    if reason:
        _log.warning("shopify: a deprecated call, see %s", reason)
    if asked is None or not answered or answered == asked[1]:
        return None
    return VersionSunset(
        f"version {asked[1]} was asked and {answered} answered: {asked[1]} was switched off",
    )


def _ignored_search(reply: Reply) -> ConnectorError | None:
    extensions = _object(_object(reply.data).get("extensions"))
    searches = extensions.get("search")
    for search in searches if isinstance(searches, list) else []:
        warnings = _object(search).get("warnings")
        if warnings:
            return ShapeChanged(
                f"Shopify ignores a filter of the search {_object(search).get('query')!r}: "
                f"{warnings}"
            )
    return None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
