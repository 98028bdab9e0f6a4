"""A home in a temporary directory, a clock that tests move, and chunks to write."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from cryptography.fernet import Fernet

from tests.warehouse.log_rows import NOON
from tests.warehouse.registered import SECRET
from warehouse.credentials import SecretBox
from warehouse.home import Home
from warehouse.lake import ChunkInfo, SyncWriter
from warehouse.registry import Registry
from warehouse.registry_records import Organization
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog

SCHEMA = pa.schema(
    [
        pa.field("date", pa.date32()),
        pa.field("campaign_id", pa.string()),
        pa.field("clicks", pa.int64()),
        pa.field("rate", pa.decimal128(20, 8)),
    ]
)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


@pytest.fixture
def copied(home: Home) -> Callable[[Home], Home]:
    """Makes the test's home a copy of one that a module made once."""

    def copy(made: Home) -> Home:
        def file(source: str, target: str) -> None:
            # A published database is never written again, only replaced: a second name will do.
            path = Path(source)
            is_published = path.is_relative_to(made.published) and path.suffix == ".duckdb"
            (os.link if is_published else shutil.copy2)(source, target)

        shutil.copytree(made.path, home.path, dirs_exist_ok=True, symlinks=True, copy_function=file)
        return home

    return copy


@pytest.fixture
def box() -> SecretBox:
    return SecretBox(Fernet.generate_key().decode())


@pytest.fixture
def registry(home: Home, clock: Clock, box: SecretBox) -> Registry:
    return Registry.open(home, clock, url=f"sqlite:///{home.control_db}", box=box, actor="tester")


@pytest.fixture
def schema() -> pa.Schema:
    return SCHEMA


@pytest.fixture
def batch() -> Callable[..., pa.RecordBatch]:
    def make(rows: int, day: date = date(2026, 11, 1), clicks: int = 1) -> pa.RecordBatch:
        return pa.record_batch(
            [
                pa.array([day] * rows, pa.date32()),
                pa.array([f"c{n}" for n in range(rows)]),
                pa.array([clicks] * rows, pa.int64()),
                pa.array([None] * rows, pa.decimal128(20, 8)),
            ],
            schema=SCHEMA,
        )

    return make


@pytest.fixture
def chunk(clock: Clock) -> Callable[..., ChunkInfo]:
    def make(
        connection: str = "conn", chunk_id: int = 0, start: int = 1, end: int = 8, **changes: object
    ) -> ChunkInfo:
        values: dict[str, object] = {
            "organization_id": "acme",
            "connection_id": connection,
            "account_id": "1",
            "kind": "report",
            "chunk_id": chunk_id,
            "mode": "incremental",
            "fetch_started_at": clock(),
            "window_from": date(2026, 11, start),
            "window_to": date(2026, 11, end),
        }
        return ChunkInfo(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def writer(home: Home, clock: Clock) -> Callable[..., SyncWriter]:
    def make(sync_id: str, stream: str = "ad_stats", **options: object) -> SyncWriter:
        return SyncWriter(
            home, "google_ads", stream, SCHEMA, sync_id, clock(), "run-1", now=clock, **options
        )  # type: ignore[arg-type]

    return make


@pytest.fixture
def acme(registry: Registry) -> Registry:
    registry.add_organization(Organization("acme", "Acme", reporting_currency="EUR"))
    registry.add_credential("acme_google", "google_ads", {"refresh_token": SECRET}, "acme")
    return registry


@pytest.fixture
def next_id(clock: Callable[[], datetime]) -> Callable[[], str]:
    ids = SyncIds(clock, None)
    return lambda: ids.next()[0]


@pytest.fixture
def log(home: Home) -> SyncLog:
    return SyncLog(home)


@pytest.fixture
def ids() -> SyncIds:
    return SyncIds(lambda: NOON, None)
