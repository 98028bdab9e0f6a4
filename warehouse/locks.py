"""The build lock: one process at a time builds and publishes a home.

It is an ``flock``: the kernel frees it when its last holder is gone, however that ended. The file
says who holds it, in real time (not the pipeline's clock), for those who wait.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from warehouse.files import ensure_directory, host_name
from warehouse.home import Home

POLL_SECONDS = 0.1
_HELD = threading.local()


class LockTimeout(TimeoutError):
    """The build lock stayed with another process for longer than the caller would wait."""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds the lock: process id, machine and since when; pid 0 when it is not known."""

    pid: int
    host: str
    since: datetime | None

    def __str__(self) -> str:
        if not self.pid:
            return "another process"
        since = f" since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        return f"process {self.pid} on {self.host}{since}"


@dataclass(frozen=True, slots=True)
class BuildLock:
    """A held lock.

    Attributes:
        fd: its descriptor. A child process started with ``pass_fds=(lock.fd,)`` keeps the lock
            held until it too has ended, even when this process is killed before.
    """

    fd: int

    def make_inheritable(self) -> int:
        """Lets every child that keeps descriptors open hold the lock; returns ``fd``."""
        os.set_inheritable(self.fd, True)
        return self.fd


@contextmanager
def build_lock(
    home: Home,
    on_wait: Callable[[LockHolder], None] | None = None,
    timeout_seconds: float | None = None,
) -> Iterator[BuildLock]:
    """Holds the build lock, waiting for it when another process has it.

    Args:
        home: the home.
        on_wait: called when waiting begins, and again when another holder takes its turn.
        timeout_seconds: how long to wait; None waits for ever.

    Raises:
        LockTimeout: it was not free in time.
        RuntimeError: this thread holds it already.
    """
    path = home.build_lock_file
    held: set[str] = _HELD.__dict__.setdefault("paths", set())
    if str(path) in held:
        raise RuntimeError(f"this thread holds {path} already: pass its BuildLock on instead")
    ensure_directory(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, on_wait, timeout_seconds)
        _sign(descriptor)
        held.add(str(path))
        try:
            yield BuildLock(descriptor)
        finally:
            held.discard(str(path))
    finally:
        # Closing, not LOCK_UN: a child that inherited the descriptor keeps the lock.
        os.close(descriptor)


def _acquire(
    descriptor: int, on_wait: Callable[[LockHolder], None] | None, timeout_seconds: float | None
) -> None:
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    told: LockHolder | None = None
    while not _try(descriptor):
        holder = _holder(descriptor)
        if holder != told:
            told = holder
            if on_wait is not None:
                on_wait(holder)
        if deadline is not None and time.monotonic() >= deadline:
            raise LockTimeout(f"the build lock is held by {holder}; waited {timeout_seconds:.0f} s")
        time.sleep(POLL_SECONDS)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int) -> None:
    since = datetime.now(UTC).replace(microsecond=0)
    line = orjson.dumps({"pid": os.getpid(), "host": host_name(), "since": since})
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, line, 0)


def _holder(descriptor: int) -> LockHolder:
    try:
        found = orjson.loads(os.pread(descriptor, 4096, 0))
        since = datetime.fromisoformat(found["since"])
        return LockHolder(int(found["pid"]), str(found["host"]), since)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return LockHolder(0, "", None)  # it has the lock but has not signed yet
