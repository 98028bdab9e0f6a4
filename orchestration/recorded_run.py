"""A run in this process that Dagster's pages list under its job, as those that they start.

`JobDefinition.execute_in_process` leaves out where the job comes from. Such a run is found in no
job, on no timeline, and cannot be started again from its page. This does the same and says it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import (
    ExecuteRunWithPlanIterable,
    create_execution_plan,
    job_execution_iterator,
)
from dagster._core.execution.context_creation_job import (
    PlanOrchestrationContextManager,
    orchestration_context_event_generator,
)
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from orchestration.settings import CODE_LOCATION, DEFINITIONS, PROJECT_ROOT

_REPOSITORY = "__repository__"
"""What Dagster calls the one repository of a module with `@definitions`."""


def execute(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    tags: Mapping[str, str],
    assets: Sequence[dg.AssetKey] | None,
    config: Mapping[str, Any],
) -> tuple[str, bool, list[dg.DagsterEvent]]:
    """Runs a job of the code location here and now.

    Args:
        job: of `orchestration.definitions`.
        assets: only these; None for all.

    Returns:
        The id of the run, whether it succeeded, and its events. What a step raises is among them.
    """
    one = InMemoryJob(job.as_ephemeral_job({}, {}, asset_selection=list(assets or [])))
    plan = create_execution_plan(one, run_config=config, instance_ref=instance.get_ref())
    run = instance.create_run_for_job(
        job_def=one.get_definition(),
        execution_plan=plan,
        run_config=config,
        tags={**job.run_tags, **tags},
        asset_selection=frozenset(assets) if assets else None,
        remote_job_origin=origin_of(job.name),
    )
    orchestration = PlanOrchestrationContextManager(
        context_event_generator=orchestration_context_event_generator,
        job=one,
        execution_plan=plan,
        dagster_run=run,
        instance=instance,
        run_config=config,
        raise_on_error=False,
        executor_defs=None,
        output_capture=None,
    )
    events = list(ExecuteRunWithPlanIterable(plan, job_execution_iterator, orchestration))
    ended = instance.get_run_by_id(run.run_id)
    return run.run_id, ended is not None and ended.is_success, events


def origin_of(job_name: str) -> RemoteJobOrigin:
    """Returns where a job comes from, as `workspace.yaml` names it."""
    target = LoadableTargetOrigin(
        executable_path=sys.executable,
        module_name=DEFINITIONS,
        attribute="defs",
        working_directory=str(PROJECT_ROOT),
    )
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, location_name=CODE_LOCATION)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, _REPOSITORY), job_name)
