"""What the log holds of a stream: other rows are another text, wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.home import Home
from warehouse.log_digests import log_digests

ADS, LISTS = ("google_ads", "ads"), ("google_ads", "campaigns")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home.open(tmp_path / "home")
    _write(found, "first", [(*ADS, "1", "succeeded"), (*LISTS, "1", "succeeded")])
    return found


def _write(home: Home, name: str, rows: list[tuple[str, str, str, str]]) -> None:
    names = ("platform", "stream", "sync_id", "status")
    path = home.syncs_dir / "synced=2026-11-01" / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows]), path)


def test_a_log_without_files_holds_nothing(tmp_path: Path) -> None:
    assert log_digests(Home.open(tmp_path / "empty")) == {}


@pytest.mark.parametrize(("sync", "status"), [("1", "failed"), ("2", "succeeded")])
def test_another_value_changes_its_stream_alone(home: Home, sync: str, status: str) -> None:
    before = log_digests(home)
    _write(home, "first", [(*ADS, sync, status), (*LISTS, "1", "succeeded")])
    after = log_digests(home)
    assert before.keys() == after.keys() == {ADS, LISTS}
    assert after[ADS] != before[ADS]
    assert after[LISTS] == before[LISTS]


def test_a_row_in_two_files_counts_once(home: Home) -> None:
    before = log_digests(home)
    _write(home, "day", [(*ADS, "1", "succeeded")])
    assert log_digests(home) == before
