"""A platform that tests make up: what they need of it and of a pull of its accounts."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.core.accounts import Account
from connectors.core.auth import NoAuth
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Page, Stream
from connectors.core.window import Window
from orchestration.pull import Pull, Receipt, pull
from orchestration.sources import Source
from warehouse.home import Home
from warehouse.sync_log import SyncLog

START = date(2026, 11, 1)
Pages = Callable[[Client, Account, Window | None], Iterator[Page]]


def rows_of(account: Account, window: Window | None) -> list[dict[str, Any]]:
    """Every day of a window, once."""
    assert window is not None
    return [
        {"date": day.isoformat(), "campaign": account.id, "clicks": str(day.day)}
        for day in window.days()
    ]


def serve(_client: Client, account: Account, window: Window | None) -> Iterator[Page]:
    """Pages of one row each."""
    for row in rows_of(account, window):
        yield Page([row], 10)


def made_up(pages: Pages = serve, chunk: int = 4, lookback: int = 2) -> Platform:
    """A platform with one daily report."""
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
        name="made_up",
        display_name="Made up",
        category="ads",
        api_version="v1",
        api_sunset=None,
        base_url="https://made-up.example",
        auth=NoAuth(),
        requests_per_second=1000.0,
        streams=(stream,),
        credential_fields=(CredentialField("token", secret=True, help="any"),),
        discover=lambda client: iter(()),
        describe_account=lambda client, account: account,
        read_error=lambda reply: None,
    )


def source_of(platform: Platform, account: str, credentials: tuple[str, ...] = ("one",)) -> Source:
    """An account of it, from the first day on."""
    return Source(
        platform,
        "acme",
        f"connection-{account}",
        Account(account, currency="EUR", time_zone="UTC"),
        START,
        tuple({"token": value} for value in credentials),
    )


def open_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home at the tests' clock."""
    set_clock(monkeypatch, "2026-11-10T12:00:00Z")
    return Home.open(tmp_path / "home")


def set_clock(monkeypatch: pytest.MonkeyPatch, now: str) -> None:
    """Sets the pipeline's clock."""
    monkeypatch.setenv("TRIBUTARY_NOW", now)


def pull_accounts(
    home: Home, platform: Platform, *accounts: str, window: Window | None = None
) -> Receipt:
    """Pulls the first stream of some accounts."""
    job = Pull(home, platform, platform.streams[0], "run", window)
    return pull(job, [source_of(platform, account) for account in accounts])


def visible_rows(home: Home) -> list[tuple[str, date, int]]:
    """Raw rows that a succeeded log row stands behind, in the order of their files."""
    counted_chunks = {
        (row.sync_id, row.connection_id, row.chunk_id)
        for row in SyncLog(home).rows()
        if row.status == "succeeded"
    }
    found = []
    for path in sorted(home.raw_dir("made_up", "stats").rglob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            if (row["_sync_id"], row["_connection_id"], row["_chunk_id"]) in counted_chunks:
                found.append((row["campaign_id"], row["date"], row["clicks"]))
    return found


def counting(asked: list[str]) -> Pages:
    """Pages that keep which windows were asked for."""

    def counted(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        asked.append(str(window))
        yield from serve(client, account, window)

    return counted
