"""When streams are pulled: every hour the due ones, each account by its own frequency."""

from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from connectors.core import clock
from orchestration.defs import tags
from orchestration.defs.partitions import first_date, today_of_accounts
from orchestration.due.dates import ONE_DAY
from orchestration.first_days import never_pulled
from orchestration.workspace import Workspace, open_workspace

PULL_JOB = "pull"
PIPELINE_JOB = "pipeline"


def longest_lookback(space: Workspace) -> int:
    """Returns the longest lookback in days of the platforms that anybody is connected to."""
    connected = {one.platform for one in space.registry.connections()}
    found = (p for p in space.platforms.values() if p.name in connected)
    return max((stream.lookback_days for one in found for stream in one.streams), default=0)


def partition_range(
    space: Workspace, first: date | None = None, last: date | None = None
) -> dict[str, str]:
    """Returns the run tags of a range of partitions.

    It is what the UI shows as attempted; which dates are pulled is decided per account. Default:
    the longest lookback until the newest date of an account, or from the first date of an account
    that was never pulled.
    """
    recent = clock.now().date() - longest_lookback(space) * ONE_DAY
    start = first or max(first_date(space), min([recent, *never_pulled(space)]))
    end = last or today_of_accounts(space)
    return {tags.RANGE_START: start.isoformat(), tags.RANGE_END: end.isoformat()}


def pull_schedule(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Builds the hourly schedule; models and the published file follow by automation."""

    @dg.schedule(
        name="pull_due_accounts",
        cron_schedule="15 * * * *",
        job=job,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            "Each hour: per account the lookback and every date without a succeeded sync, as far "
            "as its sync_frequency makes it due."
        ),
    )
    def pull_due_accounts(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(tags={tags.MODE: "scheduled", **partition_range(open_workspace())})

    return pull_due_accounts
