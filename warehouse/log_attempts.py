"""The columns of the sync log that say how syncs ended, read with DuckDB.

DuckDB is imported in a tenth of PyArrow's time, and `tributary status` reads nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from warehouse.coverage import RESET, Attempt, StreamStatus, stream_statuses
from warehouse.home import Home
from warehouse.log_listing import KEY, READ_ATTEMPTS, stable_listing
from warehouse.plain_paths import literal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANTS = ("fetch_started_at", "committed_at")
ATTEMPT_COLUMNS = {
    "sync_id": "varchar",
    "organization_id": "varchar",
    "connection_id": "varchar",
    "platform": "varchar",
    "account_id": "varchar",
    "stream": "varchar",
    "status": "varchar",
    "fetch_started_at": "timestamptz",
    "committed_at": "timestamptz",
    "rows": "bigint",
    "rejected_rows": "bigint",
    "window_to": "timestamp",
    "error_class": "varchar",
    "error_message": "varchar",
    "missing_fields": "varchar",
    "clock_carried_seconds": "double",
    "mode": "varchar",
}
_DECISIVE = f"""
    , once as (
        -- Compaction may leave rows twice for a moment.
        select *, mode = '{RESET}' as is_reset
        from log
        where {{where}}
        qualify row_number() over (partition by {{key}}) = 1
    ),
    syncs as (
        select
            *,
            max(fetch_started_at) over one_sync as begun_at,
            bool_and(status = 'succeeded') over one_sync as is_clean,
            max(case when status = 'succeeded' then window_to end) over one_sync as reaches_to,
            bool_or(
                coalesce(clock_carried_seconds, 0) > 0 or fetch_started_at > $now::timestamptz
            ) over (partition by connection_id, stream) as is_doubtful
        from once
        window one_sync as (partition by connection_id, stream, is_reset, sync_id)
    )
    select {{shown}}
    from syncs
    qualify
        coalesce(is_doubtful, false)
        or is_reset
        or dense_rank() over (
            partition by connection_id, stream, is_reset order by begun_at desc, sync_id desc
        ) = 1
        or is_clean and dense_rank() over (
            partition by connection_id, stream, is_reset, is_clean
            order by begun_at desc, sync_id desc
        ) = 1
        or dense_rank() over (
            partition by connection_id, stream, is_reset
            order by reaches_to desc nulls last, sync_id desc
        ) = 1
    order by {{key}}
"""
"""Of each stream of a connection the syncs by which its status is known: the newest, the newest
without a failure, the one that reaches furthest; all where a clock may have been wrong. Two years
of syncs are 20,000 rows of a stream of 30 connections, and become Python objects no more."""
_OTHERS = {"chunk_id": "integer", "hidden_before": "timestamptz"}


def latest_status(
    home: Home,
    platform: str | None = None,
    stream: str | None = None,
    now: datetime | None = None,
    held: Any = None,
) -> list[StreamStatus]:
    """Returns the newest sync of every connection and stream.

    Args:
        home: the home.
        platform, stream: only those.
        now: with it, a sync that a wrong clock dated into the future is no success.
        held: the log's rows as an Arrow table, of a process that holds them; else files are read.

    Raises:
        OSError: files kept changing under the reader.
    """
    shown = [
        f"epoch_us({name}) as {name}" if name in _INSTANTS else f'"{name}"'
        for name in ATTEMPT_COLUMNS
    ]
    given = {"platform": platform, "stream": stream}
    asked = {name: value for name, value in given.items() if value is not None}
    where = " and ".join(f"{name} = ${name}" for name in asked)
    rows = _ask(
        home,
        _DECISIVE.format(shown=", ".join(shown), key=", ".join(KEY), where=where or "true"),
        asked | {"now": now.isoformat() if now else None},
        held,
    )
    return stream_statuses((Attempt(**_record(row)) for row in rows), now)


def organizations_of(home: Home) -> set[str]:
    """Returns the organizations that the log has rows of."""
    return {str(name) for (name,) in _ask(home, "select distinct organization_id from log")}


def hides_records(home: Home) -> bool:
    """Whether any sync said that a platform hid records from it (1970 says that none were)."""
    hidden = "select 1 from log where epoch_us(hidden_before) >= 365 * 86400 * 1000000::bigint"
    return bool(_ask(home, f"{hidden} limit 1"))


def _record(row: Sequence[Any]) -> dict[str, Any]:
    record = dict(zip(ATTEMPT_COLUMNS, row, strict=True))
    # Through a number: the driver needs a further package to give out an instant with its zone.
    return record | {name: _EPOCH + timedelta(microseconds=record[name]) for name in _INSTANTS}


def _ask(
    home: Home, query: str, given: Mapping[str, str | None] | None = None, held: Any = None
) -> list[tuple[Any, ...]]:
    """Runs a query on `log`; starts again when compaction removed a file that was listed."""
    if held is not None:
        with duckdb.connect() as connection:
            connection.register("held", held)
            asked = f"with log as (select * from held) {query}"
            return connection.execute(asked, given or None).fetchall()
    columns = [f'null::{kind} as "{name}"' for name, kind in {**ATTEMPT_COLUMNS, **_OTHERS}.items()]
    for _ in range(READ_ATTEMPTS):
        files = [Path(file) for file in stable_listing(home.syncs_dir)]
        # Files of earlier versions lack columns: what stands before them has all, and no row.
        every = f"select {', '.join(columns)} where false"
        if files:
            every += (
                f" union all by name select * from read_parquet([{', '.join(map(literal, files))}],"
                " union_by_name = true, hive_partitioning = false)"
            )
        try:
            with duckdb.connect() as connection:
                asked = f"with log as ({every}) {query}"
                return connection.execute(asked, given or None).fetchall()
        except duckdb.IOException:
            if all(file.exists() for file in files):
                raise
    raise OSError(f"the log files under {home.syncs_dir} change faster than they can be read")
