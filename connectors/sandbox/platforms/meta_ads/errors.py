"""Graph API errors: the body, and the refusals that several parts of the platform share."""

from __future__ import annotations

import math
from typing import Any

from starlette.responses import Response

from connectors.sandbox.wire.lifecycle import Call, Refusal


class GraphError(Refusal):
    """A refusal as the platform words it.

    Args:
        http: The HTTP status; throttling is 400 here, as at the platform.
        code: The error's number.
        message: For developers.
        subcode: `error_subcode`; None where there is none.
        transient: `is_transient`.
        type: The kind of exception.
        title: `error_user_title`.
        advice: `error_user_msg`.
    """

    def __init__(
        self,
        http: int,
        code: int,
        message: str,
        subcode: int | None = None,
        transient: bool = False,
        type: str = "OAuthException",
        title: str | None = None,
        advice: str | None = None,
    ) -> None:
        shown = {
            "message": message,
            "type": type,
            "code": code,
            "is_transient": transient,
            "error_subcode": subcode,
            "error_user_title": title,
            "error_user_msg": advice,
        }
        super().__init__(http, {name: one for name, one in shown.items() if one is not None})
        self.code = code

    def written(self, trace: str) -> dict[str, Any]:
        """Returns the body with the id by which support would find the request."""
        return {"error": {**self.body, "fbtrace_id": trace}}

    def response(self, call: Call) -> Response:
        """Returns the answer."""
        return Refusal(self.status, self.written(call.id), self.headers).response(call)


def invalid(message: str, subcode: int | None = None) -> GraphError:
    """Returns a refusal of a parameter."""
    return GraphError(400, 100, f"(#100) {message}", subcode)


def no_field(name: str, kind: str) -> GraphError:
    """Returns the refusal of a field that a node does not have."""
    return invalid(f"Tried accessing nonexisting field ({name}) on node type ({kind})")


def not_valid(name: str) -> GraphError:
    """Returns the refusal of a field that insights do not have."""
    return invalid(
        f"{name} is not valid for fields param. please check "
        "https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid "
        "values"
    )


def no_node(id_: str, method: str = "get") -> GraphError:
    """Returns the refusal of an id that is unknown or out of reach."""
    return GraphError(
        400,
        100,
        f"Unsupported {method} request. Object with ID '{id_}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. Please read the Graph API "
        "documentation at https://developers.facebook.com/docs/graph-api",
        33,
        type="GraphMethodException",
    )


def no_permission(account_id: str) -> GraphError:
    """Returns the refusal of an account whose owner has taken the permission back."""
    return GraphError(
        403,
        200,
        f"(#200) Ad account owner has NOT grant ads_management or ads_read permission: "
        f"act_{account_id}",
    )


def unknown_path(path: str) -> GraphError:
    """Returns the refusal of a path that leads nowhere."""
    return GraphError(400, 2500, f"Unknown path components: /{path}")


def dead_token(subcode: int | None, message: str) -> GraphError:
    """Returns the refusal of an access token."""
    return GraphError(400, 190, message, subcode)


def too_much_data() -> GraphError:
    """Returns the refusal of a question whose answer would be too large."""
    return GraphError(
        400,
        100,
        "Please reduce the amount of data you're asking for, then retry your request",
        1487534,
        title="Too much data was requested",
        advice="Please ask for a smaller range of dates or for fewer objects.",
    )


def heavy(days: int) -> GraphError:
    """Returns what the platform says of a question that is too much, without saying that it is."""
    if days % 2:
        return GraphError(500, 1, "An unknown error occurred", 99)
    return GraphError(400, 2601, "(#2601) Error accessing adreport job", transient=days % 4 == 0)


def sunset(version: str, newest: str) -> GraphError:
    """Returns the refusal of a version that has been switched off."""
    return GraphError(
        400,
        2635,
        f"(#2635) You are calling a deprecated version of the Ads API ({version}). Please update "
        f"to the latest version: {newest}.",
    )


def throttled(account_id: str | None, insights: bool, *, seconds: float | None) -> GraphError:
    """Returns the platform's word for 429: HTTP 400 and one of its throttling codes.

    Args:
        account_id: Whose limit; None for the app's.
        insights: Whether the call was for insights, which have limits of their own.
        seconds: When to come back, stated in the usage header; None leaves that open.
    """
    if account_id is None:
        return GraphError(
            400, 4, "(#4) Application request limit reached", 1504022 if insights else None, True
        )
    if seconds is None:
        return GraphError(
            400,
            17,
            "(#17) User request limit reached",
            2446079,
            False,
            title="Ad Account Has Too Many API Calls",
            advice="There have been too many calls from this ad-account. Wait a bit and try again.",
        )
    code, what = (80000, "ads_insights") if insights else (80004, "ads_management")
    return GraphError(
        400,
        code,
        f"(#{code}) There have been too many calls from this ad-account. Wait a bit and try again "
        f"({what}). Regains access in {math.ceil(seconds / 60)} minutes at most.",
        2446079,
        False,
        title="Ad Account Has Too Many API Calls",
    )


def server_error(http: int) -> GraphError:
    """Returns what a broken (500) or busy (503) platform says."""
    if http == 500:
        return GraphError(500, 1, "An unknown error occurred", 99)
    return GraphError(
        503,
        2,
        "An unexpected error has occurred. Please retry your request later.",
        1504043,
        True,
    )
