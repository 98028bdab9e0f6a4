"""Raw rows on their way into the lake: one ``SyncWriter`` per sync of a stream.

The commit, per part: raw and quarantine files under temporary names, fsync, rename, fsync of the
directory; then the log file the same way. Nothing is visible before the log file's rename, because
a raw row exists only if a succeeded log row matches its sync, connection and chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from warehouse.home import Home, part_name, partition, utc_day
from warehouse.lake_parts import Part, PartFile
from warehouse.locks import writers_lock
from warehouse.raw_rows import (
    LakeError,
    Rejection,
    RowStamp,
    data_schema,
    quarantine_schema,
    with_dictionaries,
)
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import ChunkInfo, FinishedChunk, LogRow, Outcome, SyncInfo

PART_BYTES = 64 * 1024 * 1024
PART_SECONDS = 300.0

__all__ = ["ChunkInfo", "LakeError", "Outcome", "SyncWriter"]


@dataclass(slots=True)
class _OpenChunk:
    info: ChunkInfo
    number: int
    rows: int = 0
    rejected: int = 0


class SyncWriter:
    """Writes one sync of one stream, over all the accounts it was asked for.

    Use as a context manager. Chunks come one after the other; a part is committed at a chunk's end
    once it holds 64 MB or is 5 minutes old (real time), and at ``close``. Not for several threads.

    Args:
        home: the home that is written to.
        platform: platform name, part of the path.
        stream: stream name, part of the path.
        schema: the stream's columns (with or without the system columns and ``_extra``).
        sync_id: id of this sync, used by no other stream.
        synced_at: aware instant written to ``_synced_at``; its UTC day names the partition.
        run_id: the orchestrator's run, for the log.
        now: the pipeline's clock, for ``committed_at``.
        clock_carried_seconds: what ``SyncIds.next`` reported for ``sync_id``.
        order_by: columns by which a chunk's rows are sorted; default ``date`` and ``hour`` where
            the schema has them.
        part_bytes: size at which a part is committed.
        part_seconds: age at which a part is committed.

    Attributes:
        committed: log rows that are visible so far.

    Raises:
        HomeError: a name may not become a path.
    """

    def __init__(
        self,
        home: Home,
        platform: str,
        stream: str,
        schema: pa.Schema,
        sync_id: str,
        synced_at: datetime,
        run_id: str,
        *,
        now: Callable[[], datetime],
        clock_carried_seconds: float = 0.0,
        order_by: Sequence[str] | None = None,
        part_bytes: int = PART_BYTES,
        part_seconds: float = PART_SECONDS,
    ) -> None:
        self._home = home
        self._log = SyncLog(home)
        self._sync = SyncInfo(sync_id, platform, stream, run_id, clock_carried_seconds)
        self._day = utc_day(synced_at)
        self._stamp = RowStamp(data_schema(schema), sync_id, synced_at)
        self._order_by = _order(self._stamp.data, order_by)
        self._now = now
        self._part_bytes, self._part_seconds = part_bytes, part_seconds
        self._part_number = 0
        self._chunks = 0
        self._chunk: _OpenChunk | None = None
        self._closed = False
        # No compaction removes a folder while this writes into one.
        self._held = ExitStack()
        self._held.enter_context(writers_lock(home))
        self._part = self._new_part()
        self.committed: list[LogRow] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    def begin_chunk(self, info: ChunkInfo) -> None:
        """Starts a chunk; everything until ``finish_chunk`` belongs to it.

        Raises:
            LakeError: the previous chunk is not finished, or the writer is closed.
        """
        if self._closed or self._chunk is not None:
            raise LakeError("begin_chunk on a closed writer or inside an unfinished chunk")
        self._chunk = _OpenChunk(info, self._chunks)
        self._chunks += 1

    def write(self, batch: pa.RecordBatch) -> None:
        """Queues rows of the current chunk; waits when the encoder is behind.

        Raises:
            LakeError: no chunk is open, or the batch's columns differ from the schema.
            LakeFull: the disk is full.
        """
        chunk = self._current()
        if batch.num_rows:
            self._part.raw.write(chunk.number, self._stamp.raw(chunk.info, batch))
            chunk.rows += batch.num_rows

    def reject(self, rows: Sequence[Rejection]) -> None:
        """Queues rows of the current chunk that could not be typed, as (reason, payload JSON).

        Raises:
            LakeError: no chunk is open.
            LakeFull: the disk is full.
        """
        chunk = self._current()
        if rows:
            batch = self._stamp.rejected(chunk.info, list(rows))
            self._part.quarantine.write(chunk.number, batch)
            chunk.rejected += len(rows)

    def finish_chunk(self, outcome: Outcome) -> bool:
        """Ends the chunk; commits the part when it is large or old enough.

        The rows of a failed chunk are dropped as far as they are not encoded; the rest stays in
        the file unseen. Its quarantined rows stay, for the one who looks for the reason.

        Returns:
            Whether this call committed a part.

        Raises:
            LakeError: no chunk is open.
            LakeFull: the disk is full; nothing of this part is visible.
        """
        chunk = self._current()
        self._chunk = None
        if outcome.status == "failed":
            self._part.raw.drop(chunk.number)
        finished = FinishedChunk(chunk.info, outcome, chunk.rows, chunk.rejected)
        self._part.finished.append(finished)
        due = (
            self._part.raw.bytes_written() >= self._part_bytes
            or self._part.age_seconds() >= self._part_seconds
        )
        return bool(self.commit_part()) if due else False

    def abandon_chunk(self) -> None:
        """Ends the chunk without a trace in the log: it is about to be fetched anew.

        Its rows are dropped as far as they are not encoded; the rest stays in the file unseen.

        Raises:
            LakeError: no chunk is open.
        """
        self._part.raw.drop(self._current().number)
        self._chunk = None

    def commit_part(self) -> list[LogRow]:
        """Makes the finished chunks visible; returns their log rows (none when there are none).

        Raises:
            LakeError: a chunk is open.
            LakeFull: the disk is full; nothing of this part is visible, the writer is closed.
        """
        if self._chunk is not None:
            raise LakeError("commit_part inside an unfinished chunk")
        if not self._part.finished:
            return []
        log_path = self._log.part_path(self._sync.sync_id, self._part_number, self._day)
        try:
            rows = self._log_rows(self._part.publish())
            self._log.append(rows, self._part_number, self._day)
        except BaseException:
            self._end()
            if log_path.exists():
                self._part.discard()
            else:
                self._part.withdraw()
            raise
        self.committed.extend(rows)
        self._part_number += 1
        self._part = self._new_part()
        return rows

    def close(self) -> list[LogRow]:
        """Commits what is left; returns every log row of this sync.

        Raises:
            LakeError: a chunk is open.
            LakeFull: the disk is full; parts committed before stay visible.
        """
        if not self._closed:
            self.commit_part()
            self._end()
        return self.committed

    def abort(self) -> None:
        """Drops the part in progress; parts committed before stay visible."""
        if not self._closed:
            self._end()
            self._chunk = None
            self._part.discard()

    def _end(self) -> None:
        """Takes nothing more; folders that are empty may go again."""
        self._closed = True
        self._held.close()

    def _current(self) -> _OpenChunk:
        if self._closed or self._chunk is None:
            raise LakeError("no chunk is open: call begin_chunk first")
        return self._chunk

    def _new_part(self) -> Part:
        platform, stream = self._sync.platform, self._sync.stream
        where = Path(partition(self._day)) / part_name(self._sync.sync_id, self._part_number)
        raw = self._home.raw_dir(platform, stream) / where
        quarantine = self._home.quarantine_dir(platform, stream) / where
        return Part(
            PartFile(raw, self._stamp.schema, self._order_by),
            PartFile(quarantine, with_dictionaries(quarantine_schema())),
        )

    def _log_rows(self, has_raw: bool) -> list[LogRow]:
        path = self._part.raw.path.relative_to(self._home.lake / "raw").as_posix()
        committed_at = self._now()
        return [
            chunk.log_row(self._sync, committed_at, path if has_raw else None)
            for chunk in self._part.finished
        ]


def _order(data: pa.Schema, order_by: Sequence[str] | None) -> tuple[str, ...]:
    if order_by is None:
        return tuple(name for name in ("date", "hour") if name in data.names)
    unknown = [name for name in order_by if name not in data.names]
    if unknown:
        raise LakeError(f"order_by names columns {unknown} that the schema lacks")
    return tuple(order_by)
