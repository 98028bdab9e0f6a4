"""When streams are pulled: every hour the due ones, each account by its own frequency."""

from collections.abc import Collection
from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from connectors.core import clock
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from orchestration.defs import tags
from orchestration.defs.partitions import first_date, today_of_accounts
from orchestration.defs.raw import raw_key
from orchestration.defs.raw_checks import raw_check_specs
from orchestration.due.dates import ONE_DAY
from orchestration.due.streams import Question, due_streams
from orchestration.first_days import never_pulled
from orchestration.workspace import Workspace, open_workspace

PULL_JOB = "pull"
PIPELINE_JOB = "pipeline"


def longest_lookback(space: Workspace) -> int:
    """Returns the longest lookback in days of the platforms that anybody is connected to."""
    return max((stream.lookback_days for _, stream in _connected(space)), default=0)


def partition_range(
    space: Workspace,
    first: date | None = None,
    last: date | None = None,
    streams: Collection[tuple[Platform, Stream]] | None = None,
) -> dict[str, str]:
    """Returns the run tags of a range of partitions.

    It is what the UI shows as attempted; which dates are pulled is decided per account. Default:
    the longest lookback until the newest date of an account, or from the first date of an account
    that was never pulled.

    Args:
        space: the workspace.
        first, last: the dates that were asked for, both included.
        streams: those that are pulled; None for all that anybody is connected to.
    """
    pulled = _connected(space) if streams is None else streams
    days = max((stream.lookback_days for _, stream in pulled), default=0)
    recent = clock.now().date() - days * ONE_DAY
    start = first or max(first_date(space), min([recent, *never_pulled(space, pulled)]))
    end = last or today_of_accounts(space)
    return {tags.RANGE_START: start.isoformat(), tags.RANGE_END: end.isoformat()}


def _connected(space: Workspace) -> list[tuple[Platform, Stream]]:
    connected = {one.platform for one in space.registry.connections()}
    found = (p for p in space.platforms.values() if p.name in connected)
    return [(platform, stream) for platform in found for stream in platform.streams]


def pull_schedule(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """Builds the hourly schedule; models and the published file follow by automation."""

    @dg.schedule(
        name="pull_due_accounts",
        cron_schedule="15 * * * *",
        job=job,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            "Each hour: per account the lookback and every date without a succeeded sync, as far "
            "as its sync_frequency makes it due. Streams of which nothing is due are left out."
        ),
    )
    def pull_due_accounts(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        space = open_workspace()
        due = due_streams(space, Question(scheduled=True))
        wanted = [raw_key(*one) for one in due]
        wanted += [key for key in _red(space, context.instance) if key not in wanted]
        if not wanted:
            return dg.SkipReason("nothing is due")
        run_tags = {tags.MODE: "scheduled", **partition_range(space, streams=due)}
        return dg.RunRequest(asset_selection=wanted, tags=run_tags)

    return pull_due_accounts


def _red(space: Workspace, instance: dg.DagsterInstance) -> list[dg.AssetKey]:
    """The streams that were not well: once an account of theirs is gone, their checks are green."""
    checks = [
        spec.key
        for platform in space.platforms.values()
        for stream in platform.streams
        for spec in raw_check_specs(raw_key(platform, stream), stream)
    ]
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key(checks)
    ended = AssetCheckExecutionRecordStatus.SUCCEEDED
    return sorted({key.asset_key for key, record in found.items() if record.status is not ended})
