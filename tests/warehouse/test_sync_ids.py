from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.sync_ids import SyncIds, sync_time_milliseconds

NOON = datetime(2026, 11, 15, 12, tzinfo=UTC)


def test_an_id_is_a_uuid7_of_its_time() -> None:
    sync_id, carried = SyncIds(lambda: NOON, None).next()
    found = uuid.UUID(sync_id)
    assert (found.version, found.variant) == (7, uuid.RFC_4122)
    assert sync_time_milliseconds(sync_id) == int(NOON.timestamp() * 1000)
    assert carried == 0.0


@given(st.lists(st.floats(min_value=-90_000, max_value=90_000), min_size=2, max_size=40))
def test_ids_grow_whatever_the_clock_does(steps: list[float]) -> None:
    times = iter([NOON + timedelta(seconds=step) for step in steps])
    now = [NOON]

    def tick() -> datetime:
        now[0] = next(times)
        return now[0]

    ids = SyncIds(tick, None)
    last, latest = "", 0
    for _ in steps:
        sync_id, carried = ids.next()
        milliseconds = int(now[0].timestamp() * 1000)
        assert sync_id > last
        assert carried == pytest.approx(max(0, latest - milliseconds) / 1000, abs=0.002)
        last, latest = sync_id, sync_time_milliseconds(sync_id)


def test_a_clock_behind_the_log_is_carried_forward_and_reported() -> None:
    known, _ = SyncIds(lambda: NOON, None).next()
    sync_id, carried = SyncIds(lambda: NOON - timedelta(hours=1), known).next()
    assert sync_id > known
    assert carried == 3600.0


def test_two_processes_at_one_frozen_instant_get_different_ids() -> None:
    known, _ = SyncIds(lambda: NOON, None).next()
    ids = {SyncIds(lambda: NOON, known).next()[0] for _ in range(200)}
    assert len(ids) == 200
    assert min(ids) > known


def test_threads_share_a_generator() -> None:
    ids = SyncIds(lambda: NOON, None)
    found: list[str] = []

    def work() -> None:
        found.extend(ids.next()[0] for _ in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 800


@pytest.mark.parametrize("text", ["", "x", str(uuid.UUID(int=1 << 76 | 4 << 76))])
def test_what_is_not_a_sync_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a sync id"):
        SyncIds(lambda: NOON, text or "nothing")


def test_a_naive_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SyncIds(lambda: datetime(2026, 1, 1), None).next()
