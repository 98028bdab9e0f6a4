"""Credentials: an access token an organization, which lasts until it is taken back."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.tiktok_ads.envelope import BAD_TOKEN, TikTokError
from connectors.sandbox.platforms.tiktok_ads.network import NETWORK
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.sign_in import SignIn
from connectors.sandbox.world import World

APP = ("7000000000000000001", "sandbox-tiktok-secret")
_TOKEN = "sandbox-tiktok-{}"


def connections(business: Business) -> ConnectionsPart:
    """Returns TikTok's part of the file for `tributary connections apply`."""
    app_id, secret = APP
    return one_each(
        business,
        NETWORK.platform,
        "tiktok",
        lambda one: {"access_token": _TOKEN.format(one), "app_id": app_id, "secret": secret},
    )


def sign_in(world: World) -> SignIn:
    """Returns the sign-in of a world; `Bearer ` before a token makes it an unknown one."""
    return SignIn.lasting(
        world.business.people.accounts_on(NETWORK.platform),
        _TOKEN,
        lambda _: TikTokError(BAD_TOKEN, "Access token is incorrect or has been revoked."),
        world.clock.now,
        lambda request: request.headers.get("access-token"),
    )
