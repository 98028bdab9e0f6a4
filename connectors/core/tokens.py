"""Access tokens and where they live."""

from __future__ import annotations

import hashlib
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from connectors.core import clock

EXPIRY_MARGIN = timedelta(seconds=60)
"""A token this close to its end is refreshed first, so that it cannot expire on the way."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, its end, and the rotated refresh token if the platform gave a new one.

    Attributes:
        place: the address that the answer with the token names as that of the account.
    """

    access: str = field(repr=False)
    expires_at: datetime | None = None
    refresh: str | None = field(default=None, repr=False)
    place: str | None = None

    def is_fresh(self) -> bool:
        """Returns whether the token is still good for a request."""
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


class TokensOf:
    """The part of a store that belongs to one address.

    A credential may reach several addresses (the shops of a company), each with tokens of its own.

    Args:
        tokens: the whole store.
        address: whose part.
    """

    def __init__(self, tokens: TokenStore, address: str) -> None:
        self._tokens, self._address = tokens, address

    def read(self, key: str) -> Token | None:
        """Returns the newest token of a credential at this address."""
        return self._tokens.read(self._here(key))

    def write(self, key: str, token: Token) -> None:
        """Keeps a token that was just obtained at this address."""
        self._tokens.write(self._here(key), token)

    def lease(self, key: str) -> AbstractContextManager[object]:
        """Holds the right to refresh, for the length of a `with` block."""
        return self._tokens.lease(self._here(key))

    def _here(self, key: str) -> str:
        return hashed(self._address, key)


def hashed(*parts: str) -> str:
    """Returns the key of a token: one for each credential, of which it reveals nothing."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
