"""Credentials: private keys, which last, and the refresh tokens of an OAuth app."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.klaviyo.system import PLATFORM, SYSTEM
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.json_api import refusal
from connectors.sandbox.wire.sign_in import RefreshEndpoint, SignIn, in_authorization
from connectors.sandbox.world import World

CLIENT = ("sandbox-klaviyo-app", "sandbox-klaviyo-secret")
KEY = "pk_sandbox_{}"
"""The private key of an organization, by its id."""
REFRESH_TOKEN = "sandbox-klaviyo-refresh-{}"
_UNKNOWN = "authentication_failed", "Incorrect authentication credentials."
_SCHEME = "Klaviyo-API-Key "


def connections(business: Business) -> ConnectionsPart:
    """Returns Klaviyo's part of the file for `tributary connections apply`."""
    held = [(one.book.shop.organization.id, one.account_id) for one in business.mail(SYSTEM)]
    return one_each(
        business, PLATFORM, PLATFORM, lambda one: {"private_key": KEY.format(one)}, held
    )


def sign_in(world: World) -> tuple[SignIn, RefreshEndpoint]:
    """Returns the sign-in of a world, and its token endpoint."""
    accounts = [one.account for one in world.business.mail(SYSTEM)]
    now, people = world.clock.now, [one.organization.id for one in accounts]
    found = SignIn.lasting(accounts, KEY, lambda _: refusal(401, *_UNKNOWN), now, token_of)
    owners, lives = {REFRESH_TOKEN.format(one): one for one in people}, timedelta(hours=1)
    after = timedelta(days=90)
    endpoint = RefreshEndpoint(CLIENT, owners, found.tokens, lives, after, world.faults, now, True)
    return found, endpoint


def token_of(request: Request) -> str | None:
    """Returns the private key of a request, or its access token."""
    text = request.headers.get("authorization", "")
    return text.removeprefix(_SCHEME) if text.startswith(_SCHEME) else in_authorization(request)
