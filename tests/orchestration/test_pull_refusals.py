"""Accounts that are refused: asked once, pulled last, and no other waits for them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
)
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Page
from connectors.core.window import Window
from orchestration.pull import Pull, pull
from orchestration.run_records import RunResult
from orchestration.sources import Source
from tests.orchestration.made_up_platform import (
    Pages,
    made_up,
    open_home,
    pull_accounts,
    serve,
    set_clock,
    source_of,
    visible_rows,
)
from tests.patience import PATIENCE_SECONDS
from warehouse.home import Home
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return open_home(tmp_path, monkeypatch)


def test_a_refused_account_is_one_failed_row_with_its_window(home: Home) -> None:
    platform = made_up()

    def describe(client: Client, account: Account) -> Account:
        raise AuthRejected("revoked")

    object.__setattr__(platform, "describe_account", describe)
    (row,) = pull_accounts(home, platform, "a").rows
    assert row.status == "failed"
    assert (row.window_from.day, row.window_to.day) == (1, 11)


def test_an_account_that_failed_holds_up_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is pulled last, and what the others brought is seen before it is waited for."""
    seen: list[set[str]] = []
    accounts_before = ["a", "b"]

    def visible() -> set[str]:
        return {row[0] for row in visible_rows(home)}

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        if account.id != "a":
            yield from serve(client, account, window)
            return
        if not accounts_before:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while "c" not in visible() and time.monotonic() < deadline:
                time.sleep(0.01)
            seen.append(visible())
        raise AuthRejected("hours later")

    first = pull_accounts(home, made_up(pages), *accounts_before)
    assert list(dict.fromkeys(row.account_id for row in first.rows)) == accounts_before
    accounts_before.clear()
    set_clock(monkeypatch, "2026-11-11T12:00:00Z")
    second = pull_accounts(home, made_up(pages), "a", "b", "c")
    assert seen == [{"b", "c"}]
    assert list(dict.fromkeys(row.account_id for row in second.rows)) == ["b", "c", "a"]


def _two_streams(pages: Pages) -> Platform:
    one = made_up(pages)
    other = replace(one.streams[0], name="other_stats", pages=serve)
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

    platform = replace(_two_streams(serve), describe_account=describe)
    rows = _pull_all(home, platform, source_of(platform, "a"))
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
    rows = _pull_all(home, platform, source_of(platform, "a"))
    assert lost == ["access"]
    assert [row.error_class for row in rows] == ["AuthRejected", "AccountSkipped"]


def test_a_scope_that_one_stream_lacks_does_not_skip_the_others(home: Home) -> None:
    def refuse(_client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
        raise AuthRejected("no scope for these numbers")
        yield

    platform = _two_streams(refuse)
    rows = _pull_all(home, platform, source_of(platform, "a"))
    assert [row.error_class for row in rows if row.stream == "stats"] == ["AuthRejected"]
    assert {row.status for row in rows if row.stream == "other_stats"} == {"succeeded"}
