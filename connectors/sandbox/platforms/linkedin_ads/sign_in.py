"""Access tokens, of which a refresh token brings new ones, and the accounts that they reach."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.business import Business
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.linkedin_ads.errors import error
from connectors.sandbox.platforms.linkedin_ads.network import NETWORK
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.bodies import read_form
from connectors.sandbox.wire.lifecycle import Call, json_response
from connectors.sandbox.wire.tokens import Tokens, bearer
from connectors.sandbox.world import World

_CLIENT_ID, _CLIENT_SECRET = "86sandbox00000", "sandbox-linkedin-secret"
_REFRESH_TOKEN = "AQXsandbox-{}"
_LIVES, _REFRESH_LIVES = timedelta(days=60), timedelta(days=365)


def connections(business: Business) -> ConnectionsPart:
    """Returns LinkedIn's part of the file for `tributary connections apply`."""
    return one_each(
        business,
        NETWORK.platform,
        "linkedin",
        lambda one: {
            "client_id": _CLIENT_ID,
            "client_secret": _CLIENT_SECRET,
            "refresh_token": _REFRESH_TOKEN.format(one),
        },
    )


class SignIn:
    """Hands out access tokens, and knows who calls."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.tokens: Tokens[str] = Tokens("AQVsandbox-")
        self._accounts = world.business.people.accounts_on(NETWORK.platform)
        owners = {one.organization.id for one in self._accounts}
        self._owners = {_REFRESH_TOKEN.format(one): one for one in owners}

    async def issue(self, request: Request) -> Response:
        """Answers the token endpoint; the life of a refresh token is not renewed."""
        form = await read_form(request)
        given = form.get("refresh_token", "")
        if form.get("grant_type") != "refresh_token":
            return _refused("unsupported_grant_type", "Grant type is not supported")
        if (form.get("client_id"), form.get("client_secret")) != (_CLIENT_ID, _CLIENT_SECRET):
            return _refused("invalid_client", "Client authentication failed", 401)
        if given not in self._owners:
            return _refused("invalid_request", "The provided refresh token is invalid or expired")
        now, plan = self._world.clock.now(), self._world.faults.plan
        return json_response(
            200,
            {
                "access_token": self.tokens.issue(self._owners[given], given, now + _LIVES, plan),
                "expires_in": int(_LIVES.total_seconds()) - 1,
                "refresh_token": given,
                "refresh_token_expires_in": int(_REFRESH_LIVES.total_seconds()) - 1,
            },
        )

    def accounts(self, call: Call) -> dict[str, Account]:
        """Returns the accounts that the token of a call reaches, by their ids.

        Raises:
            Refusal: 401: the token is none, unknown or over.
        """
        token = self.tokens.find(bearer(call.request.headers.get("authorization")))
        if token is None:
            raise error(401, "Invalid access token", "INVALID_ACCESS_TOKEN", 65600)
        if token.is_over(self._world.clock.now(), call.plan):
            why = "The token used in the request has expired"
            raise error(401, why, "EXPIRED_ACCESS_TOKEN", 65602)
        token.served += 1
        mine = [one for one in self._accounts if one.organization.id == token.holder]
        return {one.id: one for one in mine if one.id not in call.plan.revoked_accounts}


def _refused(kind: str, description: str, status: int = 400) -> Response:
    return json_response(status, {"error": kind, "error_description": description})
