"""A whole run on a disk that is really full: it says so, and the next one goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.orchestration.house import ORDERS, House, open_house
from tests.small_disk import SmallDisk, small_disk
from warehouse.doctor import examine

pytestmark = pytest.mark.long

MEGABYTES = 300
IN_THE_BUILD = 12 << 20
"""Bytes: enough for what Dagster and a pull write, and not for the build."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", MEGABYTES) as mounted:
        yield mounted


def _orders(house: House) -> int:
    with duckdb.connect(str(house.home.published_db), read_only=True) as connection:
        (count,) = connection.execute(f"select count(*) from {ORDERS}").fetchone()
    return int(count)


def test_a_run_on_a_full_disk_says_so_and_the_next_one_goes_on(disk: SmallDisk) -> None:
    with open_house(disk.path) as house:
        house.drop("second.csv", "3;2026-11-03 10:00;tea;1;5.00")
        disk.fill(leave=IN_THE_BUILD)
        done = house.tributary("run", "--platform", "files")
        assert done.returncode == 1
        assert f"no space left while writing under {house.home.path}" in done.stderr
        assert "MB free of 0.3 GB). Nothing was committed, and what is published" in done.stderr
        assert "Traceback" not in done.stderr
        assert _orders(house) == 2

        disk.make_room()
        assert not [f for f in examine(house.home) if f.kind not in ("build", "values")]
        done = house.tributary("run", "--platform", "files")
        # The feed of exchange rates may not be reached.
        assert done.returncode in (0, 3), done.stderr[-4000:]
        assert _orders(house) == 3
        assert examine(house.home) == []
        assert not list(house.home.path.rglob("*.part"))
