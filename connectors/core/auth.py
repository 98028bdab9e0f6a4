"""Signing in: how a request gets its credentials. Tokens are never logged nor shown by `repr`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeGuard

from connectors.core import clock
from connectors.core.errors import AuthRejected, ShapeChanged
from connectors.core.tokens import SHARED_TOKENS, MemoryTokens, Token, TokensOf, TokenStore, hashed

__all__ = [
    "SHARED_TOKENS",
    "ApiKeyHeader",
    "Auth",
    "ByCredential",
    "ClientCredentials",
    "Exchange",
    "MemoryTokens",
    "NoAuth",
    "OAuth2Refresh",
    "Signing",
    "Token",
    "TokenStore",
    "TokensOf",
    "needed",
]


class Exchange(Protocol):
    """Asks a token address and returns its JSON answer; retries are its business."""

    def __call__(
        self,
        url: str,
        form: Mapping[str, str],
        as_json: bool = False,
        headers: Mapping[str, str] | None = None,
        /,
    ) -> Mapping[str, object]:
        """Posts the fields as a form, or as JSON for those who want that."""
        ...


@dataclass(frozen=True, slots=True)
class Signing:
    """What it may take to sign a request, beside the credential.

    Attributes:
        tokens: where access tokens live.
        exchange: posts fields to the token address.
        refused: the access token that the platform has just refused, if it did.
        method, url: of the request: the whole address, with its query.
        used: is called with the token that signs the request.
    """

    tokens: TokenStore
    exchange: Exchange
    refused: str | None = None
    method: str = "GET"
    url: str = ""
    used: Callable[[Token], None] = lambda _: None

    def token(self, key: str, renewed: Callable[[Token | None], Token]) -> str:
        """Returns an access token that is good, renewing it under the lease if nobody else has."""
        token = self.tokens.read(key)
        if not self._is_usable(token):
            with self.tokens.lease(key):
                # Whoever waited here finds the token that another caller has fetched meanwhile.
                token = self.tokens.read(key)
                if not self._is_usable(token):
                    token = renewed(token)
                    # Kept before it is used: a rotated refresh token exists nowhere else.
                    self.tokens.write(key, token)
        self.used(token)
        return token.access

    def _is_usable(self, token: Token | None) -> TypeGuard[Token]:
        return token is not None and token.access != self.refused and token.is_fresh()


class Auth(Protocol):
    """How a platform wants its requests signed."""

    @property
    def refreshable(self) -> bool:
        """Whether a refused request is worth another try with a new token."""
        ...

    def headers(self, credential: Mapping[str, str], signing: Signing, /) -> dict[str, str]:
        """Returns the headers that sign a request.

        Args:
            credential: the values that the user supplied.
            signing: what else it may take.
        """
        ...


@dataclass(frozen=True, slots=True)
class NoAuth:
    """A public feed."""

    refreshable: bool = field(default=False, init=False)

    def headers(self, _credential: Mapping[str, str], _signing: Signing, /) -> dict[str, str]:
        """Returns no header."""
        return {}


@dataclass(frozen=True, slots=True)
class ApiKeyHeader:
    """A fixed key in one header, e.g. `ApiKeyHeader("X-Api-Key", "api_key")`."""

    header: str
    credential_field: str
    prefix: str = ""
    refreshable: bool = field(default=False, init=False)

    def headers(self, credential: Mapping[str, str], _signing: Signing, /) -> dict[str, str]:
        """Returns the header with the key."""
        return {self.header: self.prefix + needed(credential, self.credential_field)}


@dataclass(frozen=True, slots=True)
class OAuth2Refresh:
    """OAuth 2 with a refresh token: one refresh at a time, shared by a credential's clients.

    Attributes:
        token_url: where tokens are to be had.
        header, prefix: how a request carries the access token.
        as_json: the token address takes JSON in place of a form.
        basic: client id and secret go to the token address as HTTP Basic, not among the fields.
        lasts: seconds after which a token is renewed whose end the answer does not state.
    """

    token_url: str
    header: str = "Authorization"
    prefix: str = "Bearer "
    as_json: bool = False
    basic: bool = False
    lasts: float | None = None
    refreshable: bool = field(default=True, init=False)

    def headers(self, credential: Mapping[str, str], signing: Signing, /) -> dict[str, str]:
        """Returns the header with the access token, refreshing that if it must be.

        Raises:
            AuthRejected: the token address refused the credential.
            ShapeChanged: its answer holds no access token.
        """
        parts = (credential.get("client_id", ""), credential.get("refresh_token", ""))

        def renewed(last: Token | None) -> Token:
            return self._refreshed(credential, last, signing.exchange)

        return {self.header: self.prefix + signing.token(hashed(self.token_url, *parts), renewed)}

    def _refreshed(
        self, credential: Mapping[str, str], last: Token | None, exchange: Exchange
    ) -> Token:
        refresh = (last.refresh if last else None) or needed(credential, "refresh_token")
        client = {name: needed(credential, name) for name in ("client_id", "client_secret")}
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
        if self.basic:
            headers = {"Authorization": basic_authorization(*client.values())}
            answer = exchange(self.token_url, form, self.as_json, headers)
        else:
            answer = exchange(self.token_url, {**form, **client}, self.as_json)
        rotated = answer.get("refresh_token")
        kept = rotated if isinstance(rotated, str) and rotated else last.refresh if last else None
        return replace(_token(answer, self.token_url, self.lasts), refresh=kept)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth 2 with the app's own id and secret: a token that ends is simply asked for anew.

    Attributes:
        token_url, header, prefix, as_json, lasts: as of `OAuth2Refresh`.
    """

    token_url: str
    header: str = "Authorization"
    prefix: str = "Bearer "
    as_json: bool = False
    lasts: float | None = None
    refreshable: bool = field(default=True, init=False)

    def headers(self, credential: Mapping[str, str], signing: Signing, /) -> dict[str, str]:
        """Returns the header with the access token, asking for one if it must.

        Raises:
            AuthRejected: the token address refused the credential.
            ShapeChanged: its answer holds no access token.
        """
        form = {
            "grant_type": "client_credentials",
            "client_id": needed(credential, "client_id"),
            "client_secret": needed(credential, "client_secret"),
        }

        def renewed(_last: Token | None) -> Token:
            answer = signing.exchange(self.token_url, form, self.as_json)
            return _token(answer, self.token_url, self.lasts)

        key = hashed("client_credentials", self.token_url, form["client_id"], form["client_secret"])
        return {self.header: self.prefix + signing.token(key, renewed)}


@dataclass(frozen=True, slots=True)
class ByCredential:
    """Several ways to sign in: the first one whose field the credential holds.

    Attributes:
        ways: pairs of a credential field and the way that it stands for.
    """

    ways: tuple[tuple[str, Auth], ...]

    @property
    def refreshable(self) -> bool:
        """Whether one of the ways is."""
        return any(auth.refreshable for _, auth in self.ways)

    def headers(self, credential: Mapping[str, str], signing: Signing, /) -> dict[str, str]:
        """Returns the headers of the way that the credential takes.

        Raises:
            AuthRejected: the credential holds none of the fields, or was refused.
        """
        return self.way(credential).headers(credential, signing)

    def way(self, credential: Mapping[str, str]) -> Auth:
        """Returns the way that the credential takes.

        Raises:
            AuthRejected: the credential holds none of the fields.
        """
        for name, auth in self.ways:
            if credential.get(name):
                return auth
        names = " or ".join(name for name, _ in self.ways)
        raise AuthRejected(
            f"the credential has no {names}",
            remedy="Add one of them to the credential with `tributary connections add`.",
        )


def _token(answer: Mapping[str, object], token_url: str, lasts: float | None) -> Token:
    place = str(answer.get("instance_url") or "") or None
    end = end_of(answer.get("expires_in", lasts))
    return Token(access_token(answer, token_url), end, place=place)


def access_token(answer: Mapping[str, object], token_url: str) -> str:
    """Returns the access token of a token address's answer.

    Raises:
        ShapeChanged: there is none.
    """
    access = answer.get("access_token")
    if not isinstance(access, str) or not access:
        raise ShapeChanged("the token address answered without an access token", url=token_url)
    return access


def end_of(expires_in: object) -> datetime | None:
    """Returns the end of a token's life; None (until it is refused) if it is not stated."""
    try:
        seconds = float(expires_in)  # type: ignore[arg-type]
        return clock.now() + timedelta(seconds=seconds)
    except (TypeError, ValueError, OverflowError):
        return None


def needed(credential: Mapping[str, str], name: str) -> str:
    """Returns a value of a credential.

    Raises:
        AuthRejected: it lacks that field.
    """
    value = credential.get(name, "")
    if not value:
        raise AuthRejected(
            f"the credential has no {name}",
            remedy=f"Add {name} to the credential with `tributary connections add`.",
        )
    return value


def basic_authorization(name: str, secret: str) -> str:
    """Returns the value of the header that signs in by HTTP Basic (RFC 7617)."""
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"
