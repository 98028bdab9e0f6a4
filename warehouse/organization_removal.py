"""Taking an organization out of the registry: what it pulled stays, its secrets do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.home import SHARED_ORGANIZATION
from warehouse.registry_records import RegistryError
from warehouse.registry_rows import AuditedRows
from warehouse.registry_tables import (
    alert_acknowledgements,
    connection_credentials,
    connections,
    credentials,
    leases,
    organizations,
)

REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RemovedOrganization:
    """What a removal did.

    Attributes:
        connections: those that are no longer pulled, as organization/platform/account.
        credentials: ids of those that are deleted, with their secrets.
        kept_credentials: ids of those that its connections used and that belong to nobody.
        was_removed: whether it was removed already.
    """

    connections: tuple[str, ...]
    credentials: tuple[str, ...]
    kept_credentials: tuple[str, ...]
    was_removed: bool


class OrganizationRemoval:
    """Removes organizations within one transaction; made by ``Registry.remove_organization``.

    The organization and its connections keep their rows, marked ``removed``: their history in the
    lake still has a name, and being added again continues it.

    Args:
        connection: the open transaction.
        now: the pipeline's clock.
        actor: on whose behalf, for the audit log.
    """

    def __init__(self, connection: sa.Connection, now: Callable[[], datetime], actor: str) -> None:
        self._db, self._now = connection, now
        self._rows = AuditedRows(connection, now, actor)

    def remove(self, organization_id: str, *, with_connections: bool) -> RemovedOrganization:
        """Marks an organization and its connections removed.

        Its credentials, and what it has acknowledged of its alerts, are deleted.

        Args:
            organization_id: the organization.
            with_connections: whether connections that are still there go with it.

        Raises:
            RegistryError: it is unknown or shared, it still has connections and they were not to
                go with it, or others' connections use one of its credentials. Nothing changes.
        """
        if organization_id == SHARED_ORGANIZATION:
            raise RegistryError(f"{SHARED_ORGANIZATION} owns feeds nobody owns and stays")
        self._rows.require(organizations.c.organization_id, organization_id, "organization")
        mine = connections.c.organization_id == organization_id
        living = self._connections(mine & (connections.c.status != REMOVED))
        if living and not with_connections:
            raise RegistryError(
                f"organization {organization_id} still has {_number(living)}: "
                f"{', '.join(map(_label, living))}. Remove them first (`tributary connections "
                "remove`), or all of it at once with --with-connections"
            )
        owned: Sequence[str] = self._db.scalars(
            sa.select(credentials.c.credential_id)
            .where(credentials.c.organization_id == organization_id)
            .order_by(credentials.c.credential_id)
        ).all()
        self._check_unused_by_others(organization_id, owned)
        shared = self._shared_by(living, owned)
        for row in living:
            self._set(connections, row, {"status": REMOVED, "removed_at": self._now()})
        for credential_id in owned:
            self._delete_credential(credential_id)
        acknowledged = alert_acknowledgements.c.organization_id == organization_id
        self._db.execute(alert_acknowledgements.delete().where(acknowledged))
        same = organizations.c.organization_id == organization_id
        found = self._rows.row(organizations, same) or {}
        self._set(organizations, found, {"status": REMOVED})
        return RemovedOrganization(
            connections=tuple(map(_label, living)),
            credentials=tuple(owned),
            kept_credentials=shared,
            was_removed=found["status"] == REMOVED,
        )

    def _check_unused_by_others(self, organization_id: str, owned: Sequence[str]) -> None:
        others = connections.c.organization_id != organization_id
        for row in self._connections(others & (connections.c.status != REMOVED)):
            for credential_id in {row["credential_id"], *self._attached(row)} & set(owned):
                raise RegistryError(
                    f"credential {credential_id} of {organization_id} is used by {_label(row)} "
                    "too: store it again without an organization to share it, then remove "
                    f"{organization_id}"
                )

    def _shared_by(self, living: Sequence[dict[str, Any]], owned: Sequence[str]) -> tuple[str, ...]:
        used = {given for row in living for given in (row["credential_id"], *self._attached(row))}
        return tuple(sorted(given for given in used if given and given not in owned))

    def _attached(self, row: dict[str, Any]) -> Sequence[str]:
        table = connection_credentials
        same = table.c.connection_id == row["connection_id"]
        return self._db.scalars(sa.select(table.c.credential_id).where(same)).all()

    def _delete_credential(self, credential_id: str) -> None:
        # Connections that are removed name it still; adding them again names another.
        self._db.execute(
            connections.update()
            .where(connections.c.credential_id == credential_id)
            .values(credential_id=None)
        )
        for table in (connection_credentials, leases, credentials):
            self._db.execute(table.delete().where(table.c.credential_id == credential_id))
        self._rows.audit("credentials removed", credential_id, {})

    def _connections(self, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        query = sa.select(connections).where(where)
        query = query.order_by(connections.c.platform, connections.c.account_id)
        return [dict(row) for row in self._db.execute(query).mappings()]

    def _set(self, table: sa.Table, found: dict[str, Any], values: dict[str, Any]) -> None:
        (key,) = table.primary_key.columns.keys()
        self._rows.put(table, {key: found[key]}, values, found, {"status": REMOVED})


def _label(row: dict[str, Any]) -> str:
    return f"{row['organization_id']}/{row['platform']}/{row['account_id']}"


def _number(rows: Sequence[object]) -> str:
    return "1 connection" if len(rows) == 1 else f"{len(rows)} connections"
