"""Who may see what: OAuth clients, refresh tokens, access tokens, and the way to an account.

A direct credential reaches the accounts of its organization. The agency's reaches its manager
account, and what lies below it only with the manager named in `login-customer-id`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.business.catalogue import Catalogue
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.errors import GoogleAdsError, request_error
from connectors.sandbox.platforms.google_ads.managers import AGENCY_MANAGER_ID, manager
from connectors.sandbox.platforms.google_ads.network import NETWORK
from connectors.sandbox.service import ConnectionsPart, one_each
from connectors.sandbox.wire.consent import Codes, Refused
from connectors.sandbox.wire.faults import FaultPlan
from connectors.sandbox.wire.sign_in import oauth_refusal
from connectors.sandbox.wire.tokens import Tokens, bearer

SCOPE = "https://www.googleapis.com/auth/adwords"
_LIVES = timedelta(seconds=3599)
_AGENCY = "agency"
CLIENT_ID = "sandbox.apps.googleusercontent.com"
_NO_PERMISSION = (
    "User doesn't have permission to access customer. Note: If you're accessing a client customer, "
    "the manager's customer id must be set in the 'login-customer-id' header."
)


@dataclass(frozen=True, slots=True)
class Credential:
    """One OAuth grant. The secrets are literals of the sandbox and open nothing else.

    Attributes:
        owner: The id of the organization whose accounts it reaches, or `agency`.
        reaches: Ids of the accounts it reaches directly.
    """

    owner: str
    reaches: tuple[str, ...]

    @property
    def client_secret(self) -> str:
        """The secret of the owner's OAuth client."""
        return f"sandbox-secret-{self.owner}"

    @property
    def refresh_token(self) -> str:
        """What is exchanged for access tokens."""
        return f"1//sandbox-{self.owner}"


def connections(business: Business) -> ConnectionsPart:
    """Returns a credential for each organization and the agency's, and a connection an account."""
    part = one_each(business, NETWORK.platform, "google", _secrets)
    secrets = {**_secrets(_AGENCY), "login_customer_id": AGENCY_MANAGER_ID}
    agency = {"id": "agency_google", "platform": NETWORK.platform, "secrets": secrets}
    return replace(part, credentials=[*part.credentials, agency])


def _secrets(owner: str) -> dict[str, str]:
    grant = Credential(owner, ())
    return {
        "client_id": CLIENT_ID,
        "client_secret": grant.client_secret,
        "refresh_token": grant.refresh_token,
    }


class Access:
    """Issues access tokens and finds the account that a request may ask about."""

    def __init__(self, people: Catalogue) -> None:
        self._people = people
        reached = {
            one.id: tuple(account.id for account in people.accounts_of(one.id, NETWORK.platform))
            for one in people.organizations
        }
        reached[_AGENCY] = (AGENCY_MANAGER_ID,)
        self._credentials = [Credential(owner, accounts) for owner, accounts in reached.items()]
        self.tokens: Tokens[Credential] = Tokens("ya29.sandbox-")
        self.codes = Codes(CLIENT_ID, SCOPE)

    def issue(self, form: dict[str, str], now: datetime, plan: FaultPlan) -> dict[str, Any]:
        """Exchanges a refresh token, or the code of a consent, for an access token.

        A consent is that of the owner whose client secret comes with it, and brings the refresh
        token too.

        Args:
            form: The fields of the request.
            now: The instant from which the token lives.
            plan: The faults of the moment: a token that replaces one they ended is spared a while.

        Raises:
            Refusal: Unknown client, wrong secret, unknown refresh token or another grant type.
        """
        kind = form.get("grant_type")
        if kind not in ("refresh_token", "authorization_code"):
            raise oauth_refusal(400, "unsupported_grant_type", "Invalid grant_type.")
        if form.get("client_id") != CLIENT_ID:
            raise oauth_refusal(401, "invalid_client", "The OAuth client was not found.")
        known = "client_secret" if kind == "authorization_code" else "refresh_token"
        credential = next(
            (one for one in self._credentials if getattr(one, known) == form.get(known)), None
        )
        if credential is None and kind == "refresh_token":
            raise oauth_refusal(400, "invalid_grant", "Token has been expired or revoked.")
        if credential is None or form.get("client_secret") != credential.client_secret:
            raise oauth_refusal(401, "invalid_client", "Unauthorized")
        brought = {}
        if kind == "authorization_code":
            try:
                self.codes.redeem(form, now)
            except Refused as refusal:
                raise oauth_refusal(400, "invalid_grant", str(refusal)) from None
            brought = {"refresh_token": credential.refresh_token}
        family = f"{credential.owner}_google"
        return {
            "access_token": self.tokens.issue(credential, family, now + _LIVES, plan),
            **brought,
            "expires_in": int(_LIVES.total_seconds()),
            "scope": SCOPE,
            "token_type": "Bearer",
        }

    def authenticate(self, authorization: str | None, now: datetime, plan: FaultPlan) -> Credential:
        """Returns the credential behind an `Authorization` header.

        Raises:
            GoogleAdsError: 401: no token, an unknown one, or one that has expired.
        """
        text = bearer(authorization)
        if text is None:
            raise GoogleAdsError(
                401,
                "",
                "CREDENTIALS_MISSING",
                "Request is missing required authentication credential. Expected OAuth 2 access "
                "token, login cookie or other valid authentication credential.",
            )
        token = self.tokens.find(text)
        if token is None:
            raise _unauthenticated("OAUTH_TOKEN_INVALID", "OAuth token is invalid.")
        if token.is_over(now, plan):
            raise _unauthenticated("OAUTH_TOKEN_EXPIRED", "OAuth token has expired.")
        token.served += 1
        return token.holder

    def account(
        self,
        credential: Credential,
        customer_id: str,
        login_customer_id: str | None,
        revoked: frozenset[str],
    ) -> Account:
        """Returns the account that a request names, if its credential leads there.

        Raises:
            GoogleAdsError: There is no such account, or no way to it.
        """
        if not _is_customer_id(customer_id):
            raise request_error("INVALID_CUSTOMER_ID", f"Invalid customer ID '{customer_id}'.")
        if login_customer_id is not None and not _is_customer_id(login_customer_id):
            raise GoogleAdsError(
                400,
                "headerError",
                "INVALID_LOGIN_CUSTOMER_ID",
                "The login customer ID must be digits only, without dashes.",
            )
        found = self._people.account(customer_id, NETWORK.platform) or manager(
            self._people, customer_id
        )
        if found is None:
            raise _unauthenticated(
                "CUSTOMER_NOT_FOUND", "No customer found for the provided customer ID."
            )
        if customer_id in revoked:
            raise _forbidden("USER_PERMISSION_DENIED", _NO_PERMISSION)
        login = login_customer_id or customer_id
        if login not in credential.reaches:
            raise _forbidden("USER_PERMISSION_DENIED", _NO_PERMISSION)
        if customer_id not in self._below(login):
            raise _forbidden(
                "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION",
                "The login customer is no manager of the serving customer.",
            )
        return found

    def _below(self, login: str) -> set[str]:
        above = manager(self._people, login)
        return {login} if above is None else {member.id for _, member in above.walk()}


def _is_customer_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 10


def _forbidden(code: str, message: str) -> GoogleAdsError:
    return GoogleAdsError(403, "authorizationError", code, message)


def _unauthenticated(code: str, message: str) -> GoogleAdsError:
    return GoogleAdsError(401, "authenticationError", code, message)
