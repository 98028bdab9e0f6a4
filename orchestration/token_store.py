"""Access tokens in the registry: encrypted at rest, renewed by one process at a time.

A token lies among the secrets of its credential, beside what the user declared, so the credential
key encrypts it. Whoever renews it holds the credential's lease,
which is kept alive as long as its holder lives and ends soon after a holder that was killed.

What a crash can still lose: a process that dies after the platform answered and before the answer
is stored (one small transaction away) takes the new refresh token with it. A platform that accepts
the old one once more heals by itself; any other refuses it, and the account must be connected
again.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import orjson

from connectors.core.errors import AuthRejected, Transient
from connectors.core.tokens import Token
from warehouse.credentials import TOKEN_PREFIX, CredentialKeyError, Secrets
from warehouse.leases import LeaseBusy, LeaseLost, TokenLease
from warehouse.registry import Registry, RegistryError

_log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""How long a killed holder keeps the others waiting."""
PATIENCE_SECONDS = 300.0
"""How long to wait for a living holder: its token address may be slow, and tried several times."""


class RegistryTokens:
    """The tokens of one stored credential; safe to share between threads and processes.

    Args:
        registry: where the credential is.
        credential_id: the credential.
        lease_seconds, patience_seconds: as above; tests shorten them.
    """

    def __init__(
        self,
        registry: Registry,
        credential_id: str,
        *,
        lease_seconds: float = LEASE_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._registry, self._credential_id = registry, credential_id
        self._lease_seconds, self._patience = lease_seconds, patience_seconds
        self._kept: dict[str, Token] = {}
        self._held = threading.local()

    def __repr__(self) -> str:
        return f"RegistryTokens({self._credential_id!r})"

    def read(self, key: str) -> Token | None:
        """Returns the newest token; from memory while that is fresh and no lease is held.

        Raises:
            AuthRejected: the stored token cannot be decrypted; the declared refresh token is not
                tried in its place, since it may be spent.
        """
        kept = self._kept.get(key)
        if kept is not None and kept.is_fresh() and self._lease() is None:
            return kept
        token = _token(self._secrets().get(TOKEN_PREFIX + key))
        if token is not None:
            self._kept[key] = token
        return token

    def write(self, key: str, token: Token) -> None:
        """Stores a token that was just obtained under the lease.

        Should the lease have ended meanwhile (the machine slept), the token is stored all the
        same unless somebody else has stored another: then theirs stays.
        """
        self._kept[key] = token
        lease, before = self._lease(), getattr(self._held, "before", None)
        if lease is None:
            raise RuntimeError("a token is written under its lease only")
        try:
            lease.update_secrets({TOKEN_PREFIX + key: _text(token)})
        except LeaseLost:
            _log.warning("credential %s: its lease ended before its token", self._credential_id)
            try:
                with self._new_lease(LEASE_SECONDS) as again:
                    if again.secrets.get(TOKEN_PREFIX + key) == before:
                        again.update_secrets({TOKEN_PREFIX + key: _text(token)})
            except (LeaseBusy, LeaseLost):
                _log.warning("credential %s: its token stays in memory only", self._credential_id)

    @contextmanager
    def lease(self, key: str) -> Iterator[None]:
        """Holds the right to refresh across processes, for the length of a ``with`` block.

        Raises:
            Transient: another process has been refreshing for too long.
        """
        try:
            lease = self._new_lease(self._lease_seconds).__enter__()
        except LeaseBusy as busy:
            raise Transient(str(busy)) from None
        self._held.lease = lease
        self._held.before = self._secrets().get(TOKEN_PREFIX + key)
        done = threading.Event()
        keeper = threading.Thread(target=self._keep_alive, args=(lease, done), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            keeper.join()
            self._held.lease = self._held.before = None
            lease.__exit__(None, None, None)

    def _new_lease(self, seconds: float) -> TokenLease:
        holder = f"process {os.getpid()} on {socket.gethostname()}"
        return self._registry.lease(self._credential_id, holder, seconds, self._patience)

    def _keep_alive(self, lease: TokenLease, done: threading.Event) -> None:
        while not done.wait(self._lease_seconds / 3):
            if not lease.extend():
                return

    def _lease(self) -> TokenLease | None:
        return getattr(self._held, "lease", None)

    def _secrets(self) -> Secrets:
        try:
            return self._registry.secrets(self._credential_id)
        except CredentialKeyError as trouble:
            raise AuthRejected(
                str(trouble), remedy="Set the key that the credential was stored with."
            ) from None
        except RegistryError as trouble:  # its organization was removed meanwhile
            raise AuthRejected(
                str(trouble), remedy="Connect the account again with a credential that is stored."
            ) from None


def declared_fields(secrets: Mapping[str, str]) -> Secrets:
    """Returns a credential's own fields, without the tokens that lie beside them."""
    own = {name: value for name, value in secrets.items() if not name.startswith(TOKEN_PREFIX)}
    return Secrets(own)


def _text(token: Token) -> str:
    end = token.expires_at.isoformat() if token.expires_at else None
    return orjson.dumps([token.access, end, token.refresh, token.place]).decode()


def _token(text: str | None) -> Token | None:
    if text is None:
        return None
    # Tokens that were stored before an address could stand beside them have three parts.
    access, end, refresh, *place = orjson.loads(text.encode())
    return Token(access, datetime.fromisoformat(end) if end else None, refresh, *place)
