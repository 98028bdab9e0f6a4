"""The nightly job that compacts the lake, so that nobody has to think of it."""

import dagster as dg

from connectors.core import clock
from orchestration.defs.resources import WorkspaceResource
from orchestration.progress import announce
from orchestration.upkeep import compact_lake
from warehouse.compaction import Group
from warehouse.locks import LockHolder

UPKEEP_JOB = "compact_the_lake"
EVERY_NIGHT = "40 2 * * *"


def upkeep_job() -> dg.JobDefinition:
    """Builds the job that does what `tributary compact` does."""

    @dg.op
    def compact_raw_files(context: dg.OpExecutionContext, workspace: WorkspaceResource) -> None:
        def report(group: Group, number: int, count: int) -> None:
            name = f"{group.platform}/{group.stream} {group.period}"
            announce(f"compacting {name} ({number} of {count})")

        def wait(holder: LockHolder) -> None:
            announce(f"waiting for {holder}")

        home = workspace.open().home
        done = compact_lake(home, clock.now().date(), on_wait=wait, progress=report)
        context.add_output_metadata(done.figures())

    @dg.job(name=UPKEEP_JOB, description="Remove repetition from the lake: `tributary compact`.")
    def compact_the_lake() -> None:
        compact_raw_files()

    return compact_the_lake


def upkeep_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Builds the nightly schedule (UTC); pulls, builds and readers go on meanwhile."""
    return dg.ScheduleDefinition(
        name="compact_every_night",
        job=job,
        cron_schedule=EVERY_NIGHT,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Each night: files of days and months that are over become one a stream.",
    )
