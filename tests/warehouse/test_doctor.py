"""Damaged files are named, with what is lost and what mends it; mending deletes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from warehouse.damage import remedy_for
from warehouse.doctor import Finding, examine, repair
from warehouse.home import Home
from warehouse.publishing import publish
from warehouse.queries import query
from warehouse.releases import read_current
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
ODD_COSTS = ("1", "4006381333931", "-1000000000000", "999999999999.999999")
DAMAGES = ["truncated", "empty", "garbage", "missing"]


def _damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    path.chmod(0o644)
    if how == "missing":
        path.unlink()
    else:
        damaged = {
            "truncated": content[: len(content) // 2],
            "empty": b"",
            "garbage": b"\x00garbage\xff" * (len(content) // 8 + 1),
        }
        path.write_bytes(damaged[how])


@pytest.fixture
def full(home: Home) -> Home:
    """A home with two syncs, both build files and a release."""
    ids = SyncIds(lambda: NOW, None)
    for number in range(2):
        sync_id, _ = ids.next()
        name = f"google_ads/campaigns/synced=2026-11-15/{sync_id}.parquet"
        path = home.lake / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"campaign_id": [str(n) for n in range(1000)]}), path)
        row = LogRow(
            sync_id=sync_id,
            organization_id="acme",
            connection_id="c",
            platform="google_ads",
            account_id="1",
            stream="campaigns",
            kind="snapshot",
            chunk_id=number,
            window_from=None,
            window_to=None,
            status="succeeded",
            mode="full",
            fetch_started_at=NOW,
            committed_at=NOW,
            rows=1000,
            raw_file=name,
        )
        SyncLog(home).append([row], 0, NOW.date())
    for file in (home.build_db, home.serve_db):
        with duckdb.connect(str(file)) as connection:
            connection.execute("create table numbers as select range as n from range(200000)")
    publish(home, NOW, schema_version="1")
    return home


def _raw(home: Home) -> Path:
    return sorted((home.lake / "raw/google_ads/campaigns").rglob("*.parquet"))[0]


def _log(home: Home) -> Path:
    return sorted(home.syncs_dir.rglob("*.parquet"))[0]


def _published(home: Home) -> list[dict[str, object]]:
    with duckdb.connect(str(home.published_db), read_only=True) as connection:
        return connection.execute("select count(*) from numbers").fetchall()


def test_a_home_without_damage_has_no_findings(home: Home, full: Home) -> None:
    assert examine(full) == []
    assert repair(full, []) == []


def _mended(home: Home, path: Path, how: str) -> Finding:
    """Damages a file, has it found and mended; what is published can be read all the while."""
    _damage(path, how)
    assert _published(home) == [(200_000,)]
    (finding,) = examine(home)
    assert finding.path == path
    assert finding.trouble
    assert finding.lost
    assert "tributary doctor --repair" in finding.remedy
    moved = repair(home, [finding])
    assert all(file.is_relative_to(home.path / "damaged") for file in moved)
    assert _published(home) == [(200_000,)]
    return finding


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", ["build_db", "serve_db"])
def test_build_files_are_made_anew(full: Home, name: str, how: str) -> None:
    finding = _mended(full, getattr(full, name), how)
    assert finding.lost == "nothing: it is made anew from the lake by the next run"
    assert not full.build_db.exists()
    assert not full.serve_db.exists()
    assert examine(full) == []


@pytest.mark.parametrize("how", DAMAGES)
def test_a_raw_file_that_is_gone_is_withdrawn_from_the_log(full: Home, how: str) -> None:
    path = _raw(full)
    finding = _mended(full, path, how)
    assert "google_ads/campaigns" in finding.lost
    assert [row.chunk_id for row in SyncLog(full).rows()] == [1]
    assert examine(full) == []


@pytest.mark.parametrize("how", ["truncated", "empty", "garbage"])
def test_a_file_of_the_log_is_set_aside(full: Home, how: str) -> None:
    path = _log(full)
    _damage(path, how)
    with pytest.raises(pa.ArrowException) as caught:
        SyncLog(full).rows()
    assert str(path) in str(remedy_for(caught.value, full))
    assert "tributary doctor" in str(remedy_for(caught.value, full))
    findings = examine(full)
    assert [finding.path for finding in findings] == [path]
    repair(full, findings)
    assert [row.chunk_id for row in SyncLog(full).rows()] == [1]
    assert examine(full) == []


def test_values_that_no_table_can_hold_are_named_and_left_where_they_are(full: Home) -> None:
    path = _raw(full).with_name("odd.parquet")
    rows = {
        "_connection_id": pa.array(["a", "b", "b", "b"]),
        "cost": pa.array([Decimal(n) for n in ODD_COSTS], pa.decimal128(24, 6)),
        "clicks": pa.array([1, 2, 10**18 - 1, None], pa.int64()),
        "spend": pa.array([1.0, float("nan"), 1e12, -1e300]),
        # In microseconds since 1970: the years 1 and 287000, which Python has not.
        "updated_at": pa.array([0, -62135596800000000, 9000000000000000000, None]).cast(
            pa.timestamp("us", "UTC")
        ),
        "title": pa.array(["4006381333931"] * 4),
    }
    pq.write_table(pa.table(rows), path)
    found = [(f.path, f.kind, f.trouble) for f in examine(full)]
    assert found == [
        (path, "values", f"{text} ({connection})")
        for connection, text in [
            ("b", "2 values of cost are out of range, such as 4006381333931.000000"),
            ("b", "2 values of spend are out of range, such as 1e+12"),
            ("b", "2 values of updated_at are out of range, such as 0001-01-01 00:00:00.000000Z"),
        ]
    ]
    assert repair(full, examine(full)) == []
    assert path.exists()


@pytest.mark.parametrize("how", DAMAGES)
def test_current_json_names_the_newest_release_again(full: Home, how: str) -> None:
    before = read_current(full)
    _mended(full, full.current_file, how)
    assert read_current(full) == before
    assert query(full, "select count(*) as n from numbers").to_pylist() == [{"n": 200_000}]


def test_a_damaged_registry_says_which_file_and_what_to_do(home: Home) -> None:
    path = home.control_db
    path.write_bytes(b"garbage" * 1000)
    engine = sa.create_engine(f"sqlite:///{path}")
    with pytest.raises(sa.exc.DatabaseError) as caught, engine.connect() as connection:
        connection.execute(sa.text("select * from organizations"))
    said = remedy_for(caught.value, home)
    assert said is not None
    assert str(path) in said
    assert "connections apply FILE" in said


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException('Could not write file "x": No space left on device'),
        sa.exc.OperationalError("insert", {}, Exception("database or disk is full")),
    ],
)
def test_a_full_disk_is_called_one(home: Home, error: Exception) -> None:
    said = str(remedy_for(error, home))
    assert f"no space left while writing under {home.path} (" in said
    assert "MB free" in said


def test_other_errors_are_not_explained_away(home: Home) -> None:
    assert remedy_for(KeyError("x"), home) is None
