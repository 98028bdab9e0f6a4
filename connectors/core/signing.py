"""The signature of each request, and the exchange at the token address that it may take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson

from connectors.core import addresses
from connectors.core.auth import ByCredential, Signing, TokenStore
from connectors.core.calls import FORM, JSON, Call
from connectors.core.errors import AuthRejected, ConnectorError, ShapeChanged
from connectors.core.redaction import Redactor
from connectors.core.replies import Reply, oauth_error
from connectors.core.tokens import Token
from connectors.core.transport import Request

if TYPE_CHECKING:
    from connectors.core.api import Api

Ask = Callable[[Call], Reply]
"""Makes a call with its retries and returns the answer, or raises its error."""


class Signer:
    """Signs the requests of one client.

    Args:
        platform: who says how it wants to be signed to.
        credential: the values that the user supplied; never logged.
        tokens: where access tokens live.
        base_url: the platform's address in use; the token address moves along with it.
        redact: learns each secret that a signature holds.
    """

    def __init__(
        self,
        platform: Api,
        credential: Mapping[str, str],
        tokens: TokenStore,
        base_url: str,
        redact: Redactor,
    ) -> None:
        self._platform, self._credential, self._tokens = platform, credential, tokens
        self._base_url, self._redact = base_url, redact
        self._place: str | None = None

    def signature(self, ask: Ask, call: Call, refused: str | None) -> dict[str, str]:
        """Returns the headers that sign a call; none for one that goes unsigned.

        Args:
            ask: makes the call to the token address.
            call: what is to be signed.
            refused: the access token that the platform has just refused, if it did.

        Raises:
            ConnectorError: the credential does not do, or the token address had trouble.
        """

        def exchange(
            token_url: str,
            form: Mapping[str, str],
            as_json: bool = False,
            headers: Mapping[str, str] | None = None,
            /,
        ) -> Mapping[str, object]:
            return self.exchange(ask, token_url, form, as_json, headers)

        if not call.signed:
            return {}
        request = call.request
        whence = request.method, request.url
        signing = Signing(self._tokens, exchange, refused, *whence, used=self._follow)
        headers = self._platform.auth.headers(self._credential, signing)
        self._redact.learn(token_of(headers))
        return headers

    def placed(self, url: str) -> str:
        """Returns where a signed request goes: to the account, where its last token says it is."""
        if self._place is None or not url.startswith(f"{self._base_url}/"):
            return url
        return self._place + url.removeprefix(self._base_url)

    def _follow(self, token: Token) -> None:
        endings = self._platform.moves_within
        if not endings or token.place is None:
            return
        try:
            self._place = addresses.instance(token.place, self._base_url, endings)
        except ValueError as trouble:
            raise ShapeChanged(
                f"the token address names another host: {trouble}",
                remedy="Credentials go to the platform's hosts only: check the credential's host.",
            ) from None

    def exchange(
        self,
        ask: Ask,
        token_url: str,
        form: Mapping[str, str],
        as_json: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, object]:
        """Posts fields to a token address and returns its answer, of which nothing is shown.

        Raises:
            ConnectorError: it refused them, or had trouble.
        """
        found = dict(ask(self._token_call(token_url, form, as_json, headers or {})).data)
        for name in ("access_token", "refresh_token"):
            self._redact.learn(str(found.get(name) or ""))
        return found

    def is_stale(self, outcome: ConnectorError) -> bool:
        """Returns whether a new access token may help."""
        stale = isinstance(outcome, AuthRejected) and outcome.token_expired
        auth = self._platform.auth
        way = auth.way(self._credential) if isinstance(auth, ByCredential) else auth
        return stale and way.refreshable

    def _token_call(
        self, token_url: str, form: Mapping[str, str], as_json: bool, headers: Mapping[str, str]
    ) -> Call:
        """The call to the token address; errors there are errors of the credential."""
        url = addresses.moved(token_url, self._platform.base_url, self._base_url)
        body = orjson.dumps(dict(form)) if as_json else urlencode(form).encode()
        sent = {"Content-Type": JSON if as_json else FORM, **headers}
        return Call(Request("POST", url, body, sent), _token_error, signed=False)


def token_of(signature: Mapping[str, str]) -> str:
    """The access token or key in the headers that sign a request; empty if there is none."""
    return next((value.rpartition(" ")[2] for value in signature.values()), "")


def _token_error(reply: Reply) -> ConnectorError | None:
    if reply.status < 300 and not isinstance(reply.data, dict):
        return ShapeChanged("the token address answered without a token")
    return oauth_error(reply)
