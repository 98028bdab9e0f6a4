"""SQLite files of a home that cannot be read or written: which, what is lost with them, what to do.

SQLite's own messages name no file, and a command opens several. So each is asked.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from warehouse.home import Home

_DAMAGE = ("malformed", "not a database", "is damaged")
_LOCKED = "locked"


class DamagedDatabase(RuntimeError):
    """A SQLite file of the home that cannot be read any more."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A file and what SQLite says of it."""

    path: Path
    said: str

    @property
    def is_damage(self) -> bool:
        """Whether the file itself is bad, and not its disk, its permissions or another process."""
        return any(words in self.said for words in _DAMAGE)

    def __str__(self) -> str:
        return f"{self.path}: {self.said}"


def of_sqlite(home: Home, said: str) -> str:
    """Returns what to say of an error of SQLite, or of the database that stands for it.

    Args:
        home: whose files it may be about.
        said: the first line of the error.
    """
    found = _troubles(home)
    if damage := _lost(home, found):
        return damage
    where = _listed(found) or f"a database of {home.path} (or TRIBUTARY_DATABASE_URL): {said}"
    if _LOCKED in where:
        return f"{where}. Another process is writing it: wait for it, or end it, and run again"
    return f"{where}. Nothing says that it is damaged: look at its disk and who may write there"


def check_databases(home: Home) -> None:
    """Looks for damage before other programs open the files, which would say less of it.

    Raises:
        DamagedDatabase: which file, what is lost with it, what to do.
    """
    if damage := _lost(home, _troubles(home)):
        raise DamagedDatabase(damage)


def _lost(home: Home, found: list[_Trouble]) -> str | None:
    damaged = [trouble for trouble in found if trouble.is_damage]
    of_dagster = [trouble for trouble in damaged if trouble.path.is_relative_to(home.dagster_dir)]
    if not damaged:
        return None
    if damaged == of_dagster:
        return _history_lost(home, of_dagster)
    return _registry_lost([trouble for trouble in damaged if trouble not in of_dagster])


def _history_lost(home: Home, damaged: list[_Trouble]) -> str:
    # Dagster makes each of these folders anew as a whole.
    names = {trouble.path.relative_to(home.dagster_dir).parts[0] for trouble in damaged}
    folders = " and ".join(str(home.dagster_dir / name) for name in sorted(names))
    return (
        f"{_listed(damaged)}. Lost with it is only Dagster's own history of runs, schedules and "
        "sensors; the lake, the warehouse and what is published stay. Move "
        f"{folders} away while nothing runs, and run again: it is made anew"
    )


def _registry_lost(damaged: list[_Trouble]) -> str:
    return (
        f"{_listed(damaged)}. Lost with it are the connections, their credentials and the keys of "
        "customers' tokens; the lake and what is published stay. Put it back from a backup, or "
        "move it away and connect the same accounts again: tributary connections apply FILE"
    )


def _troubles(home: Home) -> list[_Trouble]:
    registry = [home.control_db] if home.control_db.exists() else []
    paths = [*registry, *sorted(home.dagster_dir.rglob("*.db"))]
    return [trouble for path in paths if (trouble := _trouble(path))]


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
