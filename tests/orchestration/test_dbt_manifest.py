"""The parsed project is kept, and parsed anew as soon as it could say something else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration import dbt_manifest
from tests.parsed_project import share_parsed_project
from warehouse.home import Home


class Parses:
    """Stands in for `dbt parse`: writes what it would, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, folder: str) -> None:
        self.count += 1
        for name in dbt_manifest.FILES:
            Path(folder, name).write_text(f"parse {self.count}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "a.sql").write_text("select 1")
    monkeypatch.setattr(dbt_manifest, "DBT_PROJECT_DIR", folder)
    return folder


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Parses:
    found = Parses()
    monkeypatch.setattr(dbt_manifest, "_parse", found)
    return found


def test_it_is_parsed_once_until_a_file_changes(
    project: Path, parses: Parses, tmp_path: Path
) -> None:
    home = Home.open(tmp_path / "home")
    assert dbt_manifest.parsed(home).read_text() == "parse 1"
    assert dbt_manifest.parsed(home).read_text() == "parse 1"
    (project / "target").mkdir()
    (project / "target" / "compiled.sql").write_text("not the project")
    assert dbt_manifest.parsed(home).read_text() == "parse 1"
    (project / "models" / "a.sql").write_text("select 2")
    assert dbt_manifest.parsed(home).read_text() == "parse 2"
    (project / "models" / "a.sql").rename(project / "models" / "b.sql")
    assert dbt_manifest.parsed(home).read_text() == "parse 3"


def test_a_moved_home_is_not_parsed_anew(project: Path, parses: Parses, tmp_path: Path) -> None:
    dbt_manifest.parsed(Home.open(tmp_path / "home"))
    (tmp_path / "home").rename(tmp_path / "moved")
    dbt_manifest.parsed(Home.open(tmp_path / "moved"))
    assert parses.count == 1


def test_sources_are_read_from_the_home_it_is_loaded_for(tmp_path: Path) -> None:
    for name in ("home", "moved"):
        home = Home.open(tmp_path / name)
        share_parsed_project(home.path)
        sources = dbt_manifest.load(home).manifest.sources.values()
        places = [source.config.extra["external_location"] for source in sources]
        assert len(places) > 30
        assert all(f"'{home.lake}/" in place for place in places)
        assert not [place for place in places if dbt_manifest.ANY_HOME in place]


def test_a_parse_that_was_killed_half_way_leaves_no_record(
    project: Path, parses: Parses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the project went back to what the old stamp was about."""
    home = Home.open(tmp_path / "home")
    dbt_manifest.parsed(home)
    replace = os.replace

    def killed(source: Path, target: Path) -> None:
        if Path(target).name == dbt_manifest.FILES[1]:
            raise KeyboardInterrupt
        replace(source, target)

    (project / "models" / "a.sql").write_text("select 2")
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            dbt_manifest.parsed(home)
    (project / "models" / "a.sql").write_text("select 1")
    assert dbt_manifest.parsed(home).read_text() == "parse 3"


def test_only_the_newest_runs_leave_their_files(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    target = dbt_manifest.target_path(home)
    (target / "compiled").mkdir(parents=True)
    names = [f"transform-{number:02d}-x" for number in range(dbt_manifest.KEPT_RUNS + 3)]
    for age, name in enumerate(reversed(names)):
        (target / name).mkdir()
        (target / name / "dbt.log").write_text("a log")
        os.utime(target / name, (1_000_000 - age, 1_000_000 - age))
    dbt_manifest.forget_old_runs(home)
    left = sorted(path.name for path in target.iterdir())
    assert left == ["compiled", *names[3:]]
