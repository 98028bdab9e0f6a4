"""Rows of the sync log: one row is one (sync, account, stream, chunk)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, Literal

import orjson
import pyarrow as pa

Kind = Literal["report", "changes", "snapshot"]
Status = Literal["succeeded", "failed"]
Mode = Literal["incremental", "backfill", "full", "reset"]

_INSTANT = pa.timestamp("us", tz="UTC")
_LOCAL = pa.timestamp("us")

_LOG_FIELDS: list[pa.Field[Any]] = [
    pa.field("sync_id", pa.string()),
    pa.field("organization_id", pa.string()),
    pa.field("connection_id", pa.string()),
    pa.field("platform", pa.string()),
    pa.field("account_id", pa.string()),
    pa.field("stream", pa.string()),
    pa.field("kind", pa.string()),
    pa.field("chunk_id", pa.int32()),
    pa.field("window_from", _LOCAL),
    pa.field("window_to", _LOCAL),
    pa.field("status", pa.string()),
    pa.field("mode", pa.string()),
    pa.field("fetch_started_at", _INSTANT),
    pa.field("committed_at", _INSTANT),
    pa.field("rows", pa.int64()),
    pa.field("rejected_rows", pa.int64()),
    pa.field("bytes", pa.int64()),
    pa.field("requests", pa.int32()),
    pa.field("retries", pa.int32()),
    pa.field("duration_seconds", pa.float64()),
    pa.field("error_class", pa.string()),
    pa.field("error_message", pa.string()),
    pa.field("unknown_fields", pa.string()),
    pa.field("account_name", pa.string()),
    pa.field("account_currency", pa.string()),
    pa.field("account_time_zone", pa.string()),
    pa.field("raw_file", pa.string()),
    pa.field("clock_carried_seconds", pa.float64()),
    pa.field("run_id", pa.string()),
    pa.field("object_name", pa.string()),
    pa.field("object_digest", pa.string()),
    pa.field("object_schema", pa.string()),
    pa.field("missing_fields", pa.string()),
    pa.field("hidden_before", _INSTANT),
    pa.field("basis", pa.string()),
]
LOG_SCHEMA = pa.schema(_LOG_FIELDS)


@dataclass(frozen=True, slots=True)
class ChunkInfo:
    """What a chunk is before it is fetched.

    Attributes:
        window_from: first day (report: the account's own date) or instant (changes); None for a
            snapshot.
        window_to: end of the half-open window; None for a snapshot.
        chunk_id: unique within the sync and connection.
        fetch_started_at: aware instant at which fetching began; decides who wins.
        object_name: of a chunk that is one object (a file); what it covers, if anything, is told
            by its ``Outcome``.
        object_digest: SHA-256 of the object's content, in hexadecimal.
        hidden_before: records made before this instant are hidden from the account, so that what
            became of them is not in the chunk; None when not known, or where none ever is.
        basis: of a report: the settings of the account that its numbers follow from, as one text;
            None when not known, or where there are none.
    """

    organization_id: str
    connection_id: str
    account_id: str
    kind: Kind
    chunk_id: int
    mode: Mode
    fetch_started_at: datetime
    window_from: date | datetime | None = None
    window_to: date | datetime | None = None
    account_name: str | None = None
    account_currency: str | None = None
    account_time_zone: str | None = None
    object_name: str | None = None
    object_digest: str | None = None
    hidden_before: datetime | None = None
    basis: str | None = None

    def __post_init__(self) -> None:
        if self.fetch_started_at.tzinfo is None:
            raise ValueError("fetch_started_at must be an aware datetime")
        if self.object_name is not None:
            if self.window_from is not None or self.window_to is not None:
                raise ValueError("what an object covers is known when it has been read")
            return
        if (self.window_from is None) != (self.window_to is None):
            raise ValueError("window_from and window_to are both set or both None")
        if (self.window_from is None) != (self.kind == "snapshot"):
            raise ValueError(f"a {self.kind} chunk with window_from={self.window_from}")
        start, end = window_edge(self.window_from), window_edge(self.window_to)
        if start is not None and end is not None and start >= end:
            raise ValueError(f"the window {self.window_from} to {self.window_to} is empty")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a chunk went. ``bytes`` counts response bodies; ``duration_seconds`` is real time.

    Attributes:
        window_from, window_to: the dates that an object of a report covers, half-open.
        object_schema: JSON of an object's header and types.
        missing_fields: columns that are null because the platform no longer has their fields.
    """

    status: Status
    bytes: int = 0
    requests: int = 0
    retries: int = 0
    duration_seconds: float = 0.0
    error_class: str | None = None
    error_message: str | None = None
    unknown_fields: Sequence[str] | frozenset[str] = ()
    window_from: date | None = None
    window_to: date | None = None
    object_schema: str | None = None
    missing_fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the log; the fields are the columns of ``LOG_SCHEMA``.

    ``window_from`` and ``window_to`` have no zone: for a report the account's own midnight, for
    changes UTC. ``unknown_fields`` and ``missing_fields`` are JSON lists, ``object_schema`` is a
    JSON object, ``raw_file`` is relative to ``lake/raw``.
    """

    sync_id: str
    organization_id: str
    connection_id: str
    platform: str
    account_id: str
    stream: str
    kind: Kind
    chunk_id: int
    window_from: datetime | None
    window_to: datetime | None
    status: Status
    mode: Mode
    fetch_started_at: datetime
    committed_at: datetime
    rows: int = 0
    rejected_rows: int = 0
    bytes: int = 0
    requests: int = 0
    retries: int = 0
    duration_seconds: float = 0.0
    error_class: str | None = None
    error_message: str | None = None
    unknown_fields: str | None = None
    account_name: str | None = None
    account_currency: str | None = None
    account_time_zone: str | None = None
    raw_file: str | None = None
    clock_carried_seconds: float = 0.0
    run_id: str | None = None
    object_name: str | None = None
    object_digest: str | None = None
    object_schema: str | None = None
    missing_fields: str | None = None
    hidden_before: datetime | None = None
    basis: str | None = None


_FIELDS = tuple(field.name for field in fields(LogRow))


@dataclass(frozen=True, slots=True)
class SyncInfo:
    """What all chunks of a sync share."""

    sync_id: str
    platform: str
    stream: str
    run_id: str
    clock_carried_seconds: float


@dataclass(frozen=True, slots=True)
class FinishedChunk:
    """A chunk with its outcome and what the writer counted."""

    info: ChunkInfo
    outcome: Outcome
    rows: int
    rejected_rows: int

    def log_row(self, sync: SyncInfo, committed_at: datetime, raw_file: str | None) -> LogRow:
        """The chunk's log row; ``raw_file`` is None where none of its rows are in a file."""
        info, outcome = self.info, self.outcome
        return LogRow(
            sync_id=sync.sync_id,
            organization_id=info.organization_id,
            connection_id=info.connection_id,
            platform=sync.platform,
            account_id=info.account_id,
            stream=sync.stream,
            kind=info.kind,
            chunk_id=info.chunk_id,
            window_from=window_edge(info.window_from or outcome.window_from),
            window_to=window_edge(info.window_to or outcome.window_to),
            status=outcome.status,
            mode=info.mode,
            fetch_started_at=info.fetch_started_at,
            committed_at=committed_at,
            rows=self.rows,
            rejected_rows=self.rejected_rows,
            bytes=outcome.bytes,
            requests=outcome.requests,
            retries=outcome.retries,
            duration_seconds=outcome.duration_seconds,
            error_class=outcome.error_class,
            error_message=outcome.error_message,
            unknown_fields=_json(outcome.unknown_fields),
            account_name=info.account_name,
            account_currency=info.account_currency,
            account_time_zone=info.account_time_zone,
            raw_file=raw_file if self.rows and outcome.status == "succeeded" else None,
            clock_carried_seconds=sync.clock_carried_seconds,
            run_id=sync.run_id,
            object_name=info.object_name,
            object_digest=info.object_digest,
            object_schema=outcome.object_schema,
            missing_fields=_json(outcome.missing_fields),
            hidden_before=info.hidden_before,
            basis=info.basis,
        )


def _json(names: Iterable[str]) -> str | None:
    listed = sorted(names)
    return orjson.dumps(listed).decode() if listed else None


def window_edge(edge: date | datetime | None) -> datetime | None:
    """A window's edge as the log keeps it: midnight of a date, or the UTC instant without zone."""
    if edge is None:
        return None
    if isinstance(edge, datetime):
        return edge.astimezone(UTC).replace(tzinfo=None) if edge.tzinfo else edge
    return datetime.combine(edge, time())


def rows_to_table(rows: Sequence[LogRow]) -> pa.Table:
    """Log rows as an Arrow table of ``LOG_SCHEMA``."""
    columns = {name: [getattr(row, name) for row in rows] for name in _FIELDS}
    return pa.table(columns, schema=LOG_SCHEMA)


def table_to_rows(table: pa.Table) -> list[LogRow]:
    """Log rows of a table that has all columns of ``LOG_SCHEMA``."""
    records: list[dict[str, Any]] = table.select(list(_FIELDS)).to_pylist()
    return [LogRow(**record) for record in records]
