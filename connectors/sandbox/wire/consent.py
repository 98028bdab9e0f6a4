"""The page on which an owner allows access, and the codes that it hands out.

Whoever opens the page allows at once. It checks what Google checks: the client, the redirect (this
machine only, as of an OAuth client of the type "Desktop app"), the scope, and the challenge (PKCE).
https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

_LIVES = timedelta(minutes=10)
_MOST_CODES = 1_000


class Refused(Exception):
    """What the page, or the exchange of a code, says instead."""


@dataclass(frozen=True, slots=True)
class _Code:
    redirect: str
    challenge: str
    ends: datetime


class Codes:
    """Hands out codes, each good for one exchange.

    Args:
        client_id: The OAuth client that may ask.
        scope: What it must ask for.
    """

    def __init__(self, client_id: str, scope: str) -> None:
        self._client_id, self._scope = client_id, scope
        self._codes: dict[str, _Code] = {}

    def page(self, request: Request, now: datetime) -> Response:
        """Returns what a browser gets that opens the page: it is sent back at once."""
        try:
            return RedirectResponse(self.allow(dict(request.query_params), now), 302)
        except Refused as refusal:
            return PlainTextResponse(f"Error 400: {refusal}", 400)

    def allow(self, asked: Mapping[str, str], now: datetime) -> str:
        """Returns the address that the browser is sent to.

        Raises:
            Refused: Google would show an error in place of the page.
        """
        redirect = asked.get("redirect_uri", "")
        if asked.get("client_id") != self._client_id:
            raise Refused("invalid_client: The OAuth client was not found.")
        if urlsplit(redirect).scheme != "http" or urlsplit(redirect).hostname != "127.0.0.1":
            raise Refused("redirect_uri_mismatch")
        if asked.get("response_type") != "code":
            raise Refused("unsupported_response_type")
        if self._scope not in asked.get("scope", "").split():
            raise Refused("invalid_scope")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise Refused("invalid_request: Code challenge required.")
        code = f"4/0sandbox-{secrets.token_urlsafe(16)}"
        if len(self._codes) >= _MOST_CODES:
            self._codes.pop(next(iter(self._codes)))
        self._codes[code] = _Code(redirect, asked["code_challenge"], now + _LIVES)
        back = {"state": asked.get("state", ""), "code": code, "scope": self._scope}
        return f"{redirect}/?{urlencode(back)}"

    def redeem(self, form: Mapping[str, str], now: datetime) -> None:
        """Spends a code.

        Raises:
            Refused: it is unknown, spent, too old, or was given to somebody else.
        """
        code = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).rstrip(b"=")
        if code is None or now >= code.ends or code.redirect != form.get("redirect_uri"):
            raise Refused("Malformed auth code.")
        if not hmac.compare_digest(code.challenge.encode(), shown):
            raise Refused("Invalid code verifier.")
