"""Compaction of the sync log: one file of a closed day, one of a closed month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from warehouse.durable_files import fsync_directory, sweep_temporaries
from warehouse.home import PARTITION, Home, closed_period
from warehouse.locks import remove_empty_folders
from warehouse.log_files import distinct, read_files, write
from warehouse.log_listing import KEY, stable_listing
from warehouse.sync_rows import LOG_SCHEMA

DAY_FILE = "day.parquet"
"""The one file of a compacted day."""

MONTH_FILE = "month.parquet"
"""The one file of a compacted month."""


def compact_log(home: Home, today: date) -> int:
    """Makes one file of the log files of each closed day, and one of each closed month.

    Safe against a kill at any instant, and for readers through ``SyncLog`` at any time. A
    process that globs the files itself (dbt) must not run meanwhile: hold the build lock.

    Args:
        home: the home.
        today: the pipeline's day (UTC); its files stay apart.

    Returns:
        How many files it replaced.

    Raises:
        LakeFull: the disk is full; the small files are still there.
    """
    periods: dict[str, list[Path]] = {}
    for directory in sorted(home.syncs_dir.glob(f"{PARTITION}*")):
        if (period := closed_period(directory.name, today)) is not None:
            periods.setdefault(period, []).append(directory)
    return sum(_merge(home, period, folders) for period, folders in periods.items())


def _merge(home: Home, period: str, folders: Sequence[Path]) -> int:
    for directory in folders:
        sweep_temporaries(directory)
    files = [file for directory in folders for file in stable_listing(directory)]
    if len(files) < 2:
        return 0
    name = MONTH_FILE if len(period) == len("2026-11") else DAY_FILE
    merged = home.syncs_dir / f"{PARTITION}{period}" / name
    table = distinct(read_files(files, LOG_SCHEMA.names, None))
    write(merged, table.sort_by([(name, "ascending") for name in KEY]))
    for path in map(Path, files):
        if path != merged:
            path.unlink(missing_ok=True)
    for directory in folders:
        fsync_directory(directory)
    remove_empty_folders(home, home.syncs_dir)
    return len(files)
