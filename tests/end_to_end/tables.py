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


def differences(
    left: Path, right: Path, leave_out: frozenset[str] = frozenset()
) -> dict[str, tuple[list[object], list[object]]]:
    """Returns table -> (rows only left, rows only right), at most three each.

    Columns that name a run are not compared.
    """
    unequal = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for side, path in (("left_file", left), ("right_file", right)):
            connection.execute(f"attach '{path}' as {side} (read_only)")
        columns = _columns(connection)
        for name in sorted({table for _, table in columns} - leave_out):
            ours, theirs = columns.get(("left_file", name)), columns.get(("right_file", name))
            assert ours == theirs, f"{name}: {ours} and {theirs}"
            one, other = (
                f"select {', '.join(ours)} from {side}.{name}"
                for side in ("left_file", "right_file")
            )
            only = [
                connection.execute(f"({this} except all {that}) limit 3").fetchall()
                for this, that in ((one, other), (other, one))
            ]
            if only != [[], []]:
                unequal[name] = (only[0], only[1])
    return unequal


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """Database and table -> the columns that do not name a run."""
    rows = connection.execute(
        "select database_name, table_name, list(column_name order by column_index) "
        "from duckdb_columns() where schema_name = 'main' and database_name like '%_file' "
        "group by all"
    ).fetchall()
    return {
        (database, table): [f'"{name}"' for name in names if name not in IDENTITY]
        for database, table, names in rows
    }
