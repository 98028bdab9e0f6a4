"""Parquet, a batch of a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.rows import (
    BATCH_BYTES,
    BATCH_ROWS,
    MOST_COLUMNS,
    RowBatch,
    header_names,
)

LARGEST_ROW_GROUP = 4 * 2**30
"""Bytes, unpacked: a row group is read as a whole. Usual ones hold 0.1 GB."""


class ParquetRows:
    """The rows of a Parquet file; the first is number 1.

    Args:
        file: open for reading bytes.
        size: of the file, in bytes.

    Raises:
        ShapeChanged: it is no Parquet file, or its row groups are too large.
    """

    fixed = True

    def __init__(self, file: BinaryIO, size: int) -> None:
        try:
            self._parquet = pq.ParquetFile(file)
        except (pa.ArrowException, OSError, ValueError) as trouble:
            raise ShapeChanged(
                f"it is not a Parquet file: {trouble}", remedy="Write it again and drop it again."
            ) from None
        metadata = self._parquet.metadata
        sizes = [metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups)]
        if max(sizes, default=0) > LARGEST_ROW_GROUP:
            raise ShapeChanged(
                f"a row group unpacks to {max(sizes)} bytes, more than {LARGEST_ROW_GROUP}",
                remedy="Write the file with smaller row groups.",
            )
        self._names = self._parquet.schema_arrow.names
        self.header = header_names(self._names)
        if not 0 < len(self.header) <= MOST_COLUMNS or len(self.header) != len(self._names):
            raise ShapeChanged(f"the file has {len(self._names)} columns, some without a name")
        unpacked = sum(sizes) / max(metadata.num_rows, 1)
        self._batch = max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(unpacked, 1))))
        self._bytes_per_row = size / max(metadata.num_rows, 1)

    def __iter__(self) -> Iterator[RowBatch]:
        number = 1
        try:
            for batch in self._parquet.iter_batches(self._batch):
                cells = [batch.column(n).to_pylist() for n in range(batch.num_columns)]
                numbers = list(range(number, number + batch.num_rows))
                number += batch.num_rows
                size = round(self._bytes_per_row * batch.num_rows)
                yield RowBatch(numbers, dict(zip(self.header, cells, strict=True)), bytes=size)
        except (pa.ArrowException, OSError, ValueError) as trouble:
            raise ShapeChanged(
                f"the Parquet file is damaged near row {number}: {trouble}",
                remedy="Write it again and drop it again.",
            ) from None
