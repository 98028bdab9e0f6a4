"""What all platforms of the sandbox share: the business, the clock, the faults, the request log."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.business import Business
from connectors.sandbox.clock import SandboxClock
from connectors.sandbox.wire.faults import Faults

_KEPT_REQUESTS = 5_000


@dataclass(slots=True)
class RequestLog:
    """The last requests to the platforms, and how many there have been."""

    count: int
    by_status: Counter[int]
    last: deque[dict[str, Any]]

    @classmethod
    def empty(cls) -> RequestLog:
        """Returns a log of nothing."""
        return cls(0, Counter(), deque(maxlen=_KEPT_REQUESTS))

    def add(self, entry: dict[str, Any]) -> None:
        """Adds one request, answered or not."""
        self.count += 1
        self.by_status[entry["status"]] += 1
        self.last.append({"number": self.count, **entry})

    def clear(self) -> None:
        """Forgets all requests."""
        self.count = 0
        self.by_status.clear()
        self.last.clear()


class World:
    """One running sandbox."""

    def __init__(self, business: Business) -> None:
        self.business = business
        self.clock = SandboxClock()
        self.faults = Faults()
        self.log = RequestLog.empty()
