"""The code location: everything that Dagster loads, and the policies that hold for all of it."""

import warnings
from datetime import date

import dagster as dg

from orchestration.defs.checks import file_checks
from orchestration.defs.partitions import first_date
from orchestration.defs.publish import organizations_asset, publish_asset
from orchestration.defs.raw import raw_assets
from orchestration.defs.resources import WorkspaceResource
from orchestration.defs.schedules import PIPELINE_JOB, PULL_JOB, pull_schedule
from orchestration.defs.sensors import landing_job, landing_sensor
from orchestration.defs.signal_sensor import signal_sensor
from orchestration.defs.transform import dbt_asset
from orchestration.defs.upkeep import upkeep_job, upkeep_schedule
from orchestration.kept_errors import mask_errors
from orchestration.log_records import mask_log
from orchestration.workspace import open_workspace

AUTOMATION_SECONDS = 60

# Here, since each process that runs our code for Dagster imports this module.
mask_errors()
mask_log()
# One for each of 33 raw assets, each time the code is loaded: nobody who runs this can mend them.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)


def build_definitions(first: date | None = None) -> dg.Definitions:
    """Builds the definitions for the home that ``TRIBUTARY_HOME`` names.

    Args:
        first: a date that is asked for; partitions start there if no account starts earlier.
    """
    starts = first_date(open_workspace())
    raw = raw_assets(min(starts, first or starts))
    transform = dbt_asset()
    published = publish_asset(list(transform.keys))
    raw_selection = dg.AssetSelection.assets(*(asset.key for asset in raw))
    pull_job = dg.define_asset_job(PULL_JOB, raw_selection, description="Pull what is due.")
    pipeline = dg.define_asset_job(
        PIPELINE_JOB, dg.AssetSelection.all(), description="Pull, build, publish: `tributary run`."
    )
    landed, upkeep = landing_job(raw), upkeep_job()
    return dg.Definitions(
        assets=[*raw, transform, published, organizations_asset()],
        asset_checks=file_checks(),
        jobs=[pull_job, pipeline, landed, upkeep],
        schedules=[pull_schedule(pull_job), upkeep_schedule(upkeep)],
        sensors=[
            landing_sensor(landed),
            signal_sensor(pull_job),
            dg.AutomationConditionSensorDefinition(
                "refresh_downstream",
                target=dg.AssetSelection.all(),
                default_status=dg.DefaultSensorStatus.RUNNING,
                minimum_interval_seconds=AUTOMATION_SECONDS,
            ),
        ],
        resources={"workspace": WorkspaceResource()},
        # Steps share the process: a step's start costs seconds, and none of them needs a wall.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` names; built when Dagster asks for it."""
    return build_definitions()
