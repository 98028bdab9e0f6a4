"""The sync log: the commit record of the lake, from which all state is derived.

Each part of a sync is one immutable file. ``compact_log`` makes one file a day of them: it writes
the day's file first and removes the small ones afterwards, so a crash in between leaves rows twice
on disk, never zero times. **Every reader therefore drops repeated rows by (sync_id, stream,
connection_id, chunk_id)**: ``SyncLog.read`` does, and the dbt source must too, with
``qualify row_number() over (partition by sync_id, stream, connection_id, chunk_id) = 1``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from warehouse.coverage import (
    Attempt,
    Cell,
    StreamStatus,
    Winner,
    contiguous_end,
    coverage_days,
    stream_statuses,
    winners,
)
from warehouse.files import ensure_directory, fsync_directory, replacing, sweep_temporaries
from warehouse.home import Home, part_name, partition
from warehouse.sync_rows import LOG_SCHEMA, LogRow, rows_to_table, table_to_rows

DAY_FILE = "day.parquet"
"""The one file of a compacted day."""

KEY = ("sync_id", "stream", "connection_id", "chunk_id")
"""Identity of a log row."""

_READ_ATTEMPTS = 50
_CELL_COLUMNS = (*KEY, "window_from", "window_to", "fetch_started_at")
_ATTEMPT_COLUMNS = (
    "sync_id",
    "organization_id",
    "connection_id",
    "platform",
    "account_id",
    "stream",
    "status",
    "fetch_started_at",
    "committed_at",
    "rows",
    "rejected_rows",
    "window_to",
    "error_class",
    "error_message",
)


class SyncLog:
    """Reads and appends the log of one home. Holds nothing in memory; safe in any process."""

    def __init__(self, home: Home) -> None:
        self._directory = home.syncs_dir

    def part_path(self, sync_id: str, part: int, day: date) -> Path:
        """Where one part of a sync is logged; ``day`` is the UTC day of its ``_synced_at``."""
        return self._directory / partition(day) / part_name(sync_id, part)

    def append(self, rows: Sequence[LogRow], part: int, day: date) -> Path:
        """Commits the rows of one part of one sync, durably and all at once.

        Raises:
            ValueError: no rows, rows of several syncs, or the part was committed before.
            LakeFull: the disk is full; nothing is visible.
        """
        sync_ids = {row.sync_id for row in rows}
        if len(sync_ids) != 1:
            raise ValueError(f"a log file holds rows of one sync, got {sorted(sync_ids)}")
        path = self.part_path(sync_ids.pop(), part, day)
        if path.exists():
            raise ValueError(f"{path} exists: this part was committed before")
        ensure_directory(path.parent)
        sweep_temporaries(path.parent)
        _write(path, rows_to_table(rows))
        return path

    def read(
        self,
        platform: str | None = None,
        stream: str | None = None,
        connection_id: str | None = None,
        *,
        columns: Sequence[str] | None = None,
        where: ds.Expression | None = None,
    ) -> pa.Table:
        """Log rows as a table, each exactly once, in the order of the files.

        Args:
            platform: only this platform.
            stream: only this stream.
            connection_id: only this connection.
            columns: only these columns (the key columns are added).
            where: a further filter on any column.

        Raises:
            OSError: files kept changing under the reader.
        """
        wanted = list(dict.fromkeys([*(columns or LOG_SCHEMA.names), *KEY]))
        given = {"platform": platform, "stream": stream, "connection_id": connection_id}
        for name, value in given.items():
            if value is not None:
                test = ds.field(name) == value
                where = test if where is None else where & test
        return _distinct(self._scan(wanted, where))

    def rows(
        self,
        platform: str | None = None,
        stream: str | None = None,
        connection_id: str | None = None,
    ) -> list[LogRow]:
        """Like ``read``, as ``LogRow`` objects."""
        return table_to_rows(self.read(platform, stream, connection_id))

    def largest_sync_id(self) -> str | None:
        """The largest sync id in the log, for ``SyncIds``; None for an empty log."""
        largest = pc.max(self._scan(["sync_id"], None).column("sync_id")).as_py()
        return None if largest is None else str(largest)

    def coverage(self, connection_id: str, stream: str) -> dict[date, datetime]:
        """Every date a succeeded report chunk covers, with the winner's ``fetch_started_at``.

        The winner of a date is the last by (fetch_started_at, sync_id, chunk_id).
        """
        return coverage_days(self._cells(None, stream, connection_id).get(connection_id, []))

    def coverage_by_connection(self, platform: str, stream: str) -> dict[str, dict[date, datetime]]:
        """``coverage`` of all connections of a stream, in one read of the log."""
        cells = self._cells(platform, stream, None)
        return {connection: coverage_days(found) for connection, found in cells.items()}

    def winners(self, connection_id: str, stream: str) -> dict[date, Winner]:
        """The winning chunk of every covered date of a report."""
        return winners(self._cells(None, stream, connection_id).get(connection_id, []))

    def cursor(
        self, connection_id: str, stream: str, start: datetime | None = None
    ) -> datetime | None:
        """End of the contiguous prefix of succeeded incremental windows of a ``changes`` stream.

        Backfills (and ``full`` windows) neither read nor move it. The result is UTC without zone,
        as the log keeps windows.

        Args:
            connection_id: the connection.
            stream: the stream.
            start: where the prefix begins (UTC without zone); default the earliest incremental
                window that was attempted. Pass the connection's start when it may move.

        Returns:
            The cursor, or None when the stream has to start at its beginning.
        """
        incremental = (ds.field("mode") == "incremental") & (ds.field("kind") == "changes")
        columns = ["window_from", "window_to", "status"]
        table = self.read(None, stream, connection_id, columns=columns, where=incremental)
        rows = table.select(columns).to_pylist()
        if start is None:
            start = min((row["window_from"] for row in rows), default=None)
        done = [r for r in rows if r["status"] == "succeeded"]
        return contiguous_end(((r["window_from"], r["window_to"]) for r in done), start)

    def last_snapshot(self, connection_id: str, stream: str) -> LogRow | None:
        """The winning complete list: the last succeeded by (fetch_started_at, sync_id)."""
        complete = (ds.field("kind") == "snapshot") & (ds.field("status") == "succeeded")
        rows = table_to_rows(self.read(None, stream, connection_id, where=complete))
        return max(rows, key=lambda r: (r.fetch_started_at, r.sync_id, r.chunk_id), default=None)

    def latest_status(
        self, platform: str | None = None, stream: str | None = None
    ) -> list[StreamStatus]:
        """The newest sync of every connection and stream, for `tributary status`."""
        table = self.read(platform, stream, columns=_ATTEMPT_COLUMNS).select(list(_ATTEMPT_COLUMNS))
        return stream_statuses(Attempt(**record) for record in table.to_pylist())

    def days(self) -> list[date]:
        """UTC days that have log files, without the seed's."""
        names = sorted(path.name for path in self._directory.glob("synced=*"))
        days = [date.fromisoformat(name.removeprefix("synced=")) for name in names]
        return [day for day in days if day != date(1970, 1, 1)]

    def compact_log(self, day: date) -> int:
        """Makes one file of a day's log files; returns how many files it replaced (0 or ≥ 2).

        Safe against a kill at any instant, and for readers through ``SyncLog`` at any time. A
        process that globs the files itself (dbt) must not run meanwhile: hold the build lock.

        Raises:
            LakeFull: the disk is full; the small files are still there.
        """
        directory = self._directory / partition(day)
        sweep_temporaries(directory)
        files = _stable_listing(directory)
        if len(files) < 2:
            return 0
        table = _distinct(_read_files(files, LOG_SCHEMA.names, None))
        _write(directory / DAY_FILE, table.sort_by([(name, "ascending") for name in KEY]))
        for path in map(Path, files):
            if path.name != DAY_FILE:
                path.unlink(missing_ok=True)
        fsync_directory(directory)
        return len(files)

    def _cells(
        self, platform: str | None, stream: str, connection_id: str | None
    ) -> dict[str, list[Cell]]:
        covering = (ds.field("kind") == "report") & (ds.field("status") == "succeeded")
        table = self.read(platform, stream, connection_id, columns=_CELL_COLUMNS, where=covering)
        names = ("connection_id", "fetch_started_at", "sync_id", "chunk_id")
        columns = [table.column(name).to_pylist() for name in names]
        days = [table.column(n).cast(pa.date32()).to_pylist() for n in ("window_from", "window_to")]
        cells: dict[str, list[Cell]] = {}
        for connection, fetched, sync_id, chunk_id, start, end in zip(*columns, *days, strict=True):
            cells.setdefault(connection, []).append(((fetched, sync_id, chunk_id), start, end))
        return cells

    def _scan(self, columns: Sequence[str], where: ds.Expression | None) -> pa.Table:
        """Reads all files; starts again when compaction removed one that was listed."""
        for _ in range(_READ_ATTEMPTS):
            try:
                return _read_files(_stable_listing(self._directory), columns, where)
            except FileNotFoundError:
                continue
        raise OSError(f"the log files under {self._directory} change faster than they can be read")


def _read_files(
    files: Sequence[str], columns: Sequence[str], where: ds.Expression | None
) -> pa.Table:
    dataset = ds.dataset(list(files), schema=LOG_SCHEMA, format="parquet")
    return dataset.to_table(columns=list(columns), filter=where)


def _stable_listing(directory: Path) -> list[str]:
    """The Parquet files below a directory, listed until two listings agree.

    A single listing may miss both a file that was removed and the one that took its place while
    it ran; two equal ones cannot.
    """
    listing = _listing(directory)
    while (again := _listing(directory)) != listing:
        listing = again
    return listing


def _listing(directory: Path) -> list[str]:
    return sorted(
        os.path.join(parent, name)
        for parent, _, names in os.walk(directory)
        for name in names
        if name.endswith(".parquet") and not name.startswith(".")
    )


def _distinct(table: pa.Table) -> pa.Table:
    """Drops repeated log rows; the first of each key stays, at its place."""
    if table.num_rows < 2:
        return table
    numbered = table.append_column("_row", pa.array(range(table.num_rows), pa.int64()))
    first = numbered.group_by(list(KEY)).aggregate([("_row", "min")]).column("_row_min")
    if len(first) == table.num_rows:
        return table
    return table.take(first.take(pc.sort_indices(first)))


def _write(path: Path, table: pa.Table) -> None:
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", store_schema=False)
