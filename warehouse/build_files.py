"""Connections to the build files, which a process may keep open while it asks them several things.

To open a file with hundreds of tables and views takes a tenth of a second, and a build looks at its
records in a dozen places before and after dbt's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.plain_paths import plain

_kept: dict[Path, duckdb.DuckDBPyConnection] = {}


@contextmanager
def kept_open(paths: Iterable[Path], read_only: bool = False) -> Iterator[None]:
    """Opens files once for all `reading` and `writing` inside the block. Under the build lock.

    Args:
        paths: the files; those that do not exist are left out.
        read_only: nothing inside the block writes.
    """
    opened: list[Path] = []
    try:
        for path in paths:
            if path not in _kept and path.exists():
                _kept[path] = duckdb.connect(plain(path), read_only=read_only)
                opened.append(path)
        yield
    finally:
        for path in opened:
            _kept.pop(path).close()


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connects to a file in order to read it; the connection ends with the block."""
    kept = _kept.get(path)
    connection = kept.cursor() if kept else duckdb.connect(plain(path), read_only=True)
    with connection:
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Connects to a file in order to change it; creates a file that does not exist."""
    kept = _kept.get(path)
    with kept.cursor() if kept else duckdb.connect(plain(path)) as connection:
        yield connection
