"""Windows of time: which are due of an account, and how one is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.accounts import Account
from connectors.core.arrow import TypedPage
from connectors.core.errors import ConnectorError, ShapeChanged, Terminal, Transient
from connectors.core.extraction import extract
from connectors.core.http import Client
from connectors.core.personal import Hasher
from connectors.core.window import BEGINNING, Window
from orchestration.due.chunks import Chunk, Planner, Pull
from orchestration.due.dates import IN_MOTION_DAYS, can_have_news, date_ranges, due_dates
from orchestration.sources import Source
from warehouse.coverage import contiguous_end
from warehouse.reach import partly_seen
from warehouse.sync_log import SyncLog

_log = logging.getLogger(__name__)

CHUNK_ATTEMPTS = 3
"""How often a chunk is fetched anew when the platform lets a page token expire in mid-chunk."""


@dataclass(slots=True)
class WindowReading:
    """The pages of one window; a page token that expires on the way makes it due again.

    Attributes:
        least_rows: with fewer rows, those in quarantine included, it is refused.
    """

    pages: Callable[[], Iterator[TypedPage]]
    least_rows: int = 0
    covered: Window | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)
    is_due_again: bool = False
    attempt: int = 0

    def __iter__(self) -> Iterator[TypedPage]:
        self.attempt += 1
        self.is_due_again = False
        rows = 0
        try:
            for page in self.pages():
                rows += page.batch.num_rows + len(page.rejected)
                yield page
        except Transient as trouble:
            if not trouble.restart_chunk or self.attempt == CHUNK_ATTEMPTS:
                raise
            self.is_due_again = True
            return
        if rows < self.least_rows:
            raise ShapeChanged(
                f"the list has {rows:,} rows, and after its last one at least {self.least_rows:,} "
                "were expected: it is taken for half a list",
                remedy="Look whether rows are missing at the source. If the list is right, set "
                "least_kept of the connection to 0, run the sync, and take it back.",
            )


class WindowPlanner(Planner):
    """Decides which windows are due: what no succeeded sync covers, and what is restated."""

    def __init__(self, job: Pull, log: SyncLog) -> None:
        super().__init__(job, log)
        platform, stream, kind = job.platform.name, job.stream.name, job.stream.kind
        due = job.window is None
        self._resumed = frozenset(
            (row.connection_id, row.window_from, row.window_to)
            for row in (log.rows(platform, stream) if job.resumes else ())
            if row.run_id in job.resumes and row.status == "succeeded"
        )
        # Once for all accounts: the log is read whole, however few rows are wanted of it.
        self._lists = log.last_snapshots(platform, stream) if kind == "snapshot" else {}
        changes = kind == "changes" and due
        self._changed = log.change_windows(platform, stream, self._now) if changes else {}
        # Once everything is shown, what was fetched while something was hidden is due again.
        partly = partly_seen(log, platform, stream) if changes and job.stream.reach else frozenset()
        self._changed_whole = (
            log.change_windows(platform, stream, self._now, without=partly) if partly else None
        )
        report = kind == "report" and (due or job.unasked)
        self._coverage: Mapping[str, Mapping[date, datetime]] = (
            log.coverage_by_connection(platform, stream, self._now) if report else {}
        )
        self._bases: Mapping[str, Mapping[date, str]] = (
            log.bases_by_connection(platform, stream, self._now)
            if report and job.stream.basis
            else {}
        )
        self._heavy = log.heavy_windows(platform, stream) if report else {}
        # Only who waits for a publication must know that the last look at it failed.
        awaits = report and job.stream.publication is not None
        latest = log.latest_status(platform, stream, self._now) if awaits else []
        self._failed = frozenset(s.connection_id for s in latest if s.status != "succeeded")

    def chunks(self, source: Source, account: Account) -> list[Chunk]:
        """Returns the windows to fetch, oldest first; of a snapshot the whole list, without one."""
        stream, last = self._job.stream, self._lists.get(source.connection_id)
        least = 0
        if stream.least_kept is not None and last is not None:
            least = ceil((last.rows + last.rejected_rows) * stream.least_kept(account))
        windows = self._windows(source, account)
        return [Chunk(stream.kind, window, least_rows=least) for window in windows]

    def refused(self, source: Source) -> Chunk | None:
        """Returns one chunk from the first due window to the last."""
        try:
            chunks = self.chunks(source, source.account)
        except ValueError:
            # Its zone is what is wrong; which dates failed is then known by UTC's calendar.
            chunks = self.chunks(source, replace(source.account, time_zone="UTC"))
        if not chunks:
            return None
        first, last = chunks[0].window, chunks[-1].window
        return replace(chunks[0], window=Window(first.start, last.end) if first and last else None)

    def read(
        self, chunk: Chunk, account: Account, client: Client, hash_pii: Hasher | None
    ) -> WindowReading:
        """Returns the pages that the platform answers with."""
        asked = (self._job.platform, self._job.stream, account, chunk.window, client, hash_pii)
        return WindowReading(lambda: extract(*asked), chunk.least_rows)

    def is_the_end(self, _account: Account, error: ConnectorError, succeeded: bool) -> bool:
        """Returns whether the same answer awaits every further chunk.

        A cursor moves over a contiguous prefix only. What is too much of one day may pass of
        another, unless it may as well be that the platform is down.
        """
        if self._job.stream.kind == "changes":
            return True
        if error.less_may_help:
            return isinstance(error, Transient) and not succeeded
        return isinstance(error, Terminal)

    def _windows(self, source: Source, account: Account) -> Sequence[Window | None]:
        stream = self._job.stream
        if stream.kind == "snapshot":
            last = self._lists.get(source.connection_id)
            return [] if last and last.fetch_started_at == self._now else [None]
        if stream.kind == "changes":
            return self._changes(source, account)
        days = self._days_at_once(source)
        pieces = [
            piece
            for start, end in self._ranges(source, account)
            for piece in Window(start, end).split(days)
        ]
        return [piece for piece in pieces if not self._is_committed(source, piece)]

    def _days_at_once(self, source: Source) -> int | None:
        """The longest window of a report: half of what was too much for the platform last time."""
        most, heavy = self._job.stream.max_window_days, self._heavy.get(source.connection_id)
        if heavy is None:
            return most
        return min(most or heavy, max(1, heavy // 2))

    def _ranges(self, source: Source, account: Account) -> list[tuple[date, date]]:
        """Half-open ranges of the dates of a report to fetch, oldest first."""
        stream, oldest = self._job.stream, self._oldest(account)
        if self._job.window:
            window = self._job.window
            if window.start < oldest:
                _log.warning(
                    "%s account %s: %s is kept for %d days only: nothing before %s is asked for",
                    self._job.platform.name, account.id, stream.name, stream.retention_days, oldest,
                )  # fmt: skip
            days = [day for day in window.days() if day >= oldest]
            if not self._job.unasked:
                return date_ranges(days)
        else:
            days = due_dates(
                self._coverage_of(source, account),
                start=max(source.start_date, oldest),
                now=self._now,
                time_zone=account.time_zone or "UTC",
                lookback_days=stream.lookback_days,
                # What is published at its time is asked for only when there can be news.
                in_motion_days=None if stream.publication else IN_MOTION_DAYS,
            )
        return date_ranges(days) if self._is_worth_asking(source, days) else []

    def _coverage_of(self, source: Source, account: Account) -> Mapping[date, datetime]:
        """The dates that need no pull for want of one: those that rest on other settings do.

        Dates of which it is not known what they rest on are taken to rest on the present ones.
        """
        coverage = self._coverage.get(source.connection_id, {})
        basis = self._job.stream.basis(account) if self._job.stream.basis else None
        if basis is None:
            return coverage
        bases = self._bases.get(source.connection_id, {})
        return {day: at for day, at in coverage.items() if bases.get(day, basis) == basis}

    def _is_worth_asking(self, source: Source, days: Sequence[date]) -> bool:
        """Says of a stream that is published once a day whether there can be anything new."""
        publication = self._job.stream.publication
        if publication is None or source.connection_id in self._failed:
            return True
        coverage = self._coverage.get(source.connection_id, {})
        return can_have_news(days, coverage, publication=publication, now=self._now)

    def _oldest(self, account: Account) -> date:
        """The first of the account's own dates that the platform still keeps."""
        days = self._job.stream.retention_days
        if days is None:
            return date.min
        zone = ZoneInfo(account.time_zone or "UTC")
        return self._now.astimezone(zone).date() - timedelta(days=days)

    def _is_committed(self, source: Source, piece: Window) -> bool:
        """Says of a chunk of a backfill whether a killed run of it got as far as that."""
        edges = (_log_time(piece.start), _log_time(piece.end))
        return (source.connection_id, *edges) in self._resumed

    def _changes(self, source: Source, account: Account) -> list[Window | None]:
        """Windows of instants; the dates that people give are the account's own."""
        zone = ZoneInfo(account.time_zone or "UTC")
        if self._job.window:
            begin = _midnight(self._job.window.start, zone)
            end = min(_midnight(self._job.window.end, zone), self._now)
        else:
            first = BEGINNING if self._job.stream.reads_all else _midnight(source.start_date, zone)
            begin = self._since_cursor(source, account, first)
            end = self._now
        if begin >= end:
            return []
        pieces = Window(begin, end).split(self._job.stream.max_window_days)
        return [piece for piece in pieces if not self._is_committed(source, piece)]

    def _since_cursor(self, source: Source, account: Account, start: datetime) -> datetime:
        """Where the next incremental window of changes begins."""
        stream = self._job.stream
        # From the start: one that was moved back asks for what lies before the first window. A
        # reset is an empty window: it says from where everything is asked for again.
        changed, reach = self._changed, stream.reach
        if self._changed_whole is not None and reach and reach.is_whole(account):
            changed = self._changed_whole
        windows = changed.get(source.connection_id, [])
        resets = [begin.replace(tzinfo=UTC) for begin, end in windows if begin == end]
        start = max([start, *resets])
        cursor = contiguous_end(windows, start.replace(tzinfo=None))
        if cursor is None:
            return start
        reached = cursor.replace(tzinfo=UTC)
        # At the instant of the last sync there is nothing new, whatever the overlap.
        return reached if reached >= self._now else max(start, reached - stream.cursor_overlap)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a date of an account begins, in UTC."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)


def log_edge(edge: date) -> date:
    """Returns the edge of a window as the log keeps it: instants in UTC without a zone."""
    return edge.astimezone(UTC).replace(tzinfo=None) if isinstance(edge, datetime) else edge


def _log_time(edge: date) -> datetime:
    """The edge of a window as a log row that was read back has it: a time without a zone."""
    logged = log_edge(edge)
    if isinstance(logged, datetime):
        return logged
    return datetime.combine(logged, datetime.min.time())
