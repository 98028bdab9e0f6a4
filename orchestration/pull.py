"""Pulls one stream of many accounts into the lake: extract, commit, receipt.

One sync is one stream over all the accounts it was asked for. Accounts are fetched side by side
and written one after the other; what one account cannot deliver is a ``failed`` row of the log and
stops nobody else. No Dagster in here.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from connectors.core import clock
from connectors.core.arrow import TypedPage
from connectors.core.window import Window
from orchestration.account_feed import AccountFeed
from orchestration.due.chunks import Planner, Pull
from orchestration.due.intakes import planner_of
from orchestration.due.windows import log_edge
from orchestration.feed_events import ChunkBegin, ChunkRestart, ChunkSplit
from orchestration.garbage import collect_rarely
from orchestration.progress import count_accounts
from orchestration.settings import accounts_at_once
from orchestration.sources import Source
from warehouse.lake import ChunkInfo, SyncWriter
from warehouse.locks import file_lock
from warehouse.sync_ids import SyncIds, sync_time_milliseconds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

__all__ = ["Progress", "Pull", "Receipt", "pull", "whole_days"]

Progress = Callable[[int, int], None]
"""Called with (rows, bytes) of each page as it arrives."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one sync of one stream brought.

    Attributes:
        rows: the committed log rows, one per account and chunk; empty when nothing was due.
    """

    platform: str
    stream: str
    sync_id: str
    rows: Sequence[LogRow] = field(default_factory=list)

    @property
    def failures(self) -> list[LogRow]:
        """Chunks that failed."""
        return [row for row in self.rows if row.status == "failed"]

    def total(self, measure: str) -> int:
        """Sum of one counter of the log rows: rows, rejected_rows, bytes, requests, retries."""
        return sum(getattr(row, measure) for row in self.rows)


def pull(job: Pull, sources: Sequence[Source], progress: Progress | None = None) -> Receipt:
    """Fetches what is due of one stream and commits it.

    Args:
        job: the stream and, for a backfill, its window.
        sources: the accounts, each with its client.
        progress: told of every page.

    Returns:
        The receipt; failed accounts are in it, they raise nothing.

    Raises:
        LakeFull: the disk is full; parts committed before stay, nothing else is visible.
    """
    collect_rarely()
    with nullcontext() if job.platform.intake.is_scheduled else _alone(job):
        receipt = _sync(job, sources, progress)
        rows = list(receipt.rows)
        # A sync holds one list of an account: each that has landed has its own.
        while any(row.kind == "snapshot" and row.object_digest for row in receipt.rows):
            tried = frozenset((row.connection_id, row.object_digest or "") for row in rows)
            receipt = _sync(replace(job, tried=tried), sources, progress)
            rows += receipt.rows
    return replace(receipt, rows=rows)


def _alone(job: Pull) -> AbstractContextManager[object]:
    """Two runs at once would each find the same object waiting, and load it twice."""
    name = f"{job.platform.name}/{job.stream.name}"
    return file_lock(job.home.path / f"{name.replace('/', '.')}.lock", f"the lock of {name}")


def _sync(job: Pull, sources: Sequence[Source], progress: Progress | None) -> Receipt:
    log = SyncLog(job.home)
    sync_id, carried = SyncIds(clock.now, log.largest_sync_id()).next()
    planner = planner_of(job.platform)(job, log)
    started = datetime.fromtimestamp(sync_time_milliseconds(sync_id) / 1000, UTC)
    if carried:
        # What was fetched while the clock was ahead must not win over this for ever.
        started = max(started, log.latest_instant() or started)
    with SyncWriter(
        job.home,
        job.platform.name,
        job.stream.name,
        job.stream.arrow_schema,
        sync_id,
        max(clock.now(), started),
        job.run_id,
        now=clock.now,
        clock_carried_seconds=carried,
    ) as writer:
        scribe = _Scribe(writer, job, started, progress)
        failing = log.failing(job.platform.name, job.stream.name)
        with _feeds(job, _in_turn(sources, failing), planner) as feeds:
            waiting = failing
            for done, (source, feed) in enumerate(feeds):
                count_accounts(job.platform.name, job.stream.name, done, len(feeds))
                if source.connection_id in waiting:
                    # What the others brought is seen before the slow ones are waited for.
                    writer.commit_part()
                    waiting = frozenset()
                scribe.write_account(source, feed)
            count_accounts(job.platform.name, job.stream.name, len(feeds), len(feeds))
    return Receipt(job.platform.name, job.stream.name, sync_id, writer.committed)


def _in_turn(sources: Sequence[Source], failing: Set[str]) -> list[Source]:
    """Accounts that failed last time come last: one that takes hours holds up no other."""
    return sorted(
        sources, key=lambda s: (s.connection_id in failing, s.organization_id, s.account.id)
    )


class _Scribe:
    """Turns the events of the feeds into rows and receipts of one sync."""

    def __init__(
        self, writer: SyncWriter, job: Pull, started: datetime, progress: Progress | None
    ) -> None:
        self._writer, self._job, self._started = writer, job, started
        self._progress = progress
        self._chunks = 0

    def write_account(self, source: Source, feed: AccountFeed) -> None:
        """Writes everything that one account's feed brings."""
        unknown: set[str] = set()
        begin: ChunkBegin | None = None
        for event in feed:
            if isinstance(event, TypedPage):
                self._write_page(event, unknown)
            elif isinstance(event, ChunkBegin):
                begin, unknown = event, set()
                self._begin(source, event, event.fetch_started_at)
            elif isinstance(event, ChunkSplit):
                self._writer.abandon_chunk()
                begin = None
            elif isinstance(event, ChunkRestart):
                if begin is None:
                    raise RuntimeError("a feed restarted a chunk that it had not begun")
                self._writer.abandon_chunk()
                unknown = set()
                self._begin(source, begin, event.fetch_started_at)
            else:
                self._writer.finish_chunk(replace(event, unknown_fields=sorted(unknown)))

    def _write_page(self, page: TypedPage, unknown: set[str]) -> None:
        self._writer.write(page.batch)
        self._writer.reject([(row.reason, row.payload_json) for row in page.rejected])
        unknown |= page.unknown_fields
        if self._progress:
            self._progress(page.batch.num_rows, page.bytes)

    def _begin(self, source: Source, begin: ChunkBegin, fetch_started_at: datetime) -> None:
        chunk, reach, basis = begin.chunk, self._job.stream.reach, self._job.stream.basis
        window, data = chunk.window, chunk.data
        self._writer.begin_chunk(
            ChunkInfo(
                organization_id=source.organization_id,
                connection_id=source.connection_id,
                account_id=source.account.id,
                kind=chunk.kind,
                chunk_id=self._chunks,
                mode="full" if chunk.kind == "snapshot" else self._job.mode,
                # A clock that stepped back must not let an older sync win over this one.
                fetch_started_at=max(fetch_started_at, self._started),
                window_from=log_edge(window.start) if window else None,
                window_to=log_edge(window.end) if window else None,
                account_name=begin.account.name or None,
                account_currency=begin.account.currency or None,
                account_time_zone=begin.account.time_zone or None,
                object_name=data.name if data else None,
                object_digest=(data.digest or None) if data else None,
                basis=basis(begin.account) if basis else None,
                hidden_before=reach.hidden_before(begin.account, clock.now()) if reach else None,
            )
        )
        self._chunks += 1


@contextmanager
def _feeds(
    job: Pull, sources: Sequence[Source], planner: Planner
) -> Iterator[list[tuple[Source, AccountFeed]]]:
    feeds = [(source, AccountFeed(job, source, planner)) for source in sources]
    pool = ThreadPoolExecutor(max_workers=accounts_at_once(), thread_name_prefix="account")
    try:
        for _, feed in feeds:
            # Started in the order in which they are read, so the one that is read always runs.
            pool.submit(feed.run)
        yield feeds
    finally:
        for _, feed in feeds:
            feed.drain()
        pool.shutdown(wait=True, cancel_futures=True)


def whole_days(first: date, last: date) -> Window:
    """Returns the window from ``first`` to ``last``, both included.

    Raises:
        ValueError: the range ends before it starts.
    """
    if last < first:
        raise ValueError(
            f"the range ends ({last}) before it starts ({first}); give --from the earlier date"
        )
    return Window(first, last + timedelta(days=1))
