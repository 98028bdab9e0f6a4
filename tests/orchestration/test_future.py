"""A clock that was once in the future costs nothing for longer than it was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.core import clock
from connectors.core.accounts import Account
from connectors.core.auth import NoAuth
from connectors.core.columns import Column
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.core.window import Window
from orchestration.cursors import reset_cursors
from orchestration.pull import Pull, pull
from orchestration.sources import Source
from warehouse.home import Home
from warehouse.registry_records import Connection
from warehouse.sync_log import SyncLog

START = date(2026, 11, 1)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ID = Column("order_id", pa.string(), "id", "dimension", "Id.", required=True)
AT = Column("updated_at", pa.timestamp("us", "UTC"), "at", "attribute", "Modified.")
DAY = Column("date", pa.date32(), "date", "dimension", "Day.", required=True)
CLICKS = Column("clicks", pa.int64(), "clicks", "metric", "Clicks.", additivity="additive")


_CONNECTION = Connection(
    connection_id="connection-a",
    organization_id="acme",
    platform="made_up",
    account_id="a",
    credential_id=None,
    alternate_credential_ids=(),
    account_name="A",
    account_currency="EUR",
    account_time_zone="UTC",
    status="active",
    sync_frequency="daily",
    start_date=START,
    created_at=NOON,
    removed_at=None,
)


class Shop:
    """A shop whose own clock is right: it has what was ordered until now, whatever is asked."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.patch = home, monkeypatch
        self.orders: dict[str, datetime] = {}
        self.asked: list[Window] = []
        self.days: list[date] = []
        self.changes = Stream(
            "orders",
            "changes",
            "An order.",
            (ID, AT),
            self._orders,
            key_columns=("order_id",),
            version_column="updated_at",
        )
        self.report = Stream(
            "stats",
            "report",
            "A day.",
            (DAY, CLICKS),
            self._report,
            lookback_days=2,
            lookback_reason="made up",
            grain="day",
        )

    def pull(self, now: datetime, stream: Stream | None = None) -> None:
        self.patch.setenv("TRIBUTARY_NOW", now.isoformat())
        self.asked, self.days = [], []
        platform = _platform(stream or self.changes)
        account = Account("a", currency="EUR", time_zone="UTC")
        source = Source(platform, "acme", "connection-a", account, START, ({},))
        pull(Pull(self.home, platform, platform.streams[0], "run"), [source])

    def status(self, now: datetime) -> tuple[str, datetime | None, bool]:
        (status,) = SyncLog(self.home).latest_status(now=now)
        return status.status, status.succeeded_at, status.future_at is not None

    def _orders(self, _: Client, __: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        self.asked.append(window)
        found = [
            {"id": name, "at": at.isoformat()}
            for name, at in self.orders.items()
            if window.start <= at < window.end
        ]
        yield Page(found, 10)

    def _report(self, _: Client, __: Account, window: Window | None) -> Iterator[Page]:
        assert window is not None
        self.days += window.days()
        yield Page([{"date": day.isoformat(), "clicks": 1} for day in window.days()], 10)

    def loaded(self) -> set[str]:
        found: set[str] = set()
        for path in self.home.raw_dir("made_up", "orders").rglob("*.parquet"):
            table = pq.read_table(path)
            found |= set(table.column("order_id").to_pylist())
        return found


def _platform(stream: Stream) -> Platform:
    return Platform(
        name="made_up",
        display_name="Made up",
        category="commerce",
        api_version="v1",
        api_sunset=None,
        base_url="https://made-up.example",
        auth=NoAuth(),
        requests_per_second=1000.0,
        streams=(stream,),
        credential_fields=(),
        discover=lambda client: iter(()),
        describe_account=lambda client, account: account,
        read_error=lambda reply: None,
    )


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(Home.open(tmp_path / "home"), monkeypatch)


@pytest.mark.parametrize("ahead", [HOUR, timedelta(days=20)])
def test_orders_of_the_time_that_a_clock_was_ahead_are_not_lost(
    shop: Shop, ahead: timedelta
) -> None:
    shop.pull(NOON)
    shop.pull(NOON + ahead)  # it is one minute past noon, in truth
    present = NOON + 0.5 * HOUR
    assert shop.status(present) == ("succeeded", NOON, True)
    shop.orders["late"] = NOON + 0.25 * HOUR
    shop.pull(present)
    assert shop.loaded() == {"late"}
    assert shop.status(present) == ("succeeded", present, False)
    # Nor later, when the day that the clock said has come: the cursor is where the truth reached.
    shop.orders["later"] = NOON + 0.75 * HOUR
    shop.pull(NOON + ahead + HOUR)
    assert shop.loaded() == {"late", "later"}
    assert shop.asked[0].start == present


def test_a_report_is_not_settled_by_a_future_sync(shop: Shop) -> None:
    shop.pull(NOON, shop.report)
    shop.pull(NOON + timedelta(days=30), shop.report)
    shop.pull(NOON + timedelta(days=1), shop.report)
    assert {NOON.date() - timedelta(days=n) for n in range(3)} <= set(shop.days)
    # Its own day has come: what was seen last was seen on the 11th, unsettled days are due.
    shop.pull(NOON + timedelta(days=31), shop.report)
    assert date(2026, 11, 10) in shop.days
    assert date(2026, 11, 20) in shop.days


def test_what_a_future_sync_brought_does_not_win_for_ever(shop: Shop) -> None:
    shop.pull(NOON + timedelta(days=30), shop.report)
    shop.pull(NOON, shop.report)
    rows = sorted(
        SyncLog(shop.home).rows(), key=lambda row: (row.fetch_started_at, row.sync_id, row.chunk_id)
    )
    assert rows[-1].clock_carried_seconds > 0
    assert rows[-1].committed_at == NOON


def test_a_reset_asks_for_everything_again_and_is_a_row_of_the_log(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.pull(NOON)
    shop.pull(NOON + HOUR)
    before = SyncLog(shop.home).rows()
    connection = _CONNECTION
    platform = _platform(shop.changes)
    monkeypatch.setenv("TRIBUTARY_NOW", (NOON + 2 * HOUR).isoformat())
    assert reset_cursors(shop.home, platform, connection, None, date(2026, 11, 5)) == ["orders"]
    assert [row for row in SyncLog(shop.home).rows() if row.mode != "reset"] == before
    # It fetched nothing, so it is no success.
    assert shop.status(NOON + 2 * HOUR) == ("succeeded", NOON + HOUR, False)
    shop.pull(NOON + 2 * HOUR)
    assert shop.asked[0].start == datetime(2026, 11, 5, tzinfo=UTC)
    shop.pull(NOON + 3 * HOUR)
    assert [window.start for window in shop.asked] == [NOON + 2 * HOUR]
    reset_cursors(shop.home, platform, connection, "orders", None)
    shop.pull(clock.now() + HOUR)
    assert shop.asked[0].start == datetime(2026, 11, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match=r"'refunds' has no cursor; these have one: orders"):
        reset_cursors(shop.home, platform, connection, "refunds", None)
    with pytest.raises(ValueError, match="pull its dates again"):
        reset_cursors(shop.home, _platform(shop.report), connection, None, None)


def test_a_reset_of_an_account_never_pulled_is_no_success(shop: Shop) -> None:
    connection = replace(_CONNECTION, connection_id="connection-b")
    shop.patch.setenv("TRIBUTARY_NOW", NOON.isoformat())
    reset_cursors(shop.home, _platform(shop.changes), connection, None, None)
    assert SyncLog(shop.home).latest_status(now=NOON) == []
