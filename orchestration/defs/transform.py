"""One Dagster asset per dbt model, and the dbt tests as its checks."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import orjson

from orchestration import dbt, dbt_manifest
from orchestration.check_names import check_description, check_name
from orchestration.dbt_process import dbt_process
from orchestration.dbt_results import Results
from orchestration.dbt_tests import is_left_out
from orchestration.defs.automation import when_inputs_land
from orchestration.defs.raw import OWNER
from orchestration.defs.resources import WorkspaceResource
from orchestration.instance import sign_run
from orchestration.light_dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtProject,
    dbt_assets,
)
from orchestration.progress import announce, count_models
from orchestration.workspace import open_workspace


class Translator(DagsterDbtTranslator):
    """How a dbt model looks in Dagster."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """A model is named as analysts name it; a source with a level is a platform's stream."""
        name = dbt_resource_props["name"]
        if dbt_resource_props["resource_type"] in {"model", "seed", "snapshot"}:
            return dg.AssetKey([name])
        if dbt_resource_props["config"].get("meta", {}).get("level"):
            return dg.AssetKey(["raw", dbt_resource_props["source_name"], name])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer: seeds, or the first folder of a model."""
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        return str(dbt_resource_props["fqn"][1])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the model is, as its yml says; its SQL is in the repository."""
        grain = dbt_resource_props["config"].get("meta", {}).get("grain")
        words = " ".join(str(dbt_resource_props.get("description") or "").split())
        return f"{words}\n\nGrain: {grain}." if grain else words

    def get_automation_condition(
        self, dbt_resource_props: Mapping[str, Any]
    ) -> dg.AutomationCondition[Any] | None:
        """Every model refreshes when what it reads has landed; a seed changes with the code."""
        if dbt_resource_props["resource_type"] != "model":
            return None
        return when_inputs_land()

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """A test is a check, unless it is one that a run leaves out (`NOT_IN_A_RUN`).

        A run tests what changed (`dbt_tests`), so a check may have nothing new to say. What holds
        publishing back is the step, which fails with any test.
        """
        test = manifest["nodes"].get(unique_id)
        if test is None or is_left_out(test):
            return None
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(
            name=check_name(test), description=check_description(test), blocking=False
        )

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        """The team that answers for the warehouse."""
        return [OWNER]


def dbt_asset() -> dg.AssetsDefinition:
    """Returns the assets of all models, which one step builds, for the current home."""
    home = open_workspace().home
    dbt.set_environment(home)
    path = dbt_manifest.parsed(home)
    manifest = orjson.loads(path.read_bytes())

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=Translator(
            settings=DagsterDbtTranslatorSettings(enable_asset_checks=True)
        ),
        name="transform",
    )
    def transform(context: dg.AssetExecutionContext, workspace: WorkspaceResource) -> Iterator[Any]:
        sign_run(context.instance, context.run)
        announce("building and testing the warehouse")
        space = workspace.open()
        space.prepare_lake()
        results = Results(context, manifest, space.home)
        folder = f"{context.op.name}-{context.run_id[:8]}"
        target = dbt_manifest.target_path(space.home) / folder
        with dbt_process(results.arguments(), target) as process:
            yield from _with_standing(context, results.events(process))
            results.raise_on_failure(process)

    return transform


def _with_standing(context: dg.AssetExecutionContext, events: Iterator[Any]) -> Iterator[Any]:
    """Adds what dbt left out because it stands (`dbt_views`, `dbt_tables`), as it was shown last.

    It is what a build now would make, so it is as fresh as what reads it. dbt goes from above to
    below, as Dagster wants to hear it: what has not come before something that reads it does not
    come any more.
    """
    parents, missing = context.assets_def.asset_deps, set(context.selected_asset_keys)
    total = len(missing)
    shown = _shown_last(context)

    def left_out(key: dg.AssetKey) -> Iterator[dg.MaterializeResult[Any]]:
        if key in missing:
            missing.discard(key)
            for parent in sorted(parents[key]):
                yield from left_out(parent)
            metadata = shown.get(key, {}) | {"state": "unchanged"}
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)

    for event in events:
        if isinstance(event, dg.Output):
            key = context.asset_key_for_output(event.output_name)
            missing.discard(key)
            for parent in sorted(parents[key]):
                yield from left_out(parent)
            count_models(total - len(missing), total)
        yield event
    for key in sorted(missing):
        yield from left_out(key)


def _shown_last(context: dg.AssetExecutionContext) -> dict[dg.AssetKey, dict[str, Any]]:
    """Rows, columns and lineage of each asset as its last build has them."""
    records = context.instance.get_asset_records(list(context.selected_asset_keys))
    entries = [record.asset_entry.last_materialization for record in records]
    events = [entry.asset_materialization for entry in entries if entry]
    return {
        event.asset_key: {k: v for k, v in event.metadata.items() if k.startswith("dagster/")}
        for event in events
        if event
    }
