"""Access tokens, which last until they are taken back, and the advertisers that they reach."""

from __future__ import annotations

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.tiktok_ads.envelope import (
    BAD_APP,
    BAD_TOKEN,
    TikTokError,
    no_permission,
)
from connectors.sandbox.platforms.tiktok_ads.network import NETWORK
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.lifecycle import Call
from connectors.sandbox.wire.tokens import Tokens

APP_ID, SECRET = "7000000000000000001", "sandbox-tiktok-secret"
_TOKEN = "sandbox-tiktok-{}"


def connections(business: Business) -> ConnectionsPart:
    """Returns TikTok's part of the file for `tributary connections apply`."""
    return one_each(
        business,
        NETWORK.platform,
        "tiktok",
        lambda one: {"access_token": _TOKEN.format(one), "app_id": APP_ID, "secret": SECRET},
    )


class SignIn:
    """Knows who calls, and the advertisers of theirs."""

    def __init__(self, business: Business) -> None:
        self.tokens: Tokens[str] = Tokens(lasting_can_end=True)
        self._accounts = business.people.accounts_on(NETWORK.platform)
        for account in self._accounts:
            self.tokens.keep(_TOKEN.format(account.organization.id), account.organization.id)

    def advertisers(self, call: Call) -> list[Account]:
        """Returns the advertisers that the token of a call reaches.

        Raises:
            TikTokError: No token, or one that is unknown (with `Bearer ` before it, too) or dead.
        """
        token = self.tokens.find(call.request.headers.get("access-token"))
        # A lasting token has no end of its own: no clock is needed to see that it is over.
        if token is None or token.ended_under is call.plan:
            raise TikTokError(BAD_TOKEN, "Access token is incorrect or has been revoked.")
        token.served += 1
        mine = [one for one in self._accounts if one.organization.id == token.holder]
        return [one for one in mine if one.id not in call.plan.revoked_accounts]

    def advertiser(self, call: Call, id_: str) -> Account:
        """Returns an advertiser that the token of a call reaches.

        Raises:
            TikTokError: The token is dead, or does not reach it.
        """
        call.note(account=id_)
        for account in self.advertisers(call):
            if account.id == id_:
                return account
        raise no_permission(id_)

    def check_app(self, call: Call) -> None:
        """Checks the app that asks for the advertisers of a token.

        Raises:
            TikTokError: Unknown, or its secret is another.
        """
        asked = call.request.query_params
        if (asked.get("app_id"), asked.get("secret")) != (APP_ID, SECRET):
            raise TikTokError(BAD_APP, "App id or secret is incorrect.")
