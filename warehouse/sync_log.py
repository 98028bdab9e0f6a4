"""The sync log: the commit record of the lake, from which all state is derived.

Each part of a sync is one immutable file. ``log_compaction`` makes one file a day of them, and one
a month once the month is over: it writes the new file first and removes the small ones afterwards,
so a crash in between leaves rows twice on disk, never zero times. **Every reader therefore drops
repeated rows by (sync_id, stream, connection_id, chunk_id)**: ``SyncLog.read`` does, and the dbt
source must too, with ``qualify row_number() over (partition by sync_id, stream, connection_id,
chunk_id) = 1``.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from warehouse.coverage import (
    HEAVY,
    RESET,
    Attempt,
    Cell,
    StreamStatus,
    coverage_days,
    moving_windows,
    stream_statuses,
)
from warehouse.durable_files import ensure_directory, sweep_temporaries
from warehouse.home import Home, part_name, partition
from warehouse.log_attempts import ATTEMPT_COLUMNS, latest_status
from warehouse.log_files import distinct, read_files, write
from warehouse.log_listing import KEY, READ_ATTEMPTS, stable_listing
from warehouse.present import from_the_future
from warehouse.sync_rows import LOG_SCHEMA, LogRow, rows_to_table, table_to_rows

FEW_ROWS = 1_000
"""Up to so many attempts are quicker to look at one by one than to start a query of."""

_CARRIED = "clock_carried_seconds"
_CELL_COLUMNS = ("connection_id", "fetch_started_at", "sync_id", "chunk_id", _CARRIED)
_WINDOW = ("window_from", "window_to")


class SyncLog:
    """Reads and appends the log of one home. Holds nothing in memory; safe in any process."""

    def __init__(self, home: Home) -> None:
        self.home = home
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
        write(path, rows_to_table(rows))
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
        return distinct(self._scan(wanted, where))

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

    def latest_instant(self) -> datetime | None:
        """The largest ``fetch_started_at`` of the log; None for an empty log."""
        found = self._scan(["fetch_started_at"], None)
        latest: datetime | None = pc.max(found.column("fetch_started_at")).as_py()
        return latest

    def coverage_by_connection(
        self, platform: str, stream: str, now: datetime | None = None
    ) -> dict[str, dict[date, datetime]]:
        """Every date that a connection's succeeded report chunks cover, by connection.

        With it comes when the winner was fetched; the winner of a date is the last by
        (fetch_started_at, sync_id, chunk_id). With ``now`` given, what a wrong clock dated into
        the future covers nothing, and an instant that was carried forward is what the clock said.
        """
        cells = self._cells(platform, stream, now)
        return {connection: coverage_days(found) for connection, found in cells.items()}

    def bases_by_connection(
        self, platform: str, stream: str, now: datetime | None = None
    ) -> dict[str, dict[date, str]]:
        """What the numbers of each covered date follow from (`ChunkInfo.basis` of its winner).

        By connection, as `coverage_by_connection`; dates whose winner names none are left out.
        """
        cells = self._cells(platform, stream, now, "basis")
        days = {connection: coverage_days(found) for connection, found in cells.items()}
        return {
            name: {day: str(one) for day, one in of.items() if one} for name, of in days.items()
        }

    def change_windows(
        self,
        platform: str,
        stream: str,
        now: datetime | None = None,
        without: Set[tuple[str, str]] = frozenset(),
    ) -> dict[str, list[tuple[datetime, datetime]]]:
        """The succeeded incremental windows of a ``changes`` stream, by connection.

        After a reset those before it do not count, and an empty window says where it begins. With
        ``now`` given, neither do those that a wrong clock dated into the future; and those of
        ``without``, each (connection, sync), count as if they had not been.

        They are half-open and UTC without zone, as the log keeps them; ``contiguous_end`` makes a
        cursor of them. Backfills (and ``full`` windows) neither read nor move a cursor.
        """
        moving = ds.field("mode").isin(["incremental", RESET]) & (ds.field("status") == "succeeded")
        moving &= ds.field("kind") == "changes"
        names = ("connection_id", "sync_id", "clock_carried_seconds", "mode")
        columns = (*names, "window_from", "window_to")
        rows = self.read(platform, stream, columns=columns, where=moving).to_pylist()
        clocks = ((row["sync_id"], row["clock_carried_seconds"]) for row in rows)
        future = from_the_future(clocks, now) if now else frozenset()
        return moving_windows(rows, future, without)

    def last_snapshots(self, platform: str, stream: str) -> dict[str, LogRow]:
        """The winning complete list of each connection: last by (fetch_started_at, sync_id)."""
        complete = (ds.field("kind") == "snapshot") & (ds.field("status") == "succeeded")
        rows = table_to_rows(self.read(platform, stream, where=complete))
        rows.sort(key=lambda row: (row.fetch_started_at, row.sync_id, row.chunk_id))
        return {row.connection_id: row for row in rows}

    def objects(self, platform: str, stream: str) -> dict[str, list[LogRow]]:
        """Every succeeded load of an object (a file), by connection, in the order of loading."""
        loaded = (ds.field("status") == "succeeded") & ds.field("object_digest").is_valid()
        found: dict[str, list[LogRow]] = {}
        for row in table_to_rows(self.read(platform, stream, where=loaded)):
            found.setdefault(row.connection_id, []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row.fetch_started_at, row.sync_id, row.chunk_id))
        return found

    def latest_status(
        self,
        platform: str | None = None,
        stream: str | None = None,
        now: datetime | None = None,
    ) -> list[StreamStatus]:
        """The newest sync of every connection and stream, for `tributary status`.

        With ``now`` given, a sync that a wrong clock dated into the future is no success.
        """
        held = self.read(platform, stream, columns=list(ATTEMPT_COLUMNS))
        if held.num_rows > FEW_ROWS:
            return latest_status(self.home, platform, stream, now, held)
        attempts = held.select(list(ATTEMPT_COLUMNS)).to_pylist()
        return stream_statuses((Attempt(**one) for one in attempts), now)

    def heavy_windows(self, platform: str, stream: str) -> dict[str, int]:
        """Days of the shortest window that was too much in a connection's newest sync of a report.

        Connections whose newest sync had none are left out.
        """
        columns = ("connection_id", "fetch_started_at", "error_class", "window_from", "window_to")
        table = self.read(platform, stream, columns=columns, where=ds.field("kind") == "report")
        newest: dict[str, str] = {}
        found: dict[tuple[str, str], list[int]] = {}
        for row in table.to_pylist():
            connection, sync = row["connection_id"], row["sync_id"]
            newest[connection] = max(sync, newest.get(connection, ""))
            if row["error_class"] in HEAVY and row["window_from"] is not None:
                days = (row["window_to"] - row["window_from"]).days
                found.setdefault((connection, sync), []).append(days)
        return {c: min(days) for (c, sync), days in found.items() if newest[c] == sync}

    def failing(self, platform: str, stream: str) -> frozenset[str]:
        """Connections of which something failed in their newest sync of a stream."""
        attempts = self.read(platform, stream, columns=("connection_id", "status"))
        newest = attempts.group_by("connection_id").aggregate([("sync_id", "max")])
        names = ("connection_id", "sync_id_max")
        newest_of = dict(zip(*(newest.column(name).to_pylist() for name in names), strict=True))
        failed = attempts.filter(pc.field("status") == "failed").to_pylist()
        return frozenset(
            row["connection_id"]
            for row in failed
            if newest_of[row["connection_id"]] == row["sync_id"]
        )

    def failed_connections(self, run_id: str) -> frozenset[str]:
        """Connections of which a run could not pull something."""
        failed = (ds.field("run_id") == run_id) & (ds.field("status") == "failed")
        found = self.read(columns=("connection_id",), where=failed).column("connection_id")
        return frozenset(map(str, found.to_pylist()))

    def _cells(
        self, platform: str, stream: str, now: datetime | None, shown: str | None = None
    ) -> dict[str, list[Cell[Any]]]:
        """What covers dates, each with a column of its log row, or (None) when it was fetched."""
        covering = (ds.field("kind") == "report") & (ds.field("status") == "succeeded")
        covering &= ds.field("window_from").is_valid()  # a file without rows covers no dates
        names = (*_CELL_COLUMNS, shown or _CARRIED)
        table = self.read(platform, stream, columns=(*names, *_WINDOW), where=covering)
        columns = [table.column(name).to_pylist() for name in names]
        days = [table.column(n).cast(pa.date32()).to_pylist() for n in _WINDOW]
        clocks: list[tuple[str, float | None]] = list(zip(columns[2], columns[4], strict=True))  # type: ignore[arg-type]
        future = from_the_future(clocks, now) if now else frozenset()
        cells: dict[str, list[Cell[Any]]] = {}
        rows = zip(*columns, *days, strict=True)
        for connection, fetched, sync_id, chunk_id, carried, value, start, end in rows:
            if sync_id not in future:
                order = (fetched, sync_id, chunk_id)
                seen = fetched - timedelta(seconds=carried or 0.0) if now else fetched
                what = value if shown else seen
                cells.setdefault(connection, []).append((order, start, end, what))
        return cells

    def _scan(self, columns: Sequence[str], where: ds.Expression | None) -> pa.Table:
        """Reads all files; starts again when compaction removed one that was listed."""
        for _ in range(READ_ATTEMPTS):
            try:
                return read_files(stable_listing(self._directory), columns, where)
            except FileNotFoundError:
                continue
        raise OSError(f"the log files under {self._directory} change faster than they can be read")
