"""Windows: halves of what is too much, and where the next run goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import (
    ConnectorError,
    ReportNotReady,
    ServerTrouble,
    TooHeavy,
)
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.core.window import Window
from orchestration.pull import whole_days
from tests.orchestration.made_up_platform import (
    START,
    Pages,
    made_up,
    open_home,
    pull_accounts,
    rows_of,
    serve,
    set_clock,
    visible_rows,
)
from warehouse.home import Home
from warehouse.sync_log import SyncLog


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return open_home(tmp_path, monkeypatch)


def _too_much(most_days: int, trouble: ConnectorError, bad_day: date | None = None) -> Pages:
    """Pages of a platform that refuses more days at once, after a first page of them."""

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        if len(window.days()) > most_days or bad_day in window.days():
            yield Page(rows_of(account, Window(window.start, window.start + timedelta(days=1))), 10)
            raise trouble
        yield from serve(client, account, window)

    return pages


def test_a_window_that_is_too_much_is_committed_in_halves(home: Home) -> None:
    receipt = pull_accounts(home, made_up(_too_much(3, TooHeavy("too much")), chunk=10), "a")
    spans = [(row.window_from.day, row.window_to.day) for row in receipt.rows if row.window_to]
    assert spans == [(1, 4), (4, 6), (6, 9), (9, 11)]
    assert {row.status for row in receipt.rows} == {"succeeded"}
    assert visible_rows(home) == [("a", date(2026, 11, day), day) for day in range(1, 11)]


def test_the_next_run_goes_on_from_the_halves_that_are_done(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day that is too much by itself fails alone; what is asked for next starts small."""
    bad = date(2026, 11, 4)
    slow = _too_much(5, ServerTrouble("an unknown error", less_may_help=True), bad)
    first = pull_accounts(home, made_up(slow, chunk=20, lookback=0), "a")
    failed = [(row.window_from, row.error_class) for row in first.rows if row.status == "failed"]
    assert failed == [(datetime(2026, 11, 4), "ServerTrouble")]
    assert [row[1].day for row in visible_rows(home)] == [1, 2, 3, *range(5, 11)]
    set_clock(monkeypatch, "2026-11-10T13:00:00Z")
    asked: list[tuple[date, date]] = []

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        asked.append((window.start, window.end))
        return serve(client, account, window)

    pull_accounts(home, made_up(pages, chunk=20, lookback=0), "a")
    assert asked[0] == (bad, date(2026, 11, 5))


def test_a_report_that_was_too_slow_is_asked_for_in_half_as_many_days_next_time(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull_accounts(home, made_up(_too_much(0, ReportNotReady("six hours")), chunk=10), "a")
    set_clock(monkeypatch, "2026-11-10T13:00:00Z")
    receipt = pull_accounts(home, made_up(chunk=10), "a")
    spans = [(row.window_from.day, row.window_to.day) for row in receipt.rows if row.window_to]
    assert spans == [(1, 6), (6, 11)]


def test_a_platform_that_may_be_down_is_not_asked_for_every_day(home: Home) -> None:
    asked: list[int] = []

    def down(_client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        asked.append(len(window.days()))
        raise ServerTrouble("an unknown error", less_may_help=True)
        yield

    receipt = pull_accounts(home, made_up(down, chunk=10), "a")
    assert asked == [10, 5, 3, 2, 1]
    assert [(row.status, row.error_class) for row in receipt.rows] == [("failed", "ServerTrouble")]


def _changes(pages: Pages, overlap: timedelta = timedelta(minutes=5)) -> Platform:
    platform = made_up()
    stream = Stream(
        "orders",
        "changes",
        "One row per order.",
        (
            Column("order_id", pa.string(), "id", "dimension", "Id.", required=True),
            Column("updated_at", pa.timestamp("us", "UTC"), "at", "attribute", "Modified."),
        ),
        pages,
        max_window_days=7,
        key_columns=("order_id",),
        version_column="updated_at",
        cursor_overlap=overlap,
    )
    return replace(platform, streams=(stream,))


def test_changes_go_on_a_little_before_the_cursor(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Window | None] = []

    def serve(_client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        asked.append(window)
        yield Page([{"id": account.id, "at": "2026-11-02T00:00:00Z"}], 10)

    platform = _changes(serve)
    pull_accounts(home, platform, "a")
    assert [str(window)[:10] for window in asked] == ["2026-11-01", "2026-11-08"]
    asked.clear()
    pull_accounts(home, platform, "a")
    assert asked == []
    set_clock(monkeypatch, "2026-11-10T13:00:00Z")
    pull_accounts(home, platform, "a")
    (window,) = asked
    assert str(window) == "2026-11-10T11:55:00+00:00..2026-11-10T13:00:00+00:00"


@pytest.mark.parametrize("kind", ["report", "changes", "snapshot"])
def test_the_log_is_read_as_often_for_many_accounts_as_for_one(
    home: Home, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """It is read whole each time, and hundreds of accounts have a long one."""
    platform = made_up() if kind == "report" else _changes(_listed)
    if kind == "snapshot":
        alone = {"version_column": None, "cursor_overlap": timedelta(), "max_window_days": None}
        stream = replace(platform.streams[0], kind="snapshot", **alone)
        platform = replace(platform, streams=(stream,))
    accounts = ["a", "b", "c", "d", "e"]
    pull_accounts(home, platform, *accounts)
    reads: list[object] = []
    scan = SyncLog._scan

    def counted(log: SyncLog, *arguments: Any) -> pa.Table:
        reads.append(arguments)
        return scan(log, *arguments)

    monkeypatch.setattr(SyncLog, "_scan", counted)
    assert list(pull_accounts(home, platform, "a").rows) == []
    for_one = len(reads)
    assert list(pull_accounts(home, platform, *accounts).rows) == []
    assert len(reads) == 2 * for_one > 0


def _listed(_client: Client, account: Account, _window: Window | None) -> Iterator[Page]:
    yield Page([{"id": account.id, "at": "2026-11-02T00:00:00Z"}], 10)


def test_a_failed_window_of_changes_holds_the_cursor(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    failing = {"2026-11-08"}

    def serve(_client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        asked.append(str(window)[:10])
        if asked[-1] in failing:
            raise ServerTrouble("down")
        yield Page([{"id": account.id, "at": "2026-11-02T00:00:00Z"}], 10)

    platform = _changes(serve, timedelta(0))
    pull_accounts(home, platform, "a")
    failing.clear()
    asked.clear()
    set_clock(monkeypatch, "2026-11-11T12:00:00Z")
    pull_accounts(home, platform, "a")
    assert asked == ["2026-11-08"]


def test_a_clock_that_steps_back_does_not_let_the_older_sync_win(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pull_accounts(home, made_up(), "a")
    set_clock(monkeypatch, "2026-11-09T12:00:00Z")
    second = pull_accounts(home, made_up(), "a", window=whole_days(START, START))
    assert second.sync_id > first.sync_id
    assert second.rows[0].fetch_started_at >= first.rows[0].fetch_started_at
    assert second.rows[0].clock_carried_seconds > 0
    covered = SyncLog(home).coverage_by_connection("made_up", "stats")["connection-a"]
    assert covered[START] == second.rows[0].fetch_started_at
