"""Instants that somebody else has written."""

from __future__ import annotations

from datetime import datetime, tzinfo


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """Returns an instant by the clock of a zone.

    Raises:
        ValueError: there it is before the year 1 or after the year 9999.
    """
    try:
        return moment.astimezone(zone)
    except OverflowError:
        raise ValueError(f"{moment} is of no year that calendars have") from None
