"""Sign-in: an OAuth client with its page of consent, and assertions of a service account."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.sandbox.platforms.ga4.site import BY_SERVICE_ACCOUNT, Property
from connectors.sandbox.wire.google_access import GoogleAccess
from connectors.sandbox.wire.google_errors import unauthenticated
from connectors.sandbox.wire.sign_in import RefreshEndpoint, SignIn
from connectors.sandbox.world import World

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
_ACCESS = GoogleAccess("ga4", SCOPE, BY_SERVICE_ACCOUNT)
CLIENT = _ACCESS.client
REFRESH_TOKEN = _ACCESS.refresh_token("{}")
"""The refresh token of an organization, by its id."""
SERVICE_ACCOUNT = _ACCESS.service_account
secrets = _ACCESS.secrets


def sign_in(world: World, held: Sequence[Property]) -> tuple[SignIn, RefreshEndpoint]:
    """Returns the sign-in of a world, and its token endpoint."""
    accounts = [one.account for one in held]
    return _ACCESS.sign_in(accounts, unauthenticated, world.faults, world.clock.now)
