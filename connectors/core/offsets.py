"""Zones of accounts that are set as an offset alone, which have no summer time."""

from __future__ import annotations

from typing import Any

_PARTS_OF_HOURS = {3.5: "Asia/Tehran", 4.5: "Asia/Kabul", 5.5: "Asia/Kolkata",
                   5.75: "Asia/Kathmandu", 6.5: "Asia/Yangon", 9.5: "Australia/Darwin"}  # fmt: skip


def zone_of_offset(hours: Any) -> str:
    """Returns the IANA name of a zone that is so many hours ahead of UTC; empty for an odd one."""
    try:
        offset = float(hours or 0)
    except (TypeError, ValueError):
        return ""
    if offset.is_integer():
        # POSIX counts the other way round: Etc/GMT-9 is nine hours ahead.
        return f"Etc/GMT{-int(offset):+d}" if offset else "UTC"
    return _PARTS_OF_HOURS.get(offset, "")
