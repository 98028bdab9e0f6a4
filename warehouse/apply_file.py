"""The file of ``tributary connections apply``: organizations, accounts and pegs as YAML.

Parsing and checking come first and change nothing; ``apply`` then changes everything in one
transaction, or nothing. Applying the same file again changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from warehouse.declarations import (
    DeclaredConnection,
    DeclaredCredential,
    Platforms,
    SettingsCheck,
    connection_of,
    credential_of,
    merged,
    organization_of,
    peg_of,
)
from warehouse.own_rates import OwnRate
from warehouse.registry import Registry
from warehouse.registry_records import Change, Organization, RegistryError
from warehouse.registry_transaction import RegistryTransaction
from warehouse.yaml_nodes import ApplyError, Source

_TOP = {"organizations": False, "credentials": False, "connections": False, "pegs": False}


@dataclass(frozen=True, slots=True)
class ApplyFile:
    """A parsed and checked file."""

    label: str
    organizations: tuple[tuple[int, Organization], ...]
    credentials: tuple[DeclaredCredential, ...]
    connections: tuple[DeclaredConnection, ...]
    pegs: tuple[tuple[int, OwnRate], ...] = ()


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
        raise ApplyError(
            f"{label} is empty; it needs organizations, credentials, connections or pegs"
        )
    top = source.mapping(root, "the file", _TOP).nodes
    lists = {name: source.sequence(top[name], name) if name in top else [] for name in _TOP}
    return ApplyFile(
        label=label,
        organizations=tuple(organization_of(source, node) for node in lists["organizations"]),
        credentials=tuple(credential_of(source, node, platforms) for node in lists["credentials"]),
        connections=merged(
            [
                connection_of(source, node, platforms, check_settings)
                for node in lists["connections"]
            ]
        ),
        pegs=tuple(peg_of(source, node) for node in lists["pegs"]),
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
        for line_number, peg in declared.pegs:
            line = line_number
            items.append(PlanItem("peg", peg.rate_id, transaction.own_rates.add(peg)))
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


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ApplyError(f"{path} cannot be read: {reason}") from error
