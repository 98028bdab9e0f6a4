"""One Dagster asset per dbt model, and the dbt tests as its checks."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from packaging.version import Version

from orchestration import dbt, dbt_manifest
from orchestration.dbt_tests import NOT_IN_A_RUN, is_left_out
from orchestration.defs.automation import when_inputs_land
from orchestration.defs.raw import OWNER
from orchestration.defs.resources import WorkspaceResource
from orchestration.instance import sign_run
from orchestration.progress import announce
from orchestration.settings import DBT_PROJECT_DIR
from orchestration.workspace import open_workspace


class Translator(DagsterDbtTranslator):
    """How a dbt model looks in Dagster."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """A model is named as analysts name it; a source by ``meta.dagster.asset_key``."""
        if dbt_resource_props["resource_type"] in {"model", "seed", "snapshot"}:
            return dg.AssetKey([dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer: staging, intermediate, star, marts or docs."""
        folders = dbt_resource_props["fqn"][1:-1]
        return str(folders[0]) if folders else "seeds"

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
        if is_left_out(manifest["nodes"][unique_id]):
            return None
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(blocking=False)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        """The team that answers for the warehouse."""
        return [OWNER]


class LockedDbt(DbtCliResource):
    """Runs ``tributary-dbt`` and never opens the build files in Dagster's own process.

    The parent starts ``dbt --version`` and builds an adapter, which costs five seconds a run and
    would open the database outside the build lock; both are only for features not used here.
    """

    @property
    def _cli_version(self) -> Version:
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]  # noqa: ARG002
        return None


def dbt_definitions() -> tuple[dg.AssetsDefinition, LockedDbt]:
    """Returns the dbt assets and the resource that runs dbt, for the current home."""
    home = open_workspace().home
    dbt.set_environment(home)
    manifest = dbt_manifest.parsed(home)

    @dbt_assets(
        manifest=manifest,
        exclude=NOT_IN_A_RUN,
        dagster_dbt_translator=Translator(
            settings=DagsterDbtTranslatorSettings(enable_asset_checks=True)
        ),
        name="transform",
    )
    def transform(
        context: dg.AssetExecutionContext, dbt_cli: DbtCliResource, workspace: WorkspaceResource
    ) -> Iterator[Any]:
        sign_run(context.instance, context.run)
        announce("building and testing the warehouse")
        workspace.open().prepare_lake()
        events = dbt_cli.cli(dbt.build_arguments(exclude=False), context=context).stream()
        yield from _with_standing(context, events)

    cli = LockedDbt(
        project_dir=str(DBT_PROJECT_DIR),
        profiles_dir=str(DBT_PROJECT_DIR),
        dbt_executable=dbt_manifest.EXECUTABLE,
    )
    return transform, cli


def _with_standing(context: dg.AssetExecutionContext, events: Iterator[Any]) -> Iterator[Any]:
    """Adds the views and seeds that dbt left out because they stand (`dbt_views`).

    They show what has landed as soon as it has, so they are as fresh as what reads them. dbt goes
    from above to below, as Dagster wants to hear it: what has not come before something that reads
    it does not come any more.
    """
    parents, missing = context.assets_def.asset_deps, set(context.selected_asset_keys)

    def left_out(key: dg.AssetKey) -> Iterator[dg.MaterializeResult[Any]]:
        if key in missing:
            missing.discard(key)
            for parent in sorted(parents[key]):
                yield from left_out(parent)
            yield dg.MaterializeResult(asset_key=key, metadata={"code": "unchanged"})

    for event in events:
        if isinstance(event, dg.Output):
            key = context.asset_key_for_output(event.output_name)
            missing.discard(key)
            for parent in sorted(parents[key]):
                yield from left_out(parent)
        yield event
    for key in sorted(missing):
        yield from left_out(key)
