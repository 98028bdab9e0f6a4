"""Damaged files of a home: which they are, what is lost with them, and how they are mended.

What is derived is made anew from the lake, and what the lake lost is pulled again: the log rows of
syncs whose rows cannot be read any more are withdrawn, so that their dates and changes are due, and
until then an older version of them counts. Nothing is deleted: what was damaged is moved to
``damaged/`` in the home, whole. Published releases are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.durable_files import ensure_directory, fsync_directory, replacing
from warehouse.home import COMPACTED, PARTITION, Home
from warehouse.odd_values import odd_values
from warehouse.plain_paths import plain
from warehouse.releases import (
    Current,
    PublishError,
    read_current,
    read_release,
    release_names,
    release_path,
    write_current,
)

Kind = Literal["build", "log", "raw", "current", "values"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One damaged or missing file, or one with values that no table can hold.

    Attributes:
        path: the file.
        kind: what it is to the home.
        trouble: what is wrong with it.
        lost: what is lost with it, and what comes back by itself.
        remedy: the command that mends it.
    """

    path: Path
    kind: Kind
    trouble: str
    lost: str
    remedy: str = "tributary doctor --repair, then tributary run"


def examine(home: Home) -> list[Finding]:
    """Returns what is damaged, missing or read as unknown. Call under the build lock.

    It reads the whole lake.
    """
    return [
        *_build_files(home),
        *_log_files(home),
        *_raw_files(home),
        *_current(home),
        *_values(home),
    ]


def repair(home: Home, findings: list[Finding]) -> list[Path]:
    """Mends what ``examine`` found; returns where damaged files were moved. Call under the lock.

    Raises:
        LakeFull: the disk is full.
    """
    kinds = {finding.kind for finding in findings}
    moved = [
        _set_aside(home, finding.path)
        for finding in findings
        if finding.path.exists() and finding.kind not in ("build", "values")
    ]
    if "build" in kinds:
        # Each has the records of what the other was made from.
        for path in (home.build_db, home.serve_db):
            for file in (path, path.with_name(path.name + ".wal")):
                if file.exists():
                    moved.append(_set_aside(home, file))
    if "raw" in kinds:
        moved += _withdraw(home)
    if "current" in kinds:
        names = release_names(home)
        write_current(home, Current(read_release(home, names[-1])))
    return moved


def unreadable(path: Path) -> str | None:
    """Says why a Parquet file cannot be read to its end; None when it can."""
    try:
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches():
                pass
    except FileNotFoundError:
        return "it is missing"
    except (pa.ArrowException, OSError, ValueError) as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return None


def _build_files(home: Home) -> Iterator[Finding]:
    there = [path for path in (home.build_db, home.serve_db) if path.exists()]
    for path in (home.build_db, home.serve_db):
        lost = "nothing: it is made anew from the lake by the next run"
        if path not in there:
            if there:
                yield Finding(path, "build", "it is missing", lost)
            continue
        try:
            if not path.stat().st_size:
                raise duckdb.IOException("it is empty")
            with duckdb.connect(plain(path), read_only=True) as connection:
                tables = connection.execute(
                    "select database_name, schema_name, table_name from duckdb_tables()"
                ).fetchall()
                for database, schema, table in tables:
                    # A hash of the rows reads every block, and blocks have checksums.
                    connection.execute(
                        f'select bit_xor(hash(rows)) from "{database}"."{schema}"."{table}" as rows'
                    )
        except duckdb.Error as error:
            yield Finding(path, "build", str(error).splitlines()[0], lost)


def _log_files(home: Home) -> Iterator[Finding]:
    for path in sorted(home.syncs_dir.rglob("*.parquet")):
        trouble = None if path.name.startswith(".") else unreadable(path)
        if trouble:
            period = path.parent.name.removeprefix(PARTITION)
            yield Finding(
                path,
                "log",
                trouble,
                f"the receipts of {period}: what was pulled then does not count any more, older "
                "versions of it do, and it is due again; platforms give what they still keep",
            )


def _raw_files(home: Home) -> Iterator[Finding]:
    raw = home.lake / "raw"
    for path in sorted(raw.rglob("*.parquet")):
        trouble = None if path.name.startswith(".") else unreadable(path)
        if trouble:
            yield Finding(path, "raw", trouble, _lost_rows(path.relative_to(raw)))
    for name in sorted(_missing(home)):
        path = raw / name
        if not path.exists():
            yield Finding(path, "raw", "it is missing", _lost_rows(Path(name)))


def _lost_rows(name: Path) -> str:
    platform, stream, folder = name.parts[:3]
    period = folder.partition("=")[2]
    return (
        f"rows of {platform}/{stream} that were pulled on {period}; older versions of them count "
        "until they are pulled again, which they are by the next run as far as they are still given"
    )


def _missing(home: Home) -> set[str]:
    """Raw files that the log names and that are neither there nor compacted."""
    found: set[str] = set()
    for path in sorted(home.syncs_dir.rglob("*.parquet")):
        with suppress(pa.ArrowException, OSError):
            table = pq.read_table(path, columns=["raw_file"])
            found |= {str(name) for name in table.column("raw_file").unique().to_pylist() if name}
    return {name for name in found if not _is_kept(home, name)}


def _is_kept(home: Home, name: str) -> bool:
    """Whether the rows of a raw file are in the lake, as they came or compacted."""
    path = home.lake / "raw" / name
    if path.exists():
        return True
    day = path.parent.name.removeprefix(PARTITION)
    stream = path.parent.parent
    return any(
        any((stream / f"{COMPACTED}{period}").glob("[0-9a-z]*.parquet"))
        for period in (day, day[:7])
    )


def _withdraw(home: Home) -> list[Path]:
    """Takes the log rows of rows that are gone out of the log; the files before stay aside."""
    moved = []
    missing = _missing(home)
    for path in sorted(home.syncs_dir.rglob("*.parquet")):
        with suppress(pa.ArrowException, OSError):
            table = pq.read_table(path)
            names = table.column("raw_file").to_pylist()
            kept = [name is None or name not in missing for name in names]
            if all(kept):
                continue
            moved.append(_set_aside(home, path, copy=True))
            with replacing(path) as temporary:
                rows = table.filter(pa.array(kept, pa.bool_()))
                pq.write_table(rows, temporary, compression="zstd", store_schema=False)
    return moved


def _current(home: Home) -> Iterator[Finding]:
    names = release_names(home)
    try:
        current = read_current(home)
    except PublishError as error:
        trouble = str(error).partition(":")[0]
    else:
        if current is not None:
            path = release_path(home, current.release.release)
            if path.exists() or not names:
                return
            trouble = f"it names {path.name}, which is gone"
        elif not names:
            return
        else:
            trouble = "it is missing"
    if names:
        lost = f"which release is current: {names[-1]}, the newest that is kept, is taken for it"
        yield Finding(home.current_file, "current", trouble, lost, "tributary doctor --repair")


def _values(home: Home) -> Iterator[Finding]:
    for odd in odd_values(home):
        yield Finding(
            odd.path,
            "values",
            f"{odd.values} values of {odd.column} are out of range, such as {odd.example} "
            f"({odd.connection_id})",
            "these values: tables read them as unknown, and the sums that need them",
            "nothing, if they were pulled again or corrected since; else `tributary run --from DAY "
            "--to DAY` of these dates, or a corrected file",
        )


def _set_aside(home: Home, path: Path, copy: bool = False) -> Path:
    target = home.path / "damaged" / path.relative_to(home.path)
    number = 1
    while target.exists():
        target = target.with_name(f"{path.name}.{number}")
        number += 1
    ensure_directory(target.parent)
    if copy:
        target.write_bytes(path.read_bytes())
    else:
        path.rename(target)
        fsync_directory(path.parent)
    fsync_directory(target.parent)
    return target
