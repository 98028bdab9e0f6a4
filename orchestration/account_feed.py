"""One account's part of a sync: plan its chunks, fetch them page by page, tell what happened.

A feed runs in its own thread and speaks through a bounded queue, so a slow disk slows the
network down instead of filling the memory, and rows reach the file account by account.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from queue import Empty, Full, Queue

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    ConnectorError,
    ShapeChanged,
    Terminal,
    Transient,
)
from connectors.core.extraction import extract, halves
from connectors.core.http import Client
from connectors.core.objects import DataObject, DueObject, ObjectReading
from connectors.core.platform import Platform
from connectors.core.redaction import masked_traceback
from connectors.core.stream import Stream
from connectors.core.usage import Stats
from connectors.core.window import Window
from orchestration.feed_events import ChunkBegin, ChunkEnd, ChunkRestart, ChunkSplit, Event

_log = logging.getLogger(__name__)

QUEUE_PAGES = 4
"""Pages in flight per account: enough to keep the writer busy, few enough to bound memory."""

CHUNK_ATTEMPTS = 3
"""How often a chunk is fetched anew when the platform lets a page token expire in mid-chunk."""


Chunk = Window | DueObject | None
ChunkPlan = Callable[[Account], Sequence[Chunk]]


class AccountFeed:
    """Fetches the due chunks of one account in a thread; iterate over it for the events."""

    def __init__(
        self,
        platform: Platform,
        stream: Stream,
        account: Account,
        *,
        client: Callable[[], Client],
        describe: Callable[[], Account],
        plan: ChunkPlan,
        hash_pii: Callable[[str], str] | None = None,
        reported: Callable[[ConnectorError], ConnectorError] = lambda refusal: refusal,
        confirm: Callable[[ConnectorError], None] = lambda _: None,
    ) -> None:
        """Makes a feed that has not begun.

        Args:
            reported: what this stream says of a refusal of the whole account.
            confirm: called with the refusal of a stream, to find out whether it is the account's.
        """
        self._platform, self._stream, self._account = platform, stream, account
        self._make_client, self._describe, self._plan = client, describe, plan
        self._reported, self._confirm = reported, confirm
        self._hash_pii = hash_pii
        self._queue: Queue[Event | BaseException | None] = Queue(QUEUE_PAGES)
        self._stopped = threading.Event()

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
        """Tells the worker that nobody listens any more."""
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
        try:
            # Nothing due by the zone that is known from before: nobody is even asked.
            if self._account.time_zone and not self._plan(self._account):
                return
            account = self._describe()
            windows = self._plan(account)
        except _Stopped:
            raise
        except Exception as trouble:
            self._fail_whole(_as_connector_error(trouble))
            return
        # Only now: which credential reaches the account is known since it was described.
        self._client, self._logged = self._make_client(), Stats()
        left, succeeded = deque(windows), False
        while left:
            window = left.popleft()
            if isinstance(window, DueObject):
                if self._load_object(account, window) and self._in_order(account):
                    return
                continue
            error = self._fetch_chunk(account, window)
            smaller = halves(window) if error and error.less_may_help else ()
            if smaller:
                self._put(ChunkSplit())
                left.extendleft(reversed(smaller))
                continue
            self._end_chunk(account, window, error)
            succeeded = succeeded or error is None
            if isinstance(error, AccountGone | AuthRejected):
                self._confirm(error)
            if error and self._is_the_end(error, succeeded):
                return

    def _is_the_end(self, error: ConnectorError, succeeded: bool) -> bool:
        """Says whether the same answer awaits every further chunk: it stays due for the next run.

        A cursor moves over a contiguous prefix only. What is too much of one day may pass of
        another, unless it may as well be that the platform is down.
        """
        if self._stream.kind == "changes":
            return True
        if error.less_may_help:
            return isinstance(error, Transient) and not succeeded
        return isinstance(error, Terminal)

    def _fail_whole(self, error: ConnectorError) -> None:
        account = self._account
        error.located(platform=self._platform.name, stream=self._stream.name, account=account.id)
        if self._platform.objects:
            self._fail_objects(account, error)
            return
        try:
            windows = self._plan(account)
        except ValueError:
            # Its zone is what is wrong; which dates failed is then told by UTC's calendar.
            windows = self._plan(replace(account, time_zone="UTC"))
        if not windows:
            return
        first, last = windows[0], windows[-1]
        window = None
        if isinstance(first, Window) and isinstance(last, Window):
            window = Window(first.start, last.end)
        self._put(ChunkBegin(account, window, clock.now()))
        self._put(ChunkEnd(self._said(error), 0, 0, 0, 0.0))

    def _said(self, refusal: ConnectorError) -> ConnectorError:
        """What this stream says of the refusal of its account: in full, or why it is skipped."""
        return self._reported(refusal).located(
            platform=self._platform.name, stream=self._stream.name, account=self._account.id
        )

    def _fetch_chunk(self, account: Account, window: Window | None) -> ConnectorError | None:
        self._started = time.monotonic()
        self._put(ChunkBegin(account, window, clock.now()))
        error: ConnectorError | None = None
        for attempt in range(1, CHUNK_ATTEMPTS + 1):
            try:
                for page in extract(
                    self._platform, self._stream, account, window, self._client, self._hash_pii
                ):
                    self._put(page)
                error = None
                break
            except Transient as trouble:
                error = trouble
                if not trouble.restart_chunk or attempt == CHUNK_ATTEMPTS:
                    break
                self._put(ChunkRestart(clock.now()))
            except _Stopped:
                raise
            except Exception as trouble:
                error = _as_connector_error(trouble)
                break
        return error

    def _end_chunk(
        self, account: Account, window: Window | None, error: ConnectorError | None
    ) -> None:
        """Tells how a chunk went; what a larger one has cost that was given up counts as well."""
        if error is not None:
            error.located(
                platform=self._platform.name,
                stream=self._stream.name,
                account=account.id,
                window=str(window or ""),
            )
        before, after = self._logged, self._client.stats.copy()
        self._put(
            ChunkEnd(
                error,
                after.requests - before.requests,
                after.retries - before.retries,
                after.bytes - before.bytes,
                time.monotonic() - self._started,
                left_out=frozenset(self._client.left_out),
            )
        )
        self._logged = after

    def _load_object(self, account: Account, due: DueObject) -> ConnectorError | None:
        """Loads one object. One that fails says nothing about the others."""
        objects = self._platform.objects
        assert objects is not None
        started, size = time.monotonic(), 0
        self._put(ChunkBegin(account, None, clock.now(), due.data, objects.kind(account)))
        error: ConnectorError | None = None
        reading: ObjectReading | None = None
        try:
            reading = objects.read(account, due, self._hash_pii)
            for page in reading:
                size += page.bytes
                self._put(page)
            while reading.is_due_again:
                self._put(ChunkRestart(clock.now()))
                for page in reading:
                    self._put(page)
        except _Stopped:
            raise
        except Exception as trouble:
            error = _as_connector_error(trouble)
            error.message = f"{due.data.name}: {error.message}"
            error.located(
                platform=self._platform.name, stream=self._stream.name, account=account.id
            )
        seconds = time.monotonic() - started
        covered = reading.covered if reading and not error else None
        schema = reading.schema if reading else None
        self._put(ChunkEnd(error, 0, 0, size, seconds, covered, schema))
        return error

    def _in_order(self, account: Account) -> bool:
        return self._platform.objects is not None and self._platform.objects.in_order(account)

    def _fail_objects(self, account: Account, error: ConnectorError) -> None:
        """Tells that the objects of an account could not even be looked for."""
        objects = self._platform.objects
        if objects is None or objects.stream(account) != self._stream.name:
            return
        nothing = DataObject("", "", 0, clock.now(), "", "")
        self._put(ChunkBegin(account, None, clock.now(), nothing, "changes"))
        self._put(ChunkEnd(error, 0, 0, 0, 0.0))

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


def _as_connector_error(trouble: Exception) -> ConnectorError:
    """A fault of ours on one account's answer is that account's failure, nobody else's.

    Only its class is told: the text of an unforeseen error may hold a piece of the answer.
    """
    if isinstance(trouble, ConnectorError):
        return trouble
    _log.error("unforeseen error while an account was fetched\n%s", masked_traceback(trouble))
    return ShapeChanged(f"the connector failed on this account's answer: {type(trouble).__name__}")


class _Stopped(Exception):
    """The consumer is gone; unwinds the worker."""
