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
from orchestration.run_scope import RunScope, asked_for, scope_of
from orchestration.workspace import Workspace
from warehouse.sync_log import SyncLog

PUBLISHED = dg.AssetSelection.key_prefixes("published")

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The terminal shows our own report; every event, with its traceback, is in the UI."""


def run_pipeline(space: Workspace, request: RunRequest) -> RunResult:
    """Runs the whole pipeline once.

    Raises:
        ValueError: unknown platform or organization, or a range that ends before it starts.
    """
    _check(space, request)
    scope = scope_of(space, request)
    run_tags = _tags(space, request, scope)
    # Built here and not at import: the partitions end where the clock stands now.
    from orchestration.definitions import build_definitions

    forget_run(space.home)
    with open_instance(space.home) as instance:
        ended = end_dead_runs(instance)
        job = build_definitions(request.first).resolve_job_def(PIPELINE_JOB)
        with _output_to_file(space):
            run_id, success, events = execute(
                job, instance, run_tags, _selection(scope, job, request.load_only), QUIET
            )
        checks = _Checks(events, scope)
        failed, warnings = checks.failed(), checks.warnings()
        if success and (scope.last or request == RunRequest()):
            record_run(space, run_id, failed, warnings)
        return RunResult(
            run_id=run_id,
            success=success,
            failed_steps=failed_steps(events, space.home.path),
            failed_checks=asked_for(request, failed),
            warnings=asked_for(request, warnings),
            log_rows=[r for r in SyncLog(space.home).rows() if r.run_id == run_id],
            ended_runs=ended,
            is_load_only=request.load_only,
        )


@contextmanager
def _output_to_file(space: Workspace) -> Iterator[None]:
    """Sends what dbt prints to dagster/last_run.log: the terminal shows our own report."""
    with (space.home.dagster_dir / "last_run.log").open("w") as log, redirect_stdout(log):
        yield


def _check(space: Workspace, request: RunRequest) -> None:
    for name in request.platforms:
        if name not in space.platforms:
            from connectors.platforms import get

            get(name)
    if request.organization:
        space.registry.organization(request.organization)
    if (request.first is None) != (request.last is None):
        raise ValueError("give both --from and --to, or neither")
    if request.first and request.last:
        whole_days(request.first, request.last)
        check_range(request.first, request.last)


def _tags(space: Workspace, request: RunRequest, scope: RunScope) -> dict[str, str]:
    asked = {
        tags.ORGANIZATION: request.organization,
        tags.PLATFORMS: ",".join(request.platforms),
        tags.CONNECTION: request.connection,
        tags.REPLAY: request.replay,
        tags.MODE: None if request.first else "incremental",
    }
    found = {tag: value for tag, value in asked.items() if value}
    found |= {tags.PROCESS: process_tag(), tags.BUILD: tags.WHOLE}
    return found | partition_range(space, request.first, request.last, scope.due)


def _selection(scope: RunScope, job: dg.JobDefinition, load_only: bool) -> list[dg.AssetKey] | None:
    """What the run plans: the streams that it pulls and what lies below them; None for all.

    What dbt builds is not narrowed by it: something else may have been left behind.
    """
    if scope.platforms is None and scope.due is None and not load_only:
        return None
    keys = set(job.asset_layer.executable_asset_keys)
    raw = {key for key in keys if key.path[0] == "raw"}
    pulled = {key for key in raw if scope.has_stream(key.path[1], key.path[2])}
    if load_only:
        return sorted(pulled)
    if scope.due is None:
        return sorted((keys - raw) | pulled)
    chosen = dg.AssetSelection.assets(*pulled).downstream() | PUBLISHED
    return sorted(chosen.resolve(job.asset_layer.asset_graph) & keys)


class _Checks:
    """How the checks ended, those included that the run had no reason to evaluate again."""

    def __init__(self, events: Iterable[dg.DagsterEvent], scope: RunScope) -> None:
        self._scope = scope
        self._found = [
            event.asset_check_evaluation_data
            for event in events
            if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ]
        self._seen = {_name(one) for one in self._found}

    def failed(self) -> list[str]:
        last = self._scope.last
        return self._ended(dg.AssetCheckSeverity.ERROR, last.failed_checks if last else [])

    def warnings(self) -> list[str]:
        last = self._scope.last
        return self._ended(dg.AssetCheckSeverity.WARN, last.warnings if last else [])

    def _ended(self, severity: dg.AssetCheckSeverity, before: Iterable[str]) -> list[str]:
        lines = [
            _name(one) + (f": {one.description}" if one.description else "")
            for one in self._found
            if not one.passed and one.severity == severity
        ]
        return sorted([*lines, *self._scope.still_hold(before, self._seen)])


def _name(one: dg.AssetCheckEvaluation) -> str:
    return f"{one.asset_key.to_user_string()}: {one.check_name}"
