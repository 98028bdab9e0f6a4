"""What Google's APIs say when something is wrong."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.wire.lifecycle import Call, Refusal

_STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip
_MESSAGES = {
    429: "Exhausted concurrent requests quota. Please send requests one at a time.",
    500: "An internal error has occurred. Please try again.",
    503: "The service is currently unavailable.",
}
NOT_FOUND = "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title></html>"
_SCHEMA = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"
_EXPLORER = "https://ga-dev-tools.web.app/ga4/dimensions-metrics-explorer/"


def error(status: int, message: str, *details: dict[str, Any]) -> Refusal:
    """Returns a refusal in Google's envelope."""
    body: dict[str, Any] = {"code": status, "message": message, "status": _STATUSES[status]}
    if details:
        body["details"] = list(details)
    return Refusal(status, {"error": body})


def of_fault(call: Call) -> Refusal:
    """Returns what Google says to a request that meets a fault."""
    return Refusal.of_fault(call, lambda one: error(one.value, _MESSAGES[one.value]).body)


def unauthenticated(over: bool) -> Refusal:
    """Returns what is said to a token that is over, or unknown; or to none at all."""
    said = "Request had invalid authentication credentials. Expected OAuth 2 access token."
    found = error(401, said)
    if over:
        found.headers["WWW-Authenticate"] = (
            'Bearer realm="https://accounts.google.com/", error="invalid_token"'
        )
    return found


def denied() -> Refusal:
    """Returns what is said of a property without a role in it."""
    return error(
        403,
        "User does not have sufficient permissions for this property. To learn more about "
        "Property ID, see https://developers.google.com/analytics/devguides/reporting/data/v1/"
        "property-id.",
    )


def no_field(kind: str, name: str) -> Refusal:
    """Returns what is said of a dimension, or a metric, that there is not."""
    return error(
        400,
        f"Field {name} is not a valid {kind}. For a list of valid dimensions and metrics, see "
        f"{_SCHEMA} ",
    )


def incompatible(name: str) -> Refusal:
    """Returns what is said of fields that do not go together."""
    return error(
        400,
        f"Please remove {name} to make the request compatible for example. The request's "
        f"dimensions & metrics are incompatible. To learn more, see {_EXPLORER}",
    )


def unknown_key(place: str, name: str) -> Refusal:
    """Returns what is said of a key that a request, or a part of it, does not have."""
    where = f" at '{place}'" if place else ""
    said = f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
    violations = [{"field": place, "description": said}]
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return error(400, said, {"@type": kind, "fieldViolations": violations})
