"""When an event happened: the device's clock, set right by when it was received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.core.instants import in_zone

FUTURE = timedelta(minutes=5)
"""How much later than its receipt an event may say it happened."""
WINDOW = timedelta(hours=72)
"""How much earlier: what is older counts when it was received, and says so."""
_YEARS = range(1990, 2200)
_STEADY = timedelta(seconds=1)
"""A clock that differs by less is called right: sending takes that long."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened.

    Attributes:
        at: the instant that counts, in UTC.
        clock: what was done to the device's time: `as_sent`, `corrected` (its clock was wrong),
            `future` or `too_late` (it could not be right, the time of receipt counts), or
            `missing` (it states none).
    """

    at: datetime
    clock: str


def instant(value: Any) -> datetime | None:
    """Returns an instant in UTC of a text in ISO 8601, or of a number since 1970.

    A number is of seconds, milliseconds or microseconds by its size; a text of digits is one. A
    text without an offset is UTC.

    Raises:
        ValueError: it is none of these.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and not value.isdigit():
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value[:40]!r} is no time in ISO 8601") from None
    elif isinstance(value, datetime):
        found = value
    elif isinstance(value, int | float | str) and not isinstance(value, bool):
        found = _since_1970(float(value))
    else:
        raise ValueError(f"a {type(value).__name__} is no time")
    if found.tzinfo is not UTC:
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else in_zone(found, UTC)
    if found.year not in _YEARS:
        raise ValueError(f"{str(value)[:40]!r} is of no year that events have")
    return found


def moment(occurred: datetime | None, sent: datetime | None, received: datetime) -> Moment:
    """Returns when an event happened: receipt less the time that the device kept it.

    Args:
        occurred: by the device's clock.
        sent: by the same clock, so that an error of it cancels out.
        received: by the collector's clock.
    """
    if occurred is None:
        return Moment(received, "missing")
    held = sent - occurred if sent is not None else received - occurred
    at = received - held
    if at > received + FUTURE:
        return Moment(received, "future")
    if at < received - WINDOW:
        return Moment(received, "too_late")
    return Moment(at, "as_sent" if abs(at - occurred) <= _STEADY else "corrected")


def _since_1970(number: float) -> datetime:
    for least, unit in ((1e14, 1e6), (1e11, 1e3)):
        if abs(number) >= least:
            number /= unit
            break
    try:
        return datetime.fromtimestamp(number, UTC)
    except (OverflowError, OSError, ValueError):
        raise ValueError(f"{number!r} is no time since 1970") from None
