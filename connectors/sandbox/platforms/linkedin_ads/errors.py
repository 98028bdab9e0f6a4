"""Error bodies: of the platform, of its validation, and of the gateway before it."""

from __future__ import annotations

from http import HTTPStatus

from connectors.sandbox.wire.lifecycle import Call, Refusal

_DAY = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
_VALUES = (
    "The data request limit has been exceeded. More than 45 million metric values were requested "
    "in a 5-minute window."
)


def error(status: int, message: str, code: str | None = None, number: int | None = None) -> Refusal:
    """Returns a refusal; usually it has a `serviceErrorCode`, often a `code`."""
    numbered = {} if number is None else {"serviceErrorCode": number}
    named = {} if code is None else {"code": code}
    return Refusal(status, {"status": status, **numbered, **named, "message": message})


def bad(field: str, code: str = "PARAM_INVALID", why: str = "") -> Refusal:
    """Returns the refusal of a parameter."""
    why = why or "Invalid value for param; wrong type or other syntax error"
    wrong = {"description": why, "input": {"inputPath": {"fieldPath": field}}, "code": code}
    body = {
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "message": "Invalid param. Please see errorDetails for more information.",
        "errorDetails": {"inputErrors": [wrong]},
        "status": 400,
    }
    return Refusal(400, body)


def no_version() -> Refusal:
    """Returns what the gateway says to a call without a version."""
    how = "Please specify a version by adding the LinkedIn-Version header."
    refusal = error(400, f"A version must be present. {how}", "VERSION_MISSING")
    refusal.headers["X-Restli-Gateway-Error"] = "true"
    return refusal


def dead_version(version: str) -> Refusal:
    """Returns what is said of a version that has ended, or never was."""
    return error(426, f"Requested version {version}01 is not active", "NONEXISTENT_VERSION")


def denied(resource: str, version: str) -> Refusal:
    """Returns the refusal of what a token may not read."""
    what = f"partnerApi{resource[:1].upper()}{resource[1:]}.FINDER-search.{version}01"
    return error(403, f"Not enough permissions to access: {what}", "ACCESS_DENIED", 100)


def refuse(call: Call) -> Refusal:
    """Returns what a fault says.

    The limit of a day does not pass before midnight: it comes only when throttling is all that is
    asked for, with an even seed.
    """
    of_day = call.plan.kinds == ("429",) and call.plan.seed % 2 == 0
    throttled = {"serviceErrorCode": 101, "message": _DAY if of_day else _VALUES}

    def body(status: HTTPStatus) -> dict[str, object]:
        more = throttled if status == HTTPStatus.TOO_MANY_REQUESTS else {"message": status.phrase}
        return {"status": status, **more}

    return Refusal.of_fault(call, body)
