"""A pull over made-up accounts: what succeeds is committed, what fails is reported."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.core.accounts import Account
from connectors.core.errors import (
    AccountGone,
    AuthRejected,
    ServerTrouble,
    Transient,
)
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from orchestration.pull import Pull, pull, whole_days
from tests.orchestration.made_up_platform import (
    START,
    counting,
    made_up,
    open_home,
    pull_accounts,
    rows_of,
    serve,
    set_clock,
    source_of,
    visible_rows,
)
from tests.small_disk import SmallDisk
from warehouse.durable_files import LakeFull
from warehouse.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return open_home(tmp_path, monkeypatch)


def test_rows_of_all_accounts_are_ordered_by_account_and_date(home: Home) -> None:
    receipt = pull_accounts(home, made_up(), "b", "a", "c")
    rows = visible_rows(home)
    assert [(r[0], r[1]) for r in rows] == sorted((r[0], r[1]) for r in rows)
    assert len(rows) == 30
    assert receipt.total("rows") == 30
    assert {row.status for row in receipt.rows} == {"succeeded"}


def test_nothing_is_due_again_at_the_same_instant(home: Home) -> None:
    pull_accounts(home, made_up(), "a")
    assert list(pull_accounts(home, made_up(), "a").rows) == []


def test_an_account_with_nothing_due_is_not_even_asked_about(home: Home) -> None:
    pull_accounts(home, made_up(), "a")
    platform = made_up()

    def describe(client: Client, account: Account) -> Account:
        raise AssertionError("asked")

    object.__setattr__(platform, "describe_account", describe)
    assert list(pull_accounts(home, platform, "a").rows) == []


def test_the_next_day_pulls_the_lookback_and_the_new_day(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull_accounts(home, made_up(), "a")
    set_clock(monkeypatch, "2026-11-11T12:00:00Z")
    receipt = pull_accounts(home, made_up(), "a")
    windows = [(row.window_from.date(), row.window_to.date()) for row in receipt.rows]
    assert windows == [(date(2026, 11, 8), date(2026, 11, 12))]


def test_a_failed_middle_stays_due_and_the_rest_counts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def middle_fails(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        pages = list(serve(client, account, window))
        yield pages[0]
        if date(2026, 11, 6) in window:
            raise ServerTrouble("it is down")
        yield from pages[1:]

    receipt = pull_accounts(home, made_up(middle_fails), "a")
    assert [row.status for row in receipt.rows] == ["succeeded", "failed", "succeeded"]
    assert {row[1].day for row in visible_rows(home)} == {1, 2, 3, 4, 9, 10}
    set_clock(monkeypatch, "2026-11-10T12:00:01Z")
    again = pull_accounts(home, made_up(), "a")
    assert (again.rows[0].window_from.day, again.rows[0].window_to.day) == (5, 9)
    assert {row[1].day for row in visible_rows(home)} == set(range(1, 11))


def test_one_accounts_refusal_stops_no_other(home: Home) -> None:
    def refuse_b(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        if account.id == "b":
            raise AccountGone("access was revoked", remedy="grant it again")
        yield from serve(client, account, window)

    receipt = pull_accounts(home, made_up(refuse_b), "a", "b", "c")
    assert {row[0] for row in visible_rows(home)} == {"a", "c"}
    (failure,) = receipt.failures
    assert failure.account_id == "b"
    assert failure.error_class == "AccountGone"
    assert "grant it again" in failure.error_message


def test_what_an_account_fetched_before_it_failed_is_never_seen(home: Home) -> None:
    def fails_late(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        yield from serve(client, account, window)
        raise ServerTrouble("just before the end")

    pull_accounts(home, made_up(fails_late), "a")
    assert visible_rows(home) == []


def test_an_expired_page_token_fetches_the_chunk_anew(home: Home) -> None:
    tries: list[str] = []

    def expires_once(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        pages = list(serve(client, account, window))
        yield pages[0]
        tries.append(str(window))
        if tries.count(str(window)) == 1:
            raise Transient("the page token expired", restart_chunk=True)
        yield from pages[1:]

    receipt = pull_accounts(home, made_up(expires_once), "a")
    assert [row.status for row in receipt.rows] == ["succeeded"] * 3
    assert [row[1].day for row in visible_rows(home)] == list(range(1, 11))


def test_the_second_credential_is_tried_when_the_first_is_refused(home: Home) -> None:
    def only_with_new(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        if client.credential["token"] != "new":
            raise AuthRejected("revoked")
        yield from serve(client, account, window)

    platform = made_up(only_with_new)

    def describe(client: Client, account: Account) -> Account:
        if client.credential["token"] == "old":
            raise AuthRejected("revoked")
        return account

    object.__setattr__(platform, "describe_account", describe)
    job = Pull(home, platform, platform.streams[0], "run")
    receipt = pull(job, [source_of(platform, "a", ("old", "new"))])
    assert not receipt.failures
    assert len(visible_rows(home)) == 10


def test_a_fault_of_ours_on_one_account_stops_no_other(home: Home) -> None:
    def breaks_on_b(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        yield from serve(client, account, window)
        if account.id == "b":
            raise KeyError("private words of an answer")

    receipt = pull_accounts(home, made_up(breaks_on_b), "a", "b", "c")
    assert {row[0] for row in visible_rows(home)} == {"a", "c"}
    assert {row.error_class for row in receipt.failures} == {"ShapeChanged"}
    assert all("private" not in row.error_message for row in receipt.failures)


def test_an_unknown_time_zone_is_that_accounts_failure_alone(home: Home) -> None:
    platform = made_up()

    def describe(client: Client, account: Account) -> Account:
        return replace(account, time_zone="Mars/Olympus" if account.id == "b" else "UTC")

    object.__setattr__(platform, "describe_account", describe)
    receipt = pull_accounts(home, platform, "a", "b", "c")
    assert {row[0] for row in visible_rows(home)} == {"a", "c"}
    assert {row.account_id for row in receipt.failures} == {"b"}


def test_a_backfill_pulls_exactly_its_dates(home: Home) -> None:
    pull_accounts(home, made_up(), "a")
    window = whole_days(date(2026, 11, 3), date(2026, 11, 4))
    (row,) = pull_accounts(home, made_up(), "a", window=window).rows
    assert row.mode == "backfill"
    assert (row.window_from.day, row.window_to.day) == (3, 5)


def test_a_killed_backfill_goes_on_where_it_was(home: Home) -> None:
    platform, window = made_up(chunk=2), whole_days(START, date(2026, 11, 8))
    asked: list[str] = []

    def dies_on_the_fifth(
        client: Client, account: Account, window: Window | None
    ) -> Iterator[Page]:
        asked.append(str(window))
        if date(2026, 11, 5) in (window or ()):
            raise AccountGone("as good as a kill")
        yield from serve(client, account, window)

    dying = replace(platform, streams=(replace(platform.streams[0], pages=dies_on_the_fifth),))
    pull(Pull(home, dying, dying.streams[0], "killed", window), [source_of(dying, "a")])
    asked.clear()
    counted = replace(platform, streams=(replace(platform.streams[0], pages=counting(asked)),))
    job = Pull(home, counted, counted.streams[0], "next", window, frozenset({"killed"}))
    pull(job, [source_of(counted, "a"), source_of(counted, "b")])
    last = ["2026-11-05..2026-11-07", "2026-11-07..2026-11-09"]
    first = ["2026-11-01..2026-11-03", "2026-11-03..2026-11-05"]
    assert sorted(asked) == sorted([*last, *first, *last])
    assert [row[1].day for row in visible_rows(home) if row[0] == "a"] == list(range(1, 9))
    asked.clear()
    pull(Pull(home, counted, counted.streams[0], "anew", window), [source_of(counted, "a")])
    assert sorted(asked) == sorted([*first, *last])


def test_a_bad_row_goes_to_quarantine_and_the_others_stay(home: Home) -> None:
    def one_bad(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        rows = rows_of(account, window)
        rows[0]["clicks"] = "many"
        rows[1]["brand_new"] = 1
        yield Page(rows, 10)

    receipt = pull_accounts(home, made_up(one_bad, chunk=30), "a")
    assert len(visible_rows(home)) == 9
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
        pull_accounts(home, made_up(), "a", "b")
    monkeypatch.undo()
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-10T12:00:00Z")
    assert visible_rows(home) == []
    assert not list(home.raw_dir("made_up", "stats").rglob("*.parquet"))
    pull_accounts(home, made_up(), "a", "b")
    assert len(visible_rows(home)) == 20


def test_a_disk_that_is_really_full_costs_nothing_that_was_there(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, "2026-11-10T12:00:00Z")
    home = Home.open(disk.path / "home")
    pull_accounts(home, made_up(), "a")
    before = visible_rows(home)
    disk.fill()
    with pytest.raises(
        LakeFull, match=r"no space left while writing under .* 0 MB free of 0\.0 GB"
    ):
        pull_accounts(home, made_up(), "b")
    assert visible_rows(home) == before
    assert not list(home.lake.rglob("*.part"))
    disk.make_room()
    pull_accounts(home, made_up(), "b")
    assert len(visible_rows(home)) == 2 * len(before)


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ends .* before it starts"):
        whole_days(date(2026, 11, 2), date(2026, 11, 1))
