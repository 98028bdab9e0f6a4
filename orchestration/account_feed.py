"""One account's part of a sync: its due chunks are fetched page by page, and reported.

A feed runs in its own thread and speaks through a bounded queue, so a slow disk slows the
network down instead of filling the memory, and rows reach the file account by account.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from queue import Empty, Full, Queue

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, AuthRejected, ConnectorError, ShapeChanged
from connectors.core.intake import Reading
from connectors.core.redaction import masked_traceback
from connectors.core.usage import Stats
from orchestration.due.chunks import Chunk, Planner, Pull
from orchestration.due.loads import object_schema
from orchestration.feed_events import ChunkBegin, ChunkRestart, ChunkSplit, Event
from orchestration.sources import Source
from warehouse.sync_rows import Outcome

_log = logging.getLogger(__name__)

QUEUE_PAGES = 4
"""Pages in flight per account: enough to keep the writer busy, few enough to bound memory."""


class AccountFeed:
    """Fetches the due chunks of one account in a thread; iterate over it for the events."""

    def __init__(self, job: Pull, source: Source, planner: Planner) -> None:
        self._job, self._source, self._planner = job, source, planner
        self._queue: Queue[Event | BaseException | None] = Queue(QUEUE_PAGES)
        self._stopped = threading.Event()
        self._reading: Reading | None = None

    def run(self) -> None:
        """Fetches everything; called in a worker thread. Never raises: trouble is queued."""
        try:
            self._fetch_account()
        except _Stopped:
            return
        except BaseException as trouble:  # the consumer re-raises it in its own thread
            self._put_quietly(trouble)
        else:
            self._put_quietly(None)

    def stop(self) -> None:
        """Makes the worker end: what it puts is no longer read."""
        self._stopped.set()

    def __iter__(self) -> Iterator[Event]:
        while True:
            event = self._queue.get()
            if event is None:
                return
            if isinstance(event, BaseException):
                raise event
            yield event

    def _fetch_account(self) -> None:
        source, planner = self._source, self._planner
        try:
            # Nothing due by the zone that is known from before: nobody is even asked.
            if source.account.time_zone and not planner.chunks(source, source.account):
                return
            account = source.describe()
            left = deque(planner.chunks(source, account))
        except _Stopped:
            raise
        except Exception as trouble:
            self._fail_whole(_as_connector_error(trouble))
            return
        # Only now: which credential reaches the account is known since it was described.
        self._client, self._logged = source.client(), Stats()
        succeeded = False
        while left:
            chunk = left.popleft()
            error = self._fetch_chunk(account, chunk)
            smaller = chunk.halves() if error and error.less_may_help else ()
            if smaller:
                self._put(ChunkSplit())
                left.extendleft(reversed(smaller))
                continue
            self._end_chunk(chunk, error)
            succeeded = succeeded or error is None
            if isinstance(error, AccountGone | AuthRejected):
                source.confirm(error)
            if error and planner.is_the_end(account, error, succeeded):
                return

    def _fail_whole(self, error: ConnectorError) -> None:
        self._located(error)
        chunk = self._planner.refused(self._source)
        if chunk is None:
            return
        self._put(ChunkBegin(self._source.account, chunk, clock.now()))
        # What this stream says of the refusal of its account: in full, or why it is skipped.
        said = self._located(self._source.reported(error))
        self._put(_outcome(chunk, said, None))

    def _located(self, error: ConnectorError, window: str = "") -> ConnectorError:
        names = (self._job.platform.name, self._job.stream.name, self._source.account.id)
        platform, stream, account = names
        return error.located(platform=platform, stream=stream, account=account, window=window)

    def _fetch_chunk(self, account: Account, chunk: Chunk) -> ConnectorError | None:
        """Puts the pages of a chunk, and returns what it failed with."""
        self._started, self._reading, self._size = time.monotonic(), None, 0
        self._put(ChunkBegin(account, chunk, clock.now()))
        try:
            self._reading = self._planner.read(chunk, account, self._client, self._source.hash_pii)
            self._put_pages(self._reading)
            while self._reading.is_due_again:
                self._put(ChunkRestart(clock.now()))
                self._put_pages(self._reading)
        except _Stopped:
            raise
        except Exception as trouble:
            error = self._located(_as_connector_error(trouble), str(chunk.window or ""))
            if chunk.data:
                error.message = f"{chunk.data.name}: {error.message}"
            return error
        return None

    def _put_pages(self, reading: Reading) -> None:
        self._size = 0
        for page in reading:
            self._size += page.bytes
            self._put(page)

    def _end_chunk(self, chunk: Chunk, error: ConnectorError | None) -> None:
        """Reports how a chunk went; what a larger one has cost that was given up counts as well."""
        before, after = self._logged, self._client.stats.copy()
        self._put(
            replace(
                _outcome(chunk, error, self._reading),
                requests=after.requests - before.requests,
                retries=after.retries - before.retries,
                # What lies on this machine comes without an answer whose size is known.
                bytes=after.bytes - before.bytes or self._size,
                duration_seconds=round(time.monotonic() - self._started, 3),
                missing_fields=sorted(self._client.left_out),
            )
        )
        self._logged = after

    def _put(self, event: Event) -> None:
        if not self._offer(event):
            raise _Stopped

    def _put_quietly(self, last: BaseException | None) -> None:
        self._offer(last)

    def _offer(self, event: Event | BaseException | None) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(event, timeout=0.2)
                return True
            except Full:
                continue
        return False

    def drain(self) -> None:
        """Throws away what is queued, so that a stopped worker can end."""
        self.stop()
        while True:
            try:
                self._queue.get_nowait()
            except Empty:
                return


def _outcome(chunk: Chunk, error: ConnectorError | None, reading: Reading | None) -> Outcome:
    """How a chunk went, without what it has cost."""
    covered = reading.covered if reading and not error else None
    schema = reading.schema if reading else {}
    return Outcome(
        "failed" if error else "succeeded",
        error_class=error.error_class if error else None,
        error_message=str(error) if error else None,
        window_from=covered.start if covered else None,
        window_to=covered.end if covered else None,
        object_schema=object_schema(chunk.data, schema) if chunk.data else None,
    )


def _as_connector_error(trouble: Exception) -> ConnectorError:
    """A fault of ours on one account's answer is the failure of that account alone.

    Only its class is reported: the text of an unforeseen error may hold a piece of the answer.
    """
    if isinstance(trouble, ConnectorError):
        return trouble
    _log.error("unforeseen error while an account was fetched\n%s", masked_traceback(trouble))
    return ShapeChanged(f"the connector failed on this account's answer: {type(trouble).__name__}")


class _Stopped(Exception):
    """The consumer is gone; unwinds the worker."""
