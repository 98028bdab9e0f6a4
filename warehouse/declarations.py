"""What the file of ``tributary connections apply`` declares: its records, read from YAML nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import orjson
import yaml

from warehouse.own_rates import OwnRate, units
from warehouse.registry_records import OLDEST_START, Organization, RegistryError, did_you_mean
from warehouse.yaml_nodes import ApplyError, Fields, Source

Platforms = Mapping[str, Mapping[str, bool]]
"""Known platforms: name -> credential fields (field -> whether it is required)."""

SettingsCheck = Callable[[str, str, Mapping[str, str]], None]
"""Refuses settings of (platform, account) that cannot work, with a ValueError."""

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
_PEG = {
    "currency": True,
    "per": True,
    "units": True,
    "provider": True,
    "from": False,
    "to": False,
}


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


def organization_of(source: Source, node: yaml.Node) -> tuple[int, Organization]:
    """Reads an organization, and its line.

    Raises:
        ApplyError: a key or a value is not usable.
    """
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


def credential_of(source: Source, node: yaml.Node, platforms: Platforms) -> DeclaredCredential:
    """Reads a credential.

    Raises:
        ApplyError: a key or a value is not usable, or the platform is unknown.
    """
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


def connection_of(
    source: Source, node: yaml.Node, platforms: Platforms, check: SettingsCheck | None
) -> DeclaredConnection:
    """Reads a connection.

    Raises:
        ApplyError: a key or a value is not usable, the platform is unknown, its credential is
            missing, or ``check`` refused its settings.
    """
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


def peg_of(source: Source, node: yaml.Node) -> tuple[int, OwnRate]:
    """Reads a fixed rate of a currency to another one, and its line; from 1999 on by default.

    Raises:
        ApplyError: a key or a value is not usable.
    """
    fields = source.mapping(node, "peg", _PEG)
    try:
        peg = OwnRate(
            currency=fields.required("currency"),
            base_currency=fields.required("per"),
            units_per_base=units(fields.required("units")),
            valid_from=fields.parsed("from", date.fromisoformat, "2026-01-01") or OLDEST_START,
            valid_to=fields.parsed("to", date.fromisoformat, "2026-12-31"),
            provider=fields.required("provider"),
        )
    except ApplyError:
        raise
    except RegistryError as error:
        raise source.error(node, f"peg: {error}") from error
    return _line(node), peg


def merged(connections: list[DeclaredConnection]) -> tuple[DeclaredConnection, ...]:
    """One connection per account: entries of the same account add their credentials."""
    found: dict[tuple[str, str, str], DeclaredConnection] = {}
    for entry in connections:
        key = (entry.organization_id, entry.platform, entry.account_id)
        before = found.get(key)
        if before is None:
            found[key] = entry
            continue
        kept = tuple(c for c in before.credential_ids if c not in entry.credential_ids)
        found[key] = DeclaredConnection(
            *key,
            credential_ids=kept + entry.credential_ids,
            start_date=entry.start_date or before.start_date,
            sync_frequency=entry.sync_frequency or before.sync_frequency,
            line=entry.line,
            settings=before.settings if entry.settings is None else entry.settings,
        )
    return tuple(found.values())


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


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
