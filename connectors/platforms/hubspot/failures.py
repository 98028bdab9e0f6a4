"""What HubSpot's refusals mean."""

from __future__ import annotations

from typing import Any

from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.pacing import LONGEST_WAIT, retry_after_seconds
from connectors.core.paginators import at
from connectors.core.replies import Reply

KEYS = "Settings > Integrations > Service Keys"
SCOPES = "crm.objects.contacts.read, …companies.read, …deals.read, …owners.read"
_WAITS = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
"""Seconds to wait where the answer does not say: the length of the limit's interval."""


class NotGranted(AuthRejected):
    """The credential lacks a scope, or the account's plan has no such thing."""


def read_error(reply: Reply) -> ConnectorError | None:
    """Reads error bodies; what it leaves out is read by its HTTP status."""
    if reply.status < 400:
        return None
    said = reply.data if isinstance(reply.data, dict) else {}
    category = str(said.get("category") or said.get("errorType") or "")
    text = ": ".join(one for one in (category, str(said.get("message") or reply.excerpt)) if one)
    message = f"HTTP {reply.status}: {text}"
    if reply.status == 429:
        return _limited(reply, said, message)
    if reply.status == 423:
        return RateLimited(message, retry_after=2.0)
    if reply.status == 477:
        return _moving(reply, message)
    if reply.status in (401, 530):
        remedy = f"Check the token ({KEYS}), or connect the app again."
        return AuthRejected(message, token_expired=reply.status == 401, remedy=remedy)
    if reply.status == 403:
        return _forbidden(said, message)
    if reply.status == 410:
        return VersionSunset(message)
    return BadRequest(message) if reply.status < 500 else None


def read_usage(reply: Reply) -> float:
    """Returns the seconds to wait when nothing is left of the ten seconds of an account."""
    left = reply.headers.get("X-HubSpot-RateLimit-Remaining", "").strip()
    return _WAITS["TEN_SECONDLY_ROLLING"] if left == "0" else 0.0


def _limited(reply: Reply, said: dict[str, Any], message: str) -> ConnectorError:
    policy = str(said.get("policyName") or "")
    if policy == "DAILY":
        return QuotaSpent(
            message,
            remedy="Nothing to do: HubSpot answers again after midnight of the account's zone. All "
            "that use the account share its requests of a day.",
        )
    return RateLimited(
        message, retry_after=retry_after_seconds(reply.headers) or _WAITS.get(policy)
    )


def _moving(reply: Reply, message: str) -> ConnectorError:
    """While an account is moved to another data centre HubSpot asks to wait, for up to a day."""
    seconds = retry_after_seconds(reply.headers)
    if seconds is not None and seconds > LONGEST_WAIT:
        return QuotaSpent(message, remedy="Nothing to do: HubSpot is moving the account.")
    return ServerTrouble(message)


def _forbidden(said: dict[str, Any], message: str) -> ConnectorError:
    if said.get("category") != "MISSING_SCOPES":
        return AuthRejected(message)
    errors = said.get("errors") or [{}]
    scopes = at(errors[0], "context.requiredGranularScopes") or [SCOPES]
    return NotGranted(message, remedy=f"Grant {', '.join(map(str, scopes))} ({KEYS}).")
