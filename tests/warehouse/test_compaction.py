"""Compaction loses no row of any sync, whatever is killed or running beside it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.observed import rows_of
from tests.warehouse.victims import Victims
from warehouse import compaction
from warehouse.compacted_rows import RawFiles
from warehouse.compaction import (
    MARKER,
    CompactionError,
    compact,
    finish_compaction,
    plan_compaction,
)
from warehouse.durable_files import LakeFull, host_name
from warehouse.home import Home
from warehouse.lake import Outcome
from warehouse.locks import build_lock, writers_lock
from warehouse.raw_rows import OBSERVATION_FIELDS
from warehouse.seeds import seed_empty
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog

TODAY = date(2026, 11, 15)
OK = Outcome("succeeded")


@pytest.fixture
def sync(home, clock, writer, chunk, batch):
    """Writes one sync of one report, or of another stream, on a day."""
    ids = SyncIds(clock, None)

    def make(day: date = TODAY, stream: str = "ad_stats", accounts: int = 2, rows: int = 3) -> None:
        clock.at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        with writer(ids.next()[0], stream) as one:
            for account in range(accounts):
                one.begin_chunk(chunk(f"conn-{account}", account))
                for number in (4, 2, 3):
                    one.write(batch(rows, day=date(2026, 11, number), clicks=day.day))
                one.finish_chunk(OK)

    return make


def files_of(home: Home, stream: str = "ad_stats") -> list[str]:
    directory = home.raw_dir("google_ads", stream)
    return sorted(
        str(path.relative_to(directory).parent).removeprefix("synced=")
        for path in directory.rglob("*.parquet")
    )


def test_closed_months_and_days_become_one_file_each_with_the_same_rows(home, sync, schema):
    seed_empty(home, "google_ads", "ad_stats", schema)
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 3), TODAY):
        sync(day)
        sync(day)
    before, log = rows_of(home), SyncLog(home).rows()
    done = list(compact(home, TODAY))
    # Two syncs a day say the same; 1 and 31 October differ.
    assert [(m.group.period, len(m.group.files), m.rows_before, m.rows_after) for m in done] == [
        ("2026-09", 2, 36, 18),
        ("2026-10", 4, 72, 36),
        ("2026-11-03", 2, 36, 18),
    ]
    assert all(m.size_after < m.size_before for m in done)
    assert rows_of(home) == before
    assert SyncLog(home).rows() == log
    assert files_of(home) == [
        "1970-01-01",
        "2026-11-15",
        "2026-11-15",
        "compacted=1970-01-01",
        "compacted=2026-09",
        "compacted=2026-10",
        "compacted=2026-11-03",
    ]
    folders = {path.name for path in home.raw_dir("google_ads", "ad_stats").iterdir()}
    assert "synced=2026-10-01" not in folders
    assert plan_compaction(home, TODAY) == []
    assert list(compact(home, TODAY)) == []
    assert not (home.lake / MARKER).exists()
    # A month later the days go into their month, and what came late joins what is merged.
    sync(date(2026, 10, 2))
    after = rows_of(home)
    list(compact(home, date(2026, 12, 1)))
    assert files_of(home) == [
        "1970-01-01",
        "compacted=1970-01-01",
        "compacted=2026-09",
        "compacted=2026-10",
        "compacted=2026-11",
    ]
    assert rows_of(home) == after


def test_rows_lie_by_account_and_date_in_row_groups_of_their_own_types(home, sync):
    for day in (1, 2):
        sync(date(2026, 10, day), accounts=3)
    [file] = {Path(p) for p in home.lake.joinpath("raw").rglob("*2026-10-01/*.parquet")}
    before = pq.read_schema(file).remove_metadata()
    list(compact(home, TODAY))
    [path] = home.raw_dir("google_ads", "ad_stats").rglob("*.parquet")
    table = pq.read_table(path, partitioning=None)
    assert table.schema.remove_metadata() == pa.schema([*before, *OBSERVATION_FIELDS])
    order = ["_connection_id", "date", "campaign_id", "_sync_id"]
    found = table.select(order).to_pylist()
    assert found == sorted(found, key=lambda row: [row[name] for name in order])
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_a_column_that_came_later_stays_null_before(home, sync, schema):
    sync(date(2026, 10, 1))
    [old] = home.raw_dir("google_ads", "ad_stats").rglob("*.parquet")
    table = pq.read_table(old, partitioning=None)
    more = table.append_column("new", pa.array(["x"] * table.num_rows))
    pq.write_table(more, old.with_name("f" + old.name[1:]))
    before = rows_of(home)
    list(compact(home, TODAY))
    assert rows_of(home) == before
    assert {row[-2] for row in before} == {None, "x"}  # columns are sorted: `new`, `rate`


def test_streams_do_not_mix(home, sync):
    for stream in ("ads", "ad_stats"):
        for day in (1, 2):
            sync(date(2026, 10, day), stream)
    before = {stream: rows_of(home, stream) for stream in ("ads", "ad_stats")}
    assert len(list(compact(home, TODAY))) == 2
    assert {stream: rows_of(home, stream) for stream in before} == before


def test_a_merged_file_that_differs_replaces_nothing(home, sync, monkeypatch):
    for day in (1, 2):
        sync(date(2026, 10, day))
    before, files = rows_of(home), files_of(home)

    def one_row_less(files, target):
        one = files._connection
        write(files, target)
        one.execute(f"create temp table less as select * from read_parquet('{target}') offset 1")
        one.execute(f"copy less to '{target}' (format parquet)")

    write = RawFiles.write_compacted
    monkeypatch.setattr(RawFiles, "write_compacted", one_row_less)
    with pytest.raises(CompactionError, match="they stay"):
        list(compact(home, TODAY))
    assert (rows_of(home), files_of(home)) == (before, files)
    assert list(home.lake.rglob(".tmp-*")) == []


@pytest.mark.parametrize("step", ["write_bytes", "rename_durably", "_unlink", "finish_compaction"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_kill_around_any_step_of_the_exchange_loses_and_repeats_nothing(
    home, sync, monkeypatch, step, done
):
    for day in (1, 2):
        sync(date(2026, 10, day))
    before = rows_of(home)
    real, calls = getattr(compaction, step), []

    def killed(*arguments):
        # Each of them may be called before the exchange has begun.
        if not list(home.lake.rglob(".tmp-*")) and not (home.lake / MARKER).exists():
            return real(*arguments)
        calls.append(step)
        if done:
            real(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(compaction, step, killed)
        with pytest.raises(KeyboardInterrupt):
            list(compact(home, TODAY))
    assert calls
    finish_compaction(home)
    assert rows_of(home) == before
    list(compact(home, TODAY))
    assert rows_of(home) == before
    assert files_of(home) == ["compacted=2026-10"]
    assert not (home.lake / MARKER).exists()


def test_killed_at_random_instants_no_row_is_lost_or_repeated(home, sync):
    streams = [f"stream_{number}" for number in range(6)]
    chance = random.Random(3)
    halves = 0
    imports = "from warehouse.compaction import compact"
    with Victims(home.path, imports, "list(compact(home, date(2026, 11, 15)))") as victims:
        for _ in range(6):
            for stream in streams:
                for day in (1, 2, 3):
                    sync(date(2026, 10, day), stream)
            before = {stream: rows_of(home, stream) for stream in streams}
            # Killed at a random moment after a random number of streams was merged.
            watched = chance.choice(streams[:-1])
            full = files_of(home, watched)
            victims.kill_one(
                lambda watched=watched, full=full: files_of(home, watched) != full,
                chance.uniform(0, 0.03),
            )
            halves += len({len(files_of(home, stream)) for stream in streams}) > 1
            with build_lock(home):
                finish_compaction(home)
            assert {stream: rows_of(home, stream) for stream in streams} == before
    list(compact(home, TODAY))
    assert {stream: rows_of(home, stream) for stream in streams} == before
    assert {tuple(files_of(home, stream)) for stream in streams} == {("compacted=2026-10",)}
    assert halves >= 3
    assert list(home.lake.rglob(".tmp-*")) == []


def test_what_killed_compactions_left_is_swept_from_every_folder(
    home, sync, clock, writer, chunk, batch
):
    sync(date(2026, 10, 1))
    sync(date(2026, 11, 3))
    before = rows_of(home)
    left = f".tmp-{host_name()}-{_pid_of_the_dead()}-0-month-1.parquet.part"
    # A month that has nothing to merge any more, a day that went into its month, rows set aside.
    raw = home.raw_dir("google_ads", "ad_stats")
    aside = home.quarantine_dir("google_ads", "ad_stats")
    for folder in (raw / "synced=2026-09", raw / "synced=2026-10-01", aside / "synced=2026-10-01"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / left).write_bytes(b"half")
    # A pull that began on a day that is over, and one on another machine, are at work.
    clock.at = datetime(2026, 11, 3, 23, 59, tzinfo=UTC)
    foreign = raw / "synced=2026-11-03" / ".tmp-other-1-0-a.parquet.part"
    foreign.write_bytes(b"half")
    with writer(SyncIds(clock, None).next()[0]) as one:
        one.begin_chunk(chunk())
        one.write(batch(5))
        while not list(raw.rglob(f".tmp-*-{os.getpid()}-*")):  # another thread opens its file
            time.sleep(0.001)
        list(compact(home, TODAY))
        living = [path for path in home.lake.rglob(".tmp-*") if path != foreign]
        assert [path.parent.name for path in living] == ["synced=2026-11-03"]
        assert f"-{os.getpid()}-" in living[0].name
        assert foreign.exists()
        one.finish_chunk(OK)
    assert len(rows_of(home)) == len(before) + 5
    foreign.unlink()
    list(compact(home, TODAY))
    assert list(home.lake.rglob(".tmp-*")) == []
    assert not (raw / "synced=2026-09").exists()


def _pid_of_the_dead() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_pulls_and_reads_go_on_while_the_lake_compacts(home, sync, clock):
    for day in range(1, 15):
        sync(date(2026, 10, day))
    stop, trouble, seen = threading.Event(), [], []

    def read() -> None:
        """As a build does: under its lock every committed row is there once."""
        while not stop.is_set():
            with build_lock(home):
                # In this order: what the log has is in the lake.
                committed = sum(row.rows for row in SyncLog(home).rows())
                found = rows_of(home)
            seen.append(len(found))
            if len(found) < committed or len(set(found)) != len(found):
                trouble.append((committed, len(found)))

    def merge() -> None:
        while not stop.is_set():
            list(compact(home, TODAY))

    threads = [threading.Thread(target=work) for work in (read, merge)]
    for thread in threads:
        thread.start()
    for day in range(14, 29):
        sync(date(2026, 10, day))
    stop.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert trouble == []
    assert len(set(seen)) > 1
    list(compact(home, TODAY))
    assert files_of(home) == ["compacted=2026-10"]
    assert len(rows_of(home)) == 29 * 18


def test_a_folder_stays_while_a_writer_may_need_it(home, sync):
    for day in (1, 2):
        sync(date(2026, 10, day))
    with writers_lock(home):
        list(compact(home, TODAY))
        assert len(list(home.raw_dir("google_ads", "ad_stats").iterdir())) == 3
    sync(date(2026, 10, 1))
    list(compact(home, TODAY))
    assert len(list(home.raw_dir("google_ads", "ad_stats").iterdir())) == 1


def test_a_full_disk_changes_nothing(home, sync, monkeypatch):
    for day in (1, 2):
        sync(date(2026, 10, day))
    before = files_of(home)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(compaction, "fsync_file", full)
        with pytest.raises(LakeFull, match="Free space"):
            list(compact(home, TODAY))
    assert files_of(home) == before
    assert list(home.lake.rglob(".tmp-*")) == []


def test_a_group_tells_its_bytes_and_those_of_its_footers(home, sync):
    for day in (1, 2):
        sync(date(2026, 10, day))
    [group] = plan_compaction(home, TODAY)
    assert group.size() == sum(p.stat().st_size for p in group.files)
    footers = sum(pq.read_metadata(path).serialized_size + 8 for path in group.files)
    assert group.footer_size() == footers
