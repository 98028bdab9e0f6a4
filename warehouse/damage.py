"""Errors of the engines underneath, in words: which file, what is lost, what mends it."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import sqlalchemy.exc

FULL = ("No space left", "could not write all bytes", "disk is full", "Out of disk space")


def remedy_for(error: BaseException) -> str | None:
    """Returns what to say of an error of SQLite, DuckDB or Arrow; None of any other."""
    text = str(getattr(error, "orig", None) or error).strip().splitlines()[:1]
    said = text[0] if text else type(error).__name__
    engine = (duckdb.Error, pa.ArrowException, sqlalchemy.exc.SQLAlchemyError)
    if not isinstance(error, engine):
        return None
    if any(word in said for word in FULL):
        return (
            f"{said}. The disk is full: free space on the file system of TRIBUTARY_HOME (older "
            "releases in published/releases/) and run again; nothing was committed"
        )
    if isinstance(error, sqlalchemy.exc.SQLAlchemyError):
        return (
            f"control.db (or the database of TRIBUTARY_DATABASE_URL) cannot be read: {said}. Lost "
            "with it are the connections, their credentials and the keys of customers' tokens; the "
            "lake and what is published stay. Put it back from a backup, or move it away and "
            "connect the same accounts again: tributary connections apply FILE"
        )
    return f"{said}. `tributary doctor` says which files are damaged and what mends them"
