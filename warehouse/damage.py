"""Errors of the engines underneath, in words: which file, what is lost, what mends it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import duckdb
import pyarrow as pa
import sqlalchemy.exc

from warehouse.home import Home
from warehouse.plain_paths import with_real_paths
from warehouse.sqlite_files import of_sqlite

FULL = ("No space left", "could not write all bytes", "disk is full", "Out of disk space")
_SQLITE = (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error)
_ENGINES = (duckdb.Error, pa.ArrowException, *_SQLITE)


def remedy_for(error: BaseException, home: Home) -> str | None:
    """Returns what to say of an error of SQLite, DuckDB or Arrow; None of any other.

    Args:
        error: what was raised, or raised of it by a package that wraps errors.
        home: whose files it may be about.
    """
    found = _engine_error(error)
    if found is None:
        return None
    text = str(getattr(found, "orig", None) or found).strip().splitlines()[:1]
    said = with_real_paths(text[0]) if text else type(found).__name__
    if any(word in said for word in FULL):
        return (
            f"{said}. The disk is full: free space on the file system of {home.path} (older "
            "releases in published/releases/) and run again; nothing was committed"
        )
    if isinstance(found, _SQLITE):
        return of_sqlite(home, said)
    return f"{said}. `tributary doctor` says which files are damaged and what mends them"


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
