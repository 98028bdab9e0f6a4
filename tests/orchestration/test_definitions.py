"""The graph that Dagster loads: every stream and model is there, linked and checked."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.test_utils import freeze_time

from connectors import platforms
from orchestration.definitions import build_definitions
from orchestration.defs import tags
from orchestration.defs.partitions import account_dates
from orchestration.defs.schedules import PULL_JOB, longest_lookback
from orchestration.defs.upkeep import UPKEEP_JOB
from orchestration.workspace import open_workspace
from tests.parsed_project import share_parsed_project
from warehouse.registry_records import Organization


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.Definitions]:
    folder = tmp_path_factory.mktemp("definitions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_HOME", str(folder / "home"))
        patch.setenv("TRIBUTARY_KEY_FILE", str(folder / "key"))
        patch.setenv("TRIBUTARY_NOW", "2026-11-16T06:00:00Z")
        share_parsed_project(open_workspace().home.path)
        yield build_definitions()


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions) -> AssetGraph:
    return defs.resolve_asset_graph()


def test_every_stream_is_an_asset_with_its_schema_and_check(graph: AssetGraph) -> None:
    for platform in platforms.load().values():
        for stream in platform.streams:
            key = dg.AssetKey(["raw", platform.name, stream.name])
            node = graph.get(key)
            schema = node.metadata["dagster/column_schema"]
            assert [c.name for c in schema.columns] == [c.name for c in stream.columns]
            assert dg.AssetCheckKey(key, "connections_healthy") in graph.asset_check_keys
            is_dated = stream.kind == "report" and platform.intake.is_scheduled
            assert (node.partitions_def is not None) == is_dated


def test_every_raw_asset_feeds_a_model_and_all_tables_feed_the_file(graph: AssetGraph) -> None:
    for key in graph.materializable_asset_keys:
        if key.path[0] == "raw":
            assert graph.get(key).child_keys, key
    published = dg.AssetKey(["published", "tributary"])
    above = graph.get(published).parent_keys
    assert graph.get(published).child_keys == {dg.AssetKey(["published", "organizations"])}
    assert dg.AssetKey(["mart_campaign_daily_summary"]) in above
    assert dg.AssetKey(["fact_campaign_performance"]) in above


def test_a_staging_test_without_a_twin_on_a_table_above_is_in_every_run(
    graph: AssetGraph,
) -> None:
    """Whatever adds rows up, or takes one of several, hides a row that is there twice."""
    checked = {key.asset_key.path[-1] for key in graph.asset_check_keys}
    assert {name for name in checked if name.startswith("stg_")} == {
        "stg_crm_export__orders",
        "stg_files__costs",
        "stg_files__costs_versions",
        "stg_lake__syncs",
        "stg_shopify__refunds",
        "stg_exchange_rates__reference_rates",
    }


def test_every_asset_and_check_says_what_it_is(graph: AssetGraph) -> None:
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.owners, key
        assert node.description, key
        assert "Raw SQL" not in node.description, key
        assert "{{" not in node.description, key
    for check in graph.asset_check_keys:
        spec = graph.get_check_spec(check)
        assert spec.description, check
        # As a person would call it, not as dbt makes it of all arguments.
        assert len(check.name) <= 100, check
        assert not check.name.startswith(("always_true", "unique_together", "accepted_values")), (
            check
        )


def test_what_is_pulled_by_the_clock_and_what_is_published_can_be_overdue(
    graph: AssetGraph,
) -> None:
    assert graph.get(dg.AssetKey(["published", "tributary"])).freshness_policy is not None
    # Nobody is connected here, so nothing can be late.
    assert graph.get(dg.AssetKey(["raw", "google_ads", "campaigns"])).freshness_policy is None


def test_partitions_begin_where_the_first_account_would(graph: AssetGraph) -> None:
    node = graph.get(dg.AssetKey(["raw", "google_ads", "campaign_stats"]))
    assert node.partitions_def is not None
    keys = node.partitions_def.get_partition_keys()
    assert keys[0] == "2026-08-18"
    assert keys[-1] == "2026-11-16"


@pytest.mark.parametrize("frozen", [True, False])
def test_a_date_has_a_partition_once_it_has_begun_somewhere(
    monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    for hour, last in ((9, "2026-11-16"), (10, "2026-11-17")):
        now = datetime(2026, 11, 16, hour, 30, tzinfo=UTC)
        if frozen:
            monkeypatch.setenv("TRIBUTARY_NOW", now.isoformat())
        else:
            monkeypatch.delenv("TRIBUTARY_NOW", raising=False)
        with freeze_time(now):
            keys = account_dates(date(2026, 11, 1)).get_partition_keys()
        assert (keys[0], keys[-1]) == ("2026-11-01", last)


def test_the_schedule_carries_ids_and_modes_only(defs: dg.Definitions) -> None:
    schedule = defs.resolve_schedule_def("pull_due_accounts")
    assert schedule.job_name == PULL_JOB
    with (
        dg.DagsterInstance.local_temp() as instance,
        dg.build_schedule_context(instance=instance) as context,
    ):
        request = schedule.evaluate_tick(context).run_requests[0]
    assert request.tags[tags.MODE] == "scheduled"
    # Ten days of the feed, which was never pulled.
    assert request.tags[tags.RANGE_START] == "2026-11-06"
    assert request.tags[tags.RANGE_END] == "2026-11-16"
    assert not request.run_config


def test_a_run_goes_back_as_far_as_the_platforms_that_are_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    space = open_workspace()
    space.registry.add_organization(Organization("acme", "Acme"))
    found = [longest_lookback(space)]
    for platform, account in (("meta_ads", "1"), ("google_ads", "2")):
        space.registry.add_connection("acme", platform, account, None)
        found.append(longest_lookback(space))
    assert found == [0, 28, 30]


def test_the_lake_is_compacted_each_night(defs: dg.Definitions) -> None:
    schedule = defs.resolve_schedule_def("compact_every_night")
    assert (schedule.job_name, schedule.cron_schedule) == (UPKEEP_JOB, "40 2 * * *")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_models_refresh_by_themselves_and_raw_assets_by_schedule(graph: AssetGraph) -> None:
    for key in graph.materializable_asset_keys:
        condition = graph.get(key).automation_condition
        if key.path[0] == "raw" or graph.get(key).group_name == "seeds":
            assert condition is None, key
        else:
            assert condition is not None, key


def test_dagster_s_process_does_without_dbt(defs: dg.Definitions) -> None:
    code = (
        "import sys; from orchestration.definitions import build_definitions\n"
        "build_definitions()\n"
        "print({'dbt', 'dbt_common', 'agate'} & {name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "set()", done.stderr
