"""Sign-in: refresh tokens of an OAuth client, and assertions of a service account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.platforms.ga4.errors import denied, unauthenticated
from connectors.sandbox.platforms.ga4.site import BY_SERVICE_ACCOUNT, Property
from connectors.sandbox.wire.faults import FaultPlan
from connectors.sandbox.wire.lifecycle import Call
from connectors.sandbox.wire.service_accounts import GRANT, ServiceAccount
from connectors.sandbox.wire.sign_in import in_authorization, oauth_refusal
from connectors.sandbox.wire.tokens import Tokens

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
CLIENT = ("sandbox-ga4.apps.googleusercontent.com", "sandbox-ga4-secret")
_LIVES = timedelta(seconds=3_599)
SERVICE_ACCOUNT = ServiceAccount(
    "tributary@sandbox-ga4.iam.gserviceaccount.com", "https://oauth2.googleapis.com/token", SCOPE
)


def secrets(organization: str) -> dict[str, str]:
    """Returns the secrets of an organization's credential, literals of the sandbox."""
    if organization == BY_SERVICE_ACCOUNT:
        return {"service_account_key": SERVICE_ACCOUNT.key_file()}
    names = ("client_id", "client_secret", "refresh_token")
    return dict(zip(names, (*CLIENT, _refresh_token(organization)), strict=True))


def _refresh_token(organization: str) -> str:
    return f"1//sandbox-ga4-{organization}"


class Access:
    """Issues tokens and knows what they reach."""

    def __init__(self, held: list[Property]) -> None:
        self._held = held
        self.tokens: Tokens[str] = Tokens("ya29.sandbox-ga4-")

    def issue(self, form: dict[str, str], now: datetime, plan: FaultPlan) -> dict[str, Any]:
        """Exchanges a refresh token, or an assertion, for an access token.

        Raises:
            Refusal: In the words of RFC 6749.
        """
        kind, more = form.get("grant_type"), {}
        if kind == "refresh_token":
            owner, more = self._owner(form), {"scope": SCOPE}
        elif kind == GRANT:
            SERVICE_ACCOUNT.check(form.get("assertion", ""), now)
            owner = BY_SERVICE_ACCOUNT
        else:
            raise oauth_refusal(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")
        token = self.tokens.issue(owner, f"{owner}_ga4", now + _LIVES, plan)
        lives = int(_LIVES.total_seconds())
        return {"access_token": token, "expires_in": lives, **more, "token_type": "Bearer"}

    def reached(self, call: Call, now: datetime) -> list[Property]:
        """Returns the properties that a call's token reaches.

        Raises:
            Refusal: 401.
        """
        token = self.tokens.find(in_authorization(call.request))
        if token is None or token.is_over(now, call.plan):
            raise unauthenticated(token is not None)
        token.served += 1
        revoked = call.plan.revoked_accounts
        mine = (one for one in self._held if one.site.organization.id == token.holder)
        return [one for one in mine if one.id not in revoked]

    def property(self, call: Call, now: datetime) -> Property:
        """Returns the property that a call names.

        Raises:
            Refusal: 401, or 403.
        """
        id_ = str(call.request.path_params["id"])
        call.note(account=id_)
        for one in self.reached(call, now):
            if one.id == id_:
                return one
        raise denied()

    def _owner(self, form: dict[str, str]) -> str:
        if (form.get("client_id"), form.get("client_secret")) != CLIENT:
            raise oauth_refusal(401, "invalid_client", "The OAuth client was not found.")
        for one in self._held:
            owner = one.site.organization.id
            if owner != BY_SERVICE_ACCOUNT and form.get("refresh_token") == _refresh_token(owner):
                return owner
        raise oauth_refusal(400, "invalid_grant", "Token has been expired or revoked.")
