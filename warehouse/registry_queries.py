"""What the registry holds: queries that change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa

from warehouse.acknowledgements import Acknowledgement
from warehouse.acknowledgements import read as read_acknowledgements
from warehouse.credentials import SecretBox, Secrets
from warehouse.own_rates import OwnRate
from warehouse.own_rates import read as read_own_rates
from warehouse.registry_records import (
    AuditEntry,
    Connection,
    ConnectionStatus,
    Credential,
    Member,
    Organization,
    RegistryError,
    did_you_mean,
)
from warehouse.registry_tables import (
    Database,
    audit_log,
    connection_credentials,
    connections,
    credentials,
    members,
    organizations,
)


class RegistryReader:
    """Reads the registry.

    Args:
        database: control.db, migrated.
        box: decrypts secrets.
    """

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database, self._box = database, box

    def organization(self, organization_id: str) -> Organization:
        """One organization.

        Raises:
            RegistryError: it is unknown; the message names a near match.
        """
        known = {found.organization_id: found for found in self.organizations()}
        if organization_id not in known:
            near = did_you_mean(organization_id, known)
            raise RegistryError(f"unknown organization {organization_id!r}{near}")
        return known[organization_id]

    def organizations(self) -> list[Organization]:
        """All organizations by id, with ``_shared`` when it exists."""
        columns = [c for c in organizations.c if not c.name.endswith("_encrypted")]
        query = sa.select(*columns).order_by(organizations.c.organization_id)
        return [Organization(**row) for row in self._rows(query)]

    def credentials(self) -> list[Credential]:
        """All credentials by id, without their secrets."""
        columns = [c for c in credentials.c if not c.name.endswith("_encrypted")]
        query = sa.select(*columns).order_by(credentials.c.credential_id)
        return [Credential(**row) for row in self._rows(query)]

    def secrets(self, credential_id: str) -> Secrets:
        """A credential's decrypted fields.

        Raises:
            RegistryError: the credential is unknown.
            CredentialKeyError: it was stored with another key.
        """
        found = {row["credential_id"]: row for row in self._rows(sa.select(credentials))}
        if credential_id not in found:
            near = did_you_mean(credential_id, found)
            raise RegistryError(f"unknown credential {credential_id!r}{near}")
        return self._box.decrypt_secrets(found[credential_id]["secrets_encrypted"])

    def connection(self, key: str) -> Connection:
        """One connection by its id.

        Raises:
            RegistryError: it is unknown.
        """
        found = self._connections(connections.c.connection_id == key)
        if not found:
            raise RegistryError(f"unknown connection {key}; `tributary connections list` shows all")
        return found[0]

    def connections(
        self,
        organization_id: str | None = None,
        platform: str | None = None,
        statuses: Sequence[ConnectionStatus] = ("active", "paused"),
    ) -> list[Connection]:
        """Connections ordered by organization, platform and account.

        Raises:
            RegistryError: the organization is unknown.
        """
        where: sa.ColumnElement[bool] = connections.c.status.in_(statuses)
        if organization_id is not None:
            self.organization(organization_id)
            where &= connections.c.organization_id == organization_id
        if platform is not None:
            where &= connections.c.platform == platform
        return self._connections(where)

    def hmac_key(self, organization_id: str) -> bytes:
        """The organization's key (32 bytes) for hashing e-mail and phone.

        Raises:
            RegistryError: the organization is unknown.
        """
        self.organization(organization_id)
        same = organizations.c.organization_id == organization_id
        row = self._rows(sa.select(organizations.c.hmac_key_encrypted).where(same))[0]
        return self._box.decrypt(row["hmac_key_encrypted"])

    def members(self, organization_id: str) -> list[Member]:
        """People of an organization by e-mail address."""
        same = members.c.organization_id == organization_id
        query = sa.select(members).where(same).order_by(members.c.email)
        return [Member(**row) for row in self._rows(query)]

    def own_rates(self) -> list[OwnRate]:
        """Rates that a user stated, by currency and first day."""
        with self._database.reading() as connection:
            return read_own_rates(connection)

    def alert_acknowledgements(self, organization_id: str | None = None) -> list[Acknowledgement]:
        """Acknowledged alerts, of one organization or of all, oldest first."""
        with self._database.reading() as connection:
            return read_acknowledgements(connection, organization_id)

    def audit_log(self, limit: int = 100) -> list[AuditEntry]:
        """The newest changes, newest first."""
        query = sa.select(audit_log).order_by(audit_log.c.audit_id.desc()).limit(limit)
        return [
            AuditEntry(r["at"], r["actor"], r["action"], r["subject"], orjson.loads(r["detail"]))
            for r in self._rows(query)
        ]

    def _connections(self, where: sa.ColumnElement[bool]) -> list[Connection]:
        attached: dict[str, list[str]] = {}
        newest_first = connection_credentials.c.attached_at.desc()
        order = (newest_first, connection_credentials.c.credential_id)
        for row in self._rows(sa.select(connection_credentials).order_by(*order)):
            attached.setdefault(row["connection_id"], []).append(row["credential_id"])
        columns = connections.c
        query = sa.select(connections).where(where)
        query = query.order_by(columns.organization_id, columns.platform, columns.account_id)
        return [
            Connection(
                **{**row, "settings": orjson.loads(row["settings"] or "{}")},
                alternate_credential_ids=tuple(
                    credential
                    for credential in attached.get(row["connection_id"], [])
                    if credential != row["credential_id"]
                ),
            )
            for row in self._rows(query)
        ]

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self._database.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
