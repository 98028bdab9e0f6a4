"""Two spellings of one account become one connection, with the history of both."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from warehouse import account_union
from warehouse.account_union import unite_accounts
from warehouse.compaction import compact, plan_compaction
from warehouse.home import HomeError
from warehouse.lake import Outcome
from warehouse.locks import writers_lock
from warehouse.log_compaction import compact_log
from warehouse.registry import connection_id
from warehouse.registry_guard import check_registry
from warehouse.registry_records import Organization
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog

OK = Outcome("succeeded")
PLAIN, DASHED = "1234567890", "123-456-7890"
ONE = connection_id("acme", "google_ads", PLAIN)
OLD = connection_id("acme", "google_ads", DASHED)
OTHER = connection_id("beta", "google_ads", "42")


def spelling(platform: str, account: str) -> str:
    if "?" in account:
        raise ValueError("no account")
    return account.replace("-", "")


@pytest.fixture
def lake(home, registry, clock, writer, chunk, batch):
    """A week under the dashed spelling, then its last days under the plain one."""
    for name in ("acme", "beta"):
        registry.add_organization(Organization(name, name))
    registry.add_credential("first", "google_ads", {"a": "secret-1"}, "acme")
    registry.add_credential("second", "google_ads", {"a": "secret-2"}, "acme")
    registry.add_connection("acme", "google_ads", DASHED, "first", start_date=date(2026, 10, 1))
    registry.add_connection("acme", "google_ads", PLAIN, "second", start_date=date(2026, 11, 1))
    registry.add_connection("beta", "google_ads", "42", None)
    ids = SyncIds(clock, None)

    def sync(day: int, *parts: tuple[str, str, int, int]) -> None:
        clock.at = datetime(2026, 11, day, 12, tzinfo=UTC)
        with writer(ids.next()[0]) as one:
            for number, (connection, account, start, end) in enumerate(parts):
                one.begin_chunk(
                    chunk(connection, number, start, end, account_id=account,
                          organization_id="beta" if connection == OTHER else "acme")
                )  # fmt: skip
                for each in range(start, end):
                    one.write(batch(2, day=date(2026, 11, each), clicks=day))
                one.reject([("odd", "{}")])
                one.finish_chunk(OK)

    sync(12, (OLD, DASHED, 1, 8))
    sync(13, (OTHER, "42", 1, 4))
    sync(14, (ONE, PLAIN, 6, 8), (OLD, DASHED, 1, 3))
    return home


def ids_of(home, kind: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for file in sorted((home.lake / kind / "google_ads").rglob("*.parquet")):
        for key in pq.read_table(file).column("_connection_id").to_pylist():
            found[key] = found.get(key, 0) + 1
    return found


def inodes(home) -> dict[Path, int]:
    return {path: path.stat().st_ino for path in sorted(home.lake.rglob("*.parquet"))}


@pytest.mark.parametrize("compacted", [False, True])
def test_one_connection_has_the_history_of_both(lake, registry, compacted):
    if compacted:
        for group in plan_compaction(lake, date(2026, 12, 1)):
            compact(lake, group)
        compact_log(lake, date(2026, 12, 1))
    before = ids_of(lake, "raw")
    assert set(before) == {OLD, ONE, OTHER}
    (united,) = unite_accounts(lake, registry, spelling)
    assert str(united) == f"acme/google_ads/{PLAIN} (was {DASHED})"
    assert ids_of(lake, "raw") == {ONE: before[OLD] + before[ONE], OTHER: before[OTHER]}
    assert set(ids_of(lake, "quarantine")) == {ONE, OTHER}
    log = SyncLog(lake)
    assert {(row.connection_id, row.account_id) for row in log.rows()} == {
        (ONE, PLAIN), (OTHER, "42"),
    }  # fmt: skip
    won = log.coverage_by_connection("google_ads", "ad_stats")
    # Each day once, and the later of two syncs has it, whichever spelling fetched it.
    assert {day.day: fetched.day for day, fetched in won[ONE].items()} == {
        1: 14, 2: 14, 3: 12, 4: 12, 5: 12, 6: 14, 7: 14,
    }  # fmt: skip


def test_the_registry_keeps_what_reached_either(lake, registry):
    registry.pause(OLD)
    unite_accounts(lake, registry, spelling)
    found = {one.connection_id: one for one in registry.connections(statuses=("active", "paused"))}
    assert set(found) == {ONE, OTHER}
    one = found[ONE]
    assert (one.account_id, one.status, one.credential_id) == (PLAIN, "active", "second")
    assert one.alternate_credential_ids == ("first",)
    assert one.start_date == date(2026, 11, 1)
    assert any(DASHED in entry.detail.get("was", "") for entry in registry.audit_log())
    assert unite_accounts(lake, registry, spelling) == []


def test_the_earliest_start_of_those_that_are_pulled_counts(lake, registry):
    unite_accounts(lake, registry, spelling)
    assert registry.connection(ONE).start_date == date(2026, 10, 1)


def test_one_spelling_alone_is_moved_with_its_history(lake, registry):
    registry.remove(ONE)
    unite_accounts(lake, registry, spelling)
    one = registry.connection(ONE)
    assert (one.status, one.credential_id, one.removed_at) == ("active", "first", None)


def test_the_registry_is_not_taken_for_a_lost_one(lake, registry):
    registry.export(lake, [])
    unite_accounts(lake, registry, spelling)
    check_registry(lake, registry)


def test_a_kill_before_the_registry_is_made_good(lake, registry, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(account_union, "unite_rows", killed)
    with pytest.raises(KeyboardInterrupt):
        unite_accounts(lake, registry, spelling)
    monkeypatch.undo()
    assert len(unite_accounts(lake, registry, spelling)) == 1
    assert set(ids_of(lake, "raw")) == {ONE, OTHER}
    assert {c.connection_id for c in registry.connections()} == {ONE, OTHER}


@pytest.mark.parametrize("done", range(12))
def test_a_kill_after_any_file_is_made_good(lake, registry, monkeypatch, done):
    """Killed when so many files were looked at, the next opening goes on from there."""
    raw, log = ids_of(lake, "raw"), len(SyncLog(lake).rows())
    whole, left = account_union._rename_rows, iter([None] * done)

    def killed(*arguments):
        try:
            next(left)
        except StopIteration:
            raise KeyboardInterrupt from None
        whole(*arguments)

    monkeypatch.setattr(account_union, "_rename_rows", killed)
    try:
        unite_accounts(lake, registry, spelling)
    except KeyboardInterrupt:
        assert {c.connection_id for c in registry.connections()} == {ONE, OLD, OTHER}
    monkeypatch.undo()
    unite_accounts(lake, registry, spelling)
    assert ids_of(lake, "raw") == {ONE: raw[OLD] + raw[ONE], OTHER: raw[OTHER]}
    assert set(ids_of(lake, "quarantine")) == {ONE, OTHER}
    rows = SyncLog(lake).rows()
    assert {row.connection_id for row in rows} == {ONE, OTHER}
    assert len(rows) == log
    assert {c.connection_id for c in registry.connections()} == {ONE, OTHER}


def test_files_of_others_and_right_spellings_are_not_touched(lake, registry):
    before = inodes(lake)
    assert unite_accounts(lake, registry, lambda platform, account: account) == []
    assert inodes(lake) == before
    registry.add_connection("beta", "google_ads", "4-2", None)
    unite_accounts(lake, registry, lambda p, a: "42" if a == "4-2" else a)
    assert inodes(lake) == before


def test_a_pull_that_writes_is_not_disturbed(lake, registry):
    before = inodes(lake)
    with writers_lock(lake), pytest.raises(HomeError, match="stop `tributary run`"):
        unite_accounts(lake, registry, spelling)
    assert inodes(lake) == before
    assert len(registry.connections()) == 3
