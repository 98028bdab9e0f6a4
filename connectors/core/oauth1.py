"""A key and its secret: as they are over https, as a signature where anybody can listen."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlsplit

from connectors.core import clock
from connectors.core.auth import Signing, basic_authorization, needed


@dataclass(frozen=True, slots=True)
class KeyAndSecret:
    """HTTP Basic over https; OAuth 1.0a without a token (RFC 5849) over http.

    A signature is good for one request only, so a retry is signed anew.

    Attributes:
        key_field, secret_field: fields of the credential.
    """

    key_field: str
    secret_field: str
    refreshable: bool = field(default=False, init=False)

    def headers(self, credential: Mapping[str, str], signing: Signing, /) -> dict[str, str]:
        """Returns the header that signs a request.

        Raises:
            AuthRejected: the credential lacks the key or the secret.
        """
        key, secret = needed(credential, self.key_field), needed(credential, self.secret_field)
        if urlsplit(signing.url).scheme == "https":
            return {"Authorization": basic_authorization(key, secret)}
        said = {
            "oauth_consumer_key": key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(clock.now().timestamp())),
        }
        said["oauth_signature"] = signature(secret, signing.method, signing.url, said)
        parts = ", ".join(f'{name}="{_encoded(value)}"' for name, value in said.items())
        return {"Authorization": f"OAuth {parts}"}


def signature(secret: str, method: str, url: str, said: Mapping[str, str]) -> str:
    """Returns the OAuth 1.0a signature (HMAC-SHA256) of a request without a token.

    Args:
        secret: the consumer's.
        method: of HTTP.
        url: the whole address; the parameters of its query are signed with the others.
        said: the parameters of OAuth, without the signature.
    """
    parts = urlsplit(url)
    asked = [*parse_qsl(parts.query, keep_blank_values=True), *said.items()]
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in asked)
    place = f"{parts.scheme}://{parts.netloc}{parts.path}"
    base = "&".join(
        [method.upper(), _encoded(place), _encoded("&".join("=".join(pair) for pair in pairs))]
    )
    digest = hmac.new(f"{_encoded(secret)}&".encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="~")
