"""How committed rows lie in their files, and how the writer takes turns with its reader."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.committed import OK, raw_files_of, visible_rows
from warehouse import raw_files
from warehouse.durable_files import LakeFull
from warehouse.seeds import seed_empty
from warehouse.sync_log import SyncLog


def test_rows_are_ordered_by_account_then_date(home, writer, chunk, batch, next_id):
    with writer(next_id()) as sync:
        for connection in ("b", "a"):
            sync.begin_chunk(chunk(connection))
            for day in (3, 1, 2):
                sync.write(batch(2, day=date(2026, 11, day)))
            sync.finish_chunk(OK)
    table = pq.read_table(raw_files_of(home)[0], partitioning=None)
    pairs = table.select(["_connection_id", "date"]).to_pylist()
    found = list(dict.fromkeys((pair["_connection_id"], pair["date"]) for pair in pairs))
    assert found == [(c, date(2026, 11, d)) for c in ("b", "a") for d in (1, 2, 3)]


def test_row_groups_are_bounded_and_system_columns_are_dictionaries(
    home, writer, chunk, batch, next_id
):
    with writer(next_id()) as sync:
        for number in range(3):
            sync.begin_chunk(chunk(f"conn-{number}"))
            for _ in range(10):
                sync.write(batch(10_000))
            sync.finish_chunk(OK)
    metadata = pq.ParquetFile(raw_files_of(home)[0]).metadata
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sum(sizes) == 300_000
    assert max(sizes) <= raw_files.ROW_GROUP_ROWS
    column = metadata.row_group(0).column(2)
    assert column.path_in_schema == "_sync_id"
    assert "RLE_DICTIONARY" in column.encodings
    assert column.compression == "ZSTD"


def test_a_slow_encoder_makes_the_reader_wait(home, writer, chunk, batch, next_id, monkeypatch):
    release = threading.Event()
    real = raw_files.RawFile._append

    def slow(self: raw_files.RawFile, *args: Any) -> None:
        release.wait(PATIENCE_SECONDS)
        real(self, *args)

    monkeypatch.setattr(raw_files.RawFile, "_append", slow)
    sync = writer(next_id())
    sync.begin_chunk(chunk())
    written = []

    def produce() -> None:
        for number in range(40):
            sync.write(batch(1))
            written.append(number)

    producer = threading.Thread(target=produce)
    producer.start()
    time.sleep(0.3)
    assert len(written) <= raw_files.QUEUE_BATCHES + 1
    release.set()
    producer.join(PATIENCE_SECONDS)
    sync.finish_chunk(OK)
    assert sync.close()[0].rows == 40


def test_an_error_of_the_encoder_reaches_the_caller(
    home, writer, chunk, batch, next_id, monkeypatch
):
    def broken(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(raw_files.RawFile, "_flush", broken)
    sync = writer(next_id())
    sync.begin_chunk(chunk())

    def write_on() -> None:
        for _ in range(100):
            sync.write(batch(100_000))

    with pytest.raises(LakeFull, match="Free space"):
        write_on()
    sync.abort()
    assert [p for p in home.lake.rglob("*") if p.is_file()] == []


def test_seeds_make_globs_match_and_follow_the_schema(home, schema):
    for _ in range(2):
        seed_empty(home, "google_ads", "ad_stats", schema)
    assert visible_rows(home) == []
    seeds = raw_files_of(home)
    assert [seed.parent.name for seed in seeds] == ["compacted=1970-01-01", "synced=1970-01-01"]
    before = [seed.stat().st_ino for seed in seeds]
    seed_empty(home, "google_ads", "ad_stats", schema)
    assert [seed.stat().st_ino for seed in seeds] == before
    seed_empty(home, "google_ads", "ad_stats", schema.append(pa.field("new", pa.int64())))
    assert all("new" in pq.read_schema(seed).names for seed in seeds)
    quarantine = home.quarantine_dir("google_ads", "ad_stats") / "*" / "*.parquet"
    names = duckdb.sql(f"select * from '{quarantine}'").columns
    assert names[-3:-1] == ["reason", "payload"] or names[-2:] == ["reason", "payload"]
    assert SyncLog(home).rows() == []
