"""Which days of a shop are known, hour by hour: slow, and by another way than the model's SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


def known_days(pulled: Iterable[tuple[date, date, datetime]], zone: str) -> set[date]:
    """The local days of which all orders are known.

    Args:
        pulled: windows of succeeded chunks, in whole days of UTC, with when each was fetched, on
            the hour.
        zone: the shop's, whose days begin on the hour.
    """
    # Of each hour: when the first fetch began that told of it.
    told: dict[datetime, datetime] = {}
    for first, end, fetched_at in pulled:
        hour, last = _midnight(first), min(_midnight(end), fetched_at)
        while hour < last:
            told[hour] = min(fetched_at, told.get(hour, fetched_at))
            hour += HOUR
    known: set[datetime] = set()
    for hour in sorted(told):
        stretch = [hour]
        while stretch[-1] + HOUR in told:
            stretch.append(stretch[-1] + HOUR)
        while stretch[0] - HOUR in told:
            stretch.insert(0, stretch[0] - HOUR)
        if stretch[-1] + HOUR >= min(told[one] for one in stretch):
            known.add(hour)
    local: dict[date, int] = {}
    for hour in known:
        day = hour.astimezone(ZoneInfo(zone)).date()
        local[day] = local.get(day, 0) + 1
    return {day for day, hours in local.items() if hours == _hours_of(day, zone)}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _hours_of(day: date, zone: str) -> int:
    begin, end = (
        datetime(one.year, one.month, one.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    return (end - begin) // HOUR
