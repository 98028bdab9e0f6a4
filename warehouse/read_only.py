"""Database files that nobody can write, not even root, for whom permissions do not count.

DuckDB commits into a write-ahead log beside the file. Where a link of that name leads nowhere, each
version from 1.0 to 2.0 reads the file as ever and refuses to commit anything. Its content stays.
"""

from __future__ import annotations

import os
from pathlib import Path

from warehouse.durable_files import fsync_directory

MODE = 0o444
_NOWHERE = "this-file-is-read-only/nothing"


def log_of(path: Path) -> Path:
    """Returns the name of a database's write-ahead log."""
    return path.with_name(path.name + ".wal")


def forbid_writing(path: Path) -> None:
    """Makes DuckDB refuse to write a file of this name, which may come to be later.

    A log that a writer left there before is removed: nothing of it is in the file.
    """
    log = log_of(path)
    if log.is_symlink() and os.readlink(log) == _NOWHERE:
        return
    log.unlink(missing_ok=True)
    log.symlink_to(_NOWHERE)
    fsync_directory(path.parent)


def forget(path: Path) -> None:
    """Removes a file that could not be written."""
    path.unlink(missing_ok=True)
    log_of(path).unlink(missing_ok=True)
