"""Which dates of an account are due. Pure functions over the coverage that the sync log knows.

A platform restates a date until the date is ``lookback_days`` old. So a date is due when

* no succeeded sync covers it, or
* the sync that won it was fetched before the date had settled, and time has passed since: of today
  and yesterday any time, of an older date a day of the account. What an hour brings to a date that
  is weeks old is little, and to ask for all of them each hour spends the platform's quota.

The second rule contains the usual "re-pull the lookback", and more: an account that was out of
reach for longer than the lookback gets the dates it last saw unsettled once more. A sync at the
same instant as the last one (a second run with the clock unmoved) has nothing to do.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.core.window import Window

ONE_DAY = timedelta(days=1)
IN_MOTION_DAYS = 1
"""Today and yesterday are asked for in each run."""


def due_dates(
    coverage: Mapping[date, datetime],
    *,
    start: date,
    now: datetime,
    time_zone: str,
    lookback_days: int,
    in_motion_days: int | None = IN_MOTION_DAYS,
) -> list[date]:
    """Returns the account's own dates that need a pull, oldest first.

    Args:
        coverage: date -> when the winning sync of that date began to fetch (aware).
        start: the connection's first date.
        now: the clock (aware).
        time_zone: the account's IANA zone; its "today" is the last date considered.
        lookback_days: for how many days the platform restates a date.
        in_motion_days: up to which age dates are asked for in each run; None: up to any age.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    due = []
    day = start
    while day <= today:
        fetched_at = coverage.get(day)
        if fetched_at is None or _unsettled(
            day, fetched_at, now, zone, lookback_days, in_motion_days
        ):
            due.append(day)
        day += ONE_DAY
    return due


def _unsettled(
    day: date,
    fetched_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    lookback_days: int,
    in_motion_days: int | None,
) -> bool:
    if fetched_at == now:
        return False
    today = now.astimezone(zone).date()
    # A sync from the future (the clock was wrong then, or is now) counts for no more than now.
    fetched_on = min(fetched_at, now).astimezone(zone).date()
    if (fetched_on - day).days > lookback_days:
        return False
    was_today = fetched_on == today and fetched_at < now
    return not was_today or in_motion_days is None or (today - day).days <= in_motion_days


def can_have_news(
    days: Iterable[date],
    coverage: Mapping[date, datetime],
    *,
    publication: Callable[[date], Window | None],
    now: datetime,
) -> bool:
    """Returns whether numbers may have appeared that no sync can have seen.

    Args:
        days: the dates in question.
        coverage: date -> when the winning sync of that date began to fetch (aware).
        publication: between which instants the numbers of a date appear, if it has any.
        now: the clock (aware).
    """
    for day in days:
        appears = publication(day)
        if appears is None or now < appears.start:
            continue
        fetched_at = coverage.get(day)
        # Between the two instants each look may be the one that finds it.
        if fetched_at is None or (fetched_at != now and min(fetched_at, now) < appears.end):
            return True
    return False


def date_ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    """Joins dates (oldest first) into half-open ranges of consecutive dates."""
    ranges: list[tuple[date, date]] = []
    for day in days:
        if ranges and ranges[-1][1] == day:
            ranges[-1] = (ranges[-1][0], day + ONE_DAY)
        else:
            ranges.append((day, day + ONE_DAY))
    return ranges
