"""Local days and hours as real instants, through every clock change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

HOURS = 24


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The hours of one date on one clock on the wall.

    Attributes:
        starts: When each of the 24 named hours begins, in seconds since 1970 UTC.
        lengths: How long each lasts, in seconds: 3600, 0 for an hour that the spring change
            leaves out, 7200 for one that the autumn change shows twice.
    """

    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        """When each hour is over, in seconds since 1970 UTC."""
        return self.starts + self.lengths


@lru_cache(maxsize=16_384)
def local_day(zone: str, day: date) -> LocalDay:
    """Returns the hours of a date in an IANA time zone."""
    bounds = [int(_instant(zone, day, hour).timestamp()) for hour in range(HOURS)]
    bounds.append(int(_instant(zone, day + timedelta(days=1), 0).timestamp()))
    edges = np.array(bounds, dtype=np.int64)
    return LocalDay(edges[:-1], np.diff(edges))


def midnight(zone: str, day: date) -> datetime:
    """Returns the instant (UTC) at which a date begins in a zone."""
    return _instant(zone, day, 0)


def local_instant(zone: str, day: date, at: time) -> datetime:
    """Returns the instant (UTC) at which a wall clock first shows a date and a time."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def _instant(zone: str, day: date, hour: int) -> datetime:
    # A time that the spring change leaves out is read with the offset before the change, which is
    # the very instant of the change: the hour that is left out gets a length of nothing.
    return local_instant(zone, day, time(hour))
