"""The last asset: the file that BI tools open."""

from collections.abc import Sequence

import dagster as dg

from orchestration.defs.automation import when_inputs_land
from orchestration.defs.raw import OWNER
from orchestration.defs.resources import WorkspaceResource
from orchestration.progress import announce
from orchestration.publishing import publish_build

KEY = dg.AssetKey(["published", "tributary"])


def publish_asset(models: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Builds the asset that publishes a release of the given models' tables."""

    @dg.asset(
        key=KEY,
        deps=list(models),
        group_name="published",
        kinds={"duckdb"},
        owners=[OWNER],
        automation_condition=when_inputs_land(),
        description="The DuckDB file that BI tools read, as a release that no reader ever locks.",
    )
    def published(workspace: WorkspaceResource) -> dg.MaterializeResult:
        announce("publishing")
        release = publish_build(workspace.open().home, on_wait=announce)
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
