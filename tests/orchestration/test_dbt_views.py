"""dbt leaves views and seeds out while they stand as the code says, and only then."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace as Made
from typing import Any, cast

import duckdb
import pyarrow as pa
import pytest
from dbt.cli import main as dbt_main
from dbt.contracts.graph.manifest import Manifest

from orchestration import dbt, dbt_manifest
from warehouse.home import Home
from warehouse.seeds import seed_empty

KINDS = {
    "model.fact": "dirty_keys",
    "model.stg": "view",
    "model.int": "view",
    "seed.channels": "seed",
    "test.fact": "test",
    "analysis.of": "view",
}
VIEWS = {"model.stg", "model.int", "seed.channels"}


class Dbt:
    """Stands in for dbt: says that all went well, but for what it was told to fail at."""

    def __init__(self) -> None:
        self.built: list[set[str]] = []
        self.failing: set[str] = set()
        self.killed = False
        self.manifest = Made(
            nodes={
                key: Made(
                    resource_type=key.split(".")[0],
                    name=key,
                    tags=[],
                    config=Made(materialized=kind),
                )
                for key, kind in KINDS.items()
            },
            to_dict=lambda: {"nodes": {}, "sources": {}, "macros": {}},
        )

    def __call__(self, **_: Any) -> Dbt:
        return self

    def invoke(self, arguments: list[str]) -> Any:
        if "build" not in arguments:
            return Made(result=Made(results=[]), success=True, exception=None)
        if self.killed:
            raise KeyboardInterrupt
        nodes = {key for key in KINDS if key.startswith(("model", "seed"))}
        if "config.materialized:view" in arguments:
            assert "resource_type:seed" in arguments
            nodes -= VIEWS
        if "--select" in arguments:
            nodes &= {"model.fact", "model.stg"}
        self.built.append(nodes)
        results = [
            Made(
                node=Made(unique_id=key, name=key),
                status="error" if key in self.failing else "success",
                message="it was asked to fail" if key in self.failing else "",
            )
            for key in nodes
        ]
        success = not self.failing & nodes
        return Made(result=Made(results=results), success=success, exception=None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    project = tmp_path / "project"
    project.mkdir()
    (project / "stg.sql").write_text("select 1")
    monkeypatch.setattr(dbt_manifest, "DBT_PROJECT_DIR", project)
    found = Home.open(tmp_path / "home")
    seed_empty(found, "google_ads", "campaigns", pa.schema([("name", pa.string())]))
    duckdb.connect(str(found.build_db)).close()
    return found


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Dbt:
    found = Dbt()
    monkeypatch.setattr(dbt_main, "dbtRunner", found)
    project = dbt_manifest.Project(cast(Manifest, found.manifest))
    monkeypatch.setattr(dbt, "_project", lambda *_: project)
    return found


def _build(home: Home, runner: Dbt, *options: str) -> set[str]:
    """Builds; returns the views and seeds that were made."""
    dbt._build(home, ["build", *options])
    return runner.built[-1] & VIEWS


def test_they_are_made_once(home: Home, runner: Dbt) -> None:
    assert _build(home, runner) == VIEWS
    assert _build(home, runner) == set()
    assert runner.built[-1] == {"model.fact"}
    assert _build(home, runner, "--vars", '{"as_of": "2026-11-16T06:00:00Z"}') == set()


def test_they_are_made_again_when_the_code_changed(home: Home, runner: Dbt) -> None:
    _build(home, runner)
    (dbt_manifest.DBT_PROJECT_DIR / "stg.sql").write_text("select 2")
    assert _build(home, runner) == VIEWS
    assert _build(home, runner) == set()


def test_they_are_made_again_when_a_stream_has_another_column(home: Home, runner: Dbt) -> None:
    _build(home, runner)
    columns = pa.schema([("name", pa.string()), ("status", pa.string())])
    seed_empty(home, "google_ads", "campaigns", columns)
    assert _build(home, runner) == VIEWS


def test_they_are_made_again_on_another_file_and_when_all_is(home: Home, runner: Dbt) -> None:
    _build(home, runner)
    assert _build(home, runner, "--full-refresh") == VIEWS
    home.build_db.unlink()
    duckdb.connect(str(home.build_db)).close()
    assert _build(home, runner) == VIEWS


def test_a_failed_view_is_made_again(home: Home, runner: Dbt) -> None:
    runner.failing = {"model.int"}
    _build(home, runner)
    runner.failing = set()
    assert _build(home, runner) == VIEWS
    assert _build(home, runner) == set()


def test_half_of_another_code_leaves_no_record(home: Home, runner: Dbt) -> None:
    """Also when the code went back to what was recorded."""
    file = dbt_manifest.DBT_PROJECT_DIR / "stg.sql"
    _build(home, runner)
    file.write_text("select 2")
    assert _build(home, runner, "--select", "fact") == {"model.stg"}
    file.write_text("select 1")
    assert _build(home, runner) == VIEWS


def test_a_killed_build_leaves_no_record(home: Home, runner: Dbt) -> None:
    file = dbt_manifest.DBT_PROJECT_DIR / "stg.sql"
    _build(home, runner)
    file.write_text("select 2")
    runner.killed = True
    with pytest.raises(KeyboardInterrupt):
        _build(home, runner)
    runner.killed = False
    file.write_text("select 1")
    assert _build(home, runner) == VIEWS


def test_another_project_is_not_recorded(home: Home, runner: Dbt) -> None:
    _build(home, runner)
    assert _build(home, runner, "--target", "spark") == VIEWS
    assert _build(home, runner) == VIEWS
    assert _build(home, runner, "--vars", '{"exchange_rate_max_age_days": 3}') == VIEWS
