"""The file of ``tributary connections apply``: organizations, credentials and connections as YAML.

Parsing and checking come first and change nothing; ``apply`` then changes everything in one
transaction, or nothing. Applying the same file again changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import orjson
import yaml

from warehouse.registry import Registry
from warehouse.registry_records import Change, Organization, RegistryError, did_you_mean
from warehouse.registry_transaction import RegistryTransaction
from warehouse.yaml_nodes import ApplyError, Fields, Source

Platforms = Mapping[str, Mapping[str, bool]]
"""Known platforms: name -> credential fields (field -> whether it is required)."""

_TOP = {"organizations": False, "credentials": False, "connections": False}
_ORGANIZATION = {
    "id": True,
    "name": False,
    "reporting_currency": False,
    "time_zone": False,
    "fiscal_year_start_month": False,
    "plan": False,
}
_CREDENTIAL = {"id": True, "platform": True, "organization": False, "secrets": True}
_CONNECTION = {
    "organization": True,
    "platform": True,
    "account": True,
    "credential": False,
    "start_date": False,
    "sync_frequency": False,
    "settings": False,
}

SettingsCheck = Callable[[str, str, Mapping[str, str]], None]
"""Refuses settings of (platform, account) that cannot work, with a ValueError."""


@dataclass(frozen=True, slots=True)
class DeclaredCredential:
    """A credential of the file. Its secrets never print."""

    credential_id: str
    platform: str
    organization_id: str | None
    secrets: Mapping[str, str] = field(repr=False)
    line: int = 0


@dataclass(frozen=True, slots=True)
class DeclaredConnection:
    """A connection of the file; the last of several credentials is the one in use."""

    organization_id: str
    platform: str
    account_id: str
    credential_ids: tuple[str, ...]
    start_date: date | None
    sync_frequency: str | None
    line: int = 0
    settings: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ApplyFile:
    """A parsed and checked file."""

    label: str
    organizations: tuple[tuple[int, Organization], ...]
    credentials: tuple[DeclaredCredential, ...]
    connections: tuple[DeclaredConnection, ...]


@dataclass(frozen=True, slots=True)
class PlanItem:
    """What applying does (or did) to one record: its kind, its name, the change."""

    kind: str
    name: str
    change: Change


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying does to each record of the file, in the file's order."""

    items: tuple[PlanItem, ...]

    def count(self, change: Change) -> int:
        """How many records are added, changed or unchanged."""
        return sum(item.change == change for item in self.items)


def parse(
    path: Path,
    platforms: Platforms,
    environment: Mapping[str, str] | None = None,
    check_settings: SettingsCheck | None = None,
) -> ApplyFile:
    """Reads and checks a file.

    Args:
        path: the YAML file.
        platforms: known platforms with their credential fields.
        environment: what ``${NAME}`` reads; default ``os.environ``.
        check_settings: looks at what connections bring for their platform.

    Raises:
        ApplyError: the file is missing, malformed, or names what is not known; names the line.
    """
    return parse_text(_text(path), platforms, environment, path.name, check_settings)


def parse_text(
    text: str,
    platforms: Platforms,
    environment: Mapping[str, str] | None = None,
    label: str = "connections.yaml",
    check_settings: SettingsCheck | None = None,
) -> ApplyFile:
    """Like ``parse``, from text; ``label`` names the document in errors."""
    source = Source(label, os.environ if environment is None else environment)
    root = source.compose(text)
    if root is None:
        raise ApplyError(f"{label} is empty; it needs organizations, credentials or connections")
    top = source.mapping(root, "the file", _TOP).nodes
    lists = {name: source.sequence(top[name], name) if name in top else [] for name in _TOP}
    return ApplyFile(
        label=label,
        organizations=tuple(_organization(source, node) for node in lists["organizations"]),
        credentials=tuple(_credential(source, node, platforms) for node in lists["credentials"]),
        connections=_merged(
            [_connection(source, node, platforms, check_settings) for node in lists["connections"]]
        ),
    )


def tree_json(path: Path, environment: Mapping[str, str] | None = None) -> str:
    """A YAML file as JSON: scalars stay the text that was written, as in ``parse``.

    Raises:
        ApplyError: the file is missing, empty or malformed.
    """
    source = Source(path.name, os.environ if environment is None else environment)
    root = source.compose(_text(path))
    if root is None:
        raise ApplyError(f"{path} is empty")
    return orjson.dumps(source.tree(root, path.name)).decode()


def apply(registry: Registry, declared: ApplyFile) -> Plan:
    """Applies a file in one transaction.

    Raises:
        ApplyError: the registry refused a record; names its line. Nothing was changed.
    """
    with registry.transaction() as transaction:
        return Plan(tuple(_apply_all(transaction, declared)))


def plan(registry: Registry, declared: ApplyFile) -> Plan:
    """What ``apply`` would do now, found by doing it and undoing it.

    Raises:
        ApplyError: as ``apply``.
    """
    found: list[PlanItem] = []
    try:
        with registry.transaction() as transaction:
            found = _apply_all(transaction, declared)
            raise _Undo
    except _Undo:
        return Plan(tuple(found))


class _Undo(Exception):
    """Ends a transaction without its changes; never leaves this module."""


def _apply_all(transaction: RegistryTransaction, declared: ApplyFile) -> list[PlanItem]:
    items: list[PlanItem] = []
    line = 0
    try:
        for line_number, organization in declared.organizations:
            line = line_number
            change = transaction.add_organization(organization)
            items.append(PlanItem("organization", organization.organization_id, change))
        for credential in declared.credentials:
            line = credential.line
            change = transaction.add_credential(
                credential.credential_id,
                credential.platform,
                credential.secrets,
                credential.organization_id,
            )
            items.append(PlanItem("credential", credential.credential_id, change))
        for connection in declared.connections:
            line = connection.line
            items.append(_apply_connection(transaction, connection))
    except ApplyError:
        raise
    except RegistryError as error:
        raise ApplyError(f"{declared.label}, line {line}: {error}") from error
    return items


def _apply_connection(transaction: RegistryTransaction, declared: DeclaredConnection) -> PlanItem:
    change = transaction.add_connection(
        declared.organization_id,
        declared.platform,
        declared.account_id,
        declared.credential_ids[-1] if declared.credential_ids else None,
        alternates=declared.credential_ids[:-1],
        start_date=declared.start_date,
        sync_frequency=declared.sync_frequency,
        settings=declared.settings,
    )
    name = f"{declared.organization_id}/{declared.platform}/{declared.account_id}"
    return PlanItem("connection", name, change)


def _organization(source: Source, node: yaml.Node) -> tuple[int, Organization]:
    fields = source.mapping(node, "organization", _ORGANIZATION)
    key = fields.required("id")
    default = Organization(key, key)
    month = fields.parsed("fiscal_year_start_month", int, "1")
    organization = Organization(
        organization_id=key,
        name=fields.text("name") or key,
        plan=fields.text("plan") or default.plan,
        reporting_currency=fields.text("reporting_currency") or default.reporting_currency,
        time_zone=fields.text("time_zone") or default.time_zone,
        fiscal_year_start_month=default.fiscal_year_start_month if month is None else month,
    )
    try:
        organization.check()
    except RegistryError as error:
        raise source.error(node, str(error)) from error
    return _line(node), organization


def _credential(source: Source, node: yaml.Node, platforms: Platforms) -> DeclaredCredential:
    fields = source.mapping(node, "credential", _CREDENTIAL)
    key = fields.required("id")
    platform = _platform(source, fields.nodes["platform"], fields.required("platform"), platforms)
    allowed = platforms[platform]
    secrets = source.mapping(fields.nodes["secrets"], f"secrets of credential {key}", allowed)
    values = {
        name: secrets.required(name) if allowed[name] else secrets.text(name)
        for name in secrets.nodes
    }
    return DeclaredCredential(
        credential_id=key,
        platform=platform,
        organization_id=fields.text("organization"),
        secrets={name: value for name, value in values.items() if value},
        line=_line(node),
    )


def _connection(
    source: Source, node: yaml.Node, platforms: Platforms, check: SettingsCheck | None
) -> DeclaredConnection:
    fields = source.mapping(node, "connection", _CONNECTION)
    platform = _platform(source, fields.nodes["platform"], fields.required("platform"), platforms)
    credential = fields.text("credential")
    if credential is None and any(platforms[platform].values()):
        raise source.error(node, f"connection: 'credential' is missing; {platform} needs one")
    account = fields.required("account")
    return DeclaredConnection(
        organization_id=fields.required("organization"),
        platform=platform,
        account_id=account,
        credential_ids=() if credential is None else (credential,),
        start_date=fields.parsed("start_date", date.fromisoformat, "2026-07-18"),
        sync_frequency=fields.text("sync_frequency"),
        line=_line(node),
        settings=_settings(fields, platform, account, check),
    )


def _settings(
    fields: Fields, platform: str, account: str, check: SettingsCheck | None
) -> Mapping[str, str] | None:
    """The settings as texts: what is a mapping or a list in the file becomes JSON."""
    node = fields.nodes.get("settings")
    found: dict[str, str] = {}
    if node is not None:
        for name, value in fields.source.free_mapping(node, f"{fields.what}: settings").items():
            tree = fields.source.tree(value, f"settings.{name}")
            found[name] = tree if isinstance(tree, str) else orjson.dumps(tree).decode()
    if check is not None:
        try:
            check(platform, account, found)
        except ValueError as error:
            place = node or fields.nodes["platform"]
            raise fields.source.error(place, str(error)) from error
    return None if node is None else found


def _platform(source: Source, node: yaml.Node, given: str, platforms: Platforms) -> str:
    if given not in platforms:
        near = did_you_mean(given, platforms)
        known = ", ".join(sorted(platforms))
        raise source.error(node, f"unknown platform {given!r}{near}; known platforms: {known}")
    return given


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ApplyError(f"{path} cannot be read: {reason}") from error


def _merged(connections: list[DeclaredConnection]) -> tuple[DeclaredConnection, ...]:
    """One connection per account: entries of the same account add their credentials."""
    merged: dict[tuple[str, str, str], DeclaredConnection] = {}
    for entry in connections:
        key = (entry.organization_id, entry.platform, entry.account_id)
        before = merged.get(key)
        if before is None:
            merged[key] = entry
            continue
        kept = tuple(c for c in before.credential_ids if c not in entry.credential_ids)
        merged[key] = DeclaredConnection(
            *key,
            credential_ids=kept + entry.credential_ids,
            start_date=entry.start_date or before.start_date,
            sync_frequency=entry.sync_frequency or before.sync_frequency,
            line=entry.line,
            settings=before.settings if entry.settings is None else entry.settings,
        )
    return tuple(merged.values())


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
