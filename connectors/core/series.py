"""Reports that come as columns: for each measure a number for each date, zeros included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.errors import ShapeChanged
from connectors.core.instants import in_zone
from connectors.core.paginators import at
from connectors.core.replies import Reply
from connectors.core.stream import Page
from connectors.core.window import Window


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
            is_day = found.time() == time() or found.tzinfo is None
            days.append(str((found if is_day else in_zone(found, zone)).date()))
        except ValueError as trouble:
            raise ShapeChanged(f"{text!r} is no time") from trouble
    return days


def by_day(series: Any, days: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the days on which a number is not 0, each with its numbers.

    Raises:
        ShapeChanged: the series have not one number for each date.
    """
    if not isinstance(series, Mapping) or not all(
        isinstance(one, list) and len(one) == len(days) for one in series.values()
    ):
        raise ShapeChanged(f"a series does not fit the {len(days)} dates of its report: {series}")
    for place, day in enumerate(days):
        values = {name: numbers[place] for name, numbers in series.items()}
        if any(values.values()):
            yield day, values


def unpivoted(
    reply: Reply,
    rows: Sequence[dict[str, Any]],
    field: str,
    times: str,
    zone: ZoneInfo,
    window: Window,
) -> Page:
    """Returns a page with a row for each day of a window on which something happened, as `date`.

    Args:
        reply: the answer.
        rows: its rows.
        field: where a row has its series.
        times: dotted path of the dates that all series are aligned with.
        zone: the account's.
        window: the days that were asked for; an answer may have more.

    Raises:
        ShapeChanged: as `days_of` and `by_day`.
    """
    days, wanted = days_of(at(reply.data, times) or (), zone), set(map(str, window.days()))
    made = [
        {**row, "date": day, field: values}
        for row in rows
        for day, values in by_day(row.get(field), days)
        if day in wanted
    ]
    return Page(made, len(reply.body))


def day_of(text: Any, zone: ZoneInfo) -> str | None:
    """Returns the day of an instant in a zone; None where the text is none."""
    try:
        return str(in_zone(datetime.fromisoformat(str(text)), zone).date())
    except ValueError:
        return None
