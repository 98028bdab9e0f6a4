"""Durable files: written under a temporary name, fsynced, renamed, directory fsynced.

A reader sees the whole file or none. Temporary names begin with ``.tmp-`` and end in ``.part``, so
that no glob for ``*.parquet``, ``*.duckdb`` or ``*.json`` matches them (DuckDB's ``*`` matches
leading dots, hence the suffix).
"""

from __future__ import annotations

import errno
import itertools
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.plain_paths import with_real_paths

TEMPORARY_PREFIX = ".tmp-"
TEMPORARY_SUFFIX = ".part"
STALE_SECONDS = 24 * 3600.0
"""Age at which a temporary of an unknown or living process is taken for a leftover."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS = (
    *(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT)),
    "ould not write all bytes",  # DuckDB
    "Out of disk space",
    "database or disk is full",  # SQLite
)
_COUNTER = itertools.count()
_TEMPORARY_PATTERN = re.compile(r"^\.tmp-(?P<host>[A-Za-z0-9_]+)-(?P<pid>\d+)-\d+-")


class LakeFull(OSError):
    """The disk (or quota) under the home is full; nothing half written was left behind."""

    def __str__(self) -> str:
        return str(self.strerror)


def host_name() -> str:
    """This machine's name, reduced to what may stand in a file name."""
    return re.sub(r"[^A-Za-z0-9]", "_", socket.gethostname()) or "host"


def process_alive(pid: int) -> bool:
    """Whether a process of this machine exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def temporary_for(path: Path) -> Path:
    """A fresh temporary name beside ``path`` that says which process writes it."""
    label = f"{TEMPORARY_PREFIX}{host_name()}-{os.getpid()}-{next(_COUNTER)}-"
    return path.with_name(f"{label}{path.name}{TEMPORARY_SUFFIX}")


def ensure_directory(directory: Path) -> None:
    """Creates a directory and its parents, each of them durable in its own parent."""
    missing = []
    current = directory
    while not current.exists():
        missing.append(current)
        current = current.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        fsync_directory(path.parent)


def fsync_file(path: Path) -> None:
    """Forces a file's content to the disk, whoever wrote it."""
    _fsync(path, os.O_RDONLY)


def fsync_directory(directory: Path) -> None:
    """Forces a directory's entries (creations, renames, removals) to the disk."""
    _fsync(directory, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_durably(temporary: Path, path: Path) -> None:
    """Makes a finished, fsynced temporary visible under its name, replacing what was there."""
    os.rename(temporary, path)
    fsync_directory(path.parent)


def is_full(error: BaseException) -> bool:
    """Whether an error is that of a full disk, raised by the system, DuckDB or SQLite."""
    return getattr(error, "errno", None) in _FULL or says_full(str(error))


def says_full(text: str) -> bool:
    """Whether a message of the system, DuckDB or SQLite is that of a full disk."""
    return any(words in text for words in _FULL_WORDS)


def full_message(where: Path, said: str) -> str:
    """Returns what to say of a full disk: which, how much is free, what to do.

    Args:
        where: the folder that was written to.
        said: the error in the words of who met it.
    """
    existing = next(p for p in (where, *where.parents) if p.exists())
    usage = shutil.disk_usage(existing)
    return (
        f"no space left while writing under {where} ({with_real_paths(said)}; "
        f"{usage.free / 1e6:.0f} MB free of {usage.total / 1e9:.1f} GB). Nothing was committed, "
        "and what is published stays. Free space on that disk and run again: older releases "
        "(published/releases/), or move TRIBUTARY_HOME to a larger disk"
    )


@contextmanager
def disk_guard(where: Path) -> Iterator[None]:
    """Turns "no space left" inside the block into ``LakeFull`` that says what to free.

    Raises:
        LakeFull: the block raised what `is_full` finds.
    """
    try:
        yield
    except LakeFull:
        raise
    except Exception as error:
        if not is_full(error):
            raise
        number = getattr(error, "errno", None) or errno.ENOSPC
        said = getattr(error, "strerror", None) or str(error)
        raise LakeFull(number, full_message(where, said)) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a temporary path to fill; on success it durably replaces ``path``, else it is gone.

    Raises:
        LakeFull: the disk is full.
    """
    ensure_directory(path.parent)
    temporary = temporary_for(path)
    try:
        with disk_guard(path.parent):
            yield temporary
            fsync_file(temporary)
            rename_durably(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Durably replaces a small file.

    Raises:
        LakeFull: the disk is full; the old content is still there.
    """
    with replacing(path) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as file:
            file.write(content)


def sweep_temporaries(directory: Path, stale_seconds: float = STALE_SECONDS) -> list[Path]:
    """Removes what killed processes left in one directory; returns the removed paths.

    A temporary goes when its process, of this machine, is dead, or when it is older than
    ``stale_seconds`` by the wall clock. One that is being written is never touched.
    """
    removed = []
    # DuckDB writes its log beside the file it is for.
    for path in directory.glob(f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}*"):
        with suppress(FileNotFoundError):  # another process sweeps too
            if _is_leftover(path, stale_seconds):
                path.unlink()
                removed.append(path)
    return removed


def _is_leftover(path: Path, stale_seconds: float) -> bool:
    match = _TEMPORARY_PATTERN.match(path.name)
    if match and match["host"] == host_name() and not process_alive(int(match["pid"])):
        return True
    return time.time() - path.stat().st_mtime > stale_seconds
