"""Leases on credentials: two runs never spend one rotating refresh token.

Leases live in control.db and end by the wall clock (not the pipeline's clock, which may be
frozen), so that a killed holder blocks others for its ``seconds`` at most.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from warehouse.credentials import SecretBox, Secrets
from warehouse.registry_records import RegistryError
from warehouse.registry_tables import Database, credentials, leases

POLL_SECONDS = 0.05


class LeaseBusy(RegistryError):
    """Another holder kept the lease for longer than this one would wait."""


class LeaseLost(RegistryError):
    """The lease ended before its holder was done; what it wanted to store was not stored."""


class TokenLease:
    """The right to refresh one credential's token. Use as a context manager.

    Inside, ``secrets`` are read again (another run may have rotated the token meanwhile), and
    ``update_secrets`` stores what the platform gave.

    Args:
        database: control.db.
        box: encrypts the new secrets.
        credential_id: the credential.
        holder: who asks, for messages (a run id).
        seconds: after how long the lease ends by itself.
        wait_seconds: how long to wait for another holder; default twice ``seconds``.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        credential_id: str,
        holder: str,
        seconds: float,
        wait_seconds: float | None = None,
    ) -> None:
        self._database, self._box = database, box
        self._credential_id, self._holder = credential_id, holder
        self._seconds = seconds
        self._wait = 2 * seconds if wait_seconds is None else wait_seconds
        self._token = secrets.token_hex(16)

    def __repr__(self) -> str:
        return f"TokenLease({self._credential_id!r}, holder={self._holder!r})"

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._wait
        while (holder := self._try()) is not None:
            if time.monotonic() >= deadline:
                raise LeaseBusy(
                    f"credential {self._credential_id}: {holder} has been refreshing its token "
                    f"for longer than {self._wait:.0f} s; try again when it is done"
                )
            time.sleep(POLL_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._database.writing() as connection:
            connection.execute(leases.delete().where(self._is_mine()))

    def extend(self) -> bool:
        """Holds the lease for its ``seconds`` from now on; False if it has ended already."""
        with self._database.writing() as connection:
            alive = leases.c.expires_at > time.time()
            moved = connection.execute(
                leases.update()
                .where(self._is_mine(), alive)
                .values(expires_at=time.time() + self._seconds)
            )
        return moved.rowcount == 1

    @property
    def secrets(self) -> Secrets:
        """The credential's secrets as stored now.

        Raises:
            RegistryError: the credential is gone.
        """
        with self._database.reading() as connection:
            return self._read(connection)

    def update_secrets(self, changes: Mapping[str, str]) -> Secrets:
        """Stores new values of some fields (a rotated refresh token); returns all of them.

        Raises:
            LeaseLost: the lease ended meanwhile; nothing is stored.
            RegistryError: the credential is gone.
        """
        with self._database.writing() as connection:
            alive = leases.c.expires_at > time.time()
            if connection.scalar(sa.select(leases.c.token).where(self._is_mine(), alive)) is None:
                raise LeaseLost(
                    f"credential {self._credential_id}: the lease of {self._holder} ended before "
                    "its new token was stored; refresh again"
                )
            merged = {**self._read(connection), **changes}
            connection.execute(
                credentials.update()
                .where(credentials.c.credential_id == self._credential_id)
                .values(secrets_encrypted=self._box.encrypt_secrets(merged))
            )
        return Secrets(merged)

    def _try(self) -> str | None:
        """Takes the lease; returns the other holder when there is a living one."""
        now = time.time()
        with self._database.writing() as connection:
            row = connection.execute(
                sa.select(leases.c.holder, leases.c.expires_at)
                .where(leases.c.credential_id == self._credential_id)
                .with_for_update()
            ).one_or_none()
            if row is not None and row.expires_at > now:
                return str(row.holder)
            mine = {
                "credential_id": self._credential_id,
                "holder": self._holder,
                "token": self._token,
                "expires_at": now + self._seconds,
            }
            return None if self._put(connection, mine, replaces=row is not None) else "another run"

    def _put(self, connection: sa.Connection, mine: Mapping[str, object], replaces: bool) -> bool:
        if replaces:
            same = leases.c.credential_id == self._credential_id
            connection.execute(leases.update().where(same).values(mine))
            return True
        try:
            with connection.begin_nested():
                connection.execute(leases.insert().values(mine))
        except sa.exc.IntegrityError:  # PostgreSQL: another run inserted first
            return False
        return True

    def _is_mine(self) -> sa.ColumnElement[bool]:
        return sa.and_(leases.c.credential_id == self._credential_id, leases.c.token == self._token)

    def _read(self, connection: sa.Connection) -> Secrets:
        query = sa.select(credentials.c.secrets_encrypted).where(
            credentials.c.credential_id == self._credential_id
        )
        stored = connection.scalar(query)
        if stored is None:
            raise RegistryError(f"credential {self._credential_id} does not exist any more")
        return self._box.decrypt_secrets(stored)
