"""A test runs again when a table above it was rewritten, its code changed, or it did not pass."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.dbt_tests import DueTests
from warehouse.build_records import Verdict, record_models, release_blockers
from warehouse.home import Home

PASSED, WARNED, FAILED = Verdict("pass"), Verdict("warn", "2 rows"), Verdict("fail", "1 row")


def _node(
    kind: str, name: str, *parents: str, code: str = "", materialized: str = "dirty_keys"
) -> dict[str, Any]:
    return {
        "resource_type": kind,
        "name": name,
        "package_name": "tributary",
        "raw_code": code,
        "checksum": {},
        "config": {"materialized": "test" if kind == "test" else materialized, "meta": {}},
        "depends_on": {"nodes": list(parents)},
    }


def _manifest(code: str = "select 1") -> dict[str, Any]:
    of_staging = _node("test", "unique_staging", "fact")
    of_staging["config"]["meta"] = {"reads": "history"}
    return {
        "nodes": {
            "fact": _node("model", "fact_orders"),
            "view": _node("model", "int_orders", "fact", materialized="view"),
            "mart": _node("model", "mart_orders", "view", code=code),
            "dim": _node("model", "dim_products"),
            "t_view": _node("test", "unique_view", "view"),
            "t_mart": _node("test", "unique_mart", "mart"),
            "t_dim": _node("test", "unique_dim", "dim"),
            "t_staging": of_staging,
        },
        "macros": {},
    }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home.open(tmp_path / "home")
    for path in (found.build_db, found.serve_db):
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema state")
            connection.execute("create table state.rewrites (invocation_id varchar, model varchar)")
    return found


def _rewrite(home: Home, model: str) -> None:
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute("insert into state.rewrites values ('run', ?)", [model])


def _due(home: Home, manifest: dict[str, Any] | None = None) -> DueTests:
    found = DueTests(home, manifest or _manifest())
    found.plan()
    return found


def _all_passed(home: Home) -> DueTests:
    due = _due(home)
    due.record({"t_mart": PASSED, "t_dim": PASSED, "t_view": PASSED})
    return due


def _blockers(home: Home) -> dict[str, str]:
    files = (home.build_db, home.serve_db)
    found = release_blockers(files, home.build_db)
    return {blocker.name.rpartition(".")[2]: blocker.reason for blocker in found}


def test_nothing_is_settled_on_a_new_home(home: Home) -> None:
    assert _due(home).settled() == []
    assert set(_blockers(home)) == {"unique_mart", "unique_dim", "unique_view"}


def test_a_home_without_a_build_has_nothing_to_hold_back(tmp_path: Path) -> None:
    assert _blockers(Home.open(tmp_path / "another")) == {}


def test_what_passed_is_settled_until_a_table_that_it_reads_changes(home: Home) -> None:
    due = _all_passed(home)
    assert due.settled() == ["unique_dim", "unique_mart", "unique_view"]
    assert _blockers(home) == {}
    _rewrite(home, "fact_orders")
    # The view shows the fact; the mart's own rows are as they were.
    assert due.settled() == ["unique_dim", "unique_mart"]
    assert _blockers(home) == {"unique_view": "has not run since its tables changed"}
    _rewrite(home, "mart_orders")
    assert due.settled() == ["unique_dim"]
    due.record({"t_mart": PASSED, "t_view": PASSED})
    assert due.settled() == ["unique_dim", "unique_mart", "unique_view"]
    assert _blockers(home) == {}


@pytest.mark.parametrize("changed", [True, False], ids=["rewritten", "as it was"])
def test_what_failed_is_due_until_it_passes(home: Home, changed: bool) -> None:
    due = _all_passed(home)
    if changed:
        _rewrite(home, "dim_products")
    due.record({"t_dim": FAILED})
    assert due.settled() == ["unique_mart", "unique_view"]
    assert _blockers(home) == {"unique_dim": "1 row"}
    due.record({"t_dim": PASSED})
    assert _blockers(home) == {}


def test_what_warns_runs_again_and_holds_nothing_back(home: Home) -> None:
    due = _all_passed(home)
    due.record({"t_dim": WARNED})
    assert due.settled() == ["unique_mart", "unique_view"]
    assert _blockers(home) == {}


def test_new_code_is_tested_anew(home: Home) -> None:
    _all_passed(home)
    due = _due(home, _manifest("select 2"))
    assert due.settled() == []
    assert set(_blockers(home)) == {"unique_mart", "unique_dim", "unique_view"}


def test_a_test_that_is_gone_holds_nothing_back(home: Home) -> None:
    _all_passed(home).record({"t_dim": FAILED})
    manifest = _manifest()
    del manifest["nodes"]["t_dim"]
    due = _due(home, manifest)
    due.record({"t_mart": PASSED, "t_view": PASSED})
    assert _blockers(home) == {}


def test_tests_that_no_run_has_are_left_out(home: Home) -> None:
    due = _all_passed(home)
    due.record({"unit_test.tributary.some": FAILED, "t_staging": FAILED})
    assert _blockers(home) == {}


def test_a_model_holds_back_until_it_is_built(home: Home) -> None:
    _all_passed(home)
    record_models(home.build_db, ["dim"], {"fact": ("fact_orders", "Conversion Error")})
    assert _blockers(home) == {"fact_orders": "Conversion Error"}
    record_models(home.build_db, ["dim"], {})
    assert _blockers(home) == {"fact_orders": "Conversion Error"}
    record_models(home.build_db, ["fact"], {})
    assert _blockers(home) == {}
