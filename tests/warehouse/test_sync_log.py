"""The log against a naive model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.log_rows import DAY, NEXT_DAY, NOON, START, row
from warehouse.coverage import contiguous_end
from warehouse.home import Home
from warehouse.log_compaction import compact_log
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow, rows_to_table, table_to_rows

QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@contextmanager
def fresh_log() -> Iterator[SyncLog]:
    with TemporaryDirectory() as directory:
        yield SyncLog(Home.open(Path(directory) / "home"))


_syncs = st.lists(
    st.fixed_dictionaries(
        {
            # The wall clock: steps back between syncs are part of the history.
            "clock": st.integers(-5, 5),
            "mode": st.sampled_from(["incremental", "backfill", "full"]),
            "kind": st.sampled_from(["report", "changes"]),
            "connection": st.sampled_from("ab"),
            "chunks": st.lists(
                st.tuples(
                    st.integers(0, 12),  # first day
                    st.integers(1, 6),  # days
                    st.booleans(),  # succeeded
                    st.integers(0, 1),  # rows: an empty window counts like any other
                ),
                min_size=1,
                max_size=4,
            ),
        }
    ),
    max_size=8,
)


def history(syncs: list[dict[str, object]]) -> list[list[LogRow]]:
    """Log rows of each sync. Removing and re-adding a connection leaves its id the same."""
    now = [NOON]
    ids = SyncIds(lambda: now[0], None)
    made = []
    for sync in syncs:
        now[0] += timedelta(minutes=sync["clock"])
        sync_id, carried = ids.next()
        made.append(
            [
                row(
                    sync_id,
                    connection_id=sync["connection"],
                    kind=sync["kind"],
                    stream=f"{sync['kind']}_stream",
                    mode=sync["mode"],
                    chunk_id=number,
                    window_from=START + timedelta(days=first),
                    window_to=START + timedelta(days=first + days),
                    status="succeeded" if succeeded else "failed",
                    rows=rows,
                    fetch_started_at=now[0],
                    clock_carried_seconds=carried,
                )
                for number, (first, days, succeeded, rows) in enumerate(sync["chunks"])
            ]
        )
    return made


def naive_winners(rows: list[LogRow], connection: str) -> dict[date, LogRow]:
    found: dict[date, LogRow] = {}
    for offset in range(30):
        day = START + timedelta(days=offset)
        covering = [
            r
            for r in rows
            if r.connection_id == connection
            and r.stream == "report_stream"
            and r.status == "succeeded"
            and r.window_from <= day < r.window_to
        ]
        if covering:
            found[day.date()] = max(
                covering, key=lambda r: (r.fetch_started_at, r.sync_id, r.chunk_id)
            )
    return found


def naive_cursor(rows: list[LogRow], connection: str, start: datetime) -> datetime | None:
    """Walks day by day from the start until a day that no incremental window fetched."""
    done = [
        r
        for r in rows
        if (r.connection_id, r.stream, r.mode) == (connection, "changes_stream", "incremental")
        and r.status == "succeeded"
    ]
    day = start
    while any(r.window_from <= day < r.window_to for r in done):
        day += timedelta(days=1)
    return day if day > start else None


@QUICK
@given(syncs=_syncs, order=st.randoms(use_true_random=False), compacted=st.booleans())
def test_coverage_cursor_and_winner_agree_with_a_naive_model(syncs, order, compacted):
    made = history(syncs)
    rows = [r for sync in made for r in sync]
    parts = [(part, [r]) for sync in made for part, r in enumerate(sync)]
    order.shuffle(parts)  # commits arrive in any order
    with fresh_log() as log:
        for part, committed in parts:
            log.append(committed, part, DAY)
        if compacted:
            compact_log(log.home, NEXT_DAY)
        bulk = log.coverage_by_connection("google_ads", "report_stream")
        changed = log.change_windows("google_ads", "changes_stream")
        for connection in "ab":
            expected = naive_winners(rows, connection)
            winners = {day: r.fetch_started_at for day, r in expected.items()}
            assert bulk.get(connection, {}) == winners
            for days in range(12):
                start = START + timedelta(days=days)
                expected = naive_cursor(rows, connection, start)
                assert contiguous_end(changed.get(connection, []), start) == expected
        assert log.largest_sync_id() == max((r.sync_id for r in rows), default=None)
        assert len(log.rows()) == len(rows)


def test_a_failed_middle_chunk_leaves_a_hole_and_stops_the_cursor(log, ids):
    sync_id, _ = ids.next()
    for kind in ("report", "changes"):
        windows = [(0, "succeeded"), (1, "failed"), (2, "succeeded")]
        rows = [
            row(
                sync_id,
                stream=kind,
                kind=kind,
                chunk_id=number,
                status=status,
                window_from=START + timedelta(days=5 * number),
                window_to=START + timedelta(days=5 * number + 5),
            )
            for number, status in windows
        ]
        log.append(rows, 0 if kind == "report" else 1, DAY)
    covered = {day.day for day in log.coverage_by_connection("google_ads", "report")["a"]}
    assert covered == {1, 2, 3, 4, 5, 11, 12, 13, 14, 15}
    windows = log.change_windows("google_ads", "changes")["a"]
    assert contiguous_end(windows, START) == START + timedelta(days=5)


def test_a_later_start_of_fetching_wins_even_when_it_commits_first(log, ids):
    early, late = ids.next()[0], ids.next()[0]
    log.append([row(late, fetch_started_at=NOON + timedelta(minutes=1))], 0, DAY)
    log.append([row(early, committed_at=NOON + timedelta(hours=1))], 0, DAY)
    covered = log.coverage_by_connection("google_ads", "ad_stats")["a"]
    assert set(covered.values()) == {NOON + timedelta(minutes=1)}


def test_an_empty_window_covers_its_dates(log, ids):
    log.append([row(ids.next()[0], rows=0)], 0, DAY)
    assert len(log.coverage_by_connection("google_ads", "ad_stats")["a"]) == 7


def test_a_cursor_from_a_given_start(log, ids):
    changes = {"kind": "changes", "stream": "orders"}
    log.append([row(ids.next()[0], **changes, status="failed")], 0, DAY)
    later = START + timedelta(days=3)
    log.append([row(ids.next()[0], **changes, window_from=later)], 0, DAY)
    windows = log.change_windows("google_ads", "orders")["a"]
    assert contiguous_end(windows, START) is None
    assert contiguous_end(windows, later) == START + timedelta(days=7)


def test_the_last_snapshot_is_the_last_complete_list(log, ids):
    assert log.last_snapshots("google_ads", "ads") == {}
    snapshot = {"kind": "snapshot", "stream": "ads", "window_from": None, "window_to": None}
    made = [row(ids.next()[0], **snapshot, rows=n, mode="full") for n in range(3)]
    made[2] = replace(made[2], status="failed", fetch_started_at=NOON + timedelta(hours=2))
    made[0] = replace(made[0], fetch_started_at=NOON + timedelta(hours=1))
    for r in made:
        log.append([r], 0, DAY)
    assert log.last_snapshots("google_ads", "ads") == {"a": made[0]}


def test_status_names_the_newest_sync_and_the_last_success(log, ids):
    first, second, third = (ids.next()[0] for _ in range(3))
    at = [NOON + timedelta(hours=n) for n in range(3)]
    log.append([row(first, rows=5, fetch_started_at=at[0])], 0, DAY)
    failed = {"status": "failed", "error_class": "QuotaSpent", "error_message": "wait"}
    log.append(
        [
            row(second, rows=3, fetch_started_at=at[1]),
            row(second, chunk_id=1, fetch_started_at=at[1], **failed),
        ],
        0,
        DAY,
    )
    log.append([row(third, connection_id="b", fetch_started_at=at[2], **failed)], 0, DAY)
    a, b = log.latest_status()
    assert (a.connection_id, a.status, a.failed_chunks, a.rows) == ("a", "partial", 1, 3)
    assert (a.attempted_at, a.succeeded_at) == (at[1], at[0])
    assert (a.error_class, a.error_message) == ("QuotaSpent", "wait")
    assert a.window_to == START + timedelta(days=7)
    assert (b.connection_id, b.status, b.succeeded_at) == ("b", "failed", None)


def test_rows_survive_the_file(log, ids):
    full = row(
        ids.next()[0],
        rows=1,
        rejected_rows=2,
        bytes=3,
        requests=4,
        retries=5,
        duration_seconds=0.5,
        error_class="X",
        error_message="m",
        unknown_fields='["f"]',
        account_name="ü",
        account_currency="EUR",
        account_time_zone="Europe/Berlin",
        raw_file="google_ads/ad_stats/x.parquet",
        clock_carried_seconds=1.5,
        run_id="r",
    )
    log.append([full], 0, DAY)
    assert log.rows() == [full]
    assert log.rows(platform="meta") == []
    assert log.rows(stream="ad_stats", connection_id="a", platform="google_ads") == [full]
    assert table_to_rows(rows_to_table([full])) == [full]


def test_a_part_is_committed_once_and_for_one_sync(log, ids):
    one, two = ids.next()[0], ids.next()[0]
    log.append([row(one)], 0, DAY)
    with pytest.raises(ValueError, match="committed before"):
        log.append([row(one)], 0, DAY)
    for rows in ([], [row(one), row(two)]):
        with pytest.raises(ValueError, match="rows of one sync"):
            log.append(rows, 1, DAY)
