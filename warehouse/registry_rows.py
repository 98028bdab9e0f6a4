"""Rows of the registry within one transaction, every change of them audited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from warehouse.registry_records import Change, RegistryError, did_you_mean
from warehouse.registry_tables import audit_log


class AuditedRows:
    """Reads and writes single rows.

    Args:
        connection: the open transaction.
        now: the time that is written down.
        actor: on whose behalf.
    """

    def __init__(self, connection: sa.Connection, now: Callable[[], datetime], actor: str) -> None:
        self._db, self._now, self._actor = connection, now, actor

    def row(self, table: sa.Table, where: sa.ColumnElement[bool]) -> dict[str, Any] | None:
        """The one row of a condition; None when there is none."""
        row = self._db.execute(sa.select(table).where(where)).mappings().one_or_none()
        return None if row is None else dict(row)

    def require(self, column: sa.Column[Any], given: str, what: str) -> None:
        """Makes sure that an id is known.

        Raises:
            RegistryError: it is not; the message names a near match.
        """
        known: Iterable[str] = self._db.scalars(sa.select(column)).all()
        if given not in known:
            raise RegistryError(
                f"unknown {what} {given!r}{did_you_mean(given, known)}; add it first"
            )

    def put(
        self,
        table: sa.Table,
        key: Mapping[str, str],
        values: Mapping[str, Any],
        found: Mapping[str, Any] | None,
        detail: Mapping[str, str],
        *,
        created: str = "created_at",
        touched: str | None = None,
    ) -> Change:
        """Inserts or updates one row, and audits it when something changed.

        Args:
            table: where the row belongs.
            key: its key.
            values: what it is to hold besides.
            found: the row as it is now; None when it is new.
            detail: what the audit log says of the change.
            created: the column for when the row was added.
            touched: the column for when it last changed, if there is one.
        """
        times = {touched: self._now()} if touched else {}
        if found is None:
            row = {**key, **values, created: self._now(), **times}
            self._db.execute(table.insert().values(row))
        elif any(found[name] != value for name, value in values.items()):
            same = sa.and_(*(table.c[name] == value for name, value in key.items()))
            self._db.execute(table.update().where(same).values({**values, **times}))
        else:
            return "unchanged"
        change: Change = "added" if found is None else "changed"
        self.audit(f"{table.name} {change}", "/".join(key.values()), detail)
        return change

    def audit(self, action: str, subject: str, detail: Mapping[str, str]) -> None:
        """Adds an entry to the audit log. The caller keeps secrets out of ``detail``."""
        entry = {
            "at": self._now(),
            "actor": self._actor,
            "action": action,
            "subject": subject,
            "detail": orjson.dumps(dict(detail)).decode(),
        }
        self._db.execute(audit_log.insert().values(entry))
