"""Limits of requests a minute that are counted and shown; only faults refuse a request."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

_MINUTE = 60


@dataclass(frozen=True)
class MinuteLimits:
    """How many requests each endpoint had in the minute that runs.

    Attributes:
        most: Of each endpoint the requests that a minute may have.
    """

    most: Mapping[str, int]
    _used: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def headers(self, endpoint: str) -> dict[str, str]:
        """Counts a request, and returns the headers that say what is left of its minute."""
        if endpoint not in self.most:
            return {}
        minute, passed = divmod(int(time.time()), _MINUTE)
        self._used[endpoint, minute] += 1
        left = max(0, self.most[endpoint] - self._used[endpoint, minute])
        shown = {"Limit": self.most[endpoint], "Remaining": left, "Reset": _MINUTE - passed}
        return {f"RateLimit-{name}": str(value) for name, value in shown.items()}
