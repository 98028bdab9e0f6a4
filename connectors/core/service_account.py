"""Signing in as a service account: an assertion signed by its key becomes an access token.

RFC 7523 as Google has it: https://developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from connectors.core import clock
from connectors.core.auth import Signing, access_token, end_of, needed
from connectors.core.errors import AuthRejected
from connectors.core.tokens import Token, hashed

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIVES = timedelta(minutes=60)
"""The longest life that Google grants an assertion."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A credential that holds the key file of a service account, as JSON.

    Attributes:
        token_url: where tokens are to be had; it is also whom the assertion is for.
        scope: what is asked for.
        key_field: the credential's field with the content of the key file.
    """

    token_url: str
    scope: str
    key_field: str
    refreshable: bool = field(default=True, init=False)

    def headers(self, credential: Mapping[str, str], signing: Signing, /) -> dict[str, str]:
        """Returns the header with the access token, asking for one if it must.

        Raises:
            AuthRejected: the key is none, or the token address refused it.
        """
        given = needed(credential, self.key_field)

        def renewed(_last: Token | None) -> Token:
            email, key = self._key(given)
            form = {"grant_type": GRANT, "assertion": self._assertion(email, key)}
            answer = signing.exchange(self.token_url, form)
            return Token(access_token(answer, self.token_url), end_of(answer.get("expires_in")))

        token = signing.token(hashed(self.token_url, self.scope, given), renewed)
        return {"Authorization": f"Bearer {token}"}

    def _key(self, text: str) -> tuple[str, RSAPrivateKey]:
        try:
            found: Any = orjson.loads(text.encode())
            key = serialization.load_pem_private_key(found["private_key"].encode(), None)
            email = found["client_email"]
        except (ValueError, TypeError, KeyError, AttributeError):
            # Without its cause, whose text may hold a piece of the key.
            key, email = None, ""
        if not isinstance(key, RSAPrivateKey) or not isinstance(email, str) or not email:
            raise AuthRejected(
                f"{self.key_field} holds no key of a service account",
                remedy="Put the whole JSON file in, as the Google Cloud console made it: it has "
                "client_email and private_key.",
            )
        return email, key

    def _assertion(self, email: str, key: RSAPrivateKey) -> str:
        now = clock.now()
        claims = {
            "iss": email,
            "scope": self.scope,
            "aud": self.token_url,
            "iat": int(now.timestamp()),
            "exp": int((now + _LIVES).timestamp()),
        }
        signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
        return f"{signed}.{_text(key.sign(signed.encode(), PKCS1v15(), hashes.SHA256()))}"


def _part(values: Mapping[str, object]) -> str:
    return _text(orjson.dumps(values))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
