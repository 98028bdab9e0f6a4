"""Access tokens: whom they belong to, which accounts they reach, and how they end."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.business.catalogue import Catalogue
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.meta_ads.errors import (
    GraphError,
    dead_token,
    invalid,
    no_node,
    no_permission,
)
from connectors.sandbox.platforms.meta_ads.network import PLATFORM
from connectors.sandbox.wire.faults import FaultPlan

APP_ID, APP_SECRET = "1784005561901", "5a4db0x5ec2e7"
LIFETIME = timedelta(seconds=5_183_944)
_MOST_TOKENS = 10_000
# What became of tokens: the suffix that makes one of them out of a living token.
_ENDINGS = {
    "-expired": (463, "Error validating access token: Session has expired."),
    "-changed": (
        460,
        "Error validating access token: The session has been invalidated because the user changed "
        "their password or Facebook has changed the session for security reasons.",
    ),
    "-revoked": (
        467,
        "Error validating access token: The session is invalid because the user logged out.",
    ),
    "-removed": (
        458,
        f"Error validating access token: The user has not authorized application {APP_ID}.",
    ),
}
_EXPIRED = _ENDINGS["-expired"]


@dataclass(frozen=True, slots=True)
class Credential:
    """One system user with a token that does not expire by itself.

    Attributes:
        id: The name that `connections apply` gives it.
        organization: Whose account it reaches; None for the agency's.
        access_token: A literal of the sandbox, which opens nothing else.
        user_id, user_name: Who that is.
        reaches: Ids of the ad accounts it reaches, without `act_`.
    """

    id: str
    organization: str | None
    access_token: str
    user_id: str
    user_name: str
    reaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Exchanged:
    credential: Credential
    issued_at: datetime
    expires_at: datetime


def credentials(people: Catalogue) -> tuple[Credential, ...]:
    """Returns one credential for each organization, and an agency's that reaches two of them."""
    own = [
        Credential(
            id=f"{one.id}_meta",
            organization=one.id,
            access_token=f"EAAZsandbox{one.id.replace('_', '').capitalize()}",
            user_id=str(122_100_000_000_003 + one.number),
            user_name=f"{one.name} reporting",
            reaches=tuple(account.id for account in people.accounts_of(one.id, PLATFORM)),
        )
        for one in people.organizations
    ]
    agency = Credential(
        id="agency_meta",
        organization=None,
        access_token="EAAZsandboxAgency",
        user_id="122199999999999",
        user_name="Summit Agency",
        reaches=tuple(account.id for account in people.accounts_on(PLATFORM)[:2]),
    )
    return (*own, agency)


class Access:
    """Knows who calls, and leads to the accounts that they may ask about."""

    def __init__(self, people: Catalogue) -> None:
        self.credentials = credentials(people)
        self._people = people
        self._literal = {one.access_token: one for one in self.credentials}
        self._exchanged: OrderedDict[str, _Exchanged] = OrderedDict()
        self._ended: dict[str, FaultPlan] = {}

    def authenticate(
        self, token: str | None, proof: str | None, now: datetime, plan: FaultPlan
    ) -> Credential:
        """Returns the credential behind a token.

        Args:
            token: The access token.
            proof: `appsecret_proof`, checked when given.
            now: The clock.
            plan: The faults of the moment: a token that they ended stays dead as long as they last.

        Raises:
            GraphError: No token, or one that is unknown, expired or otherwise dead.
        """
        if token is None:
            raise GraphError(
                400,
                2500,
                "An active access token must be used to query information about the current user.",
            )
        if proof is not None and not hmac.compare_digest(proof, _proof(token)):
            raise invalid("Invalid appsecret_proof provided in the API argument")
        credential = self._alive(token, now)
        if self._ended.get(token) is plan:
            raise dead_token(*_EXPIRED)
        return credential

    def can_end(self, text: str | None, plan: FaultPlan) -> bool:
        """Says whether a fault may end a token: nobody can renew it, so only if that is all."""
        return text is not None and plan.kinds == ("expired_token",)

    def end(self, text: str | None, plan: FaultPlan) -> None:
        """Ends a token, as a fault, until another plan of faults is taken."""
        self._ended[text or ""] = plan

    def account(self, credential: Credential, account_id: str, revoked: frozenset[str]) -> Account:
        """Returns an account that a credential reaches.

        Raises:
            GraphError: The account does not exist, is out of reach or has been revoked.
        """
        found = self._people.account(account_id, PLATFORM)
        if found is None:
            raise no_node(f"act_{account_id}")
        if account_id in revoked:
            raise no_permission(account_id)
        if account_id not in credential.reaches:
            raise no_permission(account_id)
        return found

    def accounts(self, credential: Credential, revoked: frozenset[str]) -> list[Account]:
        """Returns all accounts that a credential reaches."""
        return [
            account
            for account in self._people.accounts_on(PLATFORM)
            if account.id in credential.reaches and account.id not in revoked
        ]

    def exchange(self, params: dict[str, str], now: datetime) -> dict[str, Any]:
        """Exchanges a living token for one of about 60 days.

        Raises:
            GraphError: Another grant, an unknown app, or a token that is dead already.
        """
        if params.get("grant_type") != "fb_exchange_token":
            raise invalid("Invalid grant_type")
        if (params.get("client_id"), params.get("client_secret")) != (APP_ID, APP_SECRET):
            raise GraphError(400, 101, "Error validating application. Invalid application ID.")
        credential = self._alive(params.get("fb_exchange_token", ""), now)
        number = len(self._exchanged) + 1
        digest = hashlib.sha256(f"{credential.access_token} {now} {number}".encode()).hexdigest()
        token = f"EAAZsandbox{digest[:60]}"
        self._exchanged[token] = _Exchanged(credential, now, now + LIFETIME)
        if len(self._exchanged) > _MOST_TOKENS:
            self._exchanged.popitem(last=False)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": int(LIFETIME.total_seconds()),
        }

    def _alive(self, token: str, now: datetime) -> Credential:
        literal = self._literal.get(token)
        if literal is not None:
            return literal
        exchanged = self._exchanged.get(token)
        if exchanged is not None:
            if now >= exchanged.expires_at:
                raise dead_token(*_EXPIRED)
            return exchanged.credential
        for suffix, ending in _ENDINGS.items():
            if token.removesuffix(suffix) in self._literal:
                raise dead_token(*ending)
        raise dead_token(None, "Invalid OAuth access token - Cannot parse access token")


def _proof(token: str) -> str:
    return hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
