"""Which syncs a wrong clock dated into the future: nothing of them is taken as truth.

A sync's id carries the instant at which it began, carried forward where the clock stood before the
largest in the log; by how much, the log says. Without that the clock itself is left. Ids grow in
the order in which things happened, so a sync whose clock stood after the present, or after the
clock of a sync that came later, was dated into the future. How far its windows really reach is
then unknown: what they cover is asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from warehouse.sync_ids import sync_time_milliseconds

TOLERANCE = timedelta(minutes=2)
"""By how much clocks of well-kept machines may differ, or be set back."""


def clock_instant(sync_id: str, carried_seconds: float | None) -> datetime:
    """What the clock said when a sync began, without what it was carried forward."""
    said = datetime.fromtimestamp(sync_time_milliseconds(sync_id) / 1000, UTC)
    return said - timedelta(seconds=carried_seconds or 0.0)


def from_the_future(clocks: Iterable[tuple[str, float | None]], now: datetime) -> frozenset[str]:
    """Returns the ids of the syncs that a wrong clock dated into the future.

    Args:
        clocks: id of a sync and the seconds by which its clock was carried forward; repetition
            does no harm.
        now: the present (aware).
    """
    found = set()
    for sync_id, carried in sorted(set(clocks), reverse=True):
        said = clock_instant(sync_id, carried)
        if said > now + TOLERANCE:
            found.add(sync_id)
        else:
            now = min(now, said)
    return frozenset(found)
