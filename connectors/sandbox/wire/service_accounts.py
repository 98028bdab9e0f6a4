"""Service accounts: a key file, and the assertions that are signed with its key (RFC 7523)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from connectors.sandbox.wire.lifecycle import Refusal
from connectors.sandbox.wire.sign_in import oauth_refusal

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LONGEST = 3_600
# Two well-known primes: the key opens nothing but the sandbox, and is the same in every process.
_P, _Q, _E = 2**521 - 1, 2**607 - 1, 65_537


@cache
def _key() -> rsa.RSAPrivateKey:
    d = pow(_E, -1, (_P - 1) * (_Q - 1))
    parts = (rsa.rsa_crt_dmp1(d, _P), rsa.rsa_crt_dmq1(d, _Q), rsa.rsa_crt_iqmp(_P, _Q))
    public = rsa.RSAPublicNumbers(_E, _P * _Q)
    return rsa.RSAPrivateNumbers(_P, _Q, d, *parts, public).private_key()


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """One service account.

    Attributes:
        email: Its address.
        audience: The token address, which an assertion must name.
        scope: What it may ask for.
    """

    email: str
    audience: str
    scope: str

    def key_file(self) -> str:
        """Returns what its owner downloads."""
        pem = _key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        held = {"client_email": self.email, "private_key": pem.decode()}
        return orjson.dumps({"type": "service_account", **held}).decode()

    def check(self, assertion: str, now: datetime) -> None:
        """Checks an assertion.

        Raises:
            Refusal: In the words of Google's token address.
        """
        signed, _, signature = assertion.rpartition(".")
        try:
            claims: Any = orjson.loads(_bytes(signed.partition(".")[2]))
            public = _key().public_key()
            public.verify(_bytes(signature), signed.encode(), PKCS1v15(), hashes.SHA256())
            issued, ends = int(claims["iat"]), int(claims["exp"])
        except (ValueError, TypeError, KeyError, InvalidSignature) as trouble:
            raise _invalid("Invalid JWT Signature.") from trouble
        if claims.get("iss") != self.email or claims.get("aud") != self.audience:
            raise _invalid("Invalid JWT: wrong issuer or audience.")
        if self.scope not in str(claims.get("scope")).split():
            raise oauth_refusal(400, "invalid_scope", "Invalid OAuth scope or ID token audience.")
        if ends - issued > _LONGEST or not issued - 60 <= now.timestamp() < ends:
            raise _invalid("Invalid JWT: Token must be a short-lived token (60 minutes).")


def _invalid(why: str) -> Refusal:
    return oauth_refusal(400, "invalid_grant", why)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
