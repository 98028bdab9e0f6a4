"""Locks on work of which a home bears one at a time.

The build lock guards the build and publishing; compaction and the files of organizations have one
each, since they go on beside a build. A lock is an ``flock``: the kernel frees it when its last
holder is gone, however that ended. The file says who holds it, in real time (not the pipeline's
clock), for those who wait. The writers' lock is shared by all who add to the lake.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from warehouse.durable_files import ensure_directory, host_name
from warehouse.home import PARTITIONS, SEED_DAY, Home

POLL_SECONDS = 0.1
_HELD = threading.local()


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


class LockTimeout(TimeoutError):
    """A lock stayed with another process for longer than the caller would wait.

    Attributes:
        holder: who has it.
    """

    def __init__(self, message: str, holder: LockHolder) -> None:
        super().__init__(message)
        self.holder = holder


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


OnWait = Callable[[LockHolder], None]


def build_lock(
    home: Home, on_wait: OnWait | None = None, timeout_seconds: float | None = None
) -> AbstractContextManager[BuildLock]:
    """Holds the lock of the build and of publishing; see ``file_lock``."""
    return file_lock(home.build_lock_file, "the build lock", on_wait, timeout_seconds)


@contextmanager
def writers_lock(home: Home, *, alone: bool = False) -> Iterator[bool]:
    """Holds the lock that all writers of the lake share, so that no folder goes under one of them.

    Args:
        home: the home.
        alone: hold it against all writers, or not at all when there is one.

    Yields:
        Whether it is held; always True unless ``alone``.
    """
    ensure_directory(home.writers_lock_file.parent)
    descriptor = os.open(home.writers_lock_file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        # A writer waits for as long as empty folders are being removed: no time at all.
        kind = fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH
        yield _try(descriptor, kind)
    finally:
        os.close(descriptor)


def remove_empty_folders(home: Home, directory: Path, depth: str = "") -> None:
    """Removes the folders of days and months that lost their files, if no writer is at work.

    Args:
        home: the home.
        directory: where they are.
        depth: a pattern for the folders in between, such as ``*/*/``.
    """
    with writers_lock(home, alone=True) as held:
        if held:
            for kind in PARTITIONS:
                for folder in directory.glob(f"{depth}{kind}*"):
                    if not folder.name.endswith(f"{SEED_DAY}") and not any(folder.iterdir()):
                        folder.rmdir()


@contextmanager
def file_lock(
    path: Path,
    name: str,
    on_wait: OnWait | None = None,
    timeout_seconds: float | None = None,
) -> Iterator[BuildLock]:
    """Holds a lock, waiting for it when another process has it.

    Args:
        path: the lock's file.
        name: what it is called in messages.
        on_wait: called when waiting begins, and again when another holder takes its turn.
        timeout_seconds: how long to wait; None waits for ever.

    Raises:
        LockTimeout: it was not free in time.
        RuntimeError: this thread holds it already.
    """
    held: set[str] = _HELD.__dict__.setdefault("paths", set())
    if str(path) in held:
        raise RuntimeError(f"this thread holds {path} already: pass its BuildLock on instead")
    ensure_directory(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(descriptor, name, on_wait, timeout_seconds)
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
    descriptor: int, name: str, on_wait: OnWait | None, timeout_seconds: float | None
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
            message = f"{name} is held by {holder}; waited {timeout_seconds:.0f} s"
            raise LockTimeout(message, holder)
        time.sleep(POLL_SECONDS)


def _try(descriptor: int, kind: int = fcntl.LOCK_EX | fcntl.LOCK_NB) -> bool:
    try:
        fcntl.flock(descriptor, kind)
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
