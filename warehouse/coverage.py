"""What the sync log says about a connection's stream: coverage, cursor, snapshot, status.

Pure functions over log rows. Coverage and winners come from the log, never from data rows: a
window that came back empty covers its dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar

import orjson

from warehouse.present import from_the_future

RESET = "reset"
"""Mode of a log row that fetched nothing: it says from where a cursor begins anew."""


Order = tuple[datetime, str, int]
"""Who wins: (fetch_started_at, sync_id, chunk_id), the largest. Independent of commit order."""

SKIPPED = "AccountSkipped"
"""Error class of a stream that was not asked, since its whole account had been refused before."""

HEAVY = frozenset({"TooHeavy", "ReportNotReady"})
"""Error classes of a window that was too much for the platform at once, or took it too long."""

Shown = TypeVar("Shown")
Cell = tuple[Order, date, date, Shown]
"""A succeeded report chunk: its order, its half-open range of dates, and what is shown of it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What status needs of one log row."""

    sync_id: str
    organization_id: str
    connection_id: str
    platform: str
    account_id: str
    stream: str
    status: str
    fetch_started_at: datetime
    committed_at: datetime
    rows: int
    rejected_rows: int
    window_to: datetime | None
    error_class: str | None
    error_message: str | None
    missing_fields: str | None = None
    clock_carried_seconds: float | None = None
    mode: str = "incremental"

    @property
    def fetched_at(self) -> datetime:
        """When fetching began by the clock as it was, without what it was carried forward."""
        return self.fetch_started_at - timedelta(seconds=self.clock_carried_seconds or 0.0)


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """The newest sync of one connection's stream, and its newest success.

    Attributes:
        status: ``succeeded``, ``failed``, or ``partial`` when only some chunks failed.
        attempted_at: when fetching of the newest sync began.
        succeeded_at: when the newest sync whose chunks all succeeded began; None when never.
        rows: rows of the newest sync's succeeded chunks.
        rejected_rows: rows of the newest sync that went to quarantine.
        window_to: furthest end of a succeeded window, in the account's zone for reports.
        error_class: class of the newest sync's last failure, None when it succeeded.
        error_message: its message.
        failed_chunks: failed chunks of the newest sync.
        missing_fields: columns that the newest sync left null, since the platform refused them.
        future_at: of a sync that a wrong clock dated into the future, and that no later success or
            reset has followed: what the clock said. None when there is none.
    """

    organization_id: str
    connection_id: str
    platform: str
    account_id: str
    stream: str
    status: Literal["succeeded", "failed", "partial"]
    sync_id: str
    attempted_at: datetime
    committed_at: datetime
    succeeded_at: datetime | None
    rows: int
    rejected_rows: int
    window_to: datetime | None
    error_class: str | None
    error_message: str | None
    failed_chunks: int
    missing_fields: tuple[str, ...] = ()
    future_at: datetime | None = None

    @property
    def is_skipped(self) -> bool:
        """It was not asked for: another stream of the same run reports the account's refusal."""
        return self.error_class == SKIPPED


def coverage_days(cells: Sequence[Cell[Shown]]) -> dict[date, Shown]:
    """Every covered date with what is shown of its winner: when it was fetched, say.

    Paints the windows in their order onto one list, so that many overlapping windows stay cheap.
    """
    if not cells:
        return {}
    base = min(start for _, start, _, _ in cells)
    length = (max(end for _, _, end, _ in cells) - base).days
    painted: list[Shown | None] = [None] * length
    for _, start, end, shown in sorted(cells, key=lambda cell: cell[:3]):
        begin, stop = (start - base).days, (end - base).days
        painted[begin:stop] = [shown] * (stop - begin)
    return {
        base + timedelta(days=offset): shown
        for offset, shown in enumerate(painted)
        if shown is not None
    }


def moving_windows(
    rows: Iterable[Mapping[str, Any]],
    future: Set[str] = frozenset(),
    without: Set[tuple[str, str]] = frozenset(),
) -> dict[str, list[tuple[datetime, datetime]]]:
    """The windows that move a connection's cursor: those since its last reset, and that itself.

    Args:
        rows: log rows, as mappings.
        future: syncs that do not count, since a wrong clock dated them into the future.
        without: (connection, sync) of further ones that do not count.
    """
    moving = list(rows)
    resets: dict[str, str] = {}
    for row in moving:
        if row["mode"] == RESET:
            before = resets.get(row["connection_id"], "")
            resets[row["connection_id"]] = max(before, row["sync_id"])
    windows: dict[str, list[tuple[datetime, datetime]]] = {}
    for row in moving:
        connection, sync_id = row["connection_id"], row["sync_id"]
        if sync_id in future or (connection, sync_id) in without:
            continue
        if sync_id >= resets.get(connection, ""):
            windows.setdefault(connection, []).append((row["window_from"], row["window_to"]))
    return windows


def contiguous_end(
    windows: Iterable[tuple[datetime, datetime]], start: datetime
) -> datetime | None:
    """End of the contiguous prefix of succeeded windows that begins at ``start``: the cursor.

    Returns:
        The end, or None when nothing succeeded from ``start`` on without a gap.
    """
    end = start
    for window_from, window_to in sorted(windows):
        if window_from > end:
            break
        end = max(end, window_to)
    return end if end > start else None


def stream_statuses(attempts: Iterable[Attempt], now: datetime | None = None) -> list[StreamStatus]:
    """One status per connection and stream, ordered by organization, platform, account, stream.

    Args:
        attempts: log rows.
        now: the present; a sync from beyond it is no success. None to believe every clock.
    """
    grouped: dict[tuple[str, str], dict[str, list[Attempt]]] = {}
    resets: dict[tuple[str, str], str] = {}
    for attempt in attempts:
        if attempt.mode == RESET:
            key = (attempt.connection_id, attempt.stream)
            resets[key] = max(attempt.sync_id, resets.get(key, ""))
            continue
        syncs = grouped.setdefault((attempt.connection_id, attempt.stream), {})
        syncs.setdefault(attempt.sync_id, []).append(attempt)
    statuses = [
        _stream_status(list(syncs.values()), now, resets.get(key, ""))
        for key, syncs in grouped.items()
    ]
    return sorted(statuses, key=lambda s: (s.organization_id, s.platform, s.account_id, s.stream))


def _stream_status(syncs: list[list[Attempt]], now: datetime | None, reset: str) -> StreamStatus:
    clocks = ((a.sync_id, a.clock_carried_seconds) for sync in syncs for a in sync)
    future = from_the_future(clocks, now) if now else frozenset()
    syncs.sort(
        key=lambda sync: (
            sync[0].sync_id not in future,
            max(a.fetch_started_at for a in sync),
            sync[0].sync_id,
        )
    )
    newest = syncs[-1]
    failed = [attempt for attempt in newest if attempt.status == "failed"]
    clean = [
        sync
        for sync in syncs
        if sync[0].sync_id not in future and all(a.status == "succeeded" for a in sync)
    ]
    settled = max([reset, *(sync[0].sync_id for sync in clean)])
    ahead = [a.fetched_at for sync in syncs for a in sync if settled < a.sync_id in future]
    last_failure = max(failed, key=lambda a: a.fetch_started_at, default=None)
    ends = [
        attempt.window_to
        for sync in syncs
        for attempt in sync
        if attempt.status == "succeeded" and attempt.window_to is not None
        if attempt.sync_id not in future
    ]
    first = newest[0]
    return StreamStatus(
        organization_id=first.organization_id,
        connection_id=first.connection_id,
        platform=first.platform,
        account_id=first.account_id,
        stream=first.stream,
        status=_verdict(len(failed), len(newest)),
        sync_id=first.sync_id,
        attempted_at=min(a.fetched_at for a in newest),
        committed_at=max(a.committed_at for a in newest),
        succeeded_at=max((a.fetched_at for a in clean[-1]), default=None) if clean else None,
        rows=sum(a.rows for a in newest if a.status == "succeeded"),
        rejected_rows=sum(a.rejected_rows for a in newest),
        window_to=max(ends, default=None),
        error_class=last_failure.error_class if last_failure else None,
        error_message=last_failure.error_message if last_failure else None,
        failed_chunks=len(failed),
        missing_fields=tuple(
            sorted({n for a in newest for n in orjson.loads(a.missing_fields or "[]")})
        ),
        future_at=max(ahead, default=None),
    )


def _verdict(failed: int, chunks: int) -> Literal["succeeded", "failed", "partial"]:
    if failed == 0:
        return "succeeded"
    return "failed" if failed == chunks else "partial"
