"""`tributary run`: pull, build and publish as one Dagster run in this process."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout

import dagster as dg

from orchestration.defs import tags
from orchestration.defs.partitions import check_range
from orchestration.defs.schedules import PIPELINE_JOB, partition_range
from orchestration.failed_steps import failed_steps
from orchestration.instance import end_dead_runs, open_instance, process_tag
from orchestration.last_run import forget_run, record_run
from orchestration.pull import whole_days
from orchestration.recorded_run import execute
from orchestration.run_records import RunRequest, RunResult
from orchestration.workspace import Workspace
from warehouse.sync_log import SyncLog

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The terminal shows our own report; every event, with its traceback, is in the UI."""


def run_pipeline(space: Workspace, request: RunRequest) -> RunResult:
    """Runs the whole pipeline once.

    Raises:
        ValueError: unknown platform or organization, or a range that ends before it starts.
    """
    run_tags = _tags(space, request)
    # Built here and not at import: the partitions end where the clock stands now.
    from orchestration.definitions import build_definitions

    forget_run(space.home)
    with open_instance(space.home) as instance:
        ended = end_dead_runs(instance)
        job = build_definitions(request.first).resolve_job_def(PIPELINE_JOB)
        with _output_to_file(space):
            run_id, success, events = execute(
                job, instance, run_tags, _selection(space, request, job), QUIET
            )
        result = RunResult(
            run_id=run_id,
            success=success,
            failed_steps=failed_steps(events, space.home.path),
            failed_checks=_checks(events, dg.AssetCheckSeverity.ERROR),
            warnings=_checks(events, dg.AssetCheckSeverity.WARN),
            log_rows=[r for r in SyncLog(space.home).rows() if r.run_id == run_id],
            ended_runs=ended,
        )
        if success and request == RunRequest():
            record_run(space, run_id, result.failed_checks, result.warnings)
        return result


@contextmanager
def _output_to_file(space: Workspace) -> Iterator[None]:
    """Sends what dbt prints to dagster/last_run.log: the terminal shows our own report."""
    with (space.home.dagster_dir / "last_run.log").open("w") as log, redirect_stdout(log):
        yield


def _tags(space: Workspace, request: RunRequest) -> dict[str, str]:
    for name in request.platforms:
        if name not in space.platforms:
            from connectors.platforms import get

            get(name)
    found = {tags.PROCESS: process_tag()}
    if request.organization:
        space.registry.organization(request.organization)
        found[tags.ORGANIZATION] = request.organization
    if request.platforms:
        found[tags.PLATFORMS] = ",".join(request.platforms)
    asked = {tags.CONNECTION: request.connection, tags.REPLAY: request.replay}
    found |= {tag: value for tag, value in asked.items() if value}
    if request.first is None and request.last is None:
        return found | {tags.MODE: "incremental"} | partition_range(space)
    if request.first is None or request.last is None:
        raise ValueError("give both --from and --to, or neither")
    whole_days(request.first, request.last)
    check_range(request.first, request.last)
    return found | partition_range(space, request.first, request.last)


def _selection(
    space: Workspace, request: RunRequest, job: dg.JobDefinition
) -> list[dg.AssetKey] | None:
    if not request.platforms:
        return None
    # Without its exchange rates no platform's money can be converted.
    wanted = {*request.platforms, *(p.name for p in space.platforms.values() if p.shared)}
    return [
        key
        for key in job.asset_layer.executable_asset_keys
        if key.path[0] != "raw" or key.path[1] in wanted
    ]


def _checks(events: Iterable[dg.DagsterEvent], severity: dg.AssetCheckSeverity) -> list[str]:
    found = [
        event.asset_check_evaluation_data
        for event in events
        if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    return sorted(
        f"{e.asset_key.to_user_string()}: {e.check_name}"
        + (f": {e.description}" if e.description and not e.passed else "")
        for e in found
        if not e.passed and e.severity == severity
    )
