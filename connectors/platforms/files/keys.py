"""Which keys a file has shown already."""

from __future__ import annotations

from connectors.core.errors import ShapeChanged

MOST_KEYS = 10_000_000
"""Distinct keys of one file that are remembered: about 1 GB."""


class KeyCounter:
    """Counts how often each key has come."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def count(self, key: str) -> int:
        """Counts one more of the key; returns how many there are now.

        Raises:
            ShapeChanged: the file holds more different keys than are remembered.
        """
        found = self._seen.get(key, 0) + 1
        self._seen[key] = found
        if found == 1 and len(self._seen) > MOST_KEYS:
            raise ShapeChanged(
                f"the file holds more than {MOST_KEYS:,} different keys",
                remedy="Split it, or send what changed only (kind: changes).",
            )
        return found
