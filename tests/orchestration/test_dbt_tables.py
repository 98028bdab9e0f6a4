"""dbt leaves a table out while what it was built of is as it was, and only then."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace as Made
from typing import Any, cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dbt.cli import main as dbt_main
from dbt.contracts.graph.manifest import Manifest

from orchestration import dbt, dbt_manifest
from orchestration.dbt_selection import TAG
from warehouse.home import Home
from warehouse.made_of import made_of

SYNCS, FACT, OTHER, MART = "stg_lake__syncs", "fact_meta", "fact_google", "mart_meta"
CLOCKED, DOCS = "release_info", "docs_tables"
TABLES = {SYNCS, FACT, OTHER, MART, CLOCKED, DOCS}


def _source(platform: str, name: str, place: str) -> dict[str, Any]:
    return {
        "source_name": platform,
        "name": name,
        "config": {"external_location": f"read_parquet('/any/lake/{place}')"},
    }


def _model(
    name: str, *parents: str, kind: str = "dirty_keys", layer: str = "star", macro: str = ""
) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "package_name": "tributary",
        "name": name,
        "fqn": ["tributary", layer, name],
        "database": "build" if layer == "log" else "serve",
        "config": {"materialized": kind, "meta": {}},
        "depends_on": {"nodes": list(parents), "macros": [f"macro.tributary.{macro}"]},
        "raw_code": "",
    }


def _macro(sql: str) -> dict[str, Any]:
    return {"package_name": "tributary", "macro_sql": sql, "depends_on": {"macros": []}}


SOURCES = {
    "s.meta": _source("meta_ads", "ads", "raw/meta_ads/{name}/synced=*/*.parquet"),
    "s.google": _source("google_ads", "ads", "raw/google_ads/{name}/synced=*/*.parquet"),
    "s.syncs": _source("lake", "syncs", "syncs/*/*.parquet"),
    "s.organizations": _source("registry", "organizations", "registry/{name}.parquet"),
}
NODES = {
    "m.syncs": _model(SYNCS, "s.syncs", layer="log"),
    "m.stg_meta": _model("stg_meta", "m.syncs", "s.meta", kind="view", macro="winning_rows"),
    "m.stg_google": _model("stg_google", "m.syncs", "s.google", kind="view", macro="winning_rows"),
    "m.fact": _model(FACT, "m.stg_meta"),
    "m.other": _model(OTHER, "m.stg_google", "s.organizations"),
    "m.mart": _model(MART, "m.fact"),
    "m.clock": _model(CLOCKED, kind="table", macro="as_of"),
    "m.docs": _model(DOCS, kind="table"),
}
MACROS = {
    "macro.tributary.winning_rows": _macro("{{ ref('stg_lake__syncs') }}"),
    "macro.tributary.as_of": _macro("now"),
}


class Dbt:
    """Stands in for dbt: makes what it is not to leave out, and fails where it is asked to."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.made: set[str] = set()
        self.failing: set[str] = set()
        self.killed = False
        nodes = {
            key: Made(
                resource_type="model",
                name=node["name"],
                tags=[],
                config=Made(materialized=node["config"]["materialized"], meta={}),
            )
            for key, node in NODES.items()
        }
        content = {"nodes": NODES, "sources": SOURCES, "macros": MACROS}
        self.manifest = Made(nodes=nodes, to_dict=lambda: content)

    def __call__(self, **_: Any) -> Dbt:
        return self

    def invoke(self, arguments: list[str]) -> Any:
        if "build" not in arguments:
            return Made(result=Made(results=[]), success=True, exception=None)
        last = len(arguments) - arguments[::-1].index("--exclude")
        left_out = set(arguments[last:])
        if f"tag:{TAG}" in left_out:
            left_out |= {node.name for node in self.manifest.nodes.values() if TAG in node.tags}
        results = []
        self.made = set()
        for key, node in NODES.items():
            name, is_view = node["name"], node["config"]["materialized"] == "view"
            if name in left_out or (is_view and "config.materialized:view" in left_out):
                continue
            if "--select" in arguments and name != FACT:
                continue
            is_failed = name in self.failing
            results.append(
                Made(
                    node=Made(unique_id=key, name=name),
                    status="error" if is_failed else "success",
                    message="",
                )
            )
            if is_failed:
                break
            if not is_view:
                self.made.add(name)
                path = self.home.build_db if node["database"] == "build" else self.home.serve_db
                with duckdb.connect(str(path)) as connection:
                    connection.execute(f"create or replace table {name} as select 1 as one")
            if self.killed and name == FACT:
                raise KeyboardInterrupt
        success = not any(result.status == "error" for result in results)
        return Made(result=Made(results=results), success=success, exception=None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    project = tmp_path / "project"
    project.mkdir()
    (project / "stg.sql").write_text("select 1")
    monkeypatch.setattr(dbt_manifest, "DBT_PROJECT_DIR", project)
    found = Home.open(tmp_path / "home")
    for platform in ("meta_ads", "google_ads"):
        _land(found, platform, "first")
    _register(found, "acme")
    return found


@pytest.fixture
def runner(home: Home, monkeypatch: pytest.MonkeyPatch) -> Dbt:
    found = Dbt(home)
    monkeypatch.setattr(dbt_main, "dbtRunner", found)
    project = dbt_manifest.Project(cast(Manifest, found.manifest))
    monkeypatch.setattr(dbt, "_project", lambda *_: project)
    return found


def _write(path: Path, **columns: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({name: [value] for name, value in columns.items()}), path)


def _land(home: Home, platform: str, sync: str, stream: str = "ads") -> None:
    name = f"synced=2026-01-01/{sync}-{platform}.parquet"
    _write(home.raw_dir(platform, stream) / name, _sync_id=sync)
    _write(home.syncs_dir / name, platform=platform, stream=stream, sync_id=sync)


def _register(home: Home, organization: str) -> None:
    _write(home.registry_dir / "organizations.parquet", organization_id=organization)


def _build(runner: Dbt, *options: str) -> set[str]:
    """Builds everything, as a run does; returns the tables that were made."""
    dbt._build(runner.home, [*dbt.build_arguments(), *options])
    return runner.made


def test_they_are_made_once(runner: Dbt) -> None:
    assert _build(runner) == TABLES
    assert _build(runner) == {CLOCKED}


def test_new_rows_of_a_stream_make_what_is_below_it(home: Home, runner: Dbt) -> None:
    _build(runner)
    _land(home, "meta_ads", "second")
    assert _build(runner) == {SYNCS, FACT, MART, CLOCKED}
    _land(home, "google_ads", "second")
    assert _build(runner) == {SYNCS, OTHER, CLOCKED}
    _land(home, "google_ads", "third", stream="accounts")
    assert _build(runner) == {SYNCS, CLOCKED}


def test_a_row_that_is_gone_makes_them_too(home: Home, runner: Dbt) -> None:
    _land(home, "meta_ads", "second")
    _build(runner)
    (row,) = home.syncs_dir.rglob("second-meta_ads.parquet")
    row.unlink()
    assert _build(runner) == {SYNCS, FACT, MART, CLOCKED}


def test_rows_that_move_to_another_file_of_the_log_make_nothing(home: Home, runner: Dbt) -> None:
    _build(runner)
    (row,) = home.syncs_dir.rglob("first-meta_ads.parquet")
    row.rename(row.with_name("day.parquet"))
    assert _build(runner) == {CLOCKED}


def test_raw_files_that_changed_make_what_reads_them(home: Home, runner: Dbt) -> None:
    _build(runner)
    (file,) = home.raw_dir("meta_ads", "ads").rglob("*.parquet")
    file.rename(file.with_name("another.parquet"))
    assert _build(runner) == {FACT, MART, CLOCKED}


def test_the_registry_makes_what_reads_it(home: Home, runner: Dbt) -> None:
    _build(runner)
    _register(home, "other")
    assert _build(runner) == {OTHER, CLOCKED}
    _register(home, "other")
    assert _build(runner) == {CLOCKED}


def test_other_code_makes_all(runner: Dbt) -> None:
    _build(runner)
    (dbt_manifest.DBT_PROJECT_DIR / "stg.sql").write_text("select 2")
    assert _build(runner) == TABLES
    assert _build(runner) == {CLOCKED}


def test_what_failed_and_what_is_below_it_is_made_again(home: Home, runner: Dbt) -> None:
    _build(runner)
    _land(home, "meta_ads", "second")
    runner.failing = {FACT}
    _build(runner)
    runner.failing = set()
    assert _build(runner) == {FACT, MART, CLOCKED}
    assert _build(runner) == {CLOCKED}


def test_a_killed_build_is_made_again(home: Home, runner: Dbt) -> None:
    """Also when the lake went back to what it was before."""
    _build(runner)
    _land(home, "meta_ads", "second")
    runner.killed = True
    with pytest.raises(KeyboardInterrupt):
        _build(runner)
    runner.killed = False
    for path in home.lake.rglob("second-meta_ads.parquet"):
        path.unlink()
    assert _build(runner) == {SYNCS, FACT, MART, CLOCKED}


def test_after_a_build_of_a_few_all_are_made(home: Home, runner: Dbt) -> None:
    _build(runner)
    dbt._build(home, [*dbt.build_arguments([FACT])])
    assert runner.made == {FACT}
    assert _build(runner) == TABLES
    assert _build(runner) == {CLOCKED}


@pytest.mark.parametrize("option", ["--full-refresh", "--target"])
def test_other_options_make_all(runner: Dbt, option: str) -> None:
    _build(runner)
    more = [option] if option == "--full-refresh" else [option, "spark"]
    assert _build(runner, *more) == TABLES
    assert _build(runner) == ({CLOCKED} if option == "--full-refresh" else TABLES)


def test_a_lost_or_older_file_brings_its_own_records(home: Home, runner: Dbt) -> None:
    _build(runner)
    older = home.serve_db.read_bytes()
    _land(home, "meta_ads", "second")
    _build(runner)
    home.serve_db.write_bytes(older)
    assert _build(runner) == {FACT, MART, CLOCKED}
    home.serve_db.unlink()
    assert _build(runner) == TABLES - {SYNCS}


def test_a_table_that_is_gone_is_made_again(home: Home, runner: Dbt) -> None:
    _build(runner)
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute(f"drop table {FACT}")
    assert FACT not in made_of(home.serve_db)
    assert _build(runner) == {FACT, CLOCKED}
