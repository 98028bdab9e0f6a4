"""Access tokens: whom they belong to, and which accounts they reach."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.sandbox.business import Business
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
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.faults import FaultPlan
from connectors.sandbox.wire.tokens import Tokens

APP_SECRET = "5a4db0x5ec2e7"
_AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Credential:
    """One system user with a token that does not expire by itself.

    Attributes:
        user_id, user_name: Who that is.
        reaches: Ids of the ad accounts it reaches, without `act_`.
    """

    user_id: str
    user_name: str
    reaches: tuple[str, ...]


def connections(business: Business) -> ConnectionsPart:
    """Returns a credential and a connection for each organization, and the agency's credential."""
    part = one_each(business, PLATFORM, "meta", lambda one: {"access_token": _token_of(one)})
    secrets = {"access_token": _token_of(_AGENCY)}
    agency = {"id": "agency_meta", "platform": PLATFORM, "secrets": secrets}
    return replace(part, credentials=[*part.credentials, agency])


class Access:
    """Knows who calls, and leads to the accounts that they may ask about.

    Attributes:
        tokens: A token of each organization, and one of an agency that reaches two of them.
    """

    def __init__(self, people: Catalogue) -> None:
        self._people = people
        self.tokens: Tokens[Credential] = Tokens(lasting_can_end=True)
        for one in people.organizations:
            reaches = tuple(account.id for account in people.accounts_of(one.id, PLATFORM))
            user = str(122_100_000_000_003 + one.number)
            credential = Credential(user, f"{one.name} reporting", reaches)
            self.tokens.keep(_token_of(one.id), credential)
        reaches = tuple(account.id for account in people.accounts_on(PLATFORM)[:2])
        agency = Credential("122199999999999", "Summit Agency", reaches)
        self.tokens.keep(_token_of(_AGENCY), agency)

    def authenticate(
        self, text: str | None, proof: str | None, now: datetime, plan: FaultPlan
    ) -> Credential:
        """Returns the credential behind a token.

        Args:
            text: The access token.
            proof: `appsecret_proof`, checked when given.
            now: The clock.
            plan: The faults of the moment: a token that they ended stays dead as long as they last.

        Raises:
            GraphError: No token, or one that is unknown or dead.
        """
        if text is None:
            raise GraphError(
                400,
                2500,
                "An active access token must be used to query information about the current user.",
            )
        signed = hmac.new(APP_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof, signed):
            raise invalid("Invalid appsecret_proof provided in the API argument")
        token = self.tokens.find(text)
        if token is None:
            raise dead_token(None, "Invalid OAuth access token - Cannot parse access token")
        if token.is_over(now, plan):
            raise dead_token(463, "Error validating access token: Session has expired.")
        return token.holder

    def account(self, credential: Credential, account_id: str, revoked: frozenset[str]) -> Account:
        """Returns an account that a credential reaches.

        Raises:
            GraphError: The account does not exist, is out of reach or has been revoked.
        """
        found = self._people.account(account_id, PLATFORM)
        if found is None:
            raise no_node(f"act_{account_id}")
        if account_id in revoked or account_id not in credential.reaches:
            raise no_permission(account_id)
        return found

    def accounts(self, credential: Credential, revoked: frozenset[str]) -> list[Account]:
        """Returns all accounts that a credential reaches."""
        return [
            account
            for account in self._people.accounts_on(PLATFORM)
            if account.id in credential.reaches and account.id not in revoked
        ]


def _token_of(owner: str) -> str:
    """Returns the token of an organization or the agency, a literal of the sandbox."""
    return f"EAAZsandbox{owner.replace('_', '').capitalize()}"
