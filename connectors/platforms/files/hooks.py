"""How a connection of files is found, described and read: everything is in its mapping."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from connectors.core.accounts import Account
from connectors.core.errors import BadRequest
from connectors.core.http import Client
from connectors.core.intake import Reading
from connectors.core.objects import DataObject, DueObject
from connectors.core.personal import Hasher
from connectors.core.stream import Kind
from connectors.platforms.files import inspection, landing
from connectors.platforms.files.columns import ColumnReader
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.mapping_parser import parse_json
from connectors.platforms.files.reading import FileReading
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.tree import MappingError

MAPPING = "mapping"
"""Setting: the mapping as JSON."""
ACCEPTED = "accepted"
"""Setting: JSON list of digests of lists that may be much shorter than the one before."""
REPLAYS = "replays"
"""Setting: JSON of digest -> a word; another word loads that content again."""
LANDING = "landing"
"""Setting that the pipeline adds: the landing folder of the source."""
HOME = "home"
"""Setting that the pipeline adds: its own folder, of which no path may be a part."""

KEY_FILE = "key_file"
"""Setting that the pipeline adds: where the credential key lies, which no path may reach."""

_SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_CORRECT = "Correct the mapping and apply it: `tributary connections apply FILE`."
_SETTINGS = frozenset({MAPPING, ACCEPTED, REPLAYS})


def mapping_of(account: Account) -> FileMapping:
    """Returns the mapping of a connection.

    Raises:
        BadRequest: it has none, or one that cannot work.
    """
    try:
        return _parsed(account.settings.get(MAPPING, ""))
    except MappingError as trouble:
        raise BadRequest(
            str(trouble),
            remedy=_CORRECT,
        ) from None


def kind(account: Account) -> Kind:
    """Which kind the files of a connection are."""
    return mapping_of(account).kind


def stream(account: Account) -> str:
    """Which stream a connection feeds, even when its mapping cannot work."""
    try:
        target = str(json.loads(account.settings.get(MAPPING, "{}")).get("target"))
    except (ValueError, AttributeError):
        target = ""
    return target if target in TARGETS else "orders"


def in_order(account: Account) -> bool:
    """Whether the order of loading decides which version of a record is the newest."""
    mapping = mapping_of(account)
    return mapping.kind == "changes" and not mapping.has_versions


def find(account: Account, wait: bool = True) -> list[DataObject]:
    """Returns the complete files of a connection, oldest first."""
    mapping = _reachable(account)
    replays = json.loads(account.settings.get(REPLAYS) or "{}")
    return landing.objects(mapping, folder(account), replays, wait=wait)


def folder(account: Account) -> Path:
    """Returns the landing folder of a connection."""
    return Path(account.settings.get(LANDING, "/nonexistent"))


def read(account: Account, due: DueObject, hash_pii: Hasher | None) -> Reading:
    """Returns the pages of one file."""
    accepted = json.loads(account.settings.get(ACCEPTED) or "[]")
    return FileReading(
        mapping_of(account),
        due,
        hash_pii,
        may_shrink=due.data.digest in accepted,
        expected_rows=landing.expected_rows(due.data.locator),
    )


def inspect(account: Account) -> list[str]:
    """Compares the newest file of a connection with its mapping, and remarks on it."""
    return inspection.inspect(_reachable(account), folder(account))


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings that cannot work.

    Raises:
        MappingError: what is wrong, and what to write instead.
    """
    check_name(account_id)
    unknown = set(settings) - _SETTINGS - {HOME, KEY_FILE}
    if unknown:
        raise MappingError(
            f"unknown setting {', '.join(sorted(unknown))}; a connection of files has a mapping"
        )
    if not settings.get(MAPPING):
        raise MappingError(
            f"connection {account_id} of files needs settings: {{mapping: …}}; see docs/files.md, "
            "or let `tributary files draft FILE` propose one"
        )
    _check_path(_parsed(settings[MAPPING]), settings)


def check_name(source: str) -> None:
    """Refuses what cannot be the name of a source.

    Raises:
        MappingError: what its name may be.
    """
    if not _SOURCE.fullmatch(source):
        raise MappingError(
            f"{source!r} cannot be the name of a source, which names its landing folder: use "
            "1 to 63 of a-z, 0-9, '-' and '_' (example: crm_orders)"
        )


def describe_account(_client: Client, account: Account) -> Account:
    """Returns the source with the currency and zone that its mapping states.

    Raises:
        ConnectorError: the mapping cannot work, or its path is not there.
    """
    mapping = _reachable(account)
    landing.root_of(mapping, folder(account))
    return Account(
        account.id,
        name=account.name or account.id,
        currency=mapping.currency,
        time_zone=mapping.time_zone,
        login_id=account.login_id,
        settings=account.settings,
    )


def _reachable(account: Account) -> FileMapping:
    """The mapping of a connection whose path may be read."""
    mapping = mapping_of(account)
    try:
        _check_path(mapping, account.settings)
    except MappingError as trouble:
        raise BadRequest(str(trouble), remedy=_CORRECT) from None
    return mapping


def _check_path(mapping: FileMapping, settings: Mapping[str, str]) -> None:
    landing.check_path(mapping, settings.get(HOME, ""), settings.get(KEY_FILE, ""))


@lru_cache(maxsize=64)
def _parsed(text: str) -> FileMapping:
    mapping = parse_json(text)
    for rule in mapping.columns:
        if rule.constant is not None and not rule.personal:
            _, why = ColumnReader(rule, mapping, None).constant(1)
            if why:
                raise MappingError(f"mapping.columns.{rule.name}: constant: {why[0]}")
    return mapping
