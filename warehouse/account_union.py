"""Connections of one account that was connected under several spellings become one.

Homes of before hold `123-456-7890` beside `1234567890`. An account's spelling is part of its
connection's id, and the id stands in every row, so the rows are written anew under the id of the
one spelling: raw rows, quarantine and log of the accounts concerned, file by file, each replaced
whole. Who wins a day is then decided over all that was ever fetched of the account, and its history
goes on where it was. The registry comes last: after a kill the same files are found again, and
those that are done already have nothing left to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.connection_union import UnitedAccount, unite_rows
from warehouse.durable_files import replacing
from warehouse.home import Home, HomeError
from warehouse.locks import OnWait, build_lock, file_lock, writers_lock
from warehouse.registry import Registry
from warehouse.registry_records import Connection, ConnectionStatus, connection_id

Spelling = Callable[[str, str], str]
"""Returns the one spelling of (platform, account); a ValueError for what is no account."""

_ALL: tuple[ConnectionStatus, ...] = ("active", "paused", "removed")


@dataclass(frozen=True, slots=True)
class _Names:
    """What takes the place of what.

    Attributes:
        connections: old connection id -> new one.
        accounts: old connection id -> the account's one spelling.
    """

    connections: Mapping[str, str]
    accounts: Mapping[str, str]


def unite_accounts(
    home: Home, registry: Registry, spelling: Spelling, on_wait: OnWait | None = None
) -> list[UnitedAccount]:
    """Makes one connection of all that name one account; does nothing where each does already.

    Args:
        home: the home.
        registry: its registry.
        spelling: the one spelling of an account; accounts that it refuses are left alone.
        on_wait: told when another process holds a lock.

    Returns:
        The accounts that were written otherwise.

    Raises:
        HomeError: a pull is writing into the home.
        LakeFull: the disk is full; what was not changed yet is changed at the next opening.
    """
    if not _misspelt(registry, spelling):
        return []
    with (
        build_lock(home, on_wait),
        file_lock(home.compaction_lock_file, "the compaction's lock", on_wait),
        writers_lock(home, alone=True) as alone,
    ):
        if not alone:
            raise HomeError(
                f"accounts of {home.path} must get their one spelling, and a run is writing into "
                "it: stop `tributary run` and `tributary dev`, then start again"
            )
        # Another process may have done it while this one waited.
        found = _misspelt(registry, spelling)
        names = _Names(
            {old: one.connection_id for one in found for old in one.old_ids},
            {old: one.account_id for one in found for old in one.old_ids},
        )
        for file in _files(home, {one.platform for one in found}):
            _rename_rows(file, "_connection_id", names)
        for file in sorted(home.syncs_dir.rglob("*.parquet")):
            _rename_rows(file, "connection_id", names)
        # What the registry exported last must not name what it is about to lose.
        for file in sorted(home.registry_dir.glob("connections*.parquet")):
            _rename_rows(file, "connection_id", names)
        with registry.changing() as (database, now, actor):
            for one in found:
                unite_rows(database, now, actor, one)
    return found


def _misspelt(registry: Registry, spelling: Spelling) -> list[UnitedAccount]:
    groups: dict[tuple[str, str, str], list[Connection]] = {}
    for one in registry.connections(statuses=_ALL):
        account = _spelled(spelling, one)
        groups.setdefault((one.organization_id, one.platform, account), []).append(one)
    return [
        UnitedAccount(connection_id(*key), *key, tuple(members))
        for key, members in groups.items()
        if {one.account_id for one in members} != {key[2]}
    ]


def _spelled(spelling: Spelling, one: Connection) -> str:
    try:
        return spelling(one.platform, one.account_id)
    except ValueError:
        return one.account_id


def _files(home: Home, platforms: Iterable[str]) -> list[Path]:
    roots = [home.lake / kind / name for kind in ("raw", "quarantine") for name in platforms]
    return sorted(file for root in roots for file in root.rglob("*.parquet"))


def _rename_rows(path: Path, column: str, names: _Names) -> None:
    """Rewrites a file in which one of the old ids stands; leaves all others untouched."""
    with pq.ParquetFile(path) as file:
        held = file.read(columns=[column]).column(column).unique().to_pylist()
        if not set(held) & set(names.connections):
            return
        with replacing(path) as temporary, _writer(temporary, file) as writer:
            for number in range(file.num_row_groups):
                table = _renamed(file.read_row_group(number), column, names)
                writer.write_table(table, row_group_size=max(table.num_rows, 1))


def _writer(target: Path, file: pq.ParquetFile) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        str(target),
        file.schema_arrow,
        compression="zstd",
        store_schema=False,
        write_page_index=True,
    )


def _renamed(table: pa.Table, column: str, names: _Names) -> pa.Table:
    ids: list[Any] = table.column(column).to_pylist()
    if "account_id" in table.column_names and column == "connection_id":
        accounts: list[Any] = table.column("account_id").to_pylist()
        spelled = [names.accounts.get(key, own) for key, own in zip(ids, accounts, strict=True)]
        table = _with(table, "account_id", spelled)
    return _with(table, column, [names.connections.get(key, key) for key in ids])


def _with(table: pa.Table, column: str, values: Sequence[Any]) -> pa.Table:
    place = table.schema.get_field_index(column)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(values, field.type))
