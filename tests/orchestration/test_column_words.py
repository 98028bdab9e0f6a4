"""Columns of models in dbt's parsed project: which there are, and what they mean."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from dbt.artifacts.resources.v1.components import ColumnInfo
from dbt.contracts.graph.manifest import Manifest

from orchestration import dbt_manifest
from orchestration.column_words import describe_columns, words_of
from orchestration.settings import DBT_PROJECT_DIR
from tests.parsed_project import parsed_project, share_parsed_project
from warehouse.home import Home


class Node:
    """What is looked at of a node in a parsed project."""

    resource_type = "model"

    def __init__(self, path: str, **columns: str) -> None:
        self.name = Path(path).stem
        self.original_file_path = path
        self.columns = {name: ColumnInfo(name, text) for name, text in columns.items()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two folders; one has words of its own."""
    for folder in ("ads", "shops"):
        (tmp_path / "models" / folder).mkdir(parents=True)
    (tmp_path / "columns.yml").write_text("id: The id.\nspend: Money.\n")
    (tmp_path / "models" / "ads" / "columns.yml").write_text("id: The ad's id.\n")
    (tmp_path / "models" / "ads" / "columns.lock").write_text("# Head: none.\nads: spend id\n")
    (tmp_path / "models" / "shops" / "columns.lock").write_text("shops: id spend\nnew: x\n")
    return tmp_path


def described(project: Path, node: Node) -> list[tuple[str, str]]:
    manifest = Manifest()
    manifest.nodes = {node.name: node}  # type: ignore[dict-item]
    describe_columns(manifest, project)
    return [(name, column.description) for name, column in node.columns.items()]


def test_the_nearest_words_count(project: Path) -> None:
    ads, shops = Node("models/ads/ads.sql"), Node("models/shops/shops.sql")
    assert described(project, ads) == [("spend", "Money."), ("id", "The ad's id.")]
    assert described(project, shops) == [("id", "The id."), ("spend", "Money.")]


def test_a_model_s_own_words_count_before_all_others(project: Path) -> None:
    node = Node("models/ads/ads.sql", id="", spend="What this ad costs.")
    assert described(project, node) == [("spend", "What this ad costs."), ("id", "The ad's id.")]


def test_an_ending_says_what_a_column_is_by_the_words_of_the_rest() -> None:
    words = {
        "spend": "Cost, in the account's currency. Additive.",
        "*_reporting": "{reporting} Converted.",
        "*_before": "{words} Of the day before.",
        "*_day_before": "{words} Of this very day.",
        "reach_before": "Its own.",
    }
    assert words_of("spend_before", words) == "Cost, in the account's currency. Of the day before."
    assert words_of("spend_reporting", words) == "Cost, in the reporting currency. Converted."
    assert words_of("spend_reporting_day_before", words) == (
        "Cost, in the reporting currency. Converted. Of this very day."
    )
    assert words_of("reach_before", words) == "Its own."
    assert words_of("clicks_before", words) == words_of("_before", words) == ""


def test_what_is_not_listed_is_kept_and_what_is_not_described_stays_empty(project: Path) -> None:
    assert described(project, Node("models/shops/new.sql", y="Own.")) == [("x", ""), ("y", "Own.")]
    assert described(project, Node("models/shops/unlisted.sql")) == []


def test_both_files_of_the_parsed_project_have_the_words(tmp_path: Path) -> None:
    share_parsed_project(tmp_path)
    manifest = dbt_manifest.load(Home.open(tmp_path)).manifest
    written = json.loads((parsed_project() / "manifest.json").read_text())
    for nodes in (written["nodes"], manifest.flat_graph["nodes"]):
        columns = nodes["model.tributary.fact_orders"]["columns"]
        assert columns["order_id"]["description"].startswith("The source's own id")
        assert len(columns) > 40


@pytest.mark.long
def test_a_project_parsed_by_hand_has_the_words(tmp_path: Path) -> None:
    done = subprocess.run(
        [dbt_manifest.EXECUTABLE, "parse", "--quiet", "--target-path", str(tmp_path / "target")],
        env=os.environ | {"TRIBUTARY_HOME": str(tmp_path / "home")},
        cwd=DBT_PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    nodes = json.loads((tmp_path / "target" / "manifest.json").read_text())["nodes"]
    assert nodes["model.tributary.docs_tables"]["columns"]["layer"]["description"]
