"""Half-open windows of time: what one chunk of a stream covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ONE_DAY = timedelta(days=1)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Before this no platform has anything."""


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open range [start, end).

    Both ends are dates (a report: the account's own dates) or both are aware datetimes (changes).
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("a window's ends must both be dates or both be datetimes")
        for side in (self.start, self.end):
            if isinstance(side, datetime) and side.utcoffset() is None:
                raise ValueError(f"{side.isoformat()} has no time zone; a window needs one")
        if self.start >= self.end:
            raise ValueError(
                f"the window is empty: it starts at {self.start.isoformat()} and ends before "
                f"{self.end.isoformat()}; the end is exclusive and must be later than the start"
            )

    @property
    def is_dated(self) -> bool:
        """True for a window of dates, False for one of instants."""
        return not isinstance(self.start, datetime)

    @property
    def last_day(self) -> date:
        """The last date inside a window of dates, for platforms that include the end."""
        self._need_dates()
        return self.end - _ONE_DAY

    def days(self) -> tuple[date, ...]:
        """Returns every date of a window of dates, in order."""
        self._need_dates()
        return tuple(self.start + timedelta(days=n) for n in range((self.end - self.start).days))

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Returns the ends as instants in UTC: of dates the midnights of a zone."""
        place = ZoneInfo(zone)
        first, last = (
            one if isinstance(one, datetime) else datetime.combine(one, time(), place)
            for one in (self.start, self.end)
        )
        return first.astimezone(UTC), last.astimezone(UTC)

    def split(self, days: int | None) -> tuple[Window, ...]:
        """Cuts the window into consecutive windows of at most that many days (None: do not cut)."""
        if days is None:
            return (self,)
        if days < 1:
            raise ValueError(f"a window cannot be cut into pieces of {days} days")
        pieces = []
        start, step = self.start, timedelta(days=days)
        while start < self.end:
            # Compared as a distance: `start + step` may lie beyond the calendar's last day.
            end = start + step if self.end - start > step else self.end
            pieces.append(Window(start, end))
            start = end
        return tuple(pieces)

    def __contains__(self, moment: date) -> bool:
        return self.start <= moment < self.end

    def __str__(self) -> str:
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    def _need_dates(self) -> None:
        if not self.is_dated:
            raise ValueError(f"the window {self} is one of instants, not of dates")


def asked(window: Window | None) -> Window:
    """Returns the window of a report or of changes, which always have one."""
    if window is None:
        raise TypeError("reports and changes are asked for by a window")
    return window
