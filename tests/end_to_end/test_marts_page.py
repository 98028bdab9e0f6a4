"""The page of marts is what the models ask and the demo answers."""

import json
import subprocess

import pytest

from orchestration.dbt_manifest import EXECUTABLE
from tests.end_to_end.conftest import Demo
from tests.parsed_project import parsed_project
from tests.patience import PATIENCE_SECONDS
from tests.update_marts import PAGE, marts, page
from warehouse.report.sections import SECTIONS
from warehouse.report.snapshots import TABLES


def test_each_mart_has_a_question_whose_sql_is_on_the_page() -> None:
    written = PAGE.read_text()
    found = list(marts(json.loads((parsed_project() / "manifest.json").read_bytes())))
    assert len(found) > 20
    for name, node in found:
        meta = node["config"]["meta"]
        shown = f"**{meta['question']}**"
        assert f"## {name}\n\n{shown}\n" in written, f"run tests/update_marts.py for {name}"
        assert f"```sql\n{meta['answer'].strip()}\n```" in written, name
        assert name in meta["answer"], name


@pytest.mark.xdist_group("demo")
def test_the_answers_are_those_of_the_demo(demo: Demo) -> None:
    stated = json.loads((demo.home / "dbt" / "target" / "manifest.json").read_bytes())
    assert page(stated, demo.home / "published" / "tributary.duckdb") == PAGE.read_text()


@pytest.mark.xdist_group("demo")
def test_make_docs_shows_models_and_metrics(demo: Demo) -> None:
    made = subprocess.run(
        [EXECUTABLE, "--quiet", "docs", "generate", "--static"],
        env=demo.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    site = (demo.home / "dbt" / "by_hand" / "static_index.html").read_text()
    assert "model.tributary.mart_kpi_daily" in site
    assert "metric.tributary.organization_mer" in site


def test_the_report_is_an_exposure_of_the_tables_that_it_reads() -> None:
    manifest = json.loads((parsed_project() / "manifest.json").read_bytes())
    (report,) = manifest["exposures"].values()
    named = {key.rpartition(".")[2] for key in report["depends_on"]["nodes"]}
    read = {table for section in SECTIONS for table in section.tables}
    assert named == read | {"dim_organizations"} | TABLES
