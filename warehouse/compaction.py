"""Compaction of the lake: many small raw files become one per closed day, then one per month.

A sync leaves a file per stream, every build opens the footer of each of them, and most rows of a
restated day only repeat what an earlier sync brought. Compaction removes repetition, not
knowledge: each distinct row stays once, with all the syncs that brought it (``compacted_rows``), so
the log and all that is derived from it say the same before and after.

A compacted file is compared with what it replaces before it takes its place. The exchange happens
under the build lock and is announced in ``compaction.json`` first: after a kill
``finish_compaction`` ends it, before the next build reads a row twice. Files that a pull adds
meanwhile are left for the next time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import orjson

from warehouse.compacted_rows import RawFiles
from warehouse.durable_files import (
    disk_guard,
    ensure_directory,
    fsync_directory,
    fsync_file,
    rename_durably,
    sweep_temporaries,
    temporary_for,
    write_bytes,
)
from warehouse.home import COMPACTED, PARTITIONS, Home, closed_period
from warehouse.locks import OnWait, build_lock, file_lock, remove_empty_folders
from warehouse.plain_paths import literal

MARKER = "compaction.json"
_FOOTER_TAIL = 8


class CompactionError(RuntimeError):
    """A compacted file does not hold what it would replace; the lake stays as it was."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one stream that become one.

    Attributes:
        platform: platform name.
        stream: stream name.
        period: the day or month of their syncs, as the folder's name has it.
        directory: where the compacted file goes.
        files: what it replaces.
    """

    platform: str
    stream: str
    period: str
    directory: Path
    files: tuple[Path, ...]

    def size(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self.files)

    def footer_size(self) -> int:
        """Bytes of its files' footers, which every build reads."""
        return sum(_footer_size(path) for path in self.files)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one group.

    Attributes:
        group: the group.
        rows_before: rows of all of its files.
        rows_after: rows of the compacted file: those that repeat none.
        size_before: bytes of its files.
        size_after: bytes of the compacted file.
        footer_after: bytes of the compacted file's footer.
    """

    group: Group
    rows_before: int
    rows_after: int
    size_before: int
    size_after: int
    footer_after: int


Progress = Callable[[Group, int, int], object]
"""Takes the group that is being merged, which of how many it is."""


def plan_compaction(home: Home, today: date) -> list[Group]:
    """What there is to merge: two files or more of a closed day, or of a closed month.

    Args:
        home: the home.
        today: the pipeline's day (UTC); its files and those of its month's days stay apart.
    """
    groups = []
    for stream_dir in sorted((home.lake / "raw").glob("*/*")):
        for period, files in sorted(_periods(stream_dir, today).items()):
            if len(files) > 1:
                groups.append(
                    Group(
                        stream_dir.parent.name,
                        stream_dir.name,
                        period,
                        stream_dir / f"{COMPACTED}{period}",
                        tuple(sorted(files)),
                    )
                )
    return groups


def compact(
    home: Home,
    today: date,
    *,
    memory_limit: str = "4GB",
    on_wait: OnWait | None = None,
    progress: Progress | None = None,
) -> Iterator[Merged]:
    """Merges what ``plan_compaction`` finds, group by group; yields each when it is done.

    Pulls and builds may run meanwhile: a build holds the exchange of a group up, and an exchange a
    build, for a moment.

    Args:
        home: the home.
        today: the pipeline's day (UTC).
        memory_limit: DuckDB's limit; what does not fit is sorted on the disk.
        on_wait: told who holds a lock that is waited for.
        progress: told of each group before it is merged.

    Raises:
        CompactionError: a compacted file is not what it should be; the groups before it are done.
        LakeFull: the disk is full; the groups before it are done.
    """
    with file_lock(home.compaction_lock_file, "the lock of compaction", on_wait):
        _sweep(home)
        with build_lock(home, on_wait):
            finish_compaction(home)
        groups = plan_compaction(home, today)
        for number, group in enumerate(groups, 1):
            if progress:
                progress(group, number, len(groups))
            yield _merge(home, group, memory_limit, on_wait)
        remove_empty_folders(home, home.lake / "raw", "*/*/")


def finish_compaction(home: Home) -> int:
    """Ends an exchange that was killed; returns how many files it removed. Under the build lock."""
    marker = home.lake / MARKER
    try:
        told = orjson.loads(marker.read_bytes())
    except FileNotFoundError:
        return 0
    removed = 0
    # Without the compacted file nothing was exchanged: the files are still what there is.
    if (home.lake / told["merged"]).exists():
        removed = _unlink([home.lake / name for name in told["replaces"]])
    marker.unlink()
    fsync_directory(home.lake)
    return removed


def _sweep(home: Home) -> None:
    """Removes what killed compactions and pulls left, in whichever folder; nothing that lives."""
    sweep_temporaries(home.lake)
    for root in (home.lake / "raw", home.quarantine_root):
        for kind in PARTITIONS:
            for folder in root.glob(f"*/*/{kind}*"):
                sweep_temporaries(folder)


def _periods(stream_dir: Path, today: date) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for kind in PARTITIONS:
        for directory in stream_dir.glob(f"{kind}*"):
            if (period := closed_period(directory.name, today)) is not None:
                files = [p for p in directory.glob("*.parquet") if not p.name.startswith(".")]
                found.setdefault(period, []).extend(files)
    return found


def _merge(home: Home, group: Group, memory_limit: str, on_wait: OnWait | None) -> Merged:
    path = group.directory / f"{secrets.token_hex(8)}.parquet"
    ensure_directory(path.parent)
    temporary = temporary_for(path)
    try:
        with disk_guard(home.lake):
            rows_before, rows_after = _write(home, group, temporary, memory_limit)
            fsync_file(temporary)
            with build_lock(home, on_wait):
                before, after = group.size(), temporary.stat().st_size
                _exchange(home, group, temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return Merged(group, rows_before, rows_after, before, after, _footer_size(path))


def _write(home: Home, group: Group, target: Path, memory_limit: str) -> tuple[int, int]:
    """Writes the compacted file and compares it with its sources.

    Returns:
        The rows of its sources, and its own.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute(f"set temp_directory = {literal(home.path / 'tmp')}")
        sources = RawFiles(connection, group.files)
        sources.write_compacted(target)
        written = RawFiles(connection, [target])
        if sources.content() != written.content():
            raise CompactionError(
                f"the compacted file of {group.platform}/{group.stream} {group.period} says other "
                f"than the {len(group.files)} files that it would replace; they stay"
            )
        return sources.count(), written.count()


def _exchange(home: Home, group: Group, temporary: Path, path: Path) -> None:
    """Puts the compacted file into its files' place."""
    gone = [file for file in group.files if not file.exists()]
    if gone:
        raise CompactionError(f"{gone[0]} vanished while it was merged; nothing was changed")
    names = [file.relative_to(home.lake).as_posix() for file in group.files]
    told = {"merged": path.relative_to(home.lake).as_posix(), "replaces": names}
    write_bytes(home.lake / MARKER, orjson.dumps(told))
    rename_durably(temporary, path)
    finish_compaction(home)


def _unlink(files: Sequence[Path]) -> int:
    removed = 0
    for path in files:
        if path.exists():
            path.unlink()
            removed += 1
    for directory in {path.parent for path in files}:
        if directory.exists():
            fsync_directory(directory)
    return removed


def _footer_size(path: Path) -> int:
    """Bytes of a Parquet file's footer: their number stands before the last four bytes."""
    with path.open("rb") as file:
        file.seek(-_FOOTER_TAIL, 2)
        return int.from_bytes(file.read(4), "little") + _FOOTER_TAIL
