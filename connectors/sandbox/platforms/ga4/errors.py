"""What Google Analytics says when something is wrong, beside what Google's APIs share."""

from __future__ import annotations

from connectors.sandbox.wire import google_errors
from connectors.sandbox.wire.google_errors import error
from connectors.sandbox.wire.lifecycle import Call, Refusal

_EXHAUSTED = "Exhausted concurrent requests quota. Please send requests one at a time."
_SCHEMA = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"
_EXPLORER = "https://ga-dev-tools.web.app/ga4/dimensions-metrics-explorer/"


def of_fault(call: Call) -> Refusal:
    """Returns what Google Analytics says to a request that meets a fault."""
    return google_errors.of_fault(call, _EXHAUSTED)


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
