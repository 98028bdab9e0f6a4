"""The stretches of days that a query's segments cut its date range into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from connectors.sandbox.platforms.google_ads.fields import camel

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@dataclass(frozen=True, slots=True)
class Period:
    """Days that share one row.

    Attributes:
        values: The value of each selected segment of time, in the order of the query.
        text: The same as JSON members, without braces.
        days: The days, oldest first.
    """

    values: tuple[str | int, ...]
    text: str
    days: tuple[date, ...]


def periods(fields: tuple[str, ...], first: date, last: date) -> tuple[Period, ...]:
    """Cuts the days from first to last (both included) by the selected segments of time."""
    # Without segments of time all days are one row, even if there are no days.
    grouped: dict[tuple[str | int, ...], list[date]] = {} if fields else {(): []}
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        grouped.setdefault(tuple(_value(field, day) for field in fields), []).append(day)
    return tuple(
        Period(values, _text(fields, values), tuple(days)) for values, days in grouped.items()
    )


def _value(field: str, day: date) -> str | int:
    if field == "segments.date":
        return day.isoformat()
    if field == "segments.week":
        return (day - timedelta(days=day.weekday())).isoformat()
    if field == "segments.month":
        return day.replace(day=1).isoformat()
    if field == "segments.quarter":
        return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1).isoformat()
    if field == "segments.year":
        return day.year
    return _WEEKDAYS[day.weekday()]


def _text(fields: tuple[str, ...], values: tuple[str | int, ...]) -> str:
    members = []
    for field, value in zip(fields, values, strict=True):
        key = camel(field.removeprefix("segments."))
        members.append(f'"{key}":{value}' if isinstance(value, int) else f'"{key}":"{value}"')
    return ",".join(members)
