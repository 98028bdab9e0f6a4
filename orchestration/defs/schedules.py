"""When streams are pulled: every hour the due ones, each account by its own frequency."""

from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from connectors import platforms
from connectors.core import clock
from orchestration.defs import tags
from orchestration.defs.partitions import DAYS_AHEAD, FIRST_DATE
from orchestration.planning import ONE_DAY
from orchestration.sources import never_pulled
from orchestration.workspace import open_workspace

PULL_JOB = "pull"
PIPELINE_JOB = "pipeline"


def longest_lookback() -> int:
    """Returns the longest lookback in days that any stream declares."""
    return max(s.lookback_days for p in platforms.load().values() for s in p.streams)


def partition_range(first: date | None = None, last: date | None = None) -> dict[str, str]:
    """Returns the run tags of a range of partitions.

    It is what the UI shows as attempted; which dates are pulled is decided per account. Default:
    the longest lookback until now, or from the first date of an account that was never pulled.
    """
    today = clock.now().date()
    recent = today - longest_lookback() * ONE_DAY
    start = (first or min([recent, *never_pulled(open_workspace())])).isoformat()
    end = (last or today + (DAYS_AHEAD - 1) * ONE_DAY).isoformat()
    return {tags.RANGE_START: max(start, FIRST_DATE), tags.RANGE_END: end}


def check_partitions(first: date, last: date) -> None:
    """Refuses a range of which some date has no partition.

    Raises:
        ValueError: the range begins before the warehouse's calendar, or ends after tomorrow.
    """
    end = clock.now().date() + (DAYS_AHEAD - 1) * ONE_DAY
    if first.isoformat() < FIRST_DATE or last > end:
        raise ValueError(
            f"the range {first} to {last} is not within {FIRST_DATE} to {end}, the dates that can "
            "be pulled again"
        )


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
        return dg.RunRequest(tags={tags.MODE: "scheduled", **partition_range()})

    return pull_due_accounts
