"""What the last build left for the next release, for those who may not open the build files.

`tributary status` and `tributary releases` never open the build files: a reader would shut the next
build out. So each build, and each attempt to publish, leaves a small file beside them. Publishing
itself does not rely on it: it asks the build files again, under the build lock.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from warehouse.build_records import Blocker, release_blockers
from warehouse.durable_files import write_bytes
from warehouse.home import Home
from warehouse.locks import LockTimeout, build_lock
from warehouse.releases import read_current

SHOWN = 5
"""Reasons that a person reads; a build of few tables leaves every test of the others behind."""
INTERRUPTED = "the last build was interrupted; the next run repairs it"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The state of the last build.

    Attributes:
        is_building: a build has begun and not ended: it is at work, or it was killed.
        blockers: what holds the next release back, one line each.
    """

    is_building: bool
    blockers: list[str]


def report_path(home: Home) -> Path:
    """The file; derived from the build files, and written anew by each build."""
    return home.path / "build_report.json"


def read_report(home: Home) -> BuildReport:
    """Reads the report; that of a home without one is empty."""
    try:
        found = orjson.loads(report_path(home).read_bytes())
        return BuildReport(bool(found["is_building"]), [str(line) for line in found["blockers"]])
    except FileNotFoundError:
        return BuildReport(False, [])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return BuildReport(False, [f"{report_path(home)} is damaged; the next run replaces it"])


def held_back(home: Home) -> list[str]:
    """Returns what holds the next release back, one line each; nothing while a build is at work."""
    report = read_report(home)
    if not report.is_building:
        return report.blockers
    try:
        with build_lock(home, timeout_seconds=0):
            return [INTERRUPTED]
    except LockTimeout:
        return []


def first_of(blockers: Sequence[str]) -> list[str]:
    """Returns as many as a person reads, and how many more there are."""
    more = len(blockers) - SHOWN
    return [*blockers[:SHOWN], *([f"and {more} more"] if more > 0 else [])]


def published_now(home: Home) -> str:
    """Says which release readers have, for messages about one that was not made."""
    current = read_current(home)
    return f"{current.release.release} stays published" if current else "nothing is published yet"


def check_build(home: Home) -> list[Blocker]:
    """Asks the build files what holds a release back, and writes the report.

    Call it under the build lock.
    """
    blockers = release_blockers((home.build_db, home.serve_db), home.build_db)
    _write(home, is_building=False, blockers=[str(blocker) for blocker in blockers])
    return blockers


@contextmanager
def build_report(home: Home) -> Iterator[None]:
    """Reports that a build is at work, and at its end what it left. Under the build lock."""
    _write(home, is_building=True, blockers=[])
    yield
    check_build(home)


def _write(home: Home, is_building: bool, blockers: list[str]) -> None:
    content = orjson.dumps(
        {"is_building": is_building, "blockers": blockers}, option=orjson.OPT_INDENT_2
    )
    write_bytes(report_path(home), content)
