"""The last assets: the file that BI tools open, and after it each organization's own."""

from collections.abc import Sequence

import dagster as dg

from connectors.core.redaction import masked
from orchestration.defs.automation import when_inputs_land
from orchestration.defs.raw import OWNER
from orchestration.defs.resources import WorkspaceResource
from orchestration.defs.staleness import fresh_daily
from orchestration.progress import announce
from orchestration.publishing import publish_build, publish_organization_files
from warehouse.releases import HeldBack

KEY = dg.AssetKey(["published", "tributary"])
ORGANIZATIONS_KEY = dg.AssetKey(["published", "organizations"])


def publish_asset(models: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Builds the asset that publishes a release of the given models' tables."""

    @dg.asset(
        key=KEY,
        deps=list(models),
        group_name="published",
        kinds={"duckdb"},
        owners=[OWNER],
        automation_condition=when_inputs_land(),
        freshness_policy=fresh_daily(),
        description="The DuckDB file that BI tools read, as a release that no reader ever locks.",
    )
    def published(workspace: WorkspaceResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        announce("publishing")
        try:
            release = publish_build(workspace.open().home, on_wait=announce)
        except HeldBack as error:
            raise dg.Failure(masked(str(error)), allow_retries=False) from error
        rows = "\n".join(f"| {name} | {count} |" for name, count in sorted(release.tables.items()))
        return dg.MaterializeResult(
            metadata={
                "release": release.release,
                "file": dg.MetadataValue.path(release.file),
                "bytes": release.size_bytes,
                "dagster/row_count": sum(release.tables.values()),
                "rows": dg.MetadataValue.md(f"| table | rows |\n|---|---|\n{rows}"),
            }
        )

    return published


def organizations_asset() -> dg.AssetsDefinition:
    """Builds the asset that writes the files of the organizations whose rows changed."""

    @dg.asset(
        key=ORGANIZATIONS_KEY,
        deps=[KEY],
        group_name="published",
        kinds={"duckdb"},
        owners=[OWNER],
        automation_condition=when_inputs_land(),
        description="A DuckDB file per organization with its rows alone, once the release is out.",
    )
    def organizations(workspace: WorkspaceResource) -> dg.MaterializeResult:  # type: ignore[type-arg]
        def report(name: str, number: int, count: int) -> None:
            announce(f"writing the file of {name} ({number} of {count})")

        done = publish_organization_files(workspace.open().home, on_wait=announce, progress=report)
        if done.failed:
            reasons = "; ".join(f"{name}: {why}" for name, why in done.failed.items())
            raise dg.Failure(masked(f"files of organizations were not written: {reasons}"))
        return dg.MaterializeResult(
            metadata={
                "release": done.release,
                "written": len(done.written),
                "unchanged": len(done.unchanged),
                "removed": len(done.removed),
            }
        )

    return organizations
