"""One partition is one date of the account's own calendar."""

import os
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dagster import DailyPartitionsDefinition, PartitionKeyRange

from connectors.core import clock
from connectors.core.window import Window
from orchestration.workspace import Workspace

CALENDAR_START = date(2015, 1, 1)
"""Where dim_date begins. An account whose start is older is pulled from there all the same."""

EARLIEST_ZONE = "Pacific/Kiritimati"
"""A date begins here, 14 hours before UTC. Its partition exists from then on."""

WITHOUT_ACCOUNTS = timedelta(days=90)
"""A home without accounts shows the days that its first one would bring by default."""


def today_anywhere() -> date:
    """Returns the newest date that some place on earth has."""
    return clock.now().astimezone(ZoneInfo(EARLIEST_ZONE)).date()


def today_of_accounts(space: Workspace) -> date:
    """Returns the newest date that an active account has, by its time zone; UTC's if unknown."""
    zones = {c.account_time_zone for c in space.registry.connections()}
    now = clock.now()
    return max([now.date(), *(now.astimezone(ZoneInfo(zone)).date() for zone in zones if zone)])


def first_date(space: Workspace) -> date:
    """Returns the first day that any account with daily reports is pulled from."""
    daily = {
        platform.name
        for platform in space.platforms.values()
        if platform.intake.keeps_to_start and not platform.shared
    }
    starts = [c.start_date for c in space.registry.connections() if c.platform in daily]
    today = clock.now().date()
    return min([*starts, today] if starts else [today - WITHOUT_ACCOUNTS])


def account_dates(first: date) -> DailyPartitionsDefinition:
    """Returns the daily partitions; a frozen clock (``TRIBUTARY_NOW``) ends them too.

    Args:
        first: the first of them.
    """
    frozen = bool(os.environ.get(clock.VARIABLE))
    end = today_anywhere() + timedelta(days=1)
    return DailyPartitionsDefinition(
        first.isoformat(),
        timezone=EARLIEST_ZONE,
        end_date=end.isoformat() if frozen else None,
        end_offset=1,
    )


def check_range(first: date, last: date) -> None:
    """Refuses dates that cannot be pulled.

    Raises:
        ValueError: the range begins before the warehouse's calendar, or ends after today.
    """
    end = today_anywhere()
    if first < CALENDAR_START or last > end:
        raise ValueError(
            f"the range {first} to {last} is not within {CALENDAR_START} to {end}, the dates that "
            "can be pulled again"
        )


def window_of(keys: PartitionKeyRange) -> Window:
    """Returns the half-open window of a range of partitions (both ends included)."""
    return Window(date.fromisoformat(keys.start), date.fromisoformat(keys.end) + timedelta(days=1))
