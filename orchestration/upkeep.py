"""Keeping the lake small: what `tributary compact` and the nightly job do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from connectors import platforms
from warehouse.compaction import Merged, Progress, compact
from warehouse.delivery_retention import Removed, remove_loaded
from warehouse.home import Home
from warehouse.locks import OnWait, build_lock
from warehouse.log_compaction import compact_log

DEFAULT_MEMORY = "4GB"


@dataclass(frozen=True, slots=True)
class Compaction:
    """What became of the lake.

    Attributes:
        merged: the groups of raw files that were compacted.
        log_files: files of the sync log that became one with others.
        deliveries: files of what senders posted that are gone, since their rows are in the lake.
    """

    merged: tuple[Merged, ...]
    log_files: int
    deliveries: Removed

    def figures(self) -> dict[str, int]:
        """Sums over all groups, for machines."""
        return {
            "files_before": sum(len(merged.group.files) for merged in self.merged),
            "files_after": len(self.merged),
            "rows_before": sum(merged.rows_before for merged in self.merged),
            "rows_after": sum(merged.rows_after for merged in self.merged),
            "bytes_before": sum(merged.size_before for merged in self.merged),
            "bytes_after": sum(merged.size_after for merged in self.merged),
            "log_files_merged": self.log_files,
            "delivery_files_removed": self.deliveries.files,
            "delivery_bytes_removed": self.deliveries.bytes,
        }


def compact_lake(
    home: Home, today: date, *, on_wait: OnWait | None = None, progress: Progress | None = None
) -> Compaction:
    """Compacts raw files and the sync log of all days before today; safe beside everything else.

    Files of deliveries that are in the lake and old enough are removed first.

    Args:
        home: the home.
        today: the pipeline's day (UTC).
        on_wait: called with who holds a lock that is waited for.
        progress: called with each group of files before it is compacted.

    Raises:
        CompactionError: a compacted file is not what it should be; what was done before it stays.
        LakeFull: the disk is full; what was done before stays.
    """
    deliveries = remove_old_deliveries(home, today)
    memory_limit = os.environ.get("TRIBUTARY_MEMORY_LIMIT") or DEFAULT_MEMORY
    merged = compact(home, today, memory_limit=memory_limit, on_wait=on_wait, progress=progress)
    done = tuple(merged)
    with build_lock(home, on_wait):
        return Compaction(done, compact_log(home, today), deliveries)


def remove_old_deliveries(home: Home, today: date) -> Removed:
    """Removes the files of deliveries whose rows are in the lake and that are old enough.

    Args:
        home: the home.
        today: the pipeline's day (UTC).
    """
    webhooks = platforms.get("webhooks")
    streams = [one.name for one in webhooks.streams]
    return remove_loaded(home, webhooks.name, streams, datetime.combine(today, time(), UTC))
