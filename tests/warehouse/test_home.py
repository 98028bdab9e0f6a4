from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest

from warehouse.home import (
    FORMAT_VERSION,
    Home,
    HomeError,
    Migration,
    check_organization_id,
    part_name,
    partition,
    utc_day,
)


def test_open_creates_the_tree_and_its_format_once(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "new" / "home")
    before = home.format_file.read_bytes()
    assert orjson.loads(before) == {"format": 1, "migrations": ["0001_tree"]}
    assert home.syncs_dir.is_dir()
    assert home.releases.is_dir()
    assert Home.open(str(home.path)) == home
    assert home.format_file.read_bytes() == before


def test_a_step_that_needs_more_than_the_tree_is_taken_once(home: Home) -> None:
    taken: list[Home] = []
    step = Migration(FORMAT_VERSION, "0002_example", taken.append)
    home.migrate(step)
    home.migrate(step)
    assert taken == [home]
    expected = {"format": FORMAT_VERSION, "migrations": ["0001_tree", "0002_example"]}
    assert orjson.loads(home.format_file.read_bytes()) == expected
    assert Home.open(home.path) == home


def test_a_newer_format_is_refused_with_what_to_do(home: Home) -> None:
    home.format_file.write_bytes(orjson.dumps({"format": FORMAT_VERSION + 1, "migrations": []}))
    with pytest.raises(HomeError, match=r"upgrade tributary"):
        Home.open(home.path)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": "x", "migrations": []}'])
def test_an_unreadable_format_is_refused(home: Home, content: bytes) -> None:
    home.format_file.write_bytes(content)
    with pytest.raises(HomeError, match=r"format\.json is unreadable"):
        Home.open(home.path)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="is a file"):
        Home.open(tmp_path / "file")


@pytest.mark.parametrize(
    "name", ["../../etc", "..", "", "/etc", "Acme", "a/b", "a" * 64, "acme\n", "_other", "é"]
)
def test_names_that_leave_the_home_are_refused(home: Home, name: str) -> None:
    for path in (
        lambda: home.landing_dir(name, "shop"),
        lambda: home.organization_db(name),
        lambda: home.raw_dir("google_ads", name),
        lambda: home.quarantine_dir(name, "ads"),
        lambda: home.landing_dir("acme", name),
    ):
        with pytest.raises(HomeError):
            path()


def test_the_shared_organization_is_allowed(home: Home) -> None:
    assert check_organization_id("_shared") == "_shared"
    assert home.organization_db("_shared").name == "_shared.duckdb"


def test_part_names_and_partitions() -> None:
    sync_id = "01a1dc80-f000-7bcb-ac21-b19cf07b448a"
    assert part_name(sync_id, 0) == f"{sync_id}.parquet"
    assert part_name(sync_id, 12) == f"{sync_id}-012.parquet"
    assert partition(date(2026, 1, 2)) == "synced=2026-01-02"
    with pytest.raises(HomeError):
        part_name("../evil", 0)


def test_the_partition_is_the_utc_day() -> None:
    auckland = timezone(timedelta(hours=13))
    assert utc_day(datetime(2026, 11, 15, 5, tzinfo=auckland)) == date(2026, 11, 14)
    assert utc_day(datetime(2026, 11, 15, 23, tzinfo=UTC)) == date(2026, 11, 15)
    with pytest.raises(ValueError, match="no time zone"):
        utc_day(datetime(2026, 11, 15))
