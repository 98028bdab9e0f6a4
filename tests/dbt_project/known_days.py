"""Which days of a shop are known, hour by hour: slow, and by another way than the model's SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


Pulled = tuple[date, date, datetime, datetime | None]
"""A window of whole days of UTC, when it was fetched, and before when orders were hidden from it,
both on the hour."""


def known_days(pulled: Iterable[Pulled], zone: str) -> set[date]:
    """The local days of which all orders are known.

    Args:
        pulled: windows of succeeded chunks.
        zone: the shop's, whose days begin on the hour.
    """
    # Of each hour: when the first fetch began that reported its orders.
    reported: dict[datetime, datetime] = {}
    for first, end, fetched_at, hidden in pulled:
        hour, last = _midnight(first), min(_midnight(end), fetched_at)
        hour = max(hour, hidden) if hidden else hour
        while hour < last:
            reported[hour] = min(fetched_at, reported.get(hour, fetched_at))
            hour += HOUR
    known: set[datetime] = set()
    for hour in sorted(reported):
        stretch = [hour]
        while stretch[-1] + HOUR in reported:
            stretch.append(stretch[-1] + HOUR)
        while stretch[0] - HOUR in reported:
            stretch.insert(0, stretch[0] - HOUR)
        if stretch[-1] + HOUR >= min(reported[one] for one in stretch):
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
