"""Alerts that somebody has seen: kept apart from the data, so that no rebuild loses them.

An alert is a run of days on which one rule was broken for one subject. A late number may begin it
a day earlier or end it a day later, so an acknowledgement names the run's days as they were, and
holds for every alert of the same rule and subject that shares a day with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from warehouse.registry_records import Change, RegistryError
from warehouse.registry_rows import AuditedRows
from warehouse.registry_tables import alert_acknowledgements, organizations

_BY = re.compile(r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")
_NOTE = re.compile(r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]{0,500}$")


@dataclass(frozen=True, slots=True)
class AlertRun:
    """The days of an alert, and what it is about.

    Attributes:
        alert_key: its key in ``mart_alerts``.
        organization_id: whose alert it is.
        rule_id: the rule or goal that was broken.
        scope_type: organization, platform or channel.
        scope: which one.
        first_day: first day of the run.
        last_day: last day of the run as it is known now.
    """

    alert_key: str
    organization_id: str
    rule_id: str
    scope_type: str
    scope: str
    first_day: date
    last_day: date

    def shares_a_day_with(self, other: AlertRun) -> bool:
        """Reports whether both are runs of one rule and subject with a day in common."""
        mine = (self.organization_id, self.rule_id, self.scope_type, self.scope)
        theirs = (other.organization_id, other.rule_id, other.scope_type, other.scope)
        overlap = self.first_day <= other.last_day and other.first_day <= self.last_day
        return mine == theirs and overlap


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who has seen an alert, and when.

    Attributes:
        run: the alert as it was then.
        acknowledged_at: when, by the pipeline's clock.
        acknowledged_by: who, a name.
        note: what they wrote; empty for nothing.
    """

    run: AlertRun
    acknowledged_at: datetime
    acknowledged_by: str
    note: str


class Acknowledgements:
    """Changes acknowledgements in one transaction.

    Args:
        connection: the open transaction.
        now: the pipeline's clock.
        actor: who makes changes, for the audit log.
    """

    def __init__(self, connection: sa.Connection, now: Callable[[], datetime], actor: str) -> None:
        self._db, self._now = connection, now
        self._rows = AuditedRows(connection, now, actor)

    def add(self, run: AlertRun, by: str, note: str = "") -> Change:
        """Acknowledges an alert, or changes who did and what they wrote.

        Raises:
            RegistryError: the organization is unknown, or the name or the note is not usable.
        """
        if not _BY.fullmatch(by) or by != by.strip():
            raise RegistryError(
                f"{by!r} is no name; write who has seen it in 1 to 100 printable characters"
            )
        if not _NOTE.fullmatch(note):
            raise RegistryError("the note is not usable; write at most 500 printable characters")
        self._rows.require(organizations.c.organization_id, run.organization_id, "organization")
        table = alert_acknowledgements
        key = {"organization_id": run.organization_id, "alert_key": run.alert_key}
        found = self._rows.row(table, _same(run.organization_id, run.alert_key))
        values = {
            "rule_id": run.rule_id,
            "scope_type": run.scope_type,
            "scope": run.scope,
            "first_day": run.first_day,
            "last_day": run.last_day,
            "acknowledged_by": by,
            "note": note,
        }
        detail = {"rule": run.rule_id, "first_day": str(run.first_day), "by": by}
        return self._rows.put(table, key, values, found, detail, created="acknowledged_at")

    def remove(self, run: AlertRun) -> list[Acknowledgement]:
        """Takes back every acknowledgement that holds for an alert; returns them."""
        gone = [
            one for one in read(self._db, run.organization_id) if one.run.shares_a_day_with(run)
        ]
        for one in gone:
            where = _same(one.run.organization_id, one.run.alert_key)
            self._db.execute(alert_acknowledgements.delete().where(where))
            subject = f"{one.run.organization_id}/{one.run.alert_key}"
            self._rows.audit("alert_acknowledgements removed", subject, {"rule": one.run.rule_id})
        return gone


def read(connection: sa.Connection, organization_id: str | None = None) -> list[Acknowledgement]:
    """Returns acknowledgements, of one organization or of all, oldest first."""
    table = alert_acknowledgements
    query = sa.select(table).order_by(table.c.acknowledged_at, table.c.alert_key)
    if organization_id is not None:
        query = query.where(table.c.organization_id == organization_id)
    return [
        Acknowledgement(
            run=AlertRun(
                alert_key=row["alert_key"],
                organization_id=row["organization_id"],
                rule_id=row["rule_id"],
                scope_type=row["scope_type"],
                scope=row["scope"],
                first_day=row["first_day"],
                last_day=row["last_day"],
            ),
            acknowledged_at=row["acknowledged_at"],
            acknowledged_by=row["acknowledged_by"],
            note=row["note"],
        )
        for row in connection.execute(query).mappings()
    ]


def _same(organization_id: str, alert_key: str) -> sa.ColumnElement[bool]:
    table = alert_acknowledgements.c
    return (table.organization_id == organization_id) & (table.alert_key == alert_key)
