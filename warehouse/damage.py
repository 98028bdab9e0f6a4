"""Errors of the engines underneath, in words: which file, what is lost, what mends it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator

import duckdb
import pyarrow as pa
import sqlalchemy.exc

from warehouse.durable_files import LakeFull, full_message, is_full
from warehouse.home import Home
from warehouse.plain_paths import with_real_paths
from warehouse.sqlite_files import of_sqlite

DOCTOR = "`tributary doctor` says which files are damaged and what mends them"
_NO_ROOM = 1 << 16
"""Bytes: SQLite's smallest shared memory is half of it."""
_SQLITE = (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error)
_ENGINES = (duckdb.Error, pa.ArrowException, *_SQLITE)


def remedy_for(error: BaseException, home: Home) -> str | None:
    """Returns what to say of a full disk and of SQLite's, DuckDB's and Arrow's errors; else None.

    Args:
        error: what was raised, or raised of it by a package that wraps errors.
        home: whose files it may be about.
    """
    full = next((one for one in causes(error) if is_full(one)), None)
    if full is not None:
        return str(full) if isinstance(full, LakeFull) else full_message(home.path, _said(full))
    found = _engine_error(error)
    if found is None:
        return None
    if isinstance(found, _SQLITE):
        if shutil.disk_usage(home.path).free < _NO_ROOM:
            # SQLite then says "disk I/O error" of a file beside the one it writes.
            return full_message(home.path, _said(found))
        return of_sqlite(home, _said(found))
    return f"{_said(found)}. {DOCTOR}"


def _said(error: BaseException) -> str:
    """The first line of what an engine says, which SQLAlchemy wraps."""
    text = str(getattr(error, "orig", None) or error).strip().splitlines()[:1]
    return with_real_paths(text[0]) if text else type(error).__name__


def _engine_error(error: BaseException) -> BaseException | None:
    """What an engine raised; errors of our own (and their like) say themselves what to do."""
    own = isinstance(error, ValueError | OSError | RuntimeError)
    for one in [error] if own else causes(error):
        if isinstance(one, _ENGINES):
            return one
    return None


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised of, the outermost first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        yield one
        seen.add(id(one))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
