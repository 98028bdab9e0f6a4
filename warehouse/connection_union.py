"""Rows of the registry that name one account become the one row of its one spelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from warehouse.registry_records import Connection
from warehouse.registry_rows import AuditedRows
from warehouse.registry_tables import connection_credentials, connections

_BY_STATUS = ("active", "paused", "removed")


@dataclass(frozen=True, slots=True)
class UnitedAccount:
    """One account and the connections that name it.

    Attributes:
        connection_id: the id of its one spelling.
        account_id: that spelling.
        members: every connection of it, under whatever spelling.
    """

    connection_id: str
    organization_id: str
    platform: str
    account_id: str
    members: tuple[Connection, ...]

    @property
    def old_ids(self) -> tuple[str, ...]:
        """Ids that its rows have so far and lose."""
        ids = (one.connection_id for one in self.members)
        return tuple(one for one in ids if one != self.connection_id)

    @property
    def leading(self) -> Connection:
        """The member whose settings count: one that is pulled, then that of the one spelling."""
        return min(
            self.members,
            key=lambda one: (_BY_STATUS.index(one.status), one.account_id != self.account_id),
        )

    def __str__(self) -> str:
        written = ", ".join(sorted({one.account_id for one in self.members} - {self.account_id}))
        return f"{self.organization_id}/{self.platform}/{self.account_id} (was {written})"


def unite_rows(
    database: sa.Connection, now: Callable[[], datetime], actor: str, united: UnitedAccount
) -> None:
    """Puts one connection in place of the members, inside an open transaction.

    It is pulled when one of them was, from the earliest day that one which is not removed asks
    for, with every credential that reached any of them.
    """
    rows = AuditedRows(database, now, actor)
    leading, key = united.leading, connections.c.connection_id
    kept = [one for one in united.members if one.status == leading.status]
    settings = {name: value for one in reversed(united.members) for name, value in
                one.settings.items()} | dict(leading.settings)  # fmt: skip
    values: dict[str, Any] = {
        "organization_id": united.organization_id,
        "platform": united.platform,
        "account_id": united.account_id,
        "credential_id": leading.credential_id,
        "account_name": leading.account_name,
        "account_currency": leading.account_currency,
        "account_time_zone": leading.account_time_zone,
        "status": leading.status,
        "sync_frequency": leading.sync_frequency,
        "start_date": min(one.start_date for one in kept),
        "removed_at": leading.removed_at,
        "settings": orjson.dumps(settings, option=orjson.OPT_SORT_KEYS).decode()
        if settings
        else None,
    }
    found = rows.row(connections, key == united.connection_id)
    detail = {"was": ", ".join(sorted(one.account_id for one in united.members))}
    rows.put(connections, {"connection_id": united.connection_id}, values, found, detail)
    rows.audit("connections united", united.connection_id, detail)
    for old in united.old_ids:
        _move_credentials(database, old, united.connection_id)
        database.execute(connections.delete().where(key == old))


def _move_credentials(database: sa.Connection, old: str, new: str) -> None:
    table = connection_credentials
    there: set[str] = set(
        database.scalars(sa.select(table.c.credential_id).where(table.c.connection_id == new))
    )
    moving = database.execute(sa.select(table).where(table.c.connection_id == old)).mappings().all()
    for row in moving:
        if row["credential_id"] not in there:
            database.execute(table.insert().values({**row, "connection_id": new}))
    database.execute(table.delete().where(table.c.connection_id == old))
