"""The one clock: the wall clock, or the instant that TRIBUTARY_NOW freezes.

Windows, token expiry and `_synced_at` read it; waiting and backoff use real monotonic time.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

VARIABLE = "TRIBUTARY_NOW"
_EXAMPLE = "2026-11-15T06:00:00Z"


def now() -> datetime:
    """Returns the current instant as an aware datetime in UTC.

    Raises:
        ValueError: TRIBUTARY_NOW is set to something that is not an ISO-8601 instant with a zone.
    """
    text = os.environ.get(VARIABLE, "").strip()
    return _instant(text) if text else datetime.now(UTC)


def today(zone: str) -> date:
    """Returns today's date in an IANA time zone, e.g. `Pacific/Auckland`.

    Raises:
        ValueError: the zone is not known on this machine, or TRIBUTARY_NOW is malformed.
    """
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as trouble:
        raise ValueError(
            f"unknown time zone {zone!r}; use an IANA name such as Europe/Berlin"
        ) from trouble
    return now().astimezone(place).date()


def _instant(text: str) -> datetime:
    message = (
        f"{VARIABLE}={text!r} is not an ISO-8601 instant with a zone; write it like {_EXAMPLE}"
    )
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as trouble:
        raise ValueError(message) from trouble
    if instant.tzinfo is None:
        raise ValueError(message)
    return instant.astimezone(UTC)
