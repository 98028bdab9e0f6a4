"""The files of the sync log: reading and writing them, and dropping repeated rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from warehouse.durable_files import replacing
from warehouse.log_listing import KEY
from warehouse.sync_rows import LOG_SCHEMA


def read_files(
    files: Sequence[str], columns: Sequence[str], where: ds.Expression | None
) -> pa.Table:
    """Reads columns of the rows of some files that meet a condition."""
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
