"""Records that a platform hides from an account: since when, and how many of those that are held.

A sync of changes logs before which instant records were hidden from it (``hidden_before``; 1970
says that none were). What became of such records in its window is unseen. Rows of the log from
before that was recorded say nothing: an account that may see only part is taken never to have seen
more, since what it is granted seldom changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from warehouse.compacted_rows import RawFiles
from warehouse.home import PARTITIONS, Home
from warehouse.log_listing import KEY
from warehouse.sync_log import SyncLog

_COLUMNS = ("connection_id", "fetch_started_at", "window_from", "hidden_before")
_READ_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class HiddenRecords:
    """Records of one account and stream of which later changes are unseen.

    Attributes:
        hidden_before: records made before this instant were hidden from the newest sync.
        records: how many of those are held; 0 when all that are held are still shown.
        since: the first instant from which on changes to one of them are unseen; None for none.
    """

    connection_id: str
    hidden_before: datetime
    records: int
    since: datetime | None


def partly_seen(log: SyncLog, platform: str, stream: str) -> frozenset[tuple[str, str]]:
    """Returns the syncs, as (connection, sync), in which something may have been hidden."""
    found: set[tuple[str, str]] = set()
    for connection_id, rows in _succeeded(log, platform, stream).items():
        partly = False
        for row in reversed(rows):
            # One that says nothing is taken as the next one that does.
            if row["hidden_before"] is not None:
                partly = _is_partial(row)
            if partly:
                found.add((connection_id, row["sync_id"]))
    return frozenset(found)


def hidden_records(
    home: Home, platform: str, stream: str, *, key: Sequence[str], made: str, days: int
) -> dict[str, HiddenRecords]:
    """Returns, of each connection that is not shown everything now, what it does not see.

    Without such a connection the log alone is read, and no row.

    Args:
        home: the home.
        platform: platform name.
        stream: stream name.
        key: the columns that tell records apart.
        made: the column that says when a record was made.
        days: for how many days after that it is shown.
    """
    log = SyncLog(home)
    limited = {
        connection_id: rows
        for connection_id, rows in _succeeded(log, platform, stream).items()
        if _is_partial(rows[-1])
    }
    if not limited:
        return {}
    before = {connection_id: rows[-1]["hidden_before"] for connection_id, rows in limited.items()}
    held = _held(home, log, platform, stream, key=key, made=made, before=before)
    found = {}
    for connection_id, rows in limited.items():
        records, oldest = held.get(connection_id, (0, None))
        since = _since(rows, oldest + timedelta(days=days)) if oldest else None
        hidden = HiddenRecords(connection_id, before[connection_id], records, since)
        found[connection_id] = hidden
    return found


def _succeeded(log: SyncLog, platform: str, stream: str) -> dict[str, list[dict[str, Any]]]:
    """The succeeded chunks of changes by connection, in the order in which they were fetched."""
    where = (ds.field("kind") == "changes") & (ds.field("status") == "succeeded")
    where &= ds.field("mode") != "reset"
    found: dict[str, list[dict[str, Any]]] = {}
    for row in log.read(platform, stream, columns=_COLUMNS, where=where).to_pylist():
        found.setdefault(row["connection_id"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["fetch_started_at"], row["sync_id"], row["chunk_id"]))
    return found


def _is_partial(row: dict[str, Any]) -> bool:
    return row["hidden_before"] is not None and row["hidden_before"].year > 1970


def _since(rows: Sequence[dict[str, Any]], fell_out: datetime) -> datetime:
    """When the oldest record fell out of reach, or the account's view of it was cut short."""
    whole = [n for n, row in enumerate(rows) if row["hidden_before"] and not _is_partial(row)]
    if not whole:
        return fell_out
    cut_short: datetime = min(row["window_from"] for row in rows[whole[-1] + 1 :])
    return max(fell_out, cut_short.replace(tzinfo=UTC))


def _held(
    home: Home,
    log: SyncLog,
    platform: str,
    stream: str,
    *,
    key: Sequence[str],
    made: str,
    before: dict[str, datetime],
) -> dict[str, tuple[int, datetime]]:
    """How many records of each connection were made before an instant, and when the oldest was."""
    where = ds.field("connection_id").isin(list(before)) & (ds.field("status") == "succeeded")
    succeeded = log.read(platform, stream, columns=KEY, where=where)
    limits = pa.table({"connection_id": list(before), "hidden_before": list(before.values())})
    for attempt in range(1, _READ_ATTEMPTS + 1):
        files = _files(home, platform, stream)
        if not files:
            return {}
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.register("succeeded", succeeded)
            connection.register("limits", limits)
            try:
                rows = RawFiles(connection, files).expanded()
                query = _query(rows, key, made)
                return {row[0]: (row[1], row[2]) for row in connection.execute(query).fetchall()}
            except duckdb.IOException:
                # Compaction has put another file in the place of one that was listed.
                if attempt == _READ_ATTEMPTS:
                    raise
    raise AssertionError("unreachable")


def _query(rows: str, key: Sequence[str], made: str) -> str:
    names = ", ".join(f'"{name}"' for name in key)
    return f"""
        select _connection_id, count(*), min(made_at)
        from (
            select _connection_id, {names}, min("{made}") as made_at
            from ({rows}) as raw
            semi join succeeded
                on raw._sync_id = succeeded.sync_id
                and raw._connection_id = succeeded.connection_id
                and raw._chunk_id = succeeded.chunk_id
            group by all
        ) as held
        inner join limits on held._connection_id = limits.connection_id
        where made_at < hidden_before
        group by _connection_id
    """


def _files(home: Home, platform: str, stream: str) -> list[Path]:
    folder = home.raw_dir(platform, stream)
    found: Iterable[Path] = (
        path for kind in PARTITIONS for path in folder.glob(f"{kind}*/[0-9a-z]*.parquet")
    )
    return sorted(found)
