"""One partition is one date of the account's own calendar."""

import os
from datetime import date, timedelta

from dagster import DailyPartitionsDefinition, PartitionKeyRange

from connectors.core import clock
from connectors.core.window import Window

FIRST_DATE = "2015-01-01"
"""Where dim_date begins. An account whose start is older is pulled from there all the same."""

DAYS_AHEAD = 2
"""Auckland's today is UTC's tomorrow, so the partition of tomorrow exists already."""


def account_dates() -> DailyPartitionsDefinition:
    """Returns the daily partitions; a frozen clock (``TRIBUTARY_NOW``) ends them too."""
    if os.environ.get(clock.VARIABLE):
        end = clock.now().date() + timedelta(days=DAYS_AHEAD)
        return DailyPartitionsDefinition(FIRST_DATE, end_date=end.isoformat())
    return DailyPartitionsDefinition(FIRST_DATE, end_offset=DAYS_AHEAD)


def window_of(keys: PartitionKeyRange) -> Window:
    """Returns the half-open window of a range of partitions (both ends included)."""
    return Window(date.fromisoformat(keys.start), date.fromisoformat(keys.end) + timedelta(days=1))
