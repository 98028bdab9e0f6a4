"""The registry's organizations and connections, read from SQLite alone.

SQLAlchemy takes longer to import than `tributary status` to say how everything is. So what only
looks reads the file itself; what changes something, or needs PostgreSQL, opens the ``Registry``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import orjson

from warehouse.home import Home
from warehouse.registry_records import Connection, ConnectionStatus, Organization

SCHEMA_VERSION = 4
"""Of the tables; those of another version are left to the ``Registry``, which migrates them."""

_BUSY_SECONDS = 30
_INSTANTS = ("created_at", "removed_at")


class Tenants(Protocol):
    """What both the ``Registry`` and the glance know."""

    def organizations(self) -> list[Organization]:
        """All organizations by id."""
        ...

    def connections(
        self,
        organization_id: str | None = None,
        platform: str | None = None,
        statuses: Sequence[ConnectionStatus] = ("active", "paused"),
    ) -> list[Connection]:
        """Connections ordered by organization, platform and account."""
        ...


@dataclass(frozen=True, slots=True)
class RegistryGlance:
    """What the registry held when it was opened."""

    _organizations: list[Organization]
    _connections: list[Connection]

    @classmethod
    def open(cls, home: Home) -> RegistryGlance | None:
        """Reads control.db; None when only the ``Registry`` can.

        A home without one has no connections yet.
        """
        if not home.control_db.exists():
            return cls([], [])
        try:
            return _read(home.control_db)
        except sqlite3.Error:
            # The registry says what is wrong with it.
            return None

    def organizations(self) -> list[Organization]:
        """All organizations by id."""
        return self._organizations

    def connections(
        self,
        organization_id: str | None = None,
        platform: str | None = None,
        statuses: Sequence[ConnectionStatus] = ("active", "paused"),
    ) -> list[Connection]:
        """Connections ordered by organization, platform and account."""
        return [
            one
            for one in self._connections
            if one.status in statuses
            if organization_id in (None, one.organization_id)
            if platform in (None, one.platform)
        ]


def _read(path: Path) -> RegistryGlance | None:
    # Not read-only: then SQLite could not read a file whose last writer was killed.
    address = f"file:{quote(str(path))}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)) as database:
        database.row_factory = sqlite3.Row
        database.execute("begin")
        (version,) = database.execute("select max(version) from schema_versions").fetchone()
        if version != SCHEMA_VERSION:
            return None
        organizations = database.execute("select * from organizations order by organization_id")
        found = [Organization(**_record(row, "hmac_key_encrypted")) for row in organizations]
        attached: dict[str, list[str]] = {}
        for row in database.execute(
            "select connection_id, credential_id from connection_credentials "
            "order by attached_at desc, credential_id"
        ):
            attached.setdefault(row["connection_id"], []).append(row["credential_id"])
        connections = database.execute(
            "select * from connections order by organization_id, platform, account_id"
        )
        return RegistryGlance(found, [_connection(row, attached) for row in connections])


def _connection(row: sqlite3.Row, attached: dict[str, list[str]]) -> Connection:
    record = _record(row)
    given = attached.get(record["connection_id"], [])
    return Connection(
        **record
        | {
            "start_date": date.fromisoformat(record["start_date"]),
            "settings": orjson.loads(record["settings"] or "{}"),
            "alternate_credential_ids": tuple(
                one for one in given if one != record["credential_id"]
            ),
        }
    )


def _record(row: sqlite3.Row, *without: str) -> dict[str, Any]:
    record = {name: row[name] for name in row.keys() if name not in without}  # noqa: SIM118
    for name in _INSTANTS:
        if record.get(name) is not None:
            record[name] = datetime.fromisoformat(record[name]).replace(tzinfo=UTC)
    return record
