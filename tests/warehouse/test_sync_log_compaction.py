"""The log while its files are made into fewer ones."""

from __future__ import annotations

import os
import threading
from datetime import date

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.log_rows import DAY, NEXT_DAY, row
from warehouse import sync_log
from warehouse.locks import writers_lock
from warehouse.log_compaction import DAY_FILE, compact_log


def test_temporaries_are_not_read(log, home, ids):
    path = log.append([row(ids.next()[0])], 0, DAY)
    (path.parent / ".tmp-host-1-0-x.parquet.part").write_bytes(b"half a file")
    assert len(log.rows()) == 1


def test_compaction_leaves_one_file_with_the_same_rows(log, home, ids):
    made = [row(ids.next()[0]) for _ in range(5)]
    for r in made[:4]:
        log.append([r], 0, DAY)
    assert compact_log(home, NEXT_DAY) == 4
    log.append([made[4]], 0, DAY)
    assert compact_log(home, NEXT_DAY) == 2
    assert compact_log(home, NEXT_DAY) == 0
    assert [p.name for p in home.syncs_dir.rglob("*.parquet")] == [DAY_FILE]
    assert sorted(log.rows(), key=lambda r: r.sync_id) == made


def test_a_month_that_is_over_becomes_one_file(log, home, ids):
    days = [date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1), NEXT_DAY]
    made = [row(ids.next()[0]) for _ in range(8)]
    for number, r in enumerate(made):
        log.append([r], 0, days[number // 2])
    assert compact_log(home, NEXT_DAY) == 4 + 2
    folders = sorted(p.parent.name for p in home.syncs_dir.rglob("*.parquet"))
    assert folders == ["synced=2026-10", "synced=2026-11-01", *2 * ["synced=2026-11-16"]]
    assert compact_log(home, NEXT_DAY) == 0
    # Late ones join them, also by way of a day's file of another clock.
    late = [row(ids.next()[0]) for _ in range(2)]
    for r in late:
        log.append([r], 0, days[0])
    assert compact_log(home, days[1]) == 2
    assert compact_log(home, date(2026, 12, 1)) == (1 + 1) + (1 + 2)
    folders = sorted(p.parent.name for p in home.syncs_dir.iterdir() for p in p.iterdir())
    assert folders == ["synced=2026-10", "synced=2026-11"]
    assert sorted(log.rows(), key=lambda r: r.sync_id) == [*made, *late]


def test_no_folder_goes_while_a_writer_is_at_work(log, home, ids):
    for day in (1, 2):
        log.append([row(ids.next()[0])], 0, date(2026, 10, day))
    with writers_lock(home):
        assert compact_log(home, NEXT_DAY) == 2
        assert len(os.listdir(home.syncs_dir)) == 3
    log.append([row(ids.next()[0])], 0, date(2026, 10, 2))
    compact_log(home, NEXT_DAY)
    assert os.listdir(home.syncs_dir) == ["synced=2026-10"]


@pytest.mark.parametrize("survivors", [0, 1, 2, 3])
def test_a_compaction_killed_halfway_shows_each_row_once(log, home, ids, survivors, monkeypatch):
    made = [row(ids.next()[0]) for _ in range(3)]
    paths = [log.append([r], 0, DAY) for r in made]
    kept = {path: path.read_bytes() for path in paths[:survivors]}
    compact_log(home, NEXT_DAY)
    for path, content in kept.items():  # those it had not removed yet
        path.write_bytes(content)
    assert sorted(log.rows(), key=lambda r: r.sync_id) == made
    compact_log(home, NEXT_DAY)
    assert len(list(home.syncs_dir.rglob("*.parquet"))) == 1
    assert len(log.rows()) == 3


def test_a_compaction_killed_before_its_rename_changes_nothing(log, home, ids, monkeypatch):
    made = [row(ids.next()[0]) for _ in range(3)]
    for r in made:
        log.append([r], 0, DAY)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("warehouse.durable_files.rename_durably", killed)
        with pytest.raises(KeyboardInterrupt):
            compact_log(home, NEXT_DAY)
    assert sorted(log.rows(), key=lambda r: r.sync_id) == made


def test_readers_see_every_row_once_while_the_log_compacts(log, home, ids):
    stop = threading.Event()
    counts: list[tuple[int, int, int]] = []
    committed = 0

    def read() -> None:
        while not stop.is_set():
            before = committed
            found = len(log.rows())
            counts.append((before, found, committed))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        log.append([row(ids.next()[0])], 0, DAY)
        committed += 1
        compact_log(home, NEXT_DAY)
    stop.set()
    reader.join(PATIENCE_SECONDS)
    assert counts
    # +1: a row may be visible just before the counter says so.
    assert [c for c in counts if not c[0] <= c[1] <= c[2] + 1] == []


def test_a_file_that_vanishes_after_listing_is_listed_again(log, home, ids, monkeypatch):
    for _ in range(3):
        log.append([row(ids.next()[0])], 0, DAY)
    real, calls = sync_log.stable_listing, []

    def listing(directory: object) -> list[str]:
        found = real(directory)
        if not calls:
            calls.append(1)
            compact_log(home, NEXT_DAY)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(sync_log, "stable_listing", listing)
        assert len(log.rows()) == 3
    assert os.listdir(home.syncs_dir / "synced=2026-11-15") == [DAY_FILE]
