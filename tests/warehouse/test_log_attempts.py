"""How syncs ended, read with DuckDB: from files of every version, each row once."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.coverage import Attempt, stream_statuses
from warehouse.home import Home
from warehouse.log_attempts import hides_records, latest_status, organizations_of
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

NOON = datetime(2026, 11, 15, 12, 0, 0, 123456, tzinfo=UTC)


ROW = LogRow(
    sync_id="",
    organization_id="acme",
    connection_id="a",
    platform="shopify",
    account_id="one",
    stream="orders",
    kind="changes",
    chunk_id=0,
    window_from=datetime(2026, 11, 1),
    window_to=datetime(2026, 11, 15, 12),
    status="succeeded",
    mode="incremental",
    fetch_started_at=NOON,
    committed_at=NOON,
    rows=7,
)


def _append(home: Home, hidden: datetime | None = None) -> Path:
    sync_id, _ = SyncIds(lambda: NOON, SyncLog(home).largest_sync_id()).next()
    row = replace(ROW, sync_id=sync_id, hidden_before=hidden)
    return SyncLog(home).append([row], 0, NOON.date())


def test_an_empty_log_says_nothing(home: Home) -> None:
    assert latest_status(home) == []
    assert organizations_of(home) == set()
    assert not hides_records(home)


def test_files_of_earlier_versions_lack_columns(home: Home) -> None:
    path = _append(home)
    table = pq.read_table(path)
    lacking = ("missing_fields", "hidden_before", "clock_carried_seconds")
    pq.write_table(table.drop_columns(list(lacking)), path)
    assert not hides_records(home)
    (status,) = latest_status(home, now=NOON)
    assert (status.rows, status.missing_fields) == (7, ())
    assert (status.attempted_at, status.succeeded_at) == (NOON, NOON)
    assert status.window_to == datetime(2026, 11, 15, 12)


def test_a_row_that_stands_twice_counts_once(home: Home) -> None:
    path = _append(home)
    shutil.copy(path, path.with_name("day.parquet"))
    (status,) = latest_status(home)
    assert status.rows == 7
    assert organizations_of(home) == {"acme"}


def test_only_what_was_hidden_hides_records(home: Home) -> None:
    _append(home, hidden=datetime(1970, 1, 1, tzinfo=UTC))
    assert not hides_records(home)
    _append(home, hidden=datetime(2026, 9, 16, tzinfo=UTC))
    assert hides_records(home)


def test_what_compaction_removes_while_it_is_read_is_read_from_the_new_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = _append(home), _append(home)
    listed = [[str(gone), str(kept)], [str(kept)]]
    monkeypatch.setattr("warehouse.log_attempts.stable_listing", lambda _: listed.pop(0))
    gone.unlink()
    assert [status.rows for status in latest_status(home)] == [7]


def test_a_damaged_file_is_not_taken_for_one_that_was_removed(home: Home) -> None:
    _append(home).write_bytes(b"PAR1 garbage")
    with pytest.raises(duckdb.Error):
        latest_status(home)


CLOCKS = st.integers(-4, 4).map(lambda quarters: NOON + quarters * timedelta(minutes=15))
"""What the clock says when a sync begins; it may go back."""
CHUNKS = st.lists(
    st.fixed_dictionaries(
        {
            "connection_id": st.sampled_from("ab"),
            "stream": st.sampled_from(("orders", "refunds")),
            "chunk_id": st.integers(0, 2),
            "status": st.sampled_from(("succeeded", "succeeded", "failed")),
            "mode": st.sampled_from(("incremental", "incremental", "incremental", "reset")),
            "window_to": st.none() | st.integers(1, 9).map(lambda day: datetime(2026, 11, day)),
            "rows": st.integers(0, 9),
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda chunk: (chunk["connection_id"], chunk["stream"], chunk["chunk_id"]),
)


@given(syncs=st.lists(st.tuples(CLOCKS, CHUNKS), min_size=1, max_size=7))
@settings(deadline=None, max_examples=40)
def test_the_syncs_that_are_read_say_what_all_of_them_say(
    tmp_path_factory: pytest.TempPathFactory, syncs: list[tuple[datetime, list[dict[str, object]]]]
) -> None:
    home = Home.open(tmp_path_factory.mktemp("log"))
    clocks = iter(said for said, _ in syncs)
    ids = SyncIds(lambda: next(clocks), None)
    rows = []
    for number, (said, chunks) in enumerate(syncs):
        sync_id, carried = ids.next()
        started = said + timedelta(seconds=carried)
        common = replace(
            ROW,
            sync_id=sync_id,
            fetch_started_at=started,
            committed_at=started,
            clock_carried_seconds=carried,
        )
        own = [replace(common, **chunk, account_id=chunk["connection_id"]) for chunk in chunks]
        SyncLog(home).append(own, number, NOON.date())
        rows += own
    names = [field.name for field in fields(Attempt)]
    every = [Attempt(**{name: getattr(row, name) for name in names}) for row in rows]
    for now in (None, NOON - timedelta(minutes=30), NOON, NOON + timedelta(hours=3)):
        known = stream_statuses(every, now)
        assert latest_status(home, now=now) == known
        assert SyncLog(home).latest_status(now=now) == known
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warehouse.sync_log.FEW_ROWS", 0)
            assert SyncLog(home).latest_status(now=now) == known
