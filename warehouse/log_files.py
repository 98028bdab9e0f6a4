"""The files of the sync log: reading and writing them, and dropping repeated rows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from warehouse.durable_files import replacing
from warehouse.log_listing import KEY
from warehouse.sync_rows import LOG_SCHEMA

LARGE_BYTES = 256 * 1024
"""Files of this size or more are read where they lie: a compacted month is not held in memory."""

KEPT_FILES = 20_000
"""How many small files are held at most: a day of hourly syncs of a hundred accounts has 2,400."""

Signature = tuple[str, int, int, int]
"""Path, inode, size and time of change of a file: another file at its path has another one."""


class SmallFiles:
    """Rows of the log's small files, held by a process, since no file of the log ever changes.

    A run asks the log a hundred questions, and each would open the hundreds of files that a day
    has until it is compacted. Files that were listed before are not opened again while the
    listing only grows at its end, as it does between compactions.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._files: list[Signature] = []
        self._table = LOG_SCHEMA.empty_table()

    def table(self, files: list[Signature]) -> pa.Table:
        """Returns all rows of some files, in the order of the files.

        Raises:
            FileNotFoundError: a file is gone.
        """
        with self._lock:
            known = len(self._files)
            if self._files != files[:known]:
                self._files, self._table, known = [], LOG_SCHEMA.empty_table(), 0
            if added := [path for path, *_ in files[known:]]:
                read = _on_disk(added, LOG_SCHEMA.names, None)
                self._table = pa.concat_tables([self._table, read]).combine_chunks()
                self._files = files
            return self._table


_SMALL = SmallFiles()


def read_files(
    files: Sequence[str], columns: Sequence[str], where: ds.Expression | None
) -> pa.Table:
    """Reads columns of the rows of some files that meet a condition; rows of large files first.

    Raises:
        FileNotFoundError: a file is gone.
    """
    small: list[Signature] = []
    large: list[str] = []
    for path in files:
        status = os.stat(path)
        if status.st_size < LARGE_BYTES:
            small.append((path, status.st_ino, status.st_size, status.st_mtime_ns))
        else:
            large.append(path)
    if len(small) > KEPT_FILES:
        return _on_disk(files, columns, where)
    kept = _SMALL.table(small)
    kept = (kept if where is None else kept.filter(where)).select(list(columns))
    return pa.concat_tables([_on_disk(large, columns, where), kept]) if large else kept


def _on_disk(files: Sequence[str], columns: Sequence[str], where: ds.Expression | None) -> pa.Table:
    dataset = ds.dataset(list(files), schema=LOG_SCHEMA, format="parquet")
    return dataset.to_table(columns=list(columns), filter=where)


def distinct(table: pa.Table) -> pa.Table:
    """Drops repeated log rows; the first of each key stays, at its place."""
    if table.num_rows < 2:
        return table
    numbered = table.append_column("_row", pa.array(range(table.num_rows), pa.int64()))
    first = numbered.group_by(list(KEY)).aggregate([("_row", "min")]).column("_row_min")
    if len(first) == table.num_rows:
        return table
    return table.take(first.take(pc.sort_indices(first)))


def write(path: Path, table: pa.Table) -> None:
    """Writes a file of the log as a whole or not at all."""
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", store_schema=False)
