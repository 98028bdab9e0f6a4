"""Releases stay by number and by age, and say why."""

from __future__ import annotations

import pytest

from tests.warehouse.conftest import Clock
from tests.warehouse.tenants import build
from warehouse.home import Home
from warehouse.publishing import publish, rollback
from warehouse.releases import pin, release_names
from warehouse.retention import Retention, disk_use, prune, reasons_to_keep

EVERYTHING = Retention(newest=1000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[str]]:
    """Four releases a day, six hours apart, of ten days; the last at noon of November 15."""
    home, clock = Home.open(tmp_path_factory.mktemp("made") / "home"), Clock()
    build(home)
    clock.move(days=-9, hours=-18)
    names = []
    for _ in range(40):
        names.append(publish(home, clock(), keep=EVERYTHING).release)
        clock.move(hours=6)
    return home, names


@pytest.fixture
def releases(made: tuple[Home, list[str]], copied) -> list[str]:
    """The names of those releases; the test's home has them, and its clock is at the last."""
    home, names = made
    copied(home)
    return list(names)


def test_the_newest_and_the_last_of_each_day_stay(home, clock, releases):
    kept = reasons_to_keep(home, clock(), Retention(newest=3, days=4))
    assert list(kept) == list(reversed(releases))
    why = {name: reasons for name, reasons in kept.items() if reasons}
    assert why == {
        releases[39]: ["current", "newest 3", "last of 2026-11-15"],
        releases[38]: ["newest 3"],
        releases[37]: ["newest 3"],
        releases[36]: ["last of 2026-11-14"],
        releases[32]: ["last of 2026-11-13"],
        releases[28]: ["last of 2026-11-12"],
    }
    removed = prune(home, clock(), Retention(newest=3, days=4))
    assert removed == sorted(set(releases) - set(why))
    assert release_names(home) == sorted(why)
    assert {path.name.partition(".")[0] for path in home.releases.iterdir()} == set(why)


def test_days_alone_and_number_alone(home, clock, releases):
    by_days = reasons_to_keep(home, clock(), Retention(newest=1, days=9))
    assert sum(bool(why) for why in by_days.values()) == 9
    by_number = reasons_to_keep(home, clock(), Retention(newest=7, days=0))
    assert [bool(why) for why in by_number.values()] == [True] * 7 + [False] * 33


def test_the_current_and_the_pinned_stay_however_old(home, clock, releases):
    rollback(home, releases[0])
    pin(home, releases[5], "board report")
    pin(home, releases[6], releases[6])
    kept = reasons_to_keep(home, clock(), Retention(newest=1, days=0))
    assert kept[releases[0]] == ["current"]
    assert kept[releases[5]] == ["pinned: board report"]
    assert kept[releases[6]] == ["pinned"]
    prune(home, clock(), Retention(newest=1, days=0))
    assert release_names(home) == [releases[n] for n in (0, 5, 6, 39)]


def test_a_clock_that_stepped_back_removes_nothing_young(home, clock, releases):
    clock.move(days=-30)
    kept = reasons_to_keep(home, clock(), Retention(newest=1, days=14))
    assert sum(bool(why) for why in kept.values()) == 11


def test_publishing_prunes(home, clock, releases):
    clock.move(days=100)
    publish(home, clock(), keep=Retention(newest=2, days=3))
    assert len(release_names(home)) == 2


@pytest.mark.parametrize("wrong", [{"newest": 0}, {"days": -1}])
def test_a_retention_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="kept"):
        Retention(**wrong)


def test_disk_use_counts_a_release_with_two_names_once(home, clock):
    build(home)
    release = publish(home, clock())
    found = disk_use(home)
    assert found["releases"] == release.size_bytes + release_json(home)
    assert found["build"] == home.serve_db.stat().st_size
    assert found["organizations"] == 0


def release_json(home: Home) -> int:
    [path] = home.releases.glob("*.json")
    return path.stat().st_size
