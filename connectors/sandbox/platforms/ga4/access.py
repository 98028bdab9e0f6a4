"""Sign-in: an OAuth client with its page of consent, and assertions of a service account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from connectors.sandbox.platforms.ga4.errors import unauthenticated
from connectors.sandbox.platforms.ga4.site import BY_SERVICE_ACCOUNT, Property
from connectors.sandbox.wire.consent import Codes
from connectors.sandbox.wire.service_accounts import GRANT, ServiceAccount
from connectors.sandbox.wire.sign_in import RefreshEndpoint, SignIn
from connectors.sandbox.wire.tokens import Tokens
from connectors.sandbox.world import World

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
CLIENT = ("sandbox-ga4.apps.googleusercontent.com", "sandbox-ga4-secret")
REFRESH_TOKEN = "1//sandbox-ga4-{}"
"""The refresh token of an organization, by its id."""
SERVICE_ACCOUNT = ServiceAccount(
    "tributary@sandbox-ga4.iam.gserviceaccount.com", "https://oauth2.googleapis.com/token", SCOPE
)


def secrets(organization: str) -> dict[str, str]:
    """Returns the secrets of an organization's credential, literals of the sandbox."""
    if organization == BY_SERVICE_ACCOUNT:
        return {"service_account_key": SERVICE_ACCOUNT.key_file()}
    names = ("client_id", "client_secret", "refresh_token")
    return dict(zip(names, (*CLIENT, REFRESH_TOKEN.format(organization)), strict=True))


def sign_in(world: World, held: Sequence[Property]) -> tuple[SignIn, RefreshEndpoint]:
    """Returns the sign-in of a world, and its token endpoint."""
    tokens: Tokens[str] = Tokens("ya29.sandbox-ga4-")
    now, people = world.clock.now, [one.site.organization.id for one in held]

    def by_assertion(form: dict[str, str]) -> str:
        SERVICE_ACCOUNT.check(form.get("assertion", ""), now())
        return BY_SERVICE_ACCOUNT

    endpoint = RefreshEndpoint(
        client=CLIENT,
        owners={REFRESH_TOKEN.format(one): one for one in people if one != BY_SERVICE_ACCOUNT},
        tokens=tokens,
        lives=timedelta(hours=1),
        refresh_lives=None,
        faults=world.faults,
        now=now,
        codes=Codes(CLIENT[0], SCOPE),
        others={GRANT: by_assertion},
    )
    return SignIn([one.account for one in held], tokens, unauthenticated, now), endpoint
