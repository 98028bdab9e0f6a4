"""Credentials: an app that signs in by itself, or by a refresh token. A token names its address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.business import Business
from connectors.sandbox.platforms.salesforce.system import PLATFORM, SYSTEM
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.lifecycle import Call, Refusal, json_response
from connectors.sandbox.wire.sign_in import RefreshEndpoint, SignIn, oauth_refusal
from connectors.sandbox.wire.tokens import Tokens
from connectors.sandbox.world import World

CLIENT = ("3MVG9sandbox", "sandbox-salesforce-secret")
REFRESH_TOKEN = "5Aep861-sandbox-{}"
"""The refresh token of an organization, by its id."""
_LIVES = timedelta(hours=2)
_ADDRESSES = 2


def refusal(status: int, code: str, message: str) -> Refusal:
    """Returns a refusal in Salesforce's form, a list."""
    return Refusal(status, [{"message": message, "errorCode": code}])


def connections(business: Business) -> ConnectionsPart:
    """Returns Salesforce's part of the file for `tributary connections apply`."""

    def secrets(organization: str) -> dict[str, str]:
        domain = f"{organization.replace('_', '-')}.my.salesforce.com"
        client = {"client_id": CLIENT[0], "client_secret": CLIENT[1]}
        return {"my_domain": domain, **client, "refresh_token": REFRESH_TOKEN.format(organization)}

    held = [(one.account.organization.id, one.account.id) for one in business.sales(SYSTEM)]
    return one_each(business, PLATFORM, PLATFORM, secrets, held)


class Door:
    """Gives out tokens, each good at one address, and knows whose they are."""

    def __init__(self, world: World) -> None:
        accounts = [one.account for one in world.business.sales(SYSTEM)]
        self.tokens: Tokens[str] = Tokens("00DRO!AQ")
        self.sign_in = SignIn(accounts, self.tokens, _refuse, world.clock.now)
        owners = {
            REFRESH_TOKEN.format(one.organization.id): one.organization.id for one in accounts
        }

        def by_itself(form: dict[str, str]) -> str:
            if (form.get("client_id"), form.get("client_secret")) != CLIENT or not owners:
                raise oauth_refusal(400, "invalid_client", "invalid client credentials")
            return next(iter(owners.values()))

        self._endpoint = RefreshEndpoint(
            CLIENT,
            owners,
            self.tokens,
            _LIVES,
            None,
            world.faults,
            world.clock.now,
            others={"client_credentials": by_itself},
        )

    async def token(self, request: Request) -> Response:
        """Answers a request for a token; no end of it is stated."""
        answer = await self._endpoint.answer(request)
        if answer.status_code != 200:
            return answer
        body: dict[str, Any] = orjson.loads(bytes(answer.body))
        del body["expires_in"]
        base = str(request.url).split("/services/")[0]
        body["instance_url"] = f"{base}/{address(body['access_token'])}"
        body |= {"id": "https://login.salesforce.com/id/00D/005", "issued_at": "1793491200000"}
        return json_response(200, {**body, "signature": "c2FuZGJveA==", "scope": "api"})

    def organization(self, call: Call) -> str:
        """Returns the organization that a call reaches.

        Raises:
            Refusal: its token is unknown, over, or of another address.
        """
        reached = self.sign_in.reached(call)
        token = self.sign_in.token_of(call.request) or ""
        if call.request.path_params["address"] != address(token):
            raise _refuse(False)
        for id_ in reached:
            call.note(account=id_)
            return id_
        raise refusal(403, "API_DISABLED_FOR_ORG", "API is disabled for this organization")


def address(token: str) -> str:
    """Returns the part of the address at which a token is good."""
    return f"i{int(token[-1:] or '0', 16) % _ADDRESSES}"


def _refuse(_: bool) -> Refusal:
    return refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
