"""A test runs again when a table above it was rewritten, its code changed, or it did not pass."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.dbt_tests import DueTests
from warehouse.home import Home


def _node(kind: str, name: str, *parents: str, code: str = "") -> dict[str, Any]:
    return {
        "resource_type": kind,
        "name": name,
        "package_name": "tributary",
        "raw_code": code,
        "checksum": {},
        "depends_on": {"nodes": list(parents)},
    }


def _manifest(code: str = "select 1") -> dict[str, Any]:
    return {
        "nodes": {
            "fact": _node("model", "fact_orders"),
            "view": _node("model", "int_orders", "fact"),
            "mart": _node("model", "mart_orders", "view", code=code),
            "dim": _node("model", "dim_products"),
            "t_mart": _node("test", "unique_mart", "mart"),
            "t_dim": _node("test", "unique_dim", "dim"),
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


def _settled(home: Home, manifest: dict[str, Any] | None = None) -> list[str]:
    return DueTests(home, manifest or _manifest()).settled()


def test_nothing_is_settled_on_a_new_home(home: Home, tmp_path: Path) -> None:
    assert _settled(home) == []
    assert _settled(Home.open(tmp_path / "another")) == []


def test_what_passed_is_settled_until_a_table_above_it_changes(home: Home) -> None:
    DueTests(home, _manifest()).record(["t_mart", "t_dim"], [])
    assert _settled(home) == ["unique_dim", "unique_mart"]
    _rewrite(home, "fact_orders")
    assert _settled(home) == ["unique_dim"]
    DueTests(home, _manifest()).record(["t_mart"], [])
    assert _settled(home) == ["unique_dim", "unique_mart"]


def test_what_failed_is_due_until_it_passes(home: Home) -> None:
    DueTests(home, _manifest()).record(["t_mart", "t_dim"], [])
    _rewrite(home, "dim_products")
    DueTests(home, _manifest()).record([], ["t_dim"])
    assert _settled(home) == ["unique_mart"]


def test_a_test_that_failed_without_a_change_is_due_too(home: Home) -> None:
    DueTests(home, _manifest()).record(["t_mart", "t_dim"], [])
    DueTests(home, _manifest()).record([], ["t_dim"])
    assert _settled(home) == ["unique_mart"]


def test_new_code_is_tested_anew(home: Home) -> None:
    DueTests(home, _manifest()).record(["t_mart", "t_dim"], [])
    assert _settled(home, _manifest("select 2")) == []
