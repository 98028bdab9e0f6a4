"""The registry: organizations, encrypted credentials, connections, members, audit log.

It lives in control.db: SQLite in the home, or PostgreSQL where ``TRIBUTARY_DATABASE_URL`` says so.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import sqlalchemy as sa

from warehouse.acknowledgements import Acknowledgement, Acknowledgements, AlertRun
from warehouse.credentials import SecretBox, open_secret_box
from warehouse.home import Home
from warehouse.leases import TokenLease
from warehouse.organization_removal import OrganizationRemoval, RemovedOrganization
from warehouse.own_rates import OwnRate, OwnRates
from warehouse.registry_export import write_export
from warehouse.registry_queries import RegistryReader
from warehouse.registry_records import (
    Change,
    Connection,
    ConnectionStatus,
    Organization,
    PlatformRecord,
    RegistryError,
    connection_id,
)
from warehouse.registry_tables import Database
from warehouse.registry_transaction import RegistryTransaction

URL_VARIABLE = "TRIBUTARY_DATABASE_URL"

__all__ = ["Registry", "RegistryError", "connection_id"]


class Registry(RegistryReader):
    """Reads and changes the registry; safe to share between threads.

    Args:
        database: control.db.
        box: encrypts and decrypts secrets.
        now: the pipeline's clock.
        actor: who makes changes, for the audit log; default the operating system's user.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        now: Callable[[], datetime],
        actor: str | None = None,
    ) -> None:
        database.migrate(now())
        super().__init__(database, box)
        self._now = now
        self._actor = actor or _user()

    def __repr__(self) -> str:
        return f"Registry({self._database!r})"

    @classmethod
    def open(
        cls,
        home: Home,
        now: Callable[[], datetime],
        *,
        url: str | None = None,
        box: SecretBox | None = None,
        actor: str | None = None,
    ) -> Registry:
        """Opens the registry of a home, creating and migrating it.

        Args:
            home: the home.
            now: the pipeline's clock.
            url: SQLAlchemy URL; default TRIBUTARY_DATABASE_URL, else SQLite in the home.
            box: default the installation's key (see ``credentials.open_secret_box``).
            actor: see the class.

        Raises:
            CredentialKeyError: the key is not usable.
            ValueError: control.db was written by a newer version.
        """
        # Made of parts: in an address a `?` in the path would end it.
        in_home = sa.URL.create("sqlite", database=str(home.control_db))
        database = Database(url or os.environ.get(URL_VARIABLE) or in_home)
        return cls(database, box or open_secret_box(home.path), now, actor)

    def close(self) -> None:
        """Closes pooled connections; the registry opens new ones when used again."""
        self._database.dispose()

    @contextmanager
    def transaction(self) -> Iterator[RegistryTransaction]:
        """Several changes that happen together or not at all."""
        with self._database.writing() as connection:
            yield RegistryTransaction(connection, self._box, self._now, self._actor)

    @contextmanager
    def changing(self) -> Iterator[tuple[sa.Connection, Callable[[], datetime], str]]:
        """The open transaction itself, the clock and the actor: for whole-row changes."""
        with self._database.writing() as connection:
            yield connection, self._now, self._actor

    def add_organization(self, organization: Organization) -> Change:
        """See ``RegistryTransaction.add_organization``."""
        with self.transaction() as transaction:
            return transaction.add_organization(organization)

    def remove_organization(
        self, organization_id: str, *, with_connections: bool = False
    ) -> RemovedOrganization:
        """See ``OrganizationRemoval.remove``. Its history stays in the lake."""
        with self._database.writing() as connection:
            removal = OrganizationRemoval(connection, self._now, self._actor)
            return removal.remove(organization_id, with_connections=with_connections)

    def ensure_shared_organization(self) -> Change:
        """Creates ``_shared``, the owner of feeds nobody owns, when it is absent."""
        with self.transaction() as transaction:
            return transaction.ensure_shared_organization()

    def add_credential(
        self,
        credential_id: str,
        platform: str,
        secrets: Mapping[str, str],
        organization_id: str | None = None,
    ) -> Change:
        """See ``RegistryTransaction.add_credential``."""
        with self.transaction() as transaction:
            return transaction.add_credential(credential_id, platform, secrets, organization_id)

    def add_connection(
        self,
        organization_id: str,
        platform: str,
        account_id: str,
        credential_id: str | None,
        *,
        alternates: Sequence[str] = (),
        start_date: date | None = None,
        sync_frequency: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> Connection:
        """See ``RegistryTransaction.add_connection``; returns the connection as it is now."""
        with self.transaction() as transaction:
            transaction.add_connection(
                organization_id,
                platform,
                account_id,
                credential_id,
                alternates=alternates,
                start_date=start_date,
                sync_frequency=sync_frequency,
                settings=settings,
            )
        return self.connection(connection_id(organization_id, platform, account_id))

    def change_settings(self, key: str, settings: Mapping[str, str]) -> Change:
        """See ``RegistryTransaction.change_settings``."""
        with self.transaction() as transaction:
            return transaction.change_settings(key, settings)

    def pause(self, key: str) -> Change:
        """Stops pulling a connection until ``resume``."""
        return self._set_status(key, "paused")

    def resume(self, key: str) -> Change:
        """Pulls a paused connection again."""
        return self._set_status(key, "active")

    def remove(self, key: str) -> Change:
        """Removes a connection. Its rows stay; adding it again continues its history."""
        return self._set_status(key, "removed")

    def record_account(
        self, key: str, name: str | None, currency: str | None, time_zone: str | None
    ) -> Change:
        """Records what the platform says of an account; None keeps what was known."""
        with self.transaction() as transaction:
            return transaction.record_account(key, name, currency, time_zone)

    def add_own_rate(self, rate: OwnRate) -> Change:
        """See ``OwnRates.add``."""
        with self.transaction() as transaction:
            return transaction.own_rates.add(rate)

    def remove_own_rates(self, currency: str, valid_from: date | None = None) -> list[OwnRate]:
        """See ``OwnRates.remove``. Money that only they converted is unconverted again."""
        with self._database.writing() as connection:
            return OwnRates(connection, self._now, self._actor).remove(currency, valid_from)

    def acknowledge_alert(self, run: AlertRun, note: str = "", by: str | None = None) -> Change:
        """See ``Acknowledgements.add``; by whoever makes the change unless it says otherwise."""
        with self._database.writing() as connection:
            acknowledgements = Acknowledgements(connection, self._now, self._actor)
            return acknowledgements.add(run, by or self._actor, note)

    def take_back_acknowledgement(self, run: AlertRun) -> list[Acknowledgement]:
        """See ``Acknowledgements.remove``."""
        with self._database.writing() as connection:
            return Acknowledgements(connection, self._now, self._actor).remove(run)

    def lease(
        self,
        credential_id: str,
        holder: str,
        seconds: float = 60.0,
        wait_seconds: float | None = None,
    ) -> TokenLease:
        """The right to refresh a credential's token; see ``leases.TokenLease``."""
        return TokenLease(self._database, self._box, credential_id, holder, seconds, wait_seconds)

    def export(self, home: Home, platforms: Sequence[PlatformRecord]) -> None:
        """Writes lake/registry/*.parquet for dbt, each replaced atomically; no secrets."""
        statuses: tuple[ConnectionStatus, ...] = ("active", "paused", "removed")
        connections = self.connections(statuses=statuses)
        write_export(
            home,
            self.organizations(),
            connections,
            platforms,
            self.own_rates(),
            self.alert_acknowledgements(),
        )

    def _set_status(self, key: str, status: ConnectionStatus) -> Change:
        with self.transaction() as transaction:
            return transaction.set_status(key, status)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"uid {os.getuid()}"
