"""The columns of the tables and views that dbt has built."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from warehouse.plain_paths import plain


def built_columns(files: Iterable[Path]) -> dict[str, list[str]]:
    """Returns the columns of each table and view in build files, in order. Needs the build lock."""
    found: dict[str, list[str]] = {}
    for path in files:
        with duckdb.connect(plain(path), read_only=True) as connection:
            rows = connection.execute(
                "select table_name, column_name from information_schema.columns "
                "where table_schema = 'main' order by table_name, ordinal_position"
            ).fetchall()
        for table, column in rows:
            found.setdefault(table, []).append(column)
    return found
