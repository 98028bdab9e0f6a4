"""Rows that could not be loaded, of the newest sync of each object or account."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

from warehouse.home import Home
from warehouse.raw_rows import quarantine_schema


def quarantined(
    home: Home, platform: str, stream: str, connection_id: str, chunks: set[tuple[str, int]]
) -> pa.Table:
    """Quarantined rows of some chunks, with their reason and payload.

    Args:
        home: the home.
        platform: platform name.
        stream: stream name.
        connection_id: whose rows.
        chunks: (sync id, chunk id) of the log rows that are meant.
    """
    folder = home.quarantine_dir(platform, stream)
    syncs = {sync_id for sync_id, _ in chunks}
    files = [str(path) for path in sorted(folder.rglob("*.parquet")) if _is_of(path, syncs)]
    if not files:
        return quarantine_schema().empty_table()
    dataset = ds.dataset(files, schema=quarantine_schema(), format="parquet")
    table = dataset.to_table(filter=ds.field("_connection_id") == connection_id)
    names = ("_sync_id", "_chunk_id")
    keys = zip(*(table.column(name).to_pylist() for name in names), strict=True)
    return table.filter(pa.array([key in chunks for key in keys], pa.bool_()))


def _is_of(path: Path, syncs: set[str]) -> bool:
    """A part's name begins with its sync; a compacted file may hold any."""
    return path.stem[:36] in syncs or len(path.stem) < 36
