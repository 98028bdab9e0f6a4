"""Credentials: a refresh token an organization, and the access tokens that it brings."""

from __future__ import annotations

from datetime import timedelta

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.linkedin_ads.errors import error
from connectors.sandbox.platforms.linkedin_ads.network import NETWORK
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.lifecycle import Refusal
from connectors.sandbox.wire.sign_in import RefreshEndpoint, SignIn
from connectors.sandbox.wire.tokens import Tokens
from connectors.sandbox.world import World

_CLIENT = ("86sandbox00000", "sandbox-linkedin-secret")
_REFRESH_TOKEN = "AQXsandbox-{}"
_LIVES, _REFRESH_LIVES = timedelta(days=60), timedelta(days=365)


def connections(business: Business) -> ConnectionsPart:
    """Returns LinkedIn's part of the file for `tributary connections apply`."""
    id_, secret = _CLIENT
    return one_each(
        business,
        NETWORK.platform,
        "linkedin",
        lambda one: {
            "client_id": id_,
            "client_secret": secret,
            "refresh_token": _REFRESH_TOKEN.format(one),
        },
    )


def sign_in(world: World) -> tuple[SignIn, RefreshEndpoint]:
    """Returns the sign-in of a world, and its token endpoint."""
    accounts = world.business.people.accounts_on(NETWORK.platform)
    owners = {_REFRESH_TOKEN.format(one.organization.id): one.organization.id for one in accounts}
    tokens: Tokens[str] = Tokens("AQVsandbox-")
    reader = SignIn(accounts, tokens, _refuse, world.clock.now)
    lives = (_LIVES, _REFRESH_LIVES)
    return reader, RefreshEndpoint(_CLIENT, owners, tokens, *lives, world.faults, world.clock.now)


def _refuse(over: bool) -> Refusal:
    if over:
        why = "The token used in the request has expired"
        return error(401, why, "EXPIRED_ACCESS_TOKEN", 65602)
    return error(401, "Invalid access token", "INVALID_ACCESS_TOKEN", 65600)
