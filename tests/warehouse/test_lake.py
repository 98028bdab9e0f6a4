from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.committed import OK, raw_files_of, visible_rows
from warehouse import raw_files
from warehouse.durable_files import LakeFull
from warehouse.lake import ChunkInfo, LakeError, Outcome
from warehouse.raw_rows import raw_schema
from warehouse.sync_log import SyncLog

FAILED = Outcome("failed", error_class="AuthRejected", error_message="the token was revoked")


def test_rows_carry_their_sync_and_read_as_plain_columns(
    home, clock, writer, chunk, batch, next_id
):
    sync_id = next_id()
    clock.move(seconds=0.25)
    with writer(sync_id) as sync:
        sync.begin_chunk(chunk("conn-a"))
        sync.write(batch(3))
        assert sync.finish_chunk(OK) is False
    [path] = raw_files_of(home)
    assert path.name == f"{sync_id}.parquet"
    assert path.parent.name == "synced=2026-11-15"
    table = pq.read_table(path, partitioning=None)
    assert table.schema.equals(raw_schema(batch(0).schema))
    assert table.column("_extra").null_count == 3
    first = table.to_pylist()[0]
    assert first["_organization_id"] == "acme"
    assert first["_connection_id"] == "conn-a"
    assert first["_sync_id"] == sync_id
    assert first["_chunk_id"] == 0
    assert first["_synced_at"] == clock()


def test_types_and_extra_survive(home, writer, chunk, schema, next_id):
    rows = pa.record_batch(
        {
            "rate": pa.array([Decimal("1.23456789"), None], pa.decimal128(20, 8)),
            "_extra": pa.array([None, '{"new": 1}']),
            "clicks": pa.array([2**62, None], pa.int64()),
            "campaign_id": pa.array(["ü", None]),
            "date": pa.array([date(2026, 1, 1), date(2026, 1, 2)]),
        }
    )
    with writer(next_id()) as sync:
        sync.begin_chunk(chunk())
        sync.write(rows)
        sync.finish_chunk(OK)
    table = pq.read_table(raw_files_of(home)[0], partitioning=None)
    for name in rows.schema.names:
        assert table.column(name).to_pylist() == rows.column(name).to_pylist()


def test_nothing_is_visible_before_close_and_everything_after(home, writer, chunk, batch, next_id):
    sync = writer(next_id())
    sync.begin_chunk(chunk())
    sync.write(batch(200_000))
    time.sleep(0.05)
    assert raw_files_of(home) == []
    assert SyncLog(home).read().num_rows == 0
    sync.finish_chunk(OK)
    [row] = sync.close()
    assert row.rows == 200_000
    assert SyncLog(home).rows() == [row]
    assert (home.lake / "raw" / row.raw_file) == raw_files_of(home)[0]
    assert len(visible_rows(home)) == 200_000


def test_a_failed_chunk_is_logged_and_its_rows_are_never_seen(home, writer, chunk, batch, next_id):
    with writer(next_id()) as sync:
        for number, outcome in enumerate([OK, FAILED, OK]):
            sync.begin_chunk(chunk("conn", number))
            sync.write(batch(10, clicks=number))
            sync.finish_chunk(outcome)
    assert {row[4] for row in visible_rows(home)} == {0, 2}
    failed = [row for row in SyncLog(home).rows() if row.status == "failed"]
    assert [(r.chunk_id, r.error_class, r.raw_file) for r in failed] == [(1, "AuthRejected", None)]
    # The rows were still in memory, so they did not even reach the file.
    assert pq.read_table(raw_files_of(home)[0], partitioning=None).num_rows == 20


def test_rows_of_a_failed_chunk_that_are_in_the_file_stay_unseen(
    home, writer, chunk, batch, next_id, monkeypatch
):
    monkeypatch.setattr(raw_files, "ROW_GROUP_ROWS", 10)
    with writer(next_id()) as sync:
        for number, outcome in enumerate([OK, FAILED]):
            sync.begin_chunk(chunk("conn", number))
            sync.write(batch(25, clicks=number))
            sync.finish_chunk(outcome)
    assert pq.read_table(raw_files_of(home)[0], partitioning=None).num_rows > 25
    assert {row[4] for row in visible_rows(home)} == {0}
    assert len(visible_rows(home)) == 25


def test_a_sync_in_which_every_account_failed_still_writes_its_log(home, writer, chunk, next_id):
    with writer(next_id()) as sync:
        for connection in ("a", "b"):
            sync.begin_chunk(chunk(connection))
            sync.finish_chunk(FAILED)
    assert raw_files_of(home) == []
    rows = SyncLog(home).rows()
    assert [row.connection_id for row in rows] == ["a", "b"]
    assert {row.error_message for row in rows} == {"the token was revoked"}


def test_an_empty_window_is_logged_without_a_raw_file(home, writer, chunk, batch, next_id):
    with writer(next_id()) as sync:
        sync.begin_chunk(chunk())
        sync.write(batch(0))
        sync.finish_chunk(OK)
    assert raw_files_of(home) == []
    assert [(row.rows, row.raw_file) for row in SyncLog(home).rows()] == [(0, None)]


def test_a_sync_without_chunks_writes_nothing(home, writer, next_id):
    with writer(next_id()) as sync:
        pass
    assert sync.committed == []
    assert SyncLog(home).rows() == []


def test_rejected_rows_go_to_quarantine_with_reason_and_payload(home, writer, chunk, next_id):
    with writer(next_id()) as sync:
        sync.begin_chunk(chunk())
        sync.reject([("clicks: not a number", '{"clicks": "many"}')])
        sync.reject([])
        sync.finish_chunk(Outcome("succeeded", unknown_fields={"b", "a"}))
    [path] = home.quarantine_dir("google_ads", "ad_stats").rglob("*.parquet")
    [row] = pq.read_table(path, partitioning=None).to_pylist()
    assert (row["reason"], row["payload"]) == ("clicks: not a number", '{"clicks": "many"}')
    assert row["_connection_id"] == "conn"
    [logged] = SyncLog(home).rows()
    assert (logged.rows, logged.rejected_rows) == (0, 1)
    assert logged.unknown_fields == '["a","b"]'


def test_long_syncs_commit_in_parts(home, writer, chunk, batch, next_id):
    sync_id = next_id()
    sync = writer(sync_id, part_bytes=1)
    for number in range(3):
        sync.begin_chunk(chunk("conn", number))
        # Two row groups, so that the first is encoded when the chunk ends.
        sync.write(batch(140_000, clicks=number))
        while sync._part.raw.bytes_written() < 1000:
            time.sleep(0.005)
        assert sync.finish_chunk(OK) is True
        assert len(SyncLog(home).rows()) == number + 1
    sync.close()
    assert [path.name for path in raw_files_of(home)] == sorted(
        [f"{sync_id}.parquet", f"{sync_id}-001.parquet", f"{sync_id}-002.parquet"]
    )
    assert len(visible_rows(home)) == 420_000


def test_old_parts_are_committed(home, writer, chunk, batch, next_id):
    sync = writer(next_id(), part_seconds=0.0)
    sync.begin_chunk(chunk())
    sync.write(batch(1))
    assert sync.finish_chunk(OK) is True
    assert len(visible_rows(home)) == 1


def test_an_exception_drops_the_part_in_progress_and_keeps_the_committed_one(
    home, writer, chunk, batch, next_id
):
    def fail() -> None:
        with writer(next_id()) as sync:
            sync.begin_chunk(chunk())
            sync.write(batch(5))
            sync.finish_chunk(OK)
            sync.commit_part()
            sync.begin_chunk(chunk(chunk_id=1))
            sync.write(batch(7))
            raise RuntimeError("the run was cancelled")

    with pytest.raises(RuntimeError, match="cancelled"):
        fail()
    assert len(visible_rows(home)) == 5
    assert list(home.lake.rglob(".tmp-*")) == []
    assert [t for t in threading.enumerate() if t.name.startswith("write ")] == []


def test_a_failing_log_withdraws_the_raw_file(home, writer, chunk, batch, next_id, monkeypatch):
    def broken(*_: Any) -> None:
        raise LakeFull(28, "full")

    monkeypatch.setattr(SyncLog, "append", broken)
    sync = writer(next_id())
    sync.begin_chunk(chunk())
    sync.write(batch(10))
    sync.reject([("r", "{}")])
    sync.finish_chunk(OK)
    with pytest.raises(LakeFull):
        sync.close()
    assert [p for p in home.lake.rglob("*") if p.is_file()] == []


def test_wrong_batches_are_refused(home, writer, chunk, batch, schema, next_id):
    sync = writer(next_id())
    sync.begin_chunk(chunk())
    with pytest.raises(LakeError, match=r"lacks columns \['rate'\]"):
        sync.write(batch(1).drop_columns(["rate"]))
    with pytest.raises(LakeError, match=r"unknown columns \['more'\]"):
        sync.write(batch(1).append_column("more", pa.array([1])))
    with pytest.raises(LakeError, match="column clicks is string"):
        sync.write(batch(1).set_column(2, "clicks", pa.array(["1"])))
    sync.abort()


def test_calls_out_of_order_are_refused(home, writer, chunk, batch, next_id):
    sync = writer(next_id())
    for call in (lambda: sync.write(batch(1)), lambda: sync.finish_chunk(OK)):
        with pytest.raises(LakeError, match="no chunk is open"):
            call()
    sync.begin_chunk(chunk())
    for call in (lambda: sync.begin_chunk(chunk()), sync.close, sync.commit_part):
        with pytest.raises(LakeError, match="unfinished chunk"):
            call()
    sync.finish_chunk(OK)
    sync.close()
    assert sync.close() == sync.committed
    with pytest.raises(LakeError, match="closed"):
        sync.begin_chunk(chunk())


def test_a_sync_id_is_used_once(home, writer, chunk, batch, next_id):
    sync_id = next_id()

    def write() -> None:
        with writer(sync_id) as sync:
            sync.begin_chunk(chunk())
            sync.write(batch(1))
            sync.finish_chunk(OK)

    write()
    with pytest.raises(LakeError, match="used before"):
        write()
    assert len(visible_rows(home)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"window_to": None}, "both set or both None"),
        ({"window_to": date(2026, 11, 1)}, "is empty"),
        ({"kind": "snapshot"}, "snapshot chunk"),
        ({"fetch_started_at": datetime(2026, 1, 1)}, "aware"),
        ({"window_from": None, "window_to": None}, "report chunk"),
    ],
)
def test_chunks_that_make_no_sense_are_refused(chunk, changes, message):
    with pytest.raises(ValueError, match=message):
        chunk(**changes)


def test_windows_of_changes_are_logged_in_utc(home, writer, chunk, next_id):
    zone = datetime(2026, 11, 1, 2, tzinfo=UTC).astimezone(ZoneInfo("Asia/Kolkata"))
    with writer(next_id()) as sync:
        info: ChunkInfo = chunk(
            kind="changes", window_from=zone, window_to=datetime(2026, 11, 2, tzinfo=UTC)
        )
        sync.begin_chunk(info)
        sync.finish_chunk(OK)
    [row] = SyncLog(home).rows()
    assert (row.window_from, row.window_to) == (datetime(2026, 11, 1, 2), datetime(2026, 11, 2))
