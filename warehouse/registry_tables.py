"""Tables of control.db (SQLite, or PostgreSQL by URL), its engine, and its migrations."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

BUSY_SECONDS = 30

METADATA = sa.MetaData()


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant. SQLite keeps no zones, so it is stored in UTC without one."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """The instant in UTC without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, _dialect: sa.Dialect) -> datetime | None:
        """The stored instant with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


schema_versions = sa.Table(
    "schema_versions",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("applied_at", Instant, nullable=False),
)

organizations = sa.Table(
    "organizations",
    METADATA,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("reporting_currency", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("fiscal_year_start_month", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("hmac_key_encrypted", sa.Text, nullable=False),
)

credentials = sa.Table(
    "credentials",
    METADATA,
    sa.Column("credential_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text, sa.ForeignKey("organizations.organization_id")),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("secrets_encrypted", sa.Text, nullable=False),
    sa.Column("declared_encrypted", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

connections = sa.Table(
    "connections",
    METADATA,
    sa.Column("connection_id", sa.Text, primary_key=True),
    sa.Column(
        "organization_id",
        sa.Text,
        sa.ForeignKey("organizations.organization_id"),
        nullable=False,
    ),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("credential_id", sa.Text, sa.ForeignKey("credentials.credential_id")),
    sa.Column("account_name", sa.Text),
    sa.Column("account_currency", sa.Text),
    sa.Column("account_time_zone", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("sync_frequency", sa.Text, nullable=False),
    sa.Column("start_date", sa.Date, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("removed_at", Instant),
    sa.Column("settings", sa.Text),
    sa.UniqueConstraint("organization_id", "platform", "account_id"),
)

connection_credentials = sa.Table(
    "connection_credentials",
    METADATA,
    sa.Column("connection_id", sa.Text, sa.ForeignKey("connections.connection_id")),
    sa.Column("credential_id", sa.Text, sa.ForeignKey("credentials.credential_id")),
    sa.Column("attached_at", Instant, nullable=False),
    sa.PrimaryKeyConstraint("connection_id", "credential_id"),
)

members = sa.Table(
    "members",
    METADATA,
    sa.Column("organization_id", sa.Text, sa.ForeignKey("organizations.organization_id")),
    sa.Column("email", sa.Text),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.PrimaryKeyConstraint("organization_id", "email"),
)

audit_log = sa.Table(
    "audit_log",
    METADATA,
    sa.Column("audit_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)

own_rates = sa.Table(
    "own_rates",
    METADATA,
    sa.Column("rate_id", sa.Text, primary_key=True),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("base_currency", sa.Text, nullable=False),
    # Text: SQLite would keep a decimal as a double.
    sa.Column("units_per_base", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
)

alert_acknowledgements = sa.Table(
    "alert_acknowledgements",
    METADATA,
    sa.Column("organization_id", sa.Text, sa.ForeignKey("organizations.organization_id")),
    sa.Column("alert_key", sa.Text),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("scope_type", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("acknowledged_at", Instant, nullable=False),
    sa.Column("acknowledged_by", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("organization_id", "alert_key"),
)

leases = sa.Table(
    "leases",
    METADATA,
    sa.Column("credential_id", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
)


def _first_tables(connection: sa.Connection) -> None:
    METADATA.create_all(connection)


def _connection_settings(connection: sa.Connection) -> None:
    known = {column["name"] for column in sa.inspect(connection).get_columns("connections")}
    if "settings" not in known:  # the first tables of a new database have it already
        connection.execute(sa.text("alter table connections add column settings text"))


def _own_rates(connection: sa.Connection) -> None:
    own_rates.create(connection, checkfirst=True)  # a new database has it already


def _alert_acknowledgements(connection: sa.Connection) -> None:
    alert_acknowledgements.create(connection, checkfirst=True)  # a new database has it already


MIGRATIONS: tuple[tuple[int, str, Callable[[sa.Connection], None]], ...] = (
    (1, "first tables", _first_tables),
    (2, "settings of connections", _connection_settings),
    (3, "own rates", _own_rates),
    (4, "acknowledged alerts", _alert_acknowledgements),
)
"""(version, name, step); a later step alters what an earlier one made, in one transaction."""


class Database:
    """The engine of control.db with short write transactions.

    Args:
        url: SQLAlchemy URL; SQLite gets WAL, a busy timeout and mode 0600. A PostgreSQL URL
            without a driver uses psycopg2.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self.url = _with_driver(sa.make_url(url))
        self._sqlite = self.url.get_backend_name() == "sqlite"
        if self._sqlite:
            # A file is opened in microseconds; no pool means nothing is shared across forks.
            self.engine = sa.create_engine(self.url, poolclass=NullPool)
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
            self._restrict_file()
        else:
            self.engine = sa.create_engine(self.url, pool_pre_ping=True)

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)})"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A write transaction; on SQLite it takes the write lock at once, so it never deadlocks."""
        engine = self.engine.execution_options(tributary_writes=True)
        with engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Closes pooled connections."""
        self.engine.dispose()

    def migrate(self, at: datetime) -> int:
        """Applies the missing migrations in one transaction; returns the version.

        Raises:
            ValueError: the database was written by a newer version.
        """
        with self.writing() as connection:
            if not self._sqlite:
                connection.execute(sa.text("select pg_advisory_xact_lock(7423091)"))
            schema_versions.create(connection, checkfirst=True)
            found = connection.scalar(sa.select(sa.func.max(schema_versions.c.version))) or 0
            if found > MIGRATIONS[-1][0]:
                raise ValueError(
                    f"control.db has schema version {found}, this version of tributary knows up "
                    f"to {MIGRATIONS[-1][0]}: upgrade tributary"
                )
            for version, name, step in MIGRATIONS:
                if version > found:
                    step(connection)
                    row = {"version": version, "name": name, "applied_at": at}
                    connection.execute(schema_versions.insert().values(row))
        return MIGRATIONS[-1][0]

    def _restrict_file(self) -> None:
        if self.url.database and self.url.database != ":memory:":
            path = Path(self.url.database)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)


def _with_driver(url: sa.URL) -> sa.URL:
    """SQLAlchemy's own default for PostgreSQL is psycopg 3, which is not a dependency."""
    named = url.drivername in {"postgresql", "postgres"}
    return url.set(drivername="postgresql+psycopg2") if named else url


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    cursor.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma foreign_keys = on")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("tributary_writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")
