"""SQLite files of a home that cannot be read or written: which, what is lost with them, what to do.

SQLite's own messages name no file, and a command opens several. So each is asked.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from warehouse.home import Home
from warehouse.plain_paths import with_real_paths


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A file and what SQLite says of it."""

    path: Path
    said: str

    @property
    def is_locked(self) -> bool:
        return "locked" in self.said

    def __str__(self) -> str:
        return f"{self.path}: {self.said}"


def of_sqlite(home: Home, said: str) -> str:
    """Returns what to say of an error of SQLite, or of the database that stands for it.

    Args:
        home: whose files it may be about.
        said: the first line of the error.
    """
    found = [trouble for path in _files(home) if (trouble := _trouble(path))]
    if "locked" in said or any(trouble.is_locked for trouble in found):
        where = _listed([trouble for trouble in found if trouble.is_locked]) or (
            f"a database of {home.path}: {with_real_paths(said)}"
        )
        return f"{where}. Another process is writing it: wait for it, or end it, and run again"
    of_dagster = [t for t in found if t.path.is_relative_to(home.dagster_dir)]
    if of_dagster and len(of_dagster) == len(found):
        folders = sorted({_folder(home, trouble.path) for trouble in of_dagster})
        return (
            f"{_listed(of_dagster)}. Lost with it is only Dagster's own history of runs, schedules "
            "and sensors; the lake, the warehouse and what is published stay. Move "
            f"{' and '.join(map(str, folders))} away while nothing runs, and run again: it is made "
            "anew"
        )
    where = _listed([t for t in found if t not in of_dagster]) or with_real_paths(said)
    return (
        f"control.db (or the database of TRIBUTARY_DATABASE_URL) cannot be read: {where}. Lost "
        "with it are the connections, their credentials and the keys of customers' tokens; the "
        "lake and what is published stay. Put it back from a backup, or move it away and "
        "connect the same accounts again: tributary connections apply FILE"
    )


def _files(home: Home) -> list[Path]:
    registry = [home.control_db] if home.control_db.exists() else []
    return [*registry, *sorted(home.dagster_dir.rglob("*.db"))]


def _trouble(path: Path) -> _Trouble | None:
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            (verdict,) = connection.execute("pragma quick_check(1)").fetchone()
            connection.execute("begin immediate")
            connection.rollback()
    except sqlite3.Error as error:
        return _Trouble(path, str(error))
    return (
        None if verdict == "ok" else _Trouble(path, f"it is damaged ({verdict.splitlines()[-1]})")
    )


def _listed(troubles: list[_Trouble]) -> str:
    return "; ".join(map(str, troubles))


def _folder(home: Home, path: Path) -> Path:
    """What Dagster makes anew as a whole."""
    parts = path.relative_to(home.dagster_dir).parts
    return home.dagster_dir / parts[0]
