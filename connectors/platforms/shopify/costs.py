"""What queries cost: the points of a shop's bucket, and pages that fit into one query's limit.

Shopify charges a query by the objects it may return, wants all those points to be there before it
starts, and hands back what was not used. The bucket belongs to the app on the shop: all streams
share it. https://shopify.dev/docs/api/usage/limits#graphql-admin-api-rate-limits
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.platforms.shopify.failures import number

CEILING = 1000.0
"""Points that one query may cost, on every plan."""

ROOM = 0.9
"""Share of the ceiling that a page aims at: costs grow a little faster than pages."""


class Budget:
    """The points of one shop, as its answers tell them.

    A query takes its place in the queue at once and is told how long to wait, so that all its
    points are there when it is sent, whatever other threads do meanwhile.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._left: float | None = None
        self._most = self._rate = 0.0
        self._in_flight = 0.0
        self._seen = monotonic()

    def reserve(self, points: float) -> float:
        """Takes the points of a query and returns the seconds to wait before sending it."""
        with self._lock:
            self._in_flight += points
            if self._left is None or self._rate <= 0:
                return 0.0
            self._refill()
            # More than a full bucket is never there: the answer will say so at once.
            self._left -= min(points, self._most)
            return max(0.0, -self._left / self._rate)

    def settle(self, points: float, status: Mapping[str, Any]) -> None:
        """Gives back the reservation of a query that was answered, or failed.

        Args:
            points: what was reserved for it.
            status: `throttleStatus` of the answer; empty when there is none.
        """
        with self._lock:
            self._in_flight -= points
            if "currentlyAvailable" not in status:
                if self._left is not None:
                    self._refill()
                    self._left += points
                return
            self._most = number(status.get("maximumAvailable"))
            self._rate = number(status.get("restoreRate"))
            # What others have reserved may not have arrived there yet.
            self._left = number(status.get("currentlyAvailable")) - self._in_flight
            self._seen = self._monotonic()

    def _refill(self) -> None:
        now = self._monotonic()
        assert self._left is not None
        self._left = min(self._most, self._left + (now - self._seen) * self._rate)
        self._seen = now


class Budgets:
    """The budgets of this process, one per shop."""

    def __init__(self) -> None:
        self._budgets: dict[str, Budget] = {}
        self._lock = threading.Lock()

    def of(self, shop: str) -> Budget:
        """Returns the budget of one shop's address, made on first use."""
        with self._lock:
            return self._budgets.setdefault(shop, Budget())


SHARED_BUDGETS = Budgets()


@dataclass(slots=True)
class PageSize:
    """How much one kind of query asks for at once: as much as one query's limit allows.

    Attributes:
        first: objects of the page.
        most: the largest page; the API's own limit is 250.
        nested: further sizes, by the name of their variable.
    """

    first: int
    most: int = 250
    nested: dict[str, int] = field(default_factory=dict)
    _each: float = 0.0

    @property
    def expected_cost(self) -> float:
        """Points that the next query will ask for; 0 before anything is known."""
        return min(self._each * self.first, CEILING)

    def learn(self, cost: float) -> None:
        """Fits the next page to what this one would have cost at most."""
        if cost <= 0:
            return
        self._each = cost / self.first
        self.first = max(1, min(self.most, int(ROOM * CEILING / self._each)))

    def shrink(self, cost: float, limit: float) -> bool:
        """Makes the page smaller after it was refused; False when it is as small as can be.

        Args:
            cost: what it would have cost, 0 if unknown.
            limit: what it may cost, 0 if unknown.
        """
        if self.first > 1:
            share = ROOM * limit / cost if cost > limit > 0 else 0.5
            self._each = cost / self.first
            self.first = max(1, min(self.first - 1, int(self.first * share)))
            self.most = min(self.most, max(self.first, 1)) if limit < CEILING else self.most
            return True
        if all(size == 1 for size in self.nested.values()):
            return False
        self.nested = {name: max(1, size // 2) for name, size in self.nested.items()}
        return True
