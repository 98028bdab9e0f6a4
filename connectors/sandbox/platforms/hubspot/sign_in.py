"""Credentials: tokens of private apps, which last, and the refresh tokens of an OAuth app."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.hubspot.system import PLATFORM, SYSTEM
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.lifecycle import Call, Refusal
from connectors.sandbox.wire.sign_in import RefreshEndpoint, SignIn
from connectors.sandbox.wire.tokens import Tokens
from connectors.sandbox.world import World

CLIENT = ("sandbox-hubspot-app", "sandbox-hubspot-secret")
TOKEN = "pat-eu1-sandbox-{}"
"""The token of an organization, by its id."""
REFRESH_TOKEN = "sandbox-hubspot-refresh-{}"
_LIVES = timedelta(minutes=30)
_ID = "20f9a1c0-0000-4000-8000-000000000000"


def refusal(status: int, category: str, message: str, **more: Any) -> Refusal:
    """Returns a refusal in HubSpot's envelope."""
    body = {"status": "error", "message": message, "correlationId": _ID, "category": category}
    return Refusal(status, {**body, **more})


def invalid(message: str) -> Refusal:
    """Returns the refusal of a wrong question."""
    return refusal(400, "VALIDATION_ERROR", message)


def connections(business: Business) -> ConnectionsPart:
    """Returns HubSpot's part of the file for `tributary connections apply`."""
    held = [(one.account.organization.id, one.account.id) for one in business.sales(SYSTEM)]
    return one_each(
        business, PLATFORM, PLATFORM, lambda one: {"access_token": TOKEN.format(one)}, held
    )


def sign_in(world: World) -> tuple[SignIn, RefreshEndpoint]:
    """Returns the sign-in of a world, and its token endpoint."""
    accounts = [one.account for one in world.business.sales(SYSTEM)]
    tokens: Tokens[str] = Tokens("sandbox-hubspot-access-", lasting_can_end=True)
    for one in accounts:
        tokens.keep(TOKEN.format(one.organization.id), one.organization.id)
    owners = {REFRESH_TOKEN.format(one.organization.id): one.organization.id for one in accounts}
    now, lives = world.clock.now, (_LIVES, timedelta(days=365))
    endpoint = RefreshEndpoint(CLIENT, owners, tokens, *lives, world.faults, now)
    return SignIn(accounts, tokens, _refuse, now), endpoint


def of_fault(call: Call) -> Refusal:
    """Returns the refusal of a call that meets a fault; of the limits it has another envelope."""
    if not str(call.fault).startswith("429"):
        return Refusal.of_fault(call, lambda status: f"<html>{status.phrase}</html>")
    body = {
        "status": "error",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT",
        "correlationId": _ID,
        "policyName": "TEN_SECONDLY_ROLLING",
        "groupName": "publicapi:private_app-api-calls-ten-secondly:1:1",
    }
    return Refusal.of_fault(call, lambda _: body)


def _refuse(is_over: bool) -> Refusal:
    if is_over:
        said = "The OAuth token used to make this call expired 7 second(s) ago."
        context = {"expire time": ["2026-11-15T06:00:00.000Z"]}
        return refusal(401, "EXPIRED_AUTHENTICATION", said, context=context)
    said = "Authentication credentials not found. This API supports OAuth 2.0 authentication"
    return refusal(401, "INVALID_AUTHENTICATION", said)
