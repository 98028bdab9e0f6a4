"""Changes of the registry, inside one transaction: all of them happen, or none."""

from __future__ import annotations

import secrets as random_secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from warehouse.credentials import TOKEN_PREFIX, SecretBox, check_secret
from warehouse.home import SHARED_ORGANIZATION
from warehouse.own_rates import OwnRates
from warehouse.registry_records import (
    Change,
    ConnectionStatus,
    Organization,
    RegistryError,
    check_account_id,
    check_credential_id,
    check_currency,
    check_start_date,
    check_sync_frequency,
    check_time_zone,
    connection_id,
)
from warehouse.registry_rows import AuditedRows
from warehouse.registry_tables import (
    connection_credentials,
    connections,
    credentials,
    members,
    organizations,
)

DEFAULT_HISTORY_DAYS = 90
"""How far back a connection starts unless it says otherwise."""


class RegistryTransaction:
    """Made by ``Registry.transaction``. Each method validates, changes and audits.

    Methods that add return ``"added"``, ``"changed"`` or ``"unchanged"``: adding what is there
    already in the same form changes nothing and is not audited.
    """

    def __init__(
        self, connection: sa.Connection, box: SecretBox, now: Callable[[], datetime], actor: str
    ) -> None:
        self._db, self._box, self._now = connection, box, now
        self._rows = AuditedRows(connection, now, actor)
        self.own_rates = OwnRates(connection, now, actor)

    def add_organization(self, organization: Organization) -> Change:
        """Adds an organization, or changes the one of that id.

        Raises:
            RegistryError: a field is not usable, or the id is reserved.
        """
        organization.check()
        if organization.organization_id == SHARED_ORGANIZATION:
            raise RegistryError(f"{SHARED_ORGANIZATION} is reserved for feeds nobody owns")
        return self._put_organization(organization)

    def ensure_shared_organization(self) -> Change:
        """Creates the pseudo-organization that owns shared feeds, when it is absent."""
        return self._put_organization(Organization(SHARED_ORGANIZATION, "Shared feeds"))

    def add_credential(
        self,
        credential_id: str,
        platform: str,
        secrets: Mapping[str, str],
        organization_id: str | None = None,
    ) -> Change:
        """Stores a credential encrypted, or changes the one of that id.

        What was declared is kept beside what is in use: declaring the same again does not undo a
        token that the platform rotated meanwhile. Tokens stay also beside a new declaration (of
        another client secret, say); they are found by what they were obtained with.

        Raises:
            RegistryError: the id is not usable, the organization is unknown, or the id belongs to
                a credential of another platform.
            ValueError: a secret has a line break in it.
        """
        check_credential_id(credential_id)
        for name, value in secrets.items():
            check_secret(f"{name} of credential {credential_id}", value)
        if organization_id is not None:
            self._require_organization(organization_id)
        found = self._rows.row(credentials, credentials.c.credential_id == credential_id)
        if found is not None and found["platform"] != platform:
            raise RegistryError(
                f"credential {credential_id} is for {found['platform']}, not {platform}; "
                "give the new one another id"
            )
        values: dict[str, Any] = {"platform": platform, "organization_id": organization_id}
        if found is None or self._box.decrypt_secrets(found["declared_encrypted"]) != secrets:
            values |= {
                "secrets_encrypted": self._box.encrypt_secrets({**self._tokens(found), **secrets}),
                "declared_encrypted": self._box.encrypt_secrets(secrets),
            }
        fields = ", ".join(sorted(secrets))
        return self._rows.put(
            credentials,
            {"credential_id": credential_id},
            values,
            found,
            {"platform": platform, "fields": fields},
            touched="updated_at",
        )

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
    ) -> Change:
        """Connects an account, or changes its connection; a removed one goes on where it was.

        An organization that was removed is back then. The given credential is used from now on;
        those that reached the account before are kept as alternates. What is None keeps its value,
        or starts with 90 days back and ``daily``; settings that are not given stay.

        Raises:
            RegistryError: an id is unknown or not usable.
        """
        check_account_id(account_id)
        self._bring_back(organization_id)
        for given in (*alternates, *([credential_id] if credential_id else [])):
            self._require_credential(given, platform, organization_id)
        key = connection_id(organization_id, platform, account_id)
        where = f"connection {organization_id}/{platform}/{account_id}"
        if start_date is not None:
            check_start_date(start_date, self._now().date(), where)
        if sync_frequency is not None:
            check_sync_frequency(sync_frequency, where)
        found = self._rows.row(connections, connections.c.connection_id == key)
        kept: Mapping[str, Any] = found or {
            "start_date": self._now().date() - timedelta(days=DEFAULT_HISTORY_DAYS),
            "sync_frequency": "daily",
            "status": "active",
            "settings": None,
        }
        removed = kept["status"] == "removed"
        values = {
            "organization_id": organization_id,
            "platform": platform,
            "account_id": account_id,
            "credential_id": credential_id,
            "start_date": start_date or kept["start_date"],
            "sync_frequency": sync_frequency or kept["sync_frequency"],
            "status": "active" if removed else kept["status"],
            "removed_at": None,
            "settings": _merged(kept["settings"], settings or {}),
        }
        detail = {"account": where.removeprefix("connection "), "credential": credential_id or ""}
        change = self._rows.put(connections, {"connection_id": key}, values, found, detail)
        used = [given for given in (*alternates, credential_id) if given]
        attached = [self._attach(key, given) for given in used]
        return "changed" if change == "unchanged" and any(attached) else change

    def change_settings(self, key: str, settings: Mapping[str, str]) -> Change:
        """Changes some settings of a connection; an empty value takes a setting away.

        Raises:
            RegistryError: the connection is unknown.
        """
        found = self._rows.row(connections, connections.c.connection_id == key)
        if found is None:
            raise RegistryError(f"unknown connection {key}; `tributary connections list` shows all")
        values = {"settings": _merged(found["settings"], settings)}
        detail = {"settings": ", ".join(sorted(settings))}
        return self._rows.put(connections, {"connection_id": key}, values, found, detail)

    def set_status(self, key: str, status: ConnectionStatus) -> Change:
        """Pauses, resumes (``active``) or removes a connection. Its history stays in the lake.

        Raises:
            RegistryError: the connection is unknown, or is removed and must be added again.
        """
        found = self._rows.row(connections, connections.c.connection_id == key)
        if found is None:
            raise RegistryError(f"unknown connection {key}; `tributary connections list` shows all")
        if found["status"] == "removed" and status != "removed":
            name = "/".join(found[part] for part in ("organization_id", "platform", "account_id"))
            raise RegistryError(f"{name} was removed; add it again to continue its history")
        values: dict[str, Any] = {"status": status}
        if status == "removed" and found["status"] != "removed":
            values["removed_at"] = self._now()
        return self._rows.put(
            connections, {"connection_id": key}, values, found, {"status": status}
        )

    def record_account(
        self, key: str, name: str | None, currency: str | None, time_zone: str | None
    ) -> Change:
        """Records what the platform says of an account; None keeps what was known.

        Raises:
            RegistryError: the connection, currency or time zone is unknown.
        """
        found = self._rows.row(connections, connections.c.connection_id == key)
        if found is None:
            raise RegistryError(f"unknown connection {key}; `tributary connections list` shows all")
        if currency is not None:
            check_currency(currency, f"connection {key}")
        if time_zone is not None:
            check_time_zone(time_zone, f"connection {key}")
        given = {
            "account_name": name,
            "account_currency": currency,
            "account_time_zone": time_zone,
        }
        values = {column: value for column, value in given.items() if value is not None}
        return self._rows.put(connections, {"connection_id": key}, values, found, dict(values))

    def add_member(self, organization_id: str, email: str, role: str) -> Change:
        """Adds a person to an organization, or changes the role."""
        self._require_organization(organization_id)
        email = email.strip().lower()
        if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
            raise RegistryError(f"{email!r} is not an e-mail address")
        same = sa.and_(members.c.organization_id == organization_id, members.c.email == email)
        key = {"organization_id": organization_id, "email": email}
        found = self._rows.row(members, same)
        return self._rows.put(
            members, key, {"role": role}, found, {"role": role}, created="added_at"
        )

    def remove_member(self, organization_id: str, email: str) -> None:
        """Removes a person from an organization; does nothing when not there."""
        email = email.strip().lower()
        same = sa.and_(members.c.organization_id == organization_id, members.c.email == email)
        if self._db.execute(members.delete().where(same)).rowcount:
            self._rows.audit("members removed", f"{organization_id}/{email}", {})

    def _tokens(self, credential: Mapping[str, Any] | None) -> dict[str, str]:
        """What the platform gave for a stored credential; nothing for a new one."""
        if credential is None:
            return {}
        stored = self._box.decrypt_secrets(credential["secrets_encrypted"])
        return {name: value for name, value in stored.items() if name.startswith(TOKEN_PREFIX)}

    def _put_organization(self, organization: Organization) -> Change:
        key = organization.organization_id
        found = self._rows.row(organizations, organizations.c.organization_id == key)
        names = ("name", "plan", "reporting_currency", "time_zone", "fiscal_year_start_month")
        values: dict[str, Any] = {name: getattr(organization, name) for name in names}
        values["status"] = organization.status
        detail = {name: str(value) for name, value in values.items()}
        if found is None:
            token = self._box.encrypt(random_secrets.token_bytes(32))
            values["hmac_key_encrypted"] = token
        return self._rows.put(organizations, {"organization_id": key}, values, found, detail)

    def _attach(self, key: str, credential: str) -> bool:
        table = connection_credentials
        same = sa.and_(table.c.connection_id == key, table.c.credential_id == credential)
        if self._rows.row(table, same) is not None:
            return False
        row = {"connection_id": key, "credential_id": credential, "attached_at": self._now()}
        self._db.execute(table.insert().values(row))
        return True

    def _require_organization(self, given: str) -> None:
        self._rows.require(organizations.c.organization_id, given, "organization")

    def _bring_back(self, given: str) -> None:
        self._require_organization(given)
        found = self._rows.row(organizations, organizations.c.organization_id == given)
        status = {"status": "active"}
        if found is not None and found["status"] == "removed":
            self._rows.put(organizations, {"organization_id": given}, status, found, status)

    def _require_credential(self, given: str, platform: str, organization_id: str) -> None:
        self._rows.require(credentials.c.credential_id, given, "credential")
        found = self._rows.row(credentials, credentials.c.credential_id == given)
        if found is None or found["platform"] != platform:
            raise RegistryError(f"credential {given} is not for {platform}")
        if found["organization_id"] not in (None, organization_id):
            raise RegistryError(
                f"credential {given} belongs to organization {found['organization_id']}, not "
                f"{organization_id}; store it without an organization to share it"
            )


def _merged(before: str | None, settings: Mapping[str, str]) -> str | None:
    """Settings as they are kept; an empty value takes one away."""
    merged = {**orjson.loads(before or "{}"), **settings}
    kept = {name: value for name, value in merged.items() if value}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else None
