"""What senders have posted, appended to files of a landing folder: durable before it is answered.

One thread writes for all who wait: while it waits for the disk, the next batch gathers, so that
the number of fsyncs follows the disk and not the number of deliveries. What makes a delivery one of
a kind is kept with it, and read again at the start: there is no second place that could disagree
with the files. A file that is added to has a name that no reader looks for; what a killed process
left of it is finished, without its half-written last line, by the next one.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from warehouse.durable_files import ensure_directory, fsync_directory, rename_durably

OPEN_SUFFIX = ".ndjson.part"
SUFFIX = ".ndjson"
_NAME = "%Y%m%dT%H%M%S.%f"
CLOSE_SECONDS = 10.0
"""Age at which a file is closed, so that the pipeline may read it."""
CLOSE_BYTES = 64 * 2**20
KNOWN_DAYS = 8
"""How long a delivery is recognised: longer than any sender repeats one (76 hours)."""
_MOST_AT_ONCE = 2_000


@dataclass(slots=True)
class _Entry:
    folder: Path
    lines: bytes
    token: Any


@dataclass(slots=True)
class _File:
    """A file that is added to; its length is what is known to be on the disk."""

    path: Path
    descriptor: int
    begun: float
    length: int = 0


Settled = Callable[[Sequence[Any], OSError | None], None]
"""Called with the tokens of what was written together, and with what went wrong."""


class Journal:
    """Appends lines to the open file of each folder; started once, closed once.

    Args:
        settled: called by the thread that writes, once a batch is on the disk or has failed.
        now: the clock, which names the files.
        close_seconds, close_bytes: when a file is closed.
    """

    def __init__(
        self,
        settled: Settled,
        now: Callable[[], datetime],
        close_seconds: float = CLOSE_SECONDS,
        close_bytes: int = CLOSE_BYTES,
    ) -> None:
        self._settled, self._now = settled, now
        self._seconds, self._bytes = close_seconds, close_bytes
        self._entries: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._files: dict[Path, _File] = {}
        self._thread = threading.Thread(target=self._work, name="deliveries", daemon=True)
        self._thread.start()

    def append(self, folder: Path, lines: bytes, token: Any) -> None:
        """Adds whole lines to the file of a folder; they settle together, under their token."""
        self._entries.put(_Entry(folder, lines, token))

    def close(self) -> None:
        """Writes what is waiting, and closes all files."""
        self._entries.put(None)
        self._thread.join()

    def _work(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._batch()
            by_folder: dict[Path, list[_Entry]] = {}
            for entry in batch:
                by_folder.setdefault(entry.folder, []).append(entry)
            for folder, entries in by_folder.items():
                self._write(folder, entries)
            self._close_old(all_of_them=not is_open)

    def _batch(self) -> tuple[list[_Entry], bool]:
        """Waits for an entry, and takes what else is there; False: no more will come."""
        found: list[_Entry] = []
        try:
            entry = self._entries.get(timeout=min(1.0, self._seconds))
            while entry is not None:
                found.append(entry)
                if len(found) >= _MOST_AT_ONCE:
                    return found, True
                entry = self._entries.get_nowait()
        except queue.Empty:
            return found, True
        return found, False

    def _write(self, folder: Path, entries: list[_Entry]) -> None:
        content = b"".join(entry.lines for entry in entries)
        tokens = [entry.token for entry in entries]
        try:
            file = self._files.get(folder) or self._begin(folder)
            self._append(file, content)
        except OSError as trouble:
            self._give_up(folder)
            self._settled(tokens, trouble)
            return
        file.length += len(content)
        self._settled(tokens, None)

    def _append(self, file: _File, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file.descriptor, rest) :]
        os.fdatasync(file.descriptor)

    def _begin(self, folder: Path) -> _File:
        ensure_directory(folder)
        name = f"{self._now().astimezone(UTC).strftime(_NAME)}-{os.urandom(4).hex()}"
        path = folder / f"{name}{OPEN_SUFFIX}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        # Bodies hold what identifies people: nobody else of this machine reads them.
        file = _File(path, os.open(path, flags, 0o600), time.monotonic())
        self._files[folder] = file
        fsync_directory(folder)
        return file

    def _give_up(self, folder: Path) -> None:
        """Cuts off what may be half written; what was answered before stays."""
        file = self._files.pop(folder, None)
        if file is None:
            return
        try:
            os.ftruncate(file.descriptor, file.length)
            os.fsync(file.descriptor)
        except OSError:
            os.close(file.descriptor)  # the next start finishes it
        else:
            self._finish(file)

    def _close_old(self, *, all_of_them: bool) -> None:
        for folder, file in list(self._files.items()):
            is_old = time.monotonic() - file.begun >= self._seconds
            if all_of_them or is_old or file.length >= self._bytes:
                del self._files[folder]
                self._finish(file)

    def _finish(self, file: _File) -> None:
        # Should this fail, the next start finishes it: what was answered is on the disk.
        with suppress(OSError):
            os.close(file.descriptor)
            finish(file.path, file.length)


def finish(path: Path, length: int) -> None:
    """Gives a file its lasting name; an empty one goes."""
    if length:
        rename_durably(path, path.with_name(path.name.removesuffix(OPEN_SUFFIX) + SUFFIX))
    else:
        path.unlink(missing_ok=True)


def recover(folder: Path) -> int:
    """Finishes the files that a killed process was adding to; returns how many.

    A last line without its end was never answered, and goes.
    """
    left = sorted(folder.glob(f"*{OPEN_SUFFIX}"))
    for path in left:
        with open(path, "r+b") as file:
            content = file.read()
            length = content.rfind(b"\n") + 1
            file.truncate(length)
            os.fsync(file.fileno())
        finish(path, length)
    return len(left)


def known_ids(folder: Path, now: datetime, days: int = KNOWN_DAYS) -> Iterator[tuple[str, float]]:
    """Yields the id of each delivery that is still recognised, with when it was received.

    Args:
        folder: of one endpoint.
        now: the clock.
        days: how far back.
    """
    since = now - timedelta(days=days)
    for path in files_since(folder, since - timedelta(days=1)):
        if path.name.endswith(SUFFIX):
            with open(path, "rb") as file:
                for line in file:
                    found = orjson.loads(line)
                    received = datetime.fromisoformat(found["received_at"])
                    if received >= since:
                        yield found["record_id"], received.timestamp()


def files_since(folder: Path, since: datetime) -> list[Path]:
    """Returns the files that were begun since an instant, oldest first; open ones as well."""
    first = since.astimezone(UTC).strftime(_NAME)
    return sorted(path for path in folder.glob(f"[0-9]*{SUFFIX}*") if path.name >= first)


def closed_before(folder: Path, before: datetime) -> list[Path]:
    """Returns the files that were begun before an instant and are closed, oldest first."""
    last = before.astimezone(UTC).strftime(_NAME)
    return sorted(path for path in folder.glob(f"[0-9]*{SUFFIX}") if path.name < last)
