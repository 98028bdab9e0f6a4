"""The stretches of days that a query's segments cut its date range into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from connectors.sandbox.platforms.google_ads.fields import camel


@dataclass(frozen=True, slots=True)
class Period:
    """Days that share one row.

    Attributes:
        values: The value of each selected segment of time, in the order of the query.
        text: The same as JSON members, without braces.
        days: The days, oldest first.
    """

    values: tuple[str, ...]
    text: str
    days: tuple[date, ...]


def periods(fields: tuple[str, ...], first: date, last: date) -> tuple[Period, ...]:
    """Cuts the days from first to last (both included) by the selected segments of time."""
    # Without segments of time all days are one row, even if there are no days.
    grouped: dict[tuple[str, ...], list[date]] = {} if fields else {(): []}
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        grouped.setdefault(tuple(_value(field, day) for field in fields), []).append(day)
    return tuple(
        Period(values, _text(fields, values), tuple(days)) for values, days in grouped.items()
    )


def _value(field: str, day: date) -> str:
    if field == "segments.week":
        day -= timedelta(days=day.weekday())
    if field == "segments.month":
        day = day.replace(day=1)
    return day.isoformat()


def _text(fields: tuple[str, ...], values: tuple[str, ...]) -> str:
    keys = [camel(field.removeprefix("segments.")) for field in fields]
    return ",".join(f'"{key}":"{value}"' for key, value in zip(keys, values, strict=True))
