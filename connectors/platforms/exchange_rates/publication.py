"""When the ECB publishes its rates: about 16:00 in Frankfurt on the working days of TARGET."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.core.window import Window

FRANKFURT = ZoneInfo("Europe/Berlin")
EARLIEST, LATEST = time(16), time(18)
"""Nothing is there before the one. What has not appeared by the other comes with the next day's."""
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
_GOOD_FRIDAY, _EASTER_MONDAY = timedelta(days=-2), timedelta(days=1)


def publication(day: date) -> Window | None:
    """Returns the instants between which the rates of a day appear; None when it has none."""
    if not is_working_day(day):
        return None
    return Window(*(datetime.combine(day, at, FRANKFURT) for at in (EARLIEST, LATEST)))


def is_working_day(day: date) -> bool:
    """Tells whether TARGET is open, by its calendar since 2002."""
    if day.weekday() >= 5 or (day.month, day.day) in _FIXED_HOLIDAYS:
        return False
    return day - _easter_sunday(day.year) not in {_GOOD_FRIDAY, _EASTER_MONDAY}


def _easter_sunday(year: int) -> date:
    """Of the Gregorian calendar, after Meeus, Jones and Butcher."""
    century, of_century = divmod(year, 100)
    moon = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    correction = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
