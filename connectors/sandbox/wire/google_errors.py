"""What Google's APIs say when something is wrong, in the envelope that they share."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.wire.lifecycle import Call, Refusal

_STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip
_TROUBLE = {
    500: "An internal error has occurred. Please try again.",
    503: "The service is currently unavailable.",
}
NOT_FOUND = "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title></html>"


def error(status: int, message: str, *details: dict[str, Any]) -> Refusal:
    """Returns a refusal in Google's envelope."""
    body: dict[str, Any] = {"code": status, "message": message, "status": _STATUSES[status]}
    if details:
        body["details"] = list(details)
    return Refusal(status, {"error": body})


def of_fault(call: Call, exhausted: str) -> Refusal:
    """Returns what Google says to a request that meets a fault; `exhausted` to one too many."""
    messages = {**_TROUBLE, 429: exhausted}
    return Refusal.of_fault(call, lambda one: error(one.value, messages[one.value]).body)


def unauthenticated(over: bool) -> Refusal:
    """Returns what is said to a token that is over, or unknown; or to none at all."""
    said = "Request had invalid authentication credentials. Expected OAuth 2 access token."
    found = error(401, said)
    if over:
        found.headers["WWW-Authenticate"] = (
            'Bearer realm="https://accounts.google.com/", error="invalid_token"'
        )
    return found


def check_version(call: Call) -> None:
    """Refuses what is asked of a version that is over."""
    if call.plan.sunset:
        raise Refusal(404, NOT_FOUND)
