"""A pull over made-up accounts: what succeeds is committed, what fails is told."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.core.auth import NoAuth
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    ConnectorError,
    ReportNotReady,
    ServerTrouble,
    TooHeavy,
    Transient,
)
from connectors.core.http import Client
from connectors.core.stream import Account, Column, CredentialField, Page, Platform, Stream
from connectors.core.window import Window
from orchestration.pull import Pull, Receipt, pull, whole_days
from orchestration.run_records import RunResult
from orchestration.sources import Source
from tests.patience import PATIENCE_SECONDS
from tests.small_disk import SmallDisk
from warehouse.files import LakeFull
from warehouse.home import Home
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

START = date(2026, 11, 1)
Pages = Callable[[Client, Account, Window | None], Iterator[Page]]


def _rows(account: Account, window: Window | None) -> list[dict[str, Any]]:
    assert window is not None
    return [
        {"date": day.isoformat(), "campaign": account.id, "clicks": str(day.day)}
        for day in window.days()
    ]


def _serve(_client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    for row in _rows(account, window):
        yield Page([row], 10)


def _platform(pages: Pages = _serve, chunk: int = 4, lookback: int = 2) -> Platform:
    stream = Stream(
        "stats",
        "report",
        "One row per campaign and day.",
        (
            Column("date", pa.date32(), "date", "dimension", "Day.", required=True),
            Column("campaign_id", pa.string(), "campaign", "dimension", "Id.", required=True),
            Column("clicks", pa.int64(), "clicks", "metric", "Clicks.", additivity="additive"),
        ),
        pages,
        lookback_days=lookback,
        lookback_reason="made up",
        max_window_days=chunk,
        grain="day",
    )
    return Platform(
        "made_up",
        "Made up",
        "ads",
        "v1",
        None,
        "https://made-up.example",
        NoAuth(),
        1000.0,
        (stream,),
        (CredentialField("token", secret=True, help="any"),),
        discover=lambda client: iter(()),
        describe_account=lambda client, account: account,
        read_error=lambda reply: None,
    )


def _source(platform: Platform, account: str, credentials: tuple[str, ...] = ("one",)) -> Source:
    return Source(
        platform,
        "acme",
        f"connection-{account}",
        Account(account, currency="EUR", time_zone="UTC"),
        START,
        tuple({"token": value} for value in credentials),
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    _at(monkeypatch, "2026-11-10T12:00:00Z")
    return Home.open(tmp_path / "home")


def _at(monkeypatch: pytest.MonkeyPatch, now: str) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", now)


def _pull(home: Home, platform: Platform, *accounts: str, window: Window | None = None) -> Receipt:
    job = Pull(home, platform, platform.streams[0], "run", window)
    return pull(job, [_source(platform, account) for account in accounts])


def _visible(home: Home) -> list[tuple[str, date, int]]:
    """Raw rows that a succeeded log row vouches for, in the order of their files."""
    vouched = {
        (row.sync_id, row.connection_id, row.chunk_id)
        for row in SyncLog(home).rows()
        if row.status == "succeeded"
    }
    found = []
    for path in sorted(home.raw_dir("made_up", "stats").rglob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            if (row["_sync_id"], row["_connection_id"], row["_chunk_id"]) in vouched:
                found.append((row["campaign_id"], row["date"], row["clicks"]))
    return found


def test_rows_of_all_accounts_are_ordered_by_account_and_date(home: Home) -> None:
    receipt = _pull(home, _platform(), "b", "a", "c")
    rows = _visible(home)
    assert [(r[0], r[1]) for r in rows] == sorted((r[0], r[1]) for r in rows)
    assert len(rows) == 30
    assert receipt.total("rows") == 30
    assert {row.status for row in receipt.rows} == {"succeeded"}


def test_nothing_is_due_again_at_the_same_instant(home: Home) -> None:
    _pull(home, _platform(), "a")
    assert list(_pull(home, _platform(), "a").rows) == []


def test_an_account_with_nothing_due_is_not_even_asked_about(home: Home) -> None:
    _pull(home, _platform(), "a")
    platform = _platform()

    def describe(client: Client, account: Account) -> Account:
        raise AssertionError("asked")

    object.__setattr__(platform, "describe_account", describe)
    assert list(_pull(home, platform, "a").rows) == []


def test_the_next_day_pulls_the_lookback_and_the_new_day(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pull(home, _platform(), "a")
    _at(monkeypatch, "2026-11-11T12:00:00Z")
    receipt = _pull(home, _platform(), "a")
    windows = [(row.window_from.date(), row.window_to.date()) for row in receipt.rows]
    assert windows == [(date(2026, 11, 8), date(2026, 11, 12))]


def test_a_failed_middle_stays_due_and_the_rest_counts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def middle_fails(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        pages = list(_serve(client, account, window))
        yield pages[0]
        if date(2026, 11, 6) in window:
            raise ServerTrouble("it is down")
        yield from pages[1:]

    receipt = _pull(home, _platform(middle_fails), "a")
    assert [row.status for row in receipt.rows] == ["succeeded", "failed", "succeeded"]
    assert {row[1].day for row in _visible(home)} == {1, 2, 3, 4, 9, 10}
    _at(monkeypatch, "2026-11-10T12:00:01Z")
    again = _pull(home, _platform(), "a")
    assert (again.rows[0].window_from.day, again.rows[0].window_to.day) == (5, 9)
    assert {row[1].day for row in _visible(home)} == set(range(1, 11))


def test_one_accounts_refusal_stops_no_other(home: Home) -> None:
    def refuse_b(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        if account.id == "b":
            raise AccountGone("access was revoked", remedy="grant it again")
        yield from _serve(client, account, window)

    receipt = _pull(home, _platform(refuse_b), "a", "b", "c")
    assert {row[0] for row in _visible(home)} == {"a", "c"}
    (failure,) = receipt.failures
    assert failure.account_id == "b"
    assert failure.error_class == "AccountGone"
    assert "grant it again" in failure.error_message


def test_what_an_account_fetched_before_it_failed_is_never_seen(home: Home) -> None:
    def fails_late(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        yield from _serve(client, account, window)
        raise ServerTrouble("just before the end")

    _pull(home, _platform(fails_late), "a")
    assert _visible(home) == []


def test_an_expired_page_token_fetches_the_chunk_anew(home: Home) -> None:
    tries: list[str] = []

    def expires_once(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        pages = list(_serve(client, account, window))
        yield pages[0]
        tries.append(str(window))
        if tries.count(str(window)) == 1:
            raise Transient("the page token expired", restart_chunk=True)
        yield from pages[1:]

    receipt = _pull(home, _platform(expires_once), "a")
    assert [row.status for row in receipt.rows] == ["succeeded"] * 3
    assert [row[1].day for row in _visible(home)] == list(range(1, 11))


def test_the_second_credential_is_tried_when_the_first_is_refused(home: Home) -> None:
    def only_with_new(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        if client.credential["token"] != "new":
            raise AuthRejected("revoked")
        yield from _serve(client, account, window)

    platform = _platform(only_with_new)

    def describe(client: Client, account: Account) -> Account:
        if client.credential["token"] == "old":
            raise AuthRejected("revoked")
        return account

    object.__setattr__(platform, "describe_account", describe)
    job = Pull(home, platform, platform.streams[0], "run")
    receipt = pull(job, [_source(platform, "a", ("old", "new"))])
    assert not receipt.failures
    assert len(_visible(home)) == 10


def test_a_fault_of_ours_on_one_account_stops_no_other(home: Home) -> None:
    def breaks_on_b(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        yield from _serve(client, account, window)
        if account.id == "b":
            raise KeyError("private words of an answer")

    receipt = _pull(home, _platform(breaks_on_b), "a", "b", "c")
    assert {row[0] for row in _visible(home)} == {"a", "c"}
    assert {row.error_class for row in receipt.failures} == {"ShapeChanged"}
    assert all("private" not in row.error_message for row in receipt.failures)


def test_an_unknown_time_zone_is_that_accounts_failure_alone(home: Home) -> None:
    platform = _platform()

    def describe(client: Client, account: Account) -> Account:
        return replace(account, time_zone="Mars/Olympus" if account.id == "b" else "UTC")

    object.__setattr__(platform, "describe_account", describe)
    receipt = _pull(home, platform, "a", "b", "c")
    assert {row[0] for row in _visible(home)} == {"a", "c"}
    assert {row.account_id for row in receipt.failures} == {"b"}


def test_a_refused_account_is_one_failed_row_with_its_window(home: Home) -> None:
    platform = _platform()

    def describe(client: Client, account: Account) -> Account:
        raise AuthRejected("revoked")

    object.__setattr__(platform, "describe_account", describe)
    (row,) = _pull(home, platform, "a").rows
    assert row.status == "failed"
    assert (row.window_from.day, row.window_to.day) == (1, 11)


def _too_much(most_days: int, trouble: ConnectorError, bad_day: date | None = None) -> Pages:
    """Pages of a platform that refuses more days at once, after a first page of them."""

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        if len(window.days()) > most_days or bad_day in window.days():
            yield Page(_rows(account, Window(window.start, window.start + timedelta(days=1))), 10)
            raise trouble
        yield from _serve(client, account, window)

    return pages


def test_a_window_that_is_too_much_is_committed_in_halves(home: Home) -> None:
    receipt = _pull(home, _platform(_too_much(3, TooHeavy("too much")), chunk=10), "a")
    spans = [(row.window_from.day, row.window_to.day) for row in receipt.rows if row.window_to]
    assert spans == [(1, 4), (4, 6), (6, 9), (9, 11)]
    assert {row.status for row in receipt.rows} == {"succeeded"}
    assert _visible(home) == [("a", date(2026, 11, day), day) for day in range(1, 11)]


def test_the_next_run_goes_on_from_the_halves_that_are_done(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day that is too much by itself fails alone; what is asked for next starts small."""
    bad = date(2026, 11, 4)
    slow = _too_much(5, ServerTrouble("an unknown error", less_may_help=True), bad)
    first = _pull(home, _platform(slow, chunk=20, lookback=0), "a")
    failed = [(row.window_from, row.error_class) for row in first.rows if row.status == "failed"]
    assert failed == [(datetime(2026, 11, 4), "ServerTrouble")]
    assert [row[1].day for row in _visible(home)] == [1, 2, 3, *range(5, 11)]
    _at(monkeypatch, "2026-11-10T13:00:00Z")
    asked: list[tuple[date, date]] = []

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        asked.append((window.start, window.end))
        return _serve(client, account, window)

    _pull(home, _platform(pages, chunk=20, lookback=0), "a")
    assert asked[0] == (bad, date(2026, 11, 5))


def test_a_report_that_was_too_slow_is_asked_for_in_half_as_many_days_next_time(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pull(home, _platform(_too_much(0, ReportNotReady("six hours")), chunk=10), "a")
    _at(monkeypatch, "2026-11-10T13:00:00Z")
    receipt = _pull(home, _platform(chunk=10), "a")
    spans = [(row.window_from.day, row.window_to.day) for row in receipt.rows if row.window_to]
    assert spans == [(1, 6), (6, 11)]


def test_a_platform_that_may_be_down_is_not_asked_for_every_day(home: Home) -> None:
    asked: list[int] = []

    def down(_client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        asked.append(len(window.days()))
        raise ServerTrouble("an unknown error", less_may_help=True)
        yield

    receipt = _pull(home, _platform(down, chunk=10), "a")
    assert asked == [10, 5, 3, 2, 1]
    assert [(row.status, row.error_class) for row in receipt.rows] == [("failed", "ServerTrouble")]


def test_an_account_that_failed_holds_up_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is pulled last, and what the others brought is seen before it is waited for."""
    seen: list[set[str]] = []
    accounts_before = ["a", "b"]

    def visible() -> set[str]:
        return {row[0] for row in _visible(home)}

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        if account.id != "a":
            yield from _serve(client, account, window)
            return
        if not accounts_before:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while "c" not in visible() and time.monotonic() < deadline:
                time.sleep(0.01)
            seen.append(visible())
        raise AuthRejected("hours later")

    first = _pull(home, _platform(pages), *accounts_before)
    assert list(dict.fromkeys(row.account_id for row in first.rows)) == accounts_before
    accounts_before.clear()
    _at(monkeypatch, "2026-11-11T12:00:00Z")
    second = _pull(home, _platform(pages), "a", "b", "c")
    assert seen == [{"b", "c"}]
    assert list(dict.fromkeys(row.account_id for row in second.rows)) == ["b", "c", "a"]


def _two_streams(pages: Pages) -> Platform:
    one = _platform(pages)
    other = replace(one.streams[0], name="other_stats", pages=_serve)
    return replace(one, streams=(*one.streams, other))


def _pull_all(home: Home, platform: Platform, source: Source) -> list[LogRow]:
    """Pulls every stream of one account in one run, which shares the source."""
    return [
        row
        for stream in platform.streams
        for row in pull(Pull(home, platform, stream, "run"), [source]).rows
    ]


def test_a_dead_account_is_asked_once_and_its_other_streams_are_skipped(home: Home) -> None:
    asked: list[str] = []

    def describe(_client: Client, account: Account) -> Account:
        asked.append(account.id)
        raise AccountGone("closed", remedy="Remove it.")

    platform = replace(_two_streams(_serve), describe_account=describe)
    rows = _pull_all(home, platform, _source(platform, "a"))
    assert asked == ["a"]
    assert [(row.status, row.error_class) for row in rows] == [
        ("failed", "AccountGone"),
        ("failed", "AccountSkipped"),
    ]
    message = rows[1].error_message or ""
    assert "skipped: the account was refused at stats: AccountGone: closed" in message
    assert "Remedy: Remove it." in message
    result = RunResult("run", success=True, log_rows=rows)
    assert [row.stream for row in result.failed_accounts] == ["stats"]
    assert result.skipped_streams(rows[0]) == ["other_stats"]
    statuses = {s.stream: s for s in SyncLog(home).latest_status()}
    assert [statuses[name].is_skipped for name in ("stats", "other_stats")] == [False, True]


def test_an_account_that_is_refused_in_mid_run_is_not_asked_again(home: Home) -> None:
    lost: list[str] = []

    def refuse(_client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
        lost.append("access")
        raise AuthRejected("revoked")
        yield

    def describe(_client: Client, account: Account) -> Account:
        if lost:
            raise AuthRejected("revoked")
        return account

    platform = replace(_two_streams(refuse), describe_account=describe)
    rows = _pull_all(home, platform, _source(platform, "a"))
    assert lost == ["access"]
    assert [row.error_class for row in rows] == ["AuthRejected", "AccountSkipped"]


def test_a_scope_that_one_stream_lacks_does_not_skip_the_others(home: Home) -> None:
    def refuse(_client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
        raise AuthRejected("no scope for these numbers")
        yield

    platform = _two_streams(refuse)
    rows = _pull_all(home, platform, _source(platform, "a"))
    assert [row.error_class for row in rows if row.stream == "stats"] == ["AuthRejected"]
    assert {row.status for row in rows if row.stream == "other_stats"} == {"succeeded"}


def test_a_backfill_pulls_exactly_its_dates(home: Home) -> None:
    _pull(home, _platform(), "a")
    window = whole_days(date(2026, 11, 3), date(2026, 11, 4))
    (row,) = _pull(home, _platform(), "a", window=window).rows
    assert row.mode == "backfill"
    assert (row.window_from.day, row.window_to.day) == (3, 5)


def test_a_killed_backfill_goes_on_where_it_was(home: Home) -> None:
    platform, window = _platform(chunk=2), whole_days(START, date(2026, 11, 8))
    asked: list[str] = []

    def dies_on_the_fifth(
        client: Client, account: Account, window: Window | None
    ) -> Iterator[Page]:
        asked.append(str(window))
        if date(2026, 11, 5) in (window or ()):
            raise AccountGone("as good as a kill")
        yield from _serve(client, account, window)

    dying = replace(platform, streams=(replace(platform.streams[0], pages=dies_on_the_fifth),))
    pull(Pull(home, dying, dying.streams[0], "killed", window), [_source(dying, "a")])
    asked.clear()
    counting = replace(platform, streams=(replace(platform.streams[0], pages=_counting(asked)),))
    job = Pull(home, counting, counting.streams[0], "next", window, frozenset({"killed"}))
    pull(job, [_source(counting, "a"), _source(counting, "b")])
    last = ["2026-11-05..2026-11-07", "2026-11-07..2026-11-09"]
    first = ["2026-11-01..2026-11-03", "2026-11-03..2026-11-05"]
    assert sorted(asked) == sorted([*last, *first, *last])
    assert [row[1].day for row in _visible(home) if row[0] == "a"] == list(range(1, 9))
    asked.clear()
    pull(Pull(home, counting, counting.streams[0], "anew", window), [_source(counting, "a")])
    assert sorted(asked) == sorted([*first, *last])


def _counting(asked: list[str]) -> Pages:
    def serve(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        asked.append(str(window))
        yield from _serve(client, account, window)

    return serve


def _changes(pages: Pages, overlap: timedelta = timedelta(minutes=5)) -> Platform:
    platform = _platform()
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
    _pull(home, platform, "a")
    assert [str(window)[:10] for window in asked] == ["2026-11-01", "2026-11-08"]
    asked.clear()
    _pull(home, platform, "a")
    assert asked == []
    _at(monkeypatch, "2026-11-10T13:00:00Z")
    _pull(home, platform, "a")
    (window,) = asked
    assert str(window) == "2026-11-10T11:55:00+00:00..2026-11-10T13:00:00+00:00"


@pytest.mark.parametrize("kind", ["report", "changes", "snapshot"])
def test_the_log_is_read_as_often_for_many_accounts_as_for_one(
    home: Home, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """It is read whole each time, and hundreds of accounts have a long one."""
    platform = _platform() if kind == "report" else _changes(_listed)
    if kind == "snapshot":
        alone = {"version_column": None, "cursor_overlap": timedelta(), "max_window_days": None}
        stream = replace(platform.streams[0], kind="snapshot", **alone)
        platform = replace(platform, streams=(stream,))
    accounts = ["a", "b", "c", "d", "e"]
    _pull(home, platform, *accounts)
    reads: list[object] = []
    scan = SyncLog._scan

    def counted(log: SyncLog, *arguments: Any) -> pa.Table:
        reads.append(arguments)
        return scan(log, *arguments)

    monkeypatch.setattr(SyncLog, "_scan", counted)
    assert list(_pull(home, platform, "a").rows) == []
    for_one = len(reads)
    assert list(_pull(home, platform, *accounts).rows) == []
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
    _pull(home, platform, "a")
    failing.clear()
    asked.clear()
    _at(monkeypatch, "2026-11-11T12:00:00Z")
    _pull(home, platform, "a")
    assert asked == ["2026-11-08"]


def test_a_clock_that_steps_back_does_not_let_the_older_sync_win(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _pull(home, _platform(), "a")
    _at(monkeypatch, "2026-11-09T12:00:00Z")
    second = _pull(home, _platform(), "a", window=whole_days(START, START))
    assert second.sync_id > first.sync_id
    assert second.rows[0].fetch_started_at >= first.rows[0].fetch_started_at
    assert second.rows[0].clock_carried_seconds > 0
    covered = SyncLog(home).coverage_by_connection("made_up", "stats")["connection-a"]
    assert covered[START] == second.rows[0].fetch_started_at


def test_a_bad_row_goes_to_quarantine_and_the_others_stay(home: Home) -> None:
    def one_bad(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        rows = _rows(account, window)
        rows[0]["clicks"] = "many"
        rows[1]["brand_new"] = 1
        yield Page(rows, 10)

    receipt = _pull(home, _platform(one_bad, chunk=30), "a")
    assert len(_visible(home)) == 9
    assert receipt.total("rejected_rows") == 1
    assert receipt.rows[0].unknown_fields == '["brand_new"]'
    (path,) = home.quarantine_dir("made_up", "stats").rglob("*.parquet")
    (row,) = pq.read_table(path).to_pylist()
    assert "clicks" in row["reason"]
    assert '"many"' in row["payload"]


def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LakeFull, match=r"(?i)disk|full|space"):
        _pull(home, _platform(), "a", "b")
    monkeypatch.undo()
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-10T12:00:00Z")
    assert _visible(home) == []
    assert not list(home.raw_dir("made_up", "stats").rglob("*.parquet"))
    _pull(home, _platform(), "a", "b")
    assert len(_visible(home)) == 20


def test_a_disk_that_is_really_full_costs_nothing_that_was_there(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _at(monkeypatch, "2026-11-10T12:00:00Z")
    home = Home.open(disk.path / "home")
    _pull(home, _platform(), "a")
    before = _visible(home)
    disk.fill()
    with pytest.raises(
        LakeFull, match=r"no space left while writing under .* 0 MB free of 0\.0 GB"
    ):
        _pull(home, _platform(), "b")
    assert _visible(home) == before
    assert not list(home.lake.rglob("*.part"))
    disk.make_room()
    _pull(home, _platform(), "b")
    assert len(_visible(home)) == 2 * len(before)


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ends .* before it starts"):
        whole_days(date(2026, 11, 2), date(2026, 11, 1))
