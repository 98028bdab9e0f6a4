"""The feed of exchange rates: asked when there can be something new, and never waited for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.errors import ServerTrouble
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.exchange_rates.hooks import ACCOUNT
from connectors.platforms.exchange_rates.publication import is_working_day, publication
from orchestration.defs import tags
from orchestration.defs.partitions import account_dates
from orchestration.defs.raw import backfill_window, raw_asset
from orchestration.defs.resources import WorkspaceResource
from orchestration.due.dates import can_have_news
from orchestration.freshness import connection_states
from orchestration.pull import Pull, Receipt, pull
from orchestration.sources import Source, select_sources
from orchestration.workspace import Workspace, open_workspace
from warehouse import registry_transaction
from warehouse.home import Home
from warehouse.registry_records import OLDEST_START, Organization
from warehouse.sync_log import SyncLog

FEED = get("exchange_rates")
START = date(2026, 10, 1)


class Feed:
    """The feed at a clock, on one home; it notes the windows that it was asked for.

    Attributes:
        trouble: whether it answers with an error.
        platform: what stands for the real one.
    """

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Window | None] = []
        self.trouble = False
        self._home, self._environment = home, monkeypatch
        stream = replace(FEED.streams[0], pages=self._pages)
        self.platform: Platform = replace(FEED, streams=(stream,))

    def pull(self, now: str, start: date = START, window: Window | None = None) -> Receipt:
        self._environment.setenv("TRIBUTARY_NOW", now)
        source = Source(self.platform, "_shared", "feed", ACCOUNT, start, ({},))
        job = Pull(self._home, self.platform, self.platform.streams[0], now, window, unasked=True)
        return pull(job, [source])

    def is_asked(self, now: str, start: date = START, window: Window | None = None) -> bool:
        before = len(self.asked)
        self.pull(now, start, window)
        return len(self.asked) > before

    def _pages(self, _: Client, __: Account, window: Window | None) -> Iterator[Page]:
        self.asked.append(window)
        if self.trouble:
            raise ServerTrouble("down")
        assert window is not None
        yield Page(
            [
                {"date": day.isoformat(), "currency": "USD", "rate": "1.1"}
                for day in window.days()
                if is_working_day(day)
            ],
            10,
        )


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Feed:
    return Feed(Home.open(tmp_path / "home"), monkeypatch)


@pytest.mark.parametrize(
    ("pulled", "now", "asked"),
    [
        # A Monday before 16:00 in Frankfurt: Friday's rates are there, today's cannot be.
        ("2026-11-16T06:00:00Z", "2026-11-16T14:59:00Z", False),
        ("2026-11-16T06:00:00Z", "2026-11-16T15:00:00Z", True),
        ("2026-11-16T06:00:00Z", "2026-11-17T06:00:00Z", True),
        # It may be late: until 18:00 each look may be the one that finds it.
        ("2026-11-16T15:10:00Z", "2026-11-16T16:10:00Z", True),
        ("2026-11-16T17:00:00Z", "2026-11-16T18:00:00Z", False),
        ("2026-11-16T17:00:00Z", "2026-11-17T14:00:00Z", False),
        # From Friday evening to Monday afternoon.
        ("2026-11-13T18:00:00Z", "2026-11-14T18:00:00Z", False),
        ("2026-11-13T18:00:00Z", "2026-11-15T23:30:00Z", False),
        ("2026-11-13T18:00:00Z", "2026-11-16T14:00:00Z", False),
        ("2026-11-13T18:00:00Z", "2026-11-16T15:30:00Z", True),
        # Christmas, a Friday, and the weekend after it.
        ("2026-12-24T18:00:00Z", "2026-12-28T12:00:00Z", False),
        ("2026-12-24T18:00:00Z", "2026-12-28T15:00:00Z", True),
        # The same instant.
        ("2026-11-16T15:30:00Z", "2026-11-16T15:30:00Z", False),
        # The clock stood in the future: what was seen then counts for no more than now.
        ("2026-11-20T18:00:00Z", "2026-11-16T15:30:00Z", True),
    ],
)
def test_it_is_asked_when_a_rate_can_have_appeared(
    feed: Feed, pulled: str, now: str, asked: bool
) -> None:
    assert feed.is_asked(pulled)
    assert feed.is_asked(now) is asked


def test_whoever_asks_gets_a_week_again(feed: Feed) -> None:
    feed.pull("2026-11-16T06:00:00Z")
    assert feed.is_asked("2026-11-16T15:30:00Z")
    assert feed.asked == [
        Window(START, date(2026, 11, 17)),
        Window(date(2026, 11, 9), date(2026, 11, 17)),
    ]


def test_an_older_start_makes_older_dates_due(feed: Feed) -> None:
    feed.pull("2026-11-14T06:00:00Z")
    assert not feed.is_asked("2026-11-14T07:00:00Z")
    assert feed.is_asked("2026-11-14T07:00:00Z", start=date(2026, 9, 1))
    asked = feed.asked[1]
    assert asked is not None
    assert asked.start == date(2026, 9, 1)


def test_a_failed_attempt_is_due_again(feed: Feed) -> None:
    feed.pull("2026-11-13T18:00:00Z")
    feed.trouble = True
    assert feed.pull("2026-11-16T15:00:00Z").failures
    feed.trouble = False
    assert feed.is_asked("2026-11-16T15:01:00Z")
    # So is one at dates of which everything is known.
    feed.pull("2026-11-16T18:00:00Z")
    feed.trouble = True
    week = Window(date(2026, 9, 1), date(2026, 9, 8))
    assert feed.pull("2026-11-16T18:30:00Z", window=week).failures
    feed.trouble = False
    assert feed.is_asked("2026-11-16T18:31:00Z")
    assert not feed.is_asked("2026-11-16T18:32:00Z")


def test_a_backfill_of_others_asks_only_for_what_is_not_there(feed: Feed) -> None:
    feed.pull("2026-11-13T18:00:00Z")
    known = Window(date(2026, 10, 5), date(2026, 10, 12))
    unknown = Window(date(2026, 9, 25), date(2026, 10, 3))
    assert not feed.is_asked("2026-11-14T06:00:00Z", window=known)
    assert feed.is_asked("2026-11-14T06:00:00Z", window=unknown)


@given(
    fetched=st.dictionaries(
        st.integers(0, 13), st.integers(-24, 15 * 24).map(lambda h: timedelta(hours=h))
    ),
    hours=st.integers(0, 15 * 24),
)
def test_news_is_the_rule(fetched: dict[int, timedelta], hours: int) -> None:
    """Said in another way: something was published, and no look at it came late enough."""
    begin = datetime(2026, 4, 1, tzinfo=UTC)
    now = begin + timedelta(hours=hours)
    days = [begin.date() + timedelta(days=n) for n in range(14)]
    coverage = {days[n]: begin + after for n, after in fetched.items()}
    missing = []
    for day in days:
        open_day = day.weekday() < 5 and day not in (date(2026, 4, 3), date(2026, 4, 6))
        # 16:00 and 18:00 of Frankfurt's summer.
        published = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
        certain = published + timedelta(hours=2)
        seen = day in coverage and (coverage[day] == now or min(coverage[day], now) >= certain)
        missing.append(open_day and published <= now and not seen)
    found = can_have_news(days, coverage, publication=publication, now=now)
    assert found is any(missing)


@pytest.fixture
def unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A home whose feed is at an address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("TRIBUTARY_SANDBOX", f"http://127.0.0.1:{port}")
    monkeypatch.delenv("TRIBUTARY_RETRY_BASE", raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-16T06:00:00Z")
    return open_workspace()


def test_an_unreachable_feed_is_a_red_check_soon(unreachable: Workspace) -> None:
    dates = account_dates(date(2026, 10, 1))
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize(
            [raw_asset(FEED, FEED.streams[0], dates)],
            resources={"workspace": WorkspaceResource()},
            instance=instance,
            raise_on_error=False,
            tags={
                tags.MODE: "incremental",
                tags.PLATFORMS: "google_ads",
                tags.RANGE_START: dates.get_partition_keys()[-2],
                tags.RANGE_END: dates.get_partition_keys()[-1],
            },
        )
    assert done.success
    assert [check.passed for check in done.get_asset_check_evaluations()] == [False]
    (row,) = SyncLog(unreachable.home).rows()
    assert (row.status, row.error_class, row.requests, row.retries) == (
        "failed", "NetworkTrouble", 2, 1,
    )  # fmt: skip
    # Half a minute of patience was it before; the one wait of a second may be a little longer.
    assert row.duration_seconds < 5
    (state,) = connection_states(unreachable)
    assert state.state == "failing"


def test_a_day_that_is_chosen_on_a_page_is_asked_for(
    unreachable: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0.01")
    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize(
            [raw_asset(FEED, FEED.streams[0], account_dates(date(2026, 10, 1)))],
            resources={"workspace": WorkspaceResource()},
            instance=instance,
            partition_key="2026-11-12",
        )
    (row,) = SyncLog(unreachable.home).rows()
    assert (row.mode, row.window_to.date()) == ("backfill", date(2026, 11, 13))


@pytest.mark.parametrize(
    ("asked", "stream", "days"),
    [
        ({}, "campaign_stats", None),
        ({tags.PARTITION: "2026-11-10"}, "campaign_stats", ("2026-11-10", "2026-11-11")),
        (
            {tags.RANGE_START: "2026-11-10", tags.RANGE_END: "2026-11-12"},
            "campaign_stats",
            ("2026-11-10", "2026-11-13"),
        ),
        ({tags.PARTITION: "2026-11-10"}, "campaigns", None),
    ],
)
def test_the_dates_of_a_run_are_those_of_its_page(
    asked: dict[str, str], stream: str, days: tuple[str, str] | None
) -> None:
    google = get("google_ads")
    window = None if days is None else Window(*map(date.fromisoformat, days))
    assert backfill_window(asked, google, google.stream(stream)) == window


def test_the_schedule_goes_by_the_afternoon_and_not_by_the_day(
    unreachable: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daily account is due once its date has changed; a rate appears after that."""
    feed = Feed(unreachable.home, monkeypatch)
    name = FEED.streams[0].name
    (source,) = select_sources(unreachable, FEED, name, run_id="one")
    feed_source = replace(source, platform=feed.platform)
    for now in ("2026-11-16T00:30:00Z", "2026-11-16T15:15:00Z"):
        monkeypatch.setenv("TRIBUTARY_NOW", now)
        assert select_sources(unreachable, FEED, name, run_id=now, scheduled=True)
        job = Pull(unreachable.home, feed.platform, feed.platform.streams[0], now)
        assert pull(job, [feed_source]).rows


def test_a_feed_may_be_silent_over_easter(
    unreachable: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Feed(unreachable.home, monkeypatch)
    (source,) = select_sources(unreachable, FEED, FEED.streams[0].name, run_id="one")
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-17T18:00:00Z")
    job = Pull(unreachable.home, feed.platform, feed.platform.streams[0], "one")
    pull(job, [replace(source, platform=feed.platform)])
    for now, state in (("2026-11-22T18:00:00Z", "ok"), ("2026-11-24T18:01:00Z", "stale")):
        monkeypatch.setenv("TRIBUTARY_NOW", now)
        assert [each.state for each in connection_states(unreachable)] == [state]


def test_a_first_day_of_long_ago_moves_nobodys_rates_to_it(
    unreachable: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = unreachable
    space.registry.add_organization(Organization("acme", "Acme"))
    # As it was stored before first days had a bound.
    monkeypatch.setattr(registry_transaction, "check_start_date", lambda *_: None)
    space.registry.add_connection("acme", "files", "costs", None, start_date=date(1, 1, 1))
    monkeypatch.undo()
    (source,) = select_sources(space, FEED, FEED.streams[0].name, run_id="long_ago")
    assert source.start_date == OLDEST_START
