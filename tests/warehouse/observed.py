"""Reads a stream's raw files without any of the product's SQL: the rows of every sync, sorted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from warehouse.home import Home

FIRST = ("_sync_id", "_chunk_id", "_synced_at")
MARKS = ("_observed", "_observations")


def stored_rows(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The rows as they lie in the files."""
    return [
        row for path in sorted(files) for row in pq.read_table(path, partitioning=None).to_pylist()
    ]


def rows_of_syncs(stored: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows that syncs brought: a row of a compacted file counts for each of its set."""
    columns = sorted({name for row in stored for name in row} - set(MARKS))
    sets = {row["_observed"]: row["_observations"] for row in stored if row.get("_observations")}
    found = []
    for row in stored:
        if row.get("_observed") is None:
            found.append(row)
        for member in sets[row["_observed"]] if row.get("_observed") is not None else ():
            of_sync = {name: member[name.removeprefix("_")] for name in FIRST}
            found.append({**row, **of_sync})
    return sorted((tuple(row.get(name) for name in columns) for row in found), key=repr)


def raw_files(home: Home, stream: str = "ad_stats") -> list[Path]:
    return sorted(home.raw_dir("google_ads", stream).rglob("*.parquet"))


def rows_of(home: Home, stream: str = "ad_stats") -> list[tuple[Any, ...]]:
    """All rows of all syncs of a stream."""
    return rows_of_syncs(stored_rows(raw_files(home, stream)))
