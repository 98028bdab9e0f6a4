"""The stretches of days that a question about insights asks for, in the account's calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from connectors.sandbox.platforms.meta_ads.errors import GraphError, invalid
from connectors.sandbox.platforms.meta_ads.parameters import (
    read_day,
    read_enum,
    read_json,
    read_number,
    words,
)

Span = tuple[date, date]
MONTHS_KEPT, MONTHS_OF_SPLIT_REACH = 37, 13
_LONGEST_INCREMENT = 90
_DAY = timedelta(days=1)
_PRESETS = words(
    "today yesterday this_week_mon_today this_week_sun_today last_week_mon_sun last_week_sun_sat "
    "this_month last_month this_quarter last_quarter this_year last_year maximum data_maximum "
    "last_3d last_7d last_14d last_28d last_30d last_90d"
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is possible for an account.

    Attributes:
        today: Its date now.
        first: The first day of the business.
    """

    today: date
    first: date

    @property
    def oldest(self) -> date:
        """The oldest day that may be asked for."""
        return months_before(self.today, MONTHS_KEPT)


def read_periods(params: Mapping[str, str], calendar: Calendar) -> tuple[Span, ...]:
    """Reads `time_range` or `date_preset`, and cuts them by `time_increment`.

    Raises:
        GraphError: A date, a preset or an increment is wrong, or a range too old (3018).
    """
    if params.get("time_range"):
        value = read_json("time_range", params["time_range"])
        span = _range(value, calendar)
    else:
        preset = read_enum("date_preset", params.get("date_preset") or "last_30d", _PRESETS)
        span = _preset(preset, calendar)
    return tuple(_cut(span, params.get("time_increment") or "all_days"))


def _range(value: object, calendar: Calendar) -> Span:
    if not isinstance(value, dict) or not {"since", "until"} <= set(value):
        raise invalid("Param time_range must be a time range with since and until")
    since = read_day("time_range[since]", value["since"])
    until = read_day("time_range[until]", value["until"])
    if since > until:
        raise invalid(f"time_range: since {since} must not be after until {until}")
    if since < calendar.oldest:
        raise GraphError(
            400,
            3018,
            "(#3018) The start date of the time range cannot be beyond 37 months from the current "
            "date",
            title="Time range is too old",
        )
    return since, until


def _cut(span: Span, increment: str) -> Iterator[Span]:
    first, last = span
    if increment == "all_days":
        yield span
        return
    while first <= last:
        if increment == "monthly":
            end = _month_after(first) - _DAY
        else:
            days = read_number("time_increment", increment, 1, _LONGEST_INCREMENT)
            end = first + timedelta(days=days - 1)
        yield first, min(end, last)
        first = end + _DAY


def _preset(name: str, calendar: Calendar) -> Span:
    today = calendar.today
    yesterday = today - _DAY
    if name.startswith("last_") and name.endswith("d"):
        return today - timedelta(days=int(name[5:-1])), yesterday
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = today.replace(month=1, day=1)
    everything = (max(calendar.first, calendar.oldest), today)
    return {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_week_mon_today": (monday, today),
        "this_week_sun_today": (sunday, today),
        "last_week_mon_sun": (monday - timedelta(days=7), monday - _DAY),
        "last_week_sun_sat": (sunday - timedelta(days=7), sunday - _DAY),
        "this_month": (month, today),
        "last_month": (months_before(month, 1), month - _DAY),
        "this_quarter": (quarter, today),
        "last_quarter": (months_before(quarter, 3), quarter - _DAY),
        "this_year": (year, today),
        "last_year": (year.replace(year=year.year - 1), year - _DAY),
        "maximum": everything,
        "data_maximum": everything,
    }[name]


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def months_before(day: date, months: int) -> date:
    """Returns the same day of an earlier month, or that month's last day."""
    number = day.year * 12 + day.month - 1 - months
    first = date(number // 12, number % 12 + 1, 1)
    last_of_month = (_month_after(first) - _DAY).day
    return first.replace(day=min(day.day, last_of_month))
