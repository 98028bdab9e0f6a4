"""Signing in: how a request gets its credentials. Tokens are never logged nor shown by `repr`."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from connectors.core import clock
from connectors.core.errors import AuthRejected, ShapeChanged

EXPIRY_MARGIN = timedelta(seconds=60)
"""A token this close to its end is refreshed first, so that it cannot expire on the way."""

Exchange = Callable[[str, Mapping[str, str]], Mapping[str, object]]
"""Posts a form to an address and returns the JSON answer; retries are its business."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, its end, and the rotated refresh token if the platform gave a new one."""

    access: str = field(repr=False)
    expires_at: datetime | None = None
    refresh: str | None = field(default=None, repr=False)

    def is_fresh(self) -> bool:
        """Tells whether the token is still good for a request."""
        return self.expires_at is None or clock.now() + EXPIRY_MARGIN < self.expires_at


class TokenStore(Protocol):
    """Where access tokens live, and the lease that lets one caller at a time refresh one.

    `key` is a hash that identifies a credential and reveals nothing of it. A store on disk must
    encrypt, and must hold its lease across processes.
    """

    def read(self, key: str) -> Token | None:
        """Returns the newest token of a credential."""
        ...

    def write(self, key: str, token: Token) -> None:
        """Keeps a token that was just obtained."""
        ...

    def lease(self, key: str) -> AbstractContextManager[object]:
        """Holds the right to refresh, for the length of a `with` block."""
        ...


class MemoryTokens:
    """A token store that lives in this process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._leases: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def read(self, key: str) -> Token | None:
        """Returns the newest token of a credential."""
        return self._tokens.get(key)

    def write(self, key: str, token: Token) -> None:
        """Keeps a token that was just obtained."""
        self._tokens[key] = token

    def lease(self, key: str) -> AbstractContextManager[object]:
        """Holds the right to refresh, for the length of a `with` block."""
        with self._lock:
            return self._leases.setdefault(key, threading.Lock())


SHARED_TOKENS = MemoryTokens()


class Auth(Protocol):
    """How a platform wants its requests signed."""

    @property
    def refreshable(self) -> bool:
        """Whether a refused request is worth another try with a new token."""
        ...

    def headers(
        self,
        credential: Mapping[str, str],
        tokens: TokenStore,
        exchange: Exchange,
        refused: str | None = None,
        /,
    ) -> dict[str, str]:
        """Returns the headers that sign a request.

        Args:
            credential: the values that the user supplied.
            tokens: where access tokens live.
            exchange: posts a form to the token address.
            refused: the access token that the platform has just refused, if it did.
        """
        ...


@dataclass(frozen=True, slots=True)
class NoAuth:
    """A public feed."""

    refreshable: bool = field(default=False, init=False)

    def headers(
        self,
        _credential: Mapping[str, str],
        _tokens: TokenStore,
        _exchange: Exchange,
        _refused: str | None = None,
        /,
    ) -> dict[str, str]:
        """Returns no header."""
        return {}


@dataclass(frozen=True, slots=True)
class ApiKeyHeader:
    """A fixed key in one header, e.g. `ApiKeyHeader("X-Api-Key", "api_key")`."""

    header: str
    credential_field: str
    prefix: str = ""
    refreshable: bool = field(default=False, init=False)

    def headers(
        self,
        credential: Mapping[str, str],
        _tokens: TokenStore,
        _exchange: Exchange,
        _refused: str | None = None,
        /,
    ) -> dict[str, str]:
        """Returns the header with the key."""
        return {self.header: self.prefix + _needed(credential, self.credential_field)}


@dataclass(frozen=True, slots=True)
class OAuth2Refresh:
    """OAuth 2 with a refresh token: one refresh at a time, shared by a credential's clients."""

    token_url: str
    refreshable: bool = field(default=True, init=False)

    def headers(
        self,
        credential: Mapping[str, str],
        tokens: TokenStore,
        exchange: Exchange,
        refused: str | None = None,
        /,
    ) -> dict[str, str]:
        """Returns the Authorization header, refreshing the access token if it must be.

        Raises:
            AuthRejected: the token address refused the credential.
            ShapeChanged: its answer holds no access token.
        """
        key = self._key(credential)
        token = tokens.read(key)
        if not _usable(token, refused):
            with tokens.lease(key):
                # Whoever waited here finds the token that another caller has fetched meanwhile.
                token = tokens.read(key)
                if not _usable(token, refused):
                    token = self._refreshed(credential, token, exchange)
                    tokens.write(key, token)
        assert token is not None
        return {"Authorization": f"Bearer {token.access}"}

    def _refreshed(
        self, credential: Mapping[str, str], last: Token | None, exchange: Exchange
    ) -> Token:
        refresh = (last.refresh if last else None) or _needed(credential, "refresh_token")
        answer = exchange(
            self.token_url,
            {
                "grant_type": "refresh_token",
                "client_id": _needed(credential, "client_id"),
                "client_secret": _needed(credential, "client_secret"),
                "refresh_token": refresh,
            },
        )
        access, rotated = answer.get("access_token"), answer.get("refresh_token")
        if not isinstance(access, str) or not access:
            raise ShapeChanged(
                "the token address answered without an access token", url=self.token_url
            )
        kept = rotated if isinstance(rotated, str) and rotated else last.refresh if last else None
        return Token(access, _end(answer.get("expires_in")), kept)

    def _key(self, credential: Mapping[str, str]) -> str:
        parts = (
            self.token_url,
            credential.get("client_id", ""),
            credential.get("refresh_token", ""),
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _usable(token: Token | None, refused: str | None) -> bool:
    return token is not None and token.access != refused and token.is_fresh()


def _end(expires_in: object) -> datetime | None:
    """The end of a token's life; None (until it is refused) if the platform does not say."""
    try:
        seconds = float(expires_in)  # type: ignore[arg-type]
        return clock.now() + timedelta(seconds=seconds)
    except (TypeError, ValueError, OverflowError):
        return None


def _needed(credential: Mapping[str, str], name: str) -> str:
    value = credential.get(name, "")
    if not value:
        raise AuthRejected(
            f"the credential has no {name}",
            remedy=f"Add {name} to the credential with `tributary connections add`.",
        )
    return value
