"""Rows of compacted files: each distinct row once, with every sync that brought it.

A plain raw file holds what one sync saw, and platforms are asked for the same days again and again.
A compacted file holds each distinct row of its period once. ``_sync_id``, ``_chunk_id`` and
``_synced_at`` are those of its first observation. ``_observed`` names the set of all of its
observations; one row of each set and date lists them in ``_observations``, since most rows of an
account's day were seen by the same syncs, and who reads a day need not look at others. So nothing
is forgotten: ``expanded`` gives every row of every sync back, as the plain files had it, and dbt's
macro ``raw_rows`` reads the lake in the same way. Only a row that one sync brought twice comes back
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.plain_paths import literal
from warehouse.raw_files import ROW_GROUP_ROWS
from warehouse.raw_rows import OBSERVATION_FIELDS

_FIRST = ("_sync_id", "_chunk_id", "_synced_at")
_LEADING = ("_organization_id", "_connection_id", "date", "hour")
_OF_COMPACTED = {field.name for field in OBSERVATION_FIELDS}
_NO_SET = (
    "null::varchar as _observed, "
    "null::struct(sync_id varchar, chunk_id integer, synced_at timestamptz)[] as _observations"
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a set of files holds, in whatever order and however often it repeats itself.

    Attributes:
        rows: distinct rows of each sync's chunk.
        checksum: a sum over their hashes.
    """

    rows: int
    checksum: int


class RawFiles:
    """Plain and compacted files of one stream, to be read as one.

    Args:
        connection: a DuckDB connection of its own: temporary tables are made in it.
        files: the files; at least one.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
        self._connection = connection
        read = reading(files)
        found = [row[0] for row in connection.execute(f"describe select * from {read}").fetchall()]
        self.columns = [name for name in found if name not in _OF_COMPACTED]
        extra = "" if len(found) > len(self.columns) else f", {_NO_SET}"
        self._rows = f"(select *{extra} from {read})"

    def count(self) -> int:
        """How many rows the files have."""
        [(count,)] = self._connection.execute(f"select count(*) from {self._rows}").fetchall()
        return int(count)

    def expanded(self) -> str:
        """A query for the rows of every sync, with the columns of plain files."""
        kept = [name for name in self.columns if name not in _FIRST]
        own = ", ".join(f'"{name}"' for name in self.columns)
        again = ", ".join(f'rows."{name}"' for name in kept)
        return (
            f"select {own} from {self._rows} where _observed is null union all by name "
            f"select {again}, sets.member.sync_id as _sync_id, sets.member.chunk_id as _chunk_id, "
            f"sets.member.synced_at as _synced_at from {self._rows} as rows inner join "
            "(select _observed, unnest(members) as member from "
            f"(select _observed, any_value(_observations) as members from {self._rows} "
            "group by _observed)) as sets on rows._observed = sets._observed"
        )

    def content(self) -> Content:
        """A fingerprint of the rows of every sync."""
        names = ", ".join(f'"{name}"' for name in sorted(self.columns))
        [(rows, checksum)] = self._connection.execute(
            "select count(*), coalesce(sum(hash::hugeint), 0) "
            "from (select distinct hash(kept) as hash "
            f"from (select {names} from ({self.expanded()})) as kept)"
        ).fetchall()
        return Content(int(rows), int(checksum))

    def write_compacted(self, target: Path) -> None:
        """Writes the files' rows as one compacted file: each distinct row once, sorted."""
        for statement in (*self._observations(), *self._distinct_rows(), *self._sets()):
            self._connection.execute(statement)
        order = ", ".join(_order(self.columns))
        set_of_day = ", ".join(["_observed", *(c for c in ("date",) if c in self.columns)])
        columns = ", ".join(
            f'first."{name}"' if name in _FIRST else f'rows."{name}"' for name in self.columns
        )
        self._connection.execute(
            f"""
            copy (
                select * replace (
                    case
                        when row_number() over (partition by {set_of_day} order by {order}) = 1
                            then _observations
                    end as _observations
                )
                from (
                    select {columns}, sets._observed, sets.members as _observations
                    from distinct_rows as rows
                    inner join sets on rows.sightings = sets.sightings
                    inner join observations as first on sets.first_number = first.number
                )
                order by {order}
            ) to {literal(target)}
            (format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})
            """
        )

    def _observations(self) -> tuple[str, ...]:
        """Each sync's chunk that brought any row, numbered from the oldest on.

        ``sightings`` says what a row's own mark stands for: its sync's chunk, or a set of them.
        """
        return (
            f"""
            create temp table members as
            select distinct
                _observed,
                member.sync_id as _sync_id,
                member.chunk_id as _chunk_id,
                member.synced_at as _synced_at
            from (select _observed, unnest(_observations) as member from {self._rows})
            """,
            f"""
            create temp table observations as
            select row_number() over (order by _sync_id, _chunk_id)::integer as number, *
            from (
                select _sync_id, _chunk_id, _synced_at from {self._rows} where _observed is null
                union
                select _sync_id, _chunk_id, _synced_at from members
            )
            """,
            """
            create temp table sightings as
            select
                row_number() over (order by mark)::integer as sighting,
                mark,
                list(number) as numbers
            from (
                select concat(_sync_id, '/', _chunk_id) as mark, number from observations
                union all
                select _observed as mark, number
                from members inner join observations using (_sync_id, _chunk_id, _synced_at)
            )
            group by mark
            """,
        )

    def _distinct_rows(self) -> tuple[str, ...]:
        values = ", ".join(f'"{name}"' for name in self.columns if name not in _FIRST)
        return (
            f"""
            create temp table distinct_rows as
            select {values}, list_sort(list(distinct sighting)) as sightings
            from {self._rows} as rows
            inner join sightings
                on sightings.mark
                = coalesce(rows._observed, concat(rows._sync_id, '/', rows._chunk_id))
            group by {values}
            """,
        )

    def _sets(self) -> tuple[str, ...]:
        """The sets of observations that occur, each with its members from the first to the last.

        A set is named by what it holds, so that files may share one.
        """
        return (
            """
            create temp table sets as
            select
                sightings,
                md5(string_agg(concat(_sync_id, '/', _chunk_id), ',' order by number)) as _observed,
                list(
                    {'sync_id': _sync_id, 'chunk_id': _chunk_id, 'synced_at': _synced_at}
                    order by number
                ) as members,
                min(number) as first_number
            from (
                select distinct of_rows.sightings, unnest(sightings.numbers) as number
                from (
                    select sightings, unnest(sightings) as sighting
                    from (select distinct sightings from distinct_rows)
                ) as of_rows
                inner join sightings using (sighting)
            )
            inner join observations using (number)
            group by sightings
            """,
        )


def reading(files: Sequence[Path]) -> str:
    """A table function that reads Parquet files as one, by their columns' names."""
    names = ", ".join(literal(path) for path in files)
    return f"read_parquet([{names}], union_by_name = true, hive_partitioning = false)"


def _order(columns: Sequence[str]) -> list[str]:
    """By account and date, the versions of one record side by side, the oldest first."""
    ids = [name for name in columns if name.endswith("_id") and not name.startswith("_")]
    wanted = [*_LEADING, *ids, *_FIRST]
    return [f'"{name}"' for name in wanted if name in columns]
