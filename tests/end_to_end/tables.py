"""Whole tables of a DuckDB file, for comparing two homes row by row."""

from pathlib import Path

import duckdb

IDENTITY = {
    "_sync_id",
    "_chunk_id",
    "_synced_at",
    "known_at",
    "created_at",
    "published_at",
    "release",
}
"""Columns that name a run or its instants: two runs over the same facts differ there."""


def contents(path: Path, leave_out: set[str] = frozenset()) -> dict[str, list[tuple[object, ...]]]:
    """Returns table -> its rows, sorted, without the columns that name a run."""
    found = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main' order by 1"
        ).fetchall()
        for (name,) in names:
            if name in leave_out:
                continue
            listed = connection.execute(f"select * from {name} limit 0").description
            columns = [f'"{column[0]}"' for column in listed if column[0] not in IDENTITY]
            query = f"select {', '.join(columns)} from {name} order by all"
            found[name] = connection.execute(query).fetchall()
    return found


def differences(
    left: dict[str, list[tuple[object, ...]]], right: dict[str, list[tuple[object, ...]]]
) -> dict[str, tuple[list[object], list[object]]]:
    """Returns table -> (rows only left, rows only right), at most three each."""
    unequal = {}
    for name in left.keys() | right.keys():
        ours, theirs = left.get(name, []), right.get(name, [])
        if ours != theirs:
            unequal[name] = (
                [row for row in ours if row not in theirs][:3],
                [row for row in theirs if row not in ours][:3],
            )
    return unequal
