"""Settings that a report's numbers follow from: when they change, every date is due again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from connectors.core.accounts import Account
from connectors.core.platform import Platform
from tests.orchestration.made_up_platform import (
    made_up,
    open_home,
    pull_accounts,
    set_clock,
)
from warehouse.home import Home
from warehouse.sync_log import SyncLog

_MODEL: list[str | None] = ["data driven"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    yield open_home(tmp_path, monkeypatch)
    _MODEL[0] = "data driven"


def _platform(with_basis: bool = True) -> Platform:
    platform = made_up(chunk=20, lookback=2)
    (stream,) = platform.streams
    basis = (lambda account: account.settings.get("model") or None) if with_basis else None

    def describe(_: object, account: Account) -> Account:
        return replace(account, settings={"model": _MODEL[0] or ""})

    return replace(platform, streams=(replace(stream, basis=basis),), describe_account=describe)


def _pulled(home: Home, platform: Platform) -> list[int]:
    """The days of November that a pull asks for."""
    receipt = pull_accounts(home, platform, "a")
    assert {row.status for row in receipt.rows} <= {"succeeded"}
    return [
        day.day
        for row in receipt.rows
        for day in (date(2026, 11, number) for number in range(1, 31))
        if row.window_from and row.window_to
        and row.window_from.date() <= day < row.window_to.date()
    ]  # fmt: skip


def _days(monkeypatch: pytest.MonkeyPatch, home: Home, at: str, model: str | None) -> list[int]:
    set_clock(monkeypatch, at)
    _MODEL[0] = model
    return _pulled(home, _platform())


def test_a_change_of_settings_brings_every_date_back_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _days(monkeypatch, home, "2026-11-10T12:00:00Z", "data driven")
    assert first == list(range(1, 11))
    assert {row.basis for row in SyncLog(home).rows()} == {"data driven"}
    assert _days(monkeypatch, home, "2026-11-11T12:00:00Z", "data driven") == [8, 9, 10, 11]
    assert _days(monkeypatch, home, "2026-11-12T12:00:00Z", "last click") == list(range(1, 13))
    assert _days(monkeypatch, home, "2026-11-13T12:00:00Z", "last click") == [10, 11, 12, 13]
    # Back again is a change as well.
    assert _days(monkeypatch, home, "2026-11-14T12:00:00Z", "data driven") == list(range(1, 15))


def test_settings_that_are_not_known_change_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, "2026-11-10T12:00:00Z")
    assert _pulled(home, _platform(with_basis=False)) == list(range(1, 11))
    # What was fetched before anybody asked for them is taken to rest on those of today.
    assert _days(monkeypatch, home, "2026-11-11T12:00:00Z", "last click") == [8, 9, 10, 11]
    assert _days(monkeypatch, home, "2026-11-12T12:00:00Z", None) == [9, 10, 11, 12]
    # Of what was fetched while they were not known nothing is known either.
    assert _days(monkeypatch, home, "2026-11-13T12:00:00Z", "data driven") == [8, 10, 11, 12, 13]
