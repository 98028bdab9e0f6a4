"""The API's versions: quarters, each living about a year; a retired one is served by the oldest."""

from __future__ import annotations

import re

LIVING = (
    "2024-10",
    "2025-01",
    "2025-04",
    "2025-07",
    "2025-10",
    "2026-01",
    "2026-04",
    "2026-07",
    "2026-10",
)
_AFTER_SUNSET = "2027-10"
_SEVERAL_BULK_OPERATIONS = 5


def served(asked: str, *, sunset: bool) -> str | None:
    """Returns the version that answers a call, None when the asked one never existed.

    Args:
        asked: What the path names.
        sunset: Whether all versions that clients know have been retired.
    """
    if asked == "unstable":
        return asked
    if not re.fullmatch(r"20\d\d-(01|04|07|10)", asked) or asked > LIVING[-1]:
        return None
    if sunset:
        return _AFTER_SUNSET
    return asked if asked in LIVING else LIVING[0]


def bulk_operations_at_once(version: str) -> int:
    """Returns how many bulk queries of one shop may run at the same time."""
    return _SEVERAL_BULK_OPERATIONS if version >= "2026-01" else 1
