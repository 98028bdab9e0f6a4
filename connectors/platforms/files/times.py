"""Dates and times as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

EXCEL_DAY_ZERO = datetime(1899, 12, 30)
"""Day 0 of spreadsheets; their 29 February 1900, which never was, makes it the 30th."""

_PARTS = re.compile(
    r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})"
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?",
    re.ASCII,
)
_TIME = re.compile(
    r"(\d{1,2}(?=:)|\d\d)[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?", re.ASCII
)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_STATE = "state date_format: day_first or month_first"


def reader(form: str) -> Callable[[str], datetime]:
    """Returns what reads one text; the result has a zone when the text has one.

    Args:
        form: one of the words of the mapping, or a strptime pattern.
    """
    if "%" in form:
        return lambda text: datetime.strptime(text, form)
    return _READERS[form]


def to_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """Returns the instant; a time without a zone is the zone's wall clock.

    Of an hour that the autumn's clock change repeats, the first is taken. A midnight that the
    spring's change skips is the beginning of its day, as dates without a time mean it.

    Raises:
        ValueError: the spring's clock change skips that time.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    instant = moment.replace(tzinfo=zone).astimezone(UTC)
    shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    if shown != moment.replace(fold=0) and moment.time() != time.min:
        raise ValueError(
            f"{moment} does not exist in {zone.key}, whose clocks went forward over it; state the "
            "time_zone in which the file was written, or correct the row"
        )
    return instant


def serial(days: float) -> datetime:
    """Returns the time of a spreadsheet's serial day, to the millisecond.

    Raises:
        ValueError: it lies beyond the calendar.
    """
    if not 1 <= days < 2_958_466:
        raise ValueError(f"{days} is no serial day of a spreadsheet")
    return EXCEL_DAY_ZERO + timedelta(milliseconds=round(days * 86_400_000))


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        found = _PARTS.fullmatch(text)
        if _NUMBER.fullmatch(text) and not _COMPACT.fullmatch(text):
            hint = "; if it is a spreadsheet's serial day, state date_format: serial"
        elif found and len(found[1]) < 4:
            hint = f"; {_STATE}"
        else:
            hint = "; state date_format as a pattern such as %d.%m.%Y"
        raise ValueError(f"{text[:60]!r} is not an ISO 8601 date{hint}") from None


def _ordered(order: tuple[int, int, int], name: str) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        found = _PARTS.fullmatch(text)
        if not found:
            return _iso(text)
        if len(found[1]) == 4 and name != "year_first":
            return _iso(text)
        year, month, day = (found[place] for place in order)
        if len(year) != 4:
            raise ValueError(
                f"{text!r} has a year of {len(year)} digits; state date_format as a pattern with %y"
            )
        hour = _hour(text, int(found[4] or 0), found[7])
        try:
            return datetime(int(year), int(month), int(day), hour, int(found[5] or 0),
                            int(found[6] or 0))  # fmt: skip
        except ValueError as trouble:
            raise ValueError(f"{text!r} read as {name} is impossible: {trouble}") from None

    return read


def time_of_day(cell: Any) -> time:
    """Returns the time of a cell of its own: a text, a time, or a spreadsheet's share of a day.

    Raises:
        ValueError: it is none.
    """
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    text = str(cell).strip()
    # 0.25 is six o'clock, 00.25 is a time.
    found = None if isinstance(cell, float) else _TIME.fullmatch(text)
    try:
        if found:
            hour = _hour(text, int(found[1]), found[4])
            return time(hour, int(found[2]), int(found[3] or 0))
        share = float(text) if len(text) < 30 else -1.0
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise ValueError(f"{text[:60]!r} is no time of day, such as 16:45 or 4:45:59 PM")
    return (EXCEL_DAY_ZERO + timedelta(seconds=round(share * 86_400))).time()


def _hour(text: str, hour: int, noon: str | None) -> int:
    if not noon:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"{text!r}: there is no hour {hour} before or after noon")
    return hour % 12 + (12 if noon[0] in "pP" else 0)


def _serial(text: str) -> datetime:
    try:
        return serial(float(text.replace(",", ".")))
    except ValueError:
        raise ValueError(f"{text[:60]!r} is no serial day of a spreadsheet") from None


def _epoch(unit: int) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        try:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text) / unit)
        except (ValueError, OverflowError):
            raise ValueError(f"{text[:60]!r} is no time since 1970") from None

    return read


def midnight(day: date) -> datetime:
    """Returns the beginning of a day, without a zone."""
    return datetime(day.year, day.month, day.day)


_READERS: dict[str, Callable[[str], datetime]] = {
    "iso": _iso,
    "day_first": _ordered((3, 2, 1), "day_first"),
    "month_first": _ordered((3, 1, 2), "month_first"),
    "year_first": _ordered((1, 2, 3), "year_first"),
    "serial": _serial,
    "epoch": _epoch(1),
    "epoch_ms": _epoch(1000),
}
