"""Reports that come as columns: for each measure a number for each date, zeros included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from connectors.core.errors import ShapeChanged


def days_of(times: Iterable[Any], zone: ZoneInfo) -> list[str]:
    """Returns the days that the dates of an answer stand for, in an account's zone.

    A midnight is one of that zone, whatever offset it has; another time is an instant.

    Raises:
        ShapeChanged: one is no time.
    """
    days = []
    for text in times:
        try:
            found = datetime.fromisoformat(str(text))
        except ValueError as trouble:
            raise ShapeChanged(f"{text!r} is no time") from trouble
        is_day = found.time() == time() or found.tzinfo is None
        days.append(str((found if is_day else found.astimezone(zone)).date()))
    return days


def fit(series: Any, days: list[str]) -> TypeGuard[dict[str, list[Any]]]:
    """Returns whether series have one number for each date."""
    return isinstance(series, dict) and all(
        isinstance(one, list) and len(one) == len(days) for one in series.values()
    )


def happened(series: Mapping[str, list[Any]], days: list[str]) -> Iterator[tuple[str, Any]]:
    """Yields the days on which a number is not 0, each with its numbers."""
    for place, day in enumerate(days):
        values = {name: numbers[place] for name, numbers in series.items()}
        if any(values.values()):
            yield day, values


def day_of(text: Any, zone: ZoneInfo) -> str | None:
    """Returns the day of an instant in a zone; None where the text is none."""
    try:
        return str(datetime.fromisoformat(str(text)).astimezone(zone).date())
    except ValueError:
        return None
