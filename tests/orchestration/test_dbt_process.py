"""What ends `tributary-dbt` itself, and no node of dbt, is known to whoever started it."""

import duckdb
import pytest

from orchestration.dbt import build_arguments, set_environment
from orchestration.dbt_process import dbt_process
from tests.parsed_project import share_parsed_project
from warehouse.home import Home


def test_what_ends_a_build_before_its_first_node_is_reported(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share_parsed_project(tmp_path / "home")
    home = Home.open(tmp_path / "home")
    for name in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
        monkeypatch.setenv(name, "")  # put back what stood there, once this test has ended
    monkeypatch.setenv("TRIBUTARY_HOME", str(home.path))
    set_environment(home)
    home.build_db.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect(str(home.build_db)).close()
    home.build_db.write_bytes(b"no database" * 1000)
    with dbt_process(build_arguments(), tmp_path / "target") as process:
        assert list(process.results()) == []
    assert process.exit_code not in (0, None)
    (error,) = process.errors
    assert "tributary doctor" in error
