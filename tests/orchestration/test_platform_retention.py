"""Dates that a platform no longer keeps are not asked for: an empty answer would win over them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.core.accounts import Account
from connectors.core.auth import NoAuth
from connectors.core.columns import Column
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.core.window import Window
from orchestration.due.chunks import Pull
from orchestration.due.windows import WindowPlanner
from orchestration.sources import Source
from warehouse.home import Home
from warehouse.sync_log import SyncLog


def _no_pages(*_: object) -> Iterator[Page]:
    yield from ()


_STREAM = Stream(
    "stats",
    "report",
    "A day.",
    (Column("date", pa.date32(), "date", "dimension", "Day.", required=True),),
    _no_pages,
    lookback_days=2,
    lookback_reason="made up",
    retention_days=10,
    grain="day",
)
_PLATFORM = Platform(
    name="made_up",
    display_name="Made up",
    category="ads",
    api_version="v1",
    api_sunset=None,
    base_url="https://made-up.example",
    auth=NoAuth(),
    requests_per_second=9.0,
    streams=(_STREAM,),
    credential_fields=(),
    discover=lambda client: iter(()),
    describe_account=lambda client, account: account,
    read_error=lambda reply: None,
)
_ACCOUNT = Account("a", time_zone="Pacific/Auckland")


def _chunks(home: Home, window: Window | None) -> list[Window | None]:
    source = Source(_PLATFORM, "acme", "c", _ACCOUNT, date(2020, 1, 1), ({},))
    planner = WindowPlanner(Pull(home, _PLATFORM, _STREAM, "run", window), SyncLog(home))
    return [chunk.window for chunk in planner.chunks(source, _ACCOUNT)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-20T12:00:00Z")
    return Home.open(tmp_path / "home")


def test_what_is_due_begins_where_the_platforms_memory_does(home: Home) -> None:
    """It is the 21st in Auckland."""
    assert _chunks(home, None) == [Window(date(2026, 11, 11), date(2026, 11, 22))]


def test_an_explicit_range_is_clamped_and_says_so(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    asked = Window(date(2026, 1, 1), date(2026, 11, 15))
    with caplog.at_level(logging.WARNING):
        assert _chunks(home, asked) == [Window(date(2026, 11, 11), date(2026, 11, 15))]
    assert "made_up account a: stats is kept for 10 days only" in caplog.text
    assert "before 2026-11-11" in caplog.text
    caplog.clear()
    assert _chunks(home, Window(date(2026, 11, 11), date(2026, 11, 12))) != []
    assert caplog.text == ""


def test_a_range_that_is_too_old_altogether_asks_nothing(home: Home) -> None:
    assert _chunks(home, Window(date(2026, 1, 1), date(2026, 11, 11))) == []
