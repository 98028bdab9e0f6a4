"""Consent: whoever owns the accounts allows access in a browser, which comes back to this machine.

The flow for installed apps (RFC 8252): the browser is sent to a port of the loopback interface with
a code, which is good for one exchange by whoever knows the verifier that its challenge was made of
(PKCE, RFC 7636). `state` says that the answer belongs to our question.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from connectors.core import addresses
from connectors.core.errors import AuthRejected, ShapeChanged

if TYPE_CHECKING:
    from connectors.core.http import Client

_VERIFIER_BYTES = 48


@dataclass(frozen=True, slots=True)
class Consent:
    """Where a platform asks the owner of accounts, and where a code becomes a refresh token.

    Attributes:
        authorize_url: the page for the browser.
        token_url: where the code is exchanged.
        scopes: what is asked for.
        more: further parameters of the page.
    """

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)

    def question(self, client: Client, redirect: str) -> Question:
        """Returns a new question to the owner.

        Args:
            client: of the platform, with the id and the secret of the OAuth client.
            redirect: the address on this machine that the browser is sent to.
        """
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(_VERIFIER_BYTES)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": client.credential["client_id"],
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": " ".join(self.scopes),
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **self.more,
        }
        page = addresses.moved(self.authorize_url, client.platform.base_url, client.base_url)
        return Question(f"{page}?{urlencode(asked)}", redirect, state, verifier)

    def refresh_token(self, client: Client, question: Question, code: str) -> str:
        """Exchanges a code for a refresh token.

        Raises:
            ConnectorError: the platform refused it, or gave no refresh token.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": question.redirect,
            "client_id": client.credential["client_id"],
            "client_secret": client.credential["client_secret"],
            "code_verifier": question.verifier,
        }
        try:
            token = client.exchange(self.token_url, form).get("refresh_token")
        except AuthRejected as refusal:
            refusal.remedy = (
                "Check client_id and client_secret, then call it again: what the browser brings "
                "back is good for one exchange, within minutes."
            )
            raise
        if not isinstance(token, str) or not token:
            raise ShapeChanged("the token address answered without a refresh token")
        return token


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is put to the owner. Its `repr` shows no secret.

    Attributes:
        address: the page for the browser.
        redirect: where the browser is sent afterwards.
        state: comes back with the answer.
        verifier: shows that the code was meant for us.
    """

    address: str = field(repr=False)
    redirect: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    def code(self, answered: str) -> str | None:
        """Reads the address that the browser was sent to.

        Args:
            answered: that address, or its path alone.

        Returns:
            The code; None when it is no answer to this question.

        Raises:
            AuthRejected: the owner did not allow it.
        """
        found = {name: values[0] for name, values in parse_qs(urlsplit(answered).query).items()}
        given = found.get("state", "")
        if not secrets.compare_digest(given.encode(), self.state.encode()):
            return None
        if "error" in found:
            raise AuthRejected(
                f"access was not allowed: {found['error']}",
                remedy="Call it again and allow the access in the browser, signed in as somebody "
                "who may see the accounts.",
            )
        return found.get("code")
