"""When the collector received what visitors did: late, some of it twice, by clocks that are wrong.

It is what happened on the way, whatever a line looks like: lines and the truth both follow it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.sandbox.tracking.visits import Action, VisitToSite

DAY = 86_400.0
LATEST_DAYS = 4
"""No event is received later than so many days after the day on which its visit began."""
_SKEWED, _HELD, _TWICE = 0.15, 0.03, 0.04


@dataclass(frozen=True, slots=True)
class Receipt:
    """One event of a visit on its way to the collector.

    Attributes:
        place: of the event in its visit, from 0.
        action: what was done.
        clock: by how many seconds the device's clock is ahead.
        received: when it was received, the first time first (seconds since 1970).
    """

    place: int
    action: Action
    clock: float
    received: tuple[float, ...]


def receipts(visit: VisitToSite) -> Iterator[Receipt]:
    """Yields the events of a visit as they were received; of one that is blocked none."""
    if visit.is_blocked:
        return
    chance = random.Random(f"receipts {visit.number}")
    clock = chance.uniform(-2 * DAY, 2 * DAY) if chance.random() < _SKEWED else 0.0
    for place, action in enumerate(visit.actions):
        held = chance.uniform(60, 2 * DAY) if chance.random() < _HELD else 0.0
        times = [held] + [held + chance.uniform(1, DAY / 2)] * (chance.random() < _TWICE)
        yield Receipt(place, action, clock, tuple(round(action.at + one, 3) for one in times))
