"""Which syncs a wrong clock dated into the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from warehouse.present import TOLERANCE, from_the_future
from warehouse.sync_ids import SyncIds

NOON = datetime(2026, 11, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _syncs(*clocks: datetime) -> list[tuple[str, float | None]]:
    """Syncs in the order in which they happened, each at what its clock said."""
    found: list[tuple[str, float | None]] = []
    for clock in clocks:
        known = max((sync_id for sync_id, _ in found), default=None)
        found.append(SyncIds(lambda at=clock: at, known).next())
    return found


def _ahead(now: datetime, *clocks: datetime) -> list[int]:
    syncs = _syncs(*clocks)
    future = from_the_future(syncs, now)
    return [place for place, (sync_id, _) in enumerate(syncs) if sync_id in future]


def test_clocks_that_go_forward_are_believed() -> None:
    assert _ahead(NOON + 3 * HOUR, NOON, NOON + HOUR, NOON + 2 * HOUR) == []


def test_a_sync_after_the_present_is_not_believed() -> None:
    assert _ahead(NOON, NOON - HOUR, NOON + HOUR) == [1]
    assert _ahead(NOON, NOON - HOUR, NOON + 10_000 * HOUR) == [1]


def test_nor_is_one_after_a_later_sync_although_its_day_has_come() -> None:
    clocks = (NOON, NOON + 5 * HOUR, NOON + HOUR, NOON + 6 * HOUR)
    assert _ahead(NOON + 7 * HOUR, *clocks) == [1]


def test_a_clock_that_is_set_back_a_little_is_believed() -> None:
    assert _ahead(NOON, NOON + TOLERANCE, NOON) == []
    assert _ahead(NOON, NOON + TOLERANCE + timedelta(seconds=1), NOON) == [0]
