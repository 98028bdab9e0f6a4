"""Files of deliveries whose rows are in the lake: removed when they are old enough."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from warehouse.delivery_journal import closed_before
from warehouse.home import Home
from warehouse.sync_log import SyncLog

KEEP_DAYS = 14
"""How long a file stays after it was begun: longer than a delivery is recognised, and than a signal
is derived from it (`delivery_journal.KNOWN_DAYS`)."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How much of landing is gone: files, and their bytes."""

    files: int = 0
    bytes: int = 0


def remove_loaded(home: Home, platform: str, streams: Iterable[str], now: datetime) -> Removed:
    """Removes the files of deliveries that are in the lake and older than `KEEP_DAYS`.

    A file goes when the log has a succeeded load of exactly its content with no row set aside. All
    others stay, however old. A kill leaves the rest for the next time: what is gone was loaded.

    Args:
        home: the home.
        platform: of the endpoints.
        streams: that they feed.
        now: the clock.
    """
    files = size = 0
    for path in list(loaded_files(home, platform, streams, now)):
        length = path.stat().st_size
        path.unlink(missing_ok=True)
        files, size = files + 1, size + length
    return Removed(files, size)


def loaded_files(
    home: Home, platform: str, streams: Iterable[str], now: datetime
) -> Iterator[Path]:
    """Yields the files that `remove_loaded` removes, each once."""
    log, before = SyncLog(home), now - timedelta(days=KEEP_DAYS)
    for folder, digests in _loaded(log, home, platform, streams).items():
        for path in closed_before(folder, before):
            if hashlib.sha256(path.read_bytes()).hexdigest() in digests:
                yield path


def _loaded(
    log: SyncLog, home: Home, platform: str, streams: Iterable[str]
) -> dict[Path, set[str]]:
    """The contents that were loaded whole, by the folder where they landed."""
    found: dict[Path, set[str]] = {}
    for stream in streams:
        for rows in log.objects(platform, stream).values():
            for row in rows:
                if row.object_digest and not row.rejected_rows:
                    folder = home.landing_dir(row.organization_id, row.account_id)
                    found.setdefault(folder, set()).add(row.object_digest)
    return found
