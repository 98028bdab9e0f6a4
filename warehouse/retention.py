"""Which releases are kept, and why; what they use of the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from warehouse.durable_files import fsync_directory
from warehouse.home import Home
from warehouse.read_only import forget
from warehouse.releases import pins, read_current, release_names, release_path, release_time

KEEP_NEWEST = 10
KEEP_DAYS = 14


@dataclass(frozen=True, slots=True)
class Retention:
    """How long releases are kept.

    A pipeline may publish once an hour: a number alone reaches back hours, an age alone keeps
    hundreds of files. So the newest few are kept, and the last of each day of the last weeks.

    Attributes:
        newest: how many of the newest.
        days: of how many days, the pipeline's today included, the last release stays; 0 for none.

    Raises:
        ValueError: no release would be kept, or a negative number of days.
    """

    newest: int = KEEP_NEWEST
    days: int = KEEP_DAYS

    def __post_init__(self) -> None:
        if self.newest < 1:
            raise ValueError(f"at least one release is kept, not {self.newest}")
        if self.days < 0:
            raise ValueError(f"releases are kept for 0 days or more, not {self.days}")


def reasons_to_keep(home: Home, now: datetime, keep: Retention) -> dict[str, list[str]]:
    """Why each release stays, newest first; one without a reason goes with the next publish.

    The current release and pinned ones stay in any case.
    """
    names = release_names(home)
    found: dict[str, list[str]] = {name: [] for name in reversed(names)}
    if (current := read_current(home)) is not None and current.release.release in found:
        found[current.release.release].append("current")
    for pin, name in sorted(pins(home).items()):
        if name in found:
            found[name].append("pinned" if pin == name else f"pinned: {pin}")
    for name in names[-keep.newest :]:
        found[name].append(f"newest {keep.newest}")
    first_day = now.astimezone(UTC).date() - timedelta(days=keep.days)
    for day, name in last_of_days(names).items():
        # A release of the future, from before the clock stepped back, is young as well.
        if day > first_day:
            found[name].append(f"last of {day}")
    return found


def last_of_days(names: list[str]) -> Mapping[date, str]:
    """The last release of each UTC day; ``names`` sort by time."""
    return {release_time(name).date(): name for name in names}


def prune(home: Home, now: datetime, keep: Retention) -> list[str]:
    """Removes the releases that nothing keeps; returns their names. Call under the build lock.

    A reader that has a removed file open goes on reading it.
    """
    removed = [name for name, why in reasons_to_keep(home, now, keep).items() if not why]
    for name in removed:
        path = release_path(home, name)
        forget(path)
        path.with_suffix(".json").unlink(missing_ok=True)
    if removed:
        fsync_directory(home.releases)
    return sorted(removed)


def disk_use(home: Home) -> dict[str, int]:
    """Bytes of the releases, of the organizations' files, and of the rest of the home's parts.

    ``published/tributary.duckdb`` is a second name of a release and counts once.
    """
    seen: set[tuple[int, int]] = set()
    parts = {
        "releases": [home.releases],
        "organizations": [home.organizations],
        "build": [home.build_db, home.serve_db],
        "lake": [home.lake],
    }
    found = {}
    for name, places in parts.items():
        found[name] = 0
        for place in places:
            for path in [place] if place.is_file() else place.rglob("*"):
                try:
                    stat = path.stat()
                except FileNotFoundError:
                    continue  # another process removed it meanwhile
                if path.is_file() and (stat.st_dev, stat.st_ino) not in seen:
                    seen.add((stat.st_dev, stat.st_ino))
                    found[name] += stat.st_size
    return found
