"""What a model is computed from, in the project as it is and wherever nothing is said of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from connectors import platforms
from orchestration.dbt_manifest import FILES
from orchestration.model_inputs import BY_STREAM, CLOCK, UNKNOWN, WHOLE_LOG, ModelInputs
from tests.parsed_project import parsed_project

RATES = {"raw/exchange_rates/reference_rates", "log/exchange_rates/reference_rates"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(Path(parsed_project(), FILES[0]).read_bytes())
    return found


def inputs_of(manifest: dict[str, Any], name: str) -> frozenset[str]:
    return ModelInputs(manifest).of(f"model.tributary.{name}")


def platforms_in(inputs: frozenset[str]) -> set[str]:
    return {name.split("/")[1] for name in inputs if name.startswith(("raw/", "log/"))}


def models(manifest: dict[str, Any]) -> dict[str, Any]:
    nodes = manifest["nodes"].items()
    return {key: node for key, node in nodes if node["resource_type"] == "model"}


def test_a_fact_reads_the_streams_of_its_level(manifest: dict[str, Any]) -> None:
    inputs = inputs_of(manifest, "fact_geo_performance")
    streams = ("google_ads/geo_stats", "meta_ads/campaign_countries")
    geo = {f"{part}/{stream}" for part in ("raw", "log") for stream in streams}
    registry = {"registry/organizations", "registry/own_rates"}
    assert inputs == geo | RATES | registry


def test_orders_read_nothing_of_an_ads_platform(manifest: dict[str, Any]) -> None:
    found = platforms_in(inputs_of(manifest, "int_orders_unioned"))
    assert found >= {"shopify", "files"}
    assert {platforms.get(one).category for one in found} == {"commerce", "crm", "file"}


def test_a_table_stands_for_what_it_is_computed_from(manifest: dict[str, Any]) -> None:
    inputs = ModelInputs(manifest)
    orders = inputs.read_by("model.tributary.stg_shopify__orders")
    assert orders.inputs == {"raw/shopify/orders", "log/shopify/orders"}
    assert orders.tables == set()
    lines = inputs.read_by("model.tributary.stg_shopify__order_lines")
    assert (lines.inputs, lines.tables) == (set(), {"stg_shopify__orders"})
    # Through views, down to the next tables.
    facts = inputs.read_by("model.tributary.fact_campaign_performance")
    assert "int_exchange_rates_crossed" in facts.tables
    assert {"raw/google_ads/campaign_stats", "raw/meta_ads/campaign_insights"} <= facts.inputs
    assert CLOCK in inputs.read_by("model.tributary.mart_kpi_summary").inputs


def test_what_is_read_of_the_log_is_not_all_that_its_table_shows(manifest: dict[str, Any]) -> None:
    read = ModelInputs(manifest).read_by("model.tributary.int_complete_days")
    assert "log/google_ads/campaign_stats" in read.inputs
    assert not {"stg_lake__syncs", "int_report_winners"} & read.tables
    assert WHOLE_LOG not in read.inputs


def test_what_shows_the_log_reads_all_of_it(manifest: dict[str, Any]) -> None:
    whole = {
        node["name"]
        for key, node in models(manifest).items()
        if WHOLE_LOG in ModelInputs(manifest).of(key) and node["config"]["materialized"] != "view"
    }
    assert whole == {
        "stg_lake__syncs",
        "int_report_winners",
        "fact_syncs",
        "dim_connections",
        "mart_data_freshness",
    }


def test_who_reads_the_clock(manifest: dict[str, Any]) -> None:
    found = ModelInputs(manifest)
    readers = {node["name"] for key, node in models(manifest).items() if CLOCK in found.of(key)}
    assert readers == {
        "mart_active_sessions",
        "mart_data_freshness",
        "mart_kpi_summary",
        "release_info",
    }


def test_every_source_is_known(manifest: dict[str, Any]) -> None:
    found = ModelInputs(manifest)
    assert not [key for key in manifest["sources"] if UNKNOWN in found.of(key)]


def test_what_models_say_of_their_inputs_is_about_inputs_and_levels(
    manifest: dict[str, Any],
) -> None:
    found = ModelInputs(manifest)
    for key, node in models(manifest).items():
        parents = {parent.rpartition(".")[2] for parent in node["depends_on"]["nodes"]}
        for name, levels in found.levels(key).items():
            assert name in parents, node["name"]
            assert all(map(found.streams, levels)), node["name"]


def test_what_shows_a_level_reads_the_rows_of_all_its_streams(manifest: dict[str, Any]) -> None:
    """So that no stream of a level counts in the log and not in the lake."""
    found = ModelInputs(manifest)
    for key, node in models(manifest).items():
        for name, levels in node["config"]["meta"].get("streams_of", {}).items():
            if node["fqn"][1] in {"star", "marts"} and name == "int_report_days":
                streams = {f"raw/{one}" for level in levels for one in found.streams(level)}
                assert streams <= found.of(key), node["name"]


@pytest.mark.parametrize("name", BY_STREAM)
def test_macros_by_stream_filter_by_it(manifest: dict[str, Any], name: str) -> None:
    sql = manifest["macros"][f"macro.tributary.{name}"]["macro_sql"]
    assert re.search(r"platform = '\{\{ platform \}\}'", sql)
    assert re.search(r"stream = '\{\{ stream \}\}'", sql)


def _changed(manifest: dict[str, Any], model: str, **changes: Any) -> dict[str, Any]:
    key = f"model.tributary.{model}"
    return {**manifest, "nodes": {**manifest["nodes"], key: manifest["nodes"][key] | changes}}


def test_who_says_nothing_reads_the_whole_log(manifest: dict[str, Any]) -> None:
    fact = manifest["nodes"]["model.tributary.fact_geo_performance"]
    silent = _changed(manifest, fact["name"], config=fact["config"] | {"meta": {}})
    assert WHOLE_LOG in inputs_of(silent, fact["name"])


def test_who_says_what_is_no_level_reads_the_whole_log(manifest: dict[str, Any]) -> None:
    fact = manifest["nodes"]["model.tributary.fact_geo_performance"]
    meta = {"streams_of": {"int_report_days": ["geo_dya"]}}
    wrong = _changed(manifest, fact["name"], config=fact["config"] | {"meta": meta})
    assert WHOLE_LOG in inputs_of(wrong, fact["name"])


def test_who_names_the_log_itself_reads_the_whole_log(manifest: dict[str, Any]) -> None:
    staging = manifest["nodes"]["model.tributary.stg_google_ads__geo_stats"]
    assert WHOLE_LOG not in inputs_of(manifest, staging["name"])
    code = staging["raw_code"] + "{{ ref('int_report_winners') }}"
    assert WHOLE_LOG in inputs_of(
        _changed(manifest, staging["name"], raw_code=code), staging["name"]
    )


def test_another_place_or_model_is_unknown(manifest: dict[str, Any]) -> None:
    key = "source.tributary.google_ads.geo_stats"
    source = manifest["sources"][key]
    elsewhere = source | {"config": source["config"] | {"external_location": "read_csv('x.csv')"}}
    moved = {**manifest, "sources": {**manifest["sources"], key: elsewhere}}
    assert UNKNOWN in inputs_of(moved, "fact_geo_performance")
    assert inputs_of(manifest, "nowhere") == {UNKNOWN}
