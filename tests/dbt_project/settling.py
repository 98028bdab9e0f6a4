"""Days that come in over weeks, as a daily schedule pulls them: what settlement is learnt from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fixture_lake import Account, FixtureLake, campaign_row

LOOKBACK = 30
"""Days of the ads platforms of `FixtureLake`."""

Row = Callable[[date, int], dict[str, Any]]
"""The raw row of a day, as it is shown at an age in days."""


def clock(day: date) -> datetime:
    """When the schedule runs on a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def pull_daily(
    lake: FixtureLake, account: Account, first: date, last: date, row: Row, lookback: int = LOOKBACK
) -> None:
    """Pulls the lookback of an account on each day from the first of its data to ``last``."""
    for today in days_from(first, (last - first).days + 1):
        oldest = max(first, today - timedelta(days=lookback + 1))
        days = days_from(oldest, (today - oldest).days + 1)
        rows = [row(day, (today - day).days) for day in days]
        window = (oldest, today + timedelta(days=1))
        lake.pull(account, "campaign_stats", clock(today), rows, window)


def days_from(first: date, count: int) -> list[date]:
    """Returns so many days in a row."""
    return [first + timedelta(days=step) for step in range(count)]


def shown(day: date, conversions: float, value: float | None = None) -> dict[str, Any]:
    """A raw row of the one campaign, whose spend is never restated."""
    return campaign_row(
        day, "1", spend="10.00", conversions=conversions, value=value or conversions
    )
