"""One Parquet file being written: a bounded queue feeds one thread that sorts and encodes.

zstd encoding takes as long as parsing a page, so it runs off the thread that reads the network.
At most ``QUEUE_BATCHES`` record batches wait and one row group is in memory.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.durable_files import disk_guard, fsync_file, temporary_for

ROW_GROUP_ROWS = 131_072
ROW_GROUP_BYTES = 64 * 1024 * 1024
QUEUE_BATCHES = 8

_Message = tuple[str, int, pa.RecordBatch | None]


class RawFile:
    """A Parquet file under its temporary name. Not visible to any reader until it is renamed.

    Args:
        path: the final name; the caller renames ``temporary`` to it after ``seal``.
        schema: schema of the batches; dictionary columns are stored as plain text.
        order_by: columns by which the rows of one chunk are sorted (as far as they fit into one
            row group); chunks keep the order in which they came.
    """

    def __init__(self, path: Path, schema: pa.Schema, order_by: Sequence[str] = ()) -> None:
        self.path = path
        self.temporary = temporary_for(path)
        self._schema = schema
        self._order_by = tuple(order_by)
        self._queue: queue.Queue[_Message] = queue.Queue(maxsize=QUEUE_BATCHES)
        self._error: BaseException | None = None
        self._buffer: list[tuple[int, pa.RecordBatch]] = []
        self._buffered_rows = 0
        self._buffered_bytes = 0
        self._rows = 0
        self._thread = threading.Thread(target=self._run, name=f"write {path.name}", daemon=True)
        self._thread.start()

    def write(self, chunk: int, batch: pa.RecordBatch) -> None:
        """Queues a batch of chunk number ``chunk``; waits when the writer is behind.

        Raises:
            LakeFull: the disk is full (noticed at a later call than the write that hit it).
        """
        for start in range(0, batch.num_rows, ROW_GROUP_ROWS):
            self._put(("write", chunk, batch.slice(start, ROW_GROUP_ROWS)))

    def drop(self, chunk: int) -> None:
        """Forgets the rows of a failed chunk that are not encoded yet.

        Rows that are already in the file stay there: no succeeded log row matches them, so they
        are never seen.
        """
        self._put(("drop", chunk, None))

    def bytes_written(self) -> int:
        """Size of the file so far, in bytes (row groups that are encoded)."""
        try:
            return self.temporary.stat().st_size
        except FileNotFoundError:
            return 0

    def seal(self) -> int:
        """Encodes what is buffered, closes and fsyncs; returns the number of rows in the file.

        A file without rows is removed.

        Raises:
            LakeFull: the disk is full; the temporary file is gone.
        """
        self._put(("end", 0, None))
        self._thread.join()
        self._raise_error()
        if self._rows == 0:
            self.temporary.unlink(missing_ok=True)
        else:
            with disk_guard(self.path.parent):
                fsync_file(self.temporary)
        return self._rows

    def discard(self) -> None:
        """Stops the thread and removes the temporary file; never raises for a broken writer."""
        if self._thread.is_alive():
            self._error = self._error or InterruptedError("the file was discarded")
            with suppress(queue.Full):
                self._queue.put(("end", 0, None), timeout=1.0)
            self._thread.join()
        self.temporary.unlink(missing_ok=True)

    def _put(self, message: _Message) -> None:
        while True:
            self._raise_error()
            with suppress(queue.Full):
                self._queue.put(message, timeout=0.2)
                return

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        """The writer thread. Keeps draining after an error, so that no producer waits for ever."""
        writer: pq.ParquetWriter | None = None
        try:
            with disk_guard(self.path.parent):
                writer = self._open()
                self._drain(writer)
                writer.close()
        except BaseException as error:  # handed to the producer, which raises it
            self._error = error
            with suppress(OSError, pa.ArrowException):
                if writer is not None:
                    writer.close()
            self.temporary.unlink(missing_ok=True)

    def _open(self) -> pq.ParquetWriter:
        text = [field.name for field in self._schema if _repeats(field.type)]
        # Without the Arrow schema in the file, text written from dictionaries reads as text.
        return pq.ParquetWriter(
            str(self.temporary),
            self._schema,
            compression="zstd",
            use_dictionary=text,  # type: ignore[arg-type]  # the stubs know only bool
            store_schema=False,
            write_page_index=True,
        )

    def _drain(self, writer: pq.ParquetWriter) -> None:
        while True:
            kind, chunk, batch = self._queue.get()
            if self._error is not None:
                return
            if batch is not None:
                self._append(writer, chunk, batch)
            elif kind == "drop":
                self._buffer = [entry for entry in self._buffer if entry[0] != chunk]
                self._count_buffer()
            else:
                self._flush(writer)
                return

    def _append(self, writer: pq.ParquetWriter, chunk: int, batch: pa.RecordBatch) -> None:
        if self._buffered_rows + batch.num_rows > ROW_GROUP_ROWS:
            self._flush(writer)
        self._buffer.append((chunk, batch))
        self._buffered_rows += batch.num_rows
        self._buffered_bytes += batch.nbytes
        if self._buffered_rows >= ROW_GROUP_ROWS or self._buffered_bytes >= ROW_GROUP_BYTES:
            self._flush(writer)

    def _count_buffer(self) -> None:
        self._buffered_rows = sum(batch.num_rows for _, batch in self._buffer)
        self._buffered_bytes = sum(batch.nbytes for _, batch in self._buffer)

    def _flush(self, writer: pq.ParquetWriter) -> None:
        if self._buffer:
            table = self._row_group()
            writer.write_table(table, row_group_size=table.num_rows)
            self._rows += table.num_rows
        self._buffer = []
        self._count_buffer()

    def _row_group(self) -> pa.Table:
        groups: dict[int, list[pa.RecordBatch]] = {}
        for chunk, batch in self._buffer:
            groups.setdefault(chunk, []).append(batch)
        tables = [sorted_table(pa.Table.from_batches(b), self._order_by) for b in groups.values()]
        # One dictionary per column: otherwise the encoder falls back to hashing every string.
        return pa.concat_tables(tables).unify_dictionaries()


def sorted_table(table: pa.Table, order_by: Sequence[str]) -> pa.Table:
    """The table ordered by the columns; returned as it is when it already is."""
    if not order_by or table.num_rows < 2 or _is_sorted(table.column(order_by[0])):
        return table
    return table.sort_by([(name, "ascending") for name in order_by])


def _is_sorted(column: pa.ChunkedArray[Any]) -> bool:
    later, earlier = column.slice(1), column.slice(0, len(column) - 1)
    return bool(pc.all(pc.greater_equal(later, earlier), skip_nulls=False).as_py())


def _repeats(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_dictionary(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_date(kind)
        or kind == pa.int32()
    )
