"""Sign-in: refresh tokens of an OAuth client, and assertions of a service account."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from connectors.sandbox.platforms.ga4.errors import denied, unauthenticated
from connectors.sandbox.platforms.ga4.site import BY_SERVICE_ACCOUNT, Property
from connectors.sandbox.wire.faults import FaultPlan
from connectors.sandbox.wire.lifecycle import Call, Refusal
from connectors.sandbox.wire.sign_in import in_authorization, oauth_refusal
from connectors.sandbox.wire.tokens import Tokens

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
AUDIENCE = "https://oauth2.googleapis.com/token"
CLIENT = ("sandbox-ga4.apps.googleusercontent.com", "sandbox-ga4-secret")
EMAIL = "tributary@sandbox-ga4.iam.gserviceaccount.com"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIVES = timedelta(seconds=3_599)
_LONGEST_ASSERTION = 3_600
# Two primes of a key that opens nothing but the sandbox, and is the same in every process.
_P, _Q = (2**521 - 1), (2**607 - 1)
_E = 65_537


@cache
def _key() -> rsa.RSAPrivateKey:
    d = pow(_E, -1, (_P - 1) * (_Q - 1))
    parts = (rsa.rsa_crt_dmp1(d, _P), rsa.rsa_crt_dmq1(d, _Q), rsa.rsa_crt_iqmp(_P, _Q))
    public = rsa.RSAPublicNumbers(_E, _P * _Q)
    return rsa.RSAPrivateNumbers(_P, _Q, d, *parts, public).private_key()


def secrets(organization: str) -> dict[str, str]:
    """Returns the secrets of an organization's credential, literals of the sandbox."""
    if organization == BY_SERVICE_ACCOUNT:
        return {"service_account_key": _key_file()}
    names = ("client_id", "client_secret", "refresh_token")
    return dict(zip(names, (*CLIENT, _refresh_token(organization)), strict=True))


def _refresh_token(organization: str) -> str:
    return f"1//sandbox-ga4-{organization}"


@cache
def _key_file() -> str:
    pem = _key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return orjson.dumps(
        {"type": "service_account", "client_email": EMAIL, "private_key": pem.decode()}
    ).decode()


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
        elif kind == _GRANT:
            _check_assertion(form.get("assertion", ""), now)
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


def _check_assertion(text: str, now: datetime) -> None:
    signed, _, signature = text.rpartition(".")
    try:
        claims = orjson.loads(_bytes(signed.partition(".")[2]))
        _key().public_key().verify(_bytes(signature), signed.encode(), PKCS1v15(), hashes.SHA256())
        issued, ends = int(claims["iat"]), int(claims["exp"])
    except (ValueError, TypeError, KeyError, InvalidSignature) as trouble:
        raise _invalid("Invalid JWT Signature.") from trouble
    if claims.get("iss") != EMAIL or claims.get("aud") != AUDIENCE:
        raise _invalid("Invalid JWT: wrong issuer or audience.")
    if SCOPE not in str(claims.get("scope")).split():
        raise oauth_refusal(400, "invalid_scope", "Invalid OAuth scope or ID token audience.")
    if ends - issued > _LONGEST_ASSERTION or not issued - 60 <= now.timestamp() < ends:
        raise _invalid("Invalid JWT: Token must be a short-lived token (60 minutes).")


def _invalid(why: str) -> Refusal:
    return oauth_refusal(400, "invalid_grant", why)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
