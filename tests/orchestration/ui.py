"""Dagster's pages and daemon on a home, in this process: launched runs, schedules, sensors.

What the pages ask for goes through the same GraphQL API, and what the daemon decides through the
same functions; only processes are spared: a run executes where it is launched, and dbt is forked
from a process that has imported it.
"""

from __future__ import annotations

import io
import json
import logging
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dagster as dg
import yaml
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster._core.test_utils import InProcessTestWorkspaceLoadTarget, freeze_time
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._daemon.asset_daemon import AssetDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._scheduler.scheduler import launch_scheduled_runs
from dagster_graphql.client.query import (
    LAUNCH_PIPELINE_EXECUTION_MUTATION,
    LAUNCH_PIPELINE_REEXECUTION_MUTATION,
)
from dagster_graphql.test.utils import execute_dagster_graphql, infer_job_selector

from orchestration import dbt, dbt_process
from orchestration.instance import open_instance
from warehouse.home import Home

LOCATION = "tributary"
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.orchestration.warm_dbt"])
_IN_THIS_PROCESS = {
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
    "run_coordinator": {
        "module": "dagster._core.run_coordinator",
        "class": "DefaultRunCoordinator",
    },
}


@dataclass
class Ui:
    """The pages and the daemon of one home."""

    instance: dg.DagsterInstance
    process: WorkspaceProcessContext
    home: Home
    schedule_times: dict[str, Any] = field(default_factory=dict)

    def graph(self) -> Any:
        """Returns the asset graph as the pages know it."""
        return self.process.create_request_context().asset_graph

    def materialize(self, *keys: dg.AssetKey, partition: str | None = None) -> dg.DagsterRun:
        """Presses "Materialize" with assets selected; returns the run when it has ended."""
        checks = [key for key in self.graph().asset_check_keys if key.asset_key in keys]
        return self._launch(keys, checks, partition)

    def check(self, key: dg.AssetCheckKey) -> dg.DagsterRun:
        """Presses "Execute" of one check; returns the run when it has ended."""
        return self._launch([], [key], None)

    def _launch(
        self,
        assets: Sequence[dg.AssetKey],
        checks: Sequence[dg.AssetCheckKey],
        partition: str | None,
    ) -> dg.DagsterRun:
        context = self.process.create_request_context()
        selector = infer_job_selector(
            context,
            IMPLICIT_ASSET_JOB_NAME,
            asset_selection=[key.to_graphql_input() for key in assets],
            asset_check_selection=[
                {"assetKey": key.asset_key.to_graphql_input(), "name": key.name} for key in checks
            ],
        )
        parameters = {
            "selector": selector,
            "executionMetadata": {
                "tags": [{"key": PARTITION_NAME_TAG, "value": partition}] if partition else []
            },
            "runConfigData": {},
        }
        variables = {"executionParams": parameters}
        return self._ended(LAUNCH_PIPELINE_EXECUTION_MUTATION, variables)

    def again(self, run: dg.DagsterRun, strategy: str) -> dg.DagsterRun:
        """Presses "Re-execute" of a run's page; returns the new run when it has ended.

        Args:
            run: any that ended.
            strategy: `ALL_STEPS` or `FROM_FAILURE`.
        """
        parameters = {"parentRunId": run.run_id, "strategy": strategy}
        variables = {"reexecutionParams": parameters}
        return self._ended(LAUNCH_PIPELINE_REEXECUTION_MUTATION, variables)

    def _ended(self, mutation: str, variables: dict[str, Any]) -> dg.DagsterRun:
        context = self.process.create_request_context()
        answer = execute_dagster_graphql(context, mutation, variables)
        (launched,) = answer.data.values()
        assert launched["__typename"] == "LaunchRunSuccess", json.dumps(launched)[:2000]
        run = self.instance.get_run_by_id(launched["run"]["runId"])
        assert run is not None
        return run

    def tick(self, now: datetime) -> list[dg.DagsterRun]:
        """Lets the daemon look once, at an instant; returns the runs that it launched, ended."""
        before = {run.run_id for run in self.instance.get_runs()}
        logger = logging.getLogger("tests.ui")
        os.environ["TRIBUTARY_NOW"] = now.isoformat()
        with freeze_time(now):
            self.process.refresh_workspace()
            list(launch_scheduled_runs(self.process, logger, now, self.schedule_times))
            list(execute_sensor_iteration(self.process, logger, None, None))
            daemon = AssetDaemon(self.instance.get_auto_materialize_settings(), 30)
            daemon._run_iteration_impl(self.process, None, {}, {})
        return [run for run in self.instance.get_runs() if run.run_id not in before]

    def red_checks(self) -> dict[str, str]:
        """Returns asset and check -> description, of each whose newest evaluation is an error."""
        keys = list(self.graph().asset_check_keys)
        records = self.instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
        found = {}
        for key, record in records.items():
            event = record.event and record.event.dagster_event
            if event and event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
                evaluation = event.asset_check_evaluation_data
                if not evaluation.passed and evaluation.severity is dg.AssetCheckSeverity.ERROR:
                    name = f"{key.asset_key.to_user_string()}:{key.name}"
                    found[name] = str(evaluation.description)
        return found

    def why(self, run: dg.DagsterRun) -> str:
        """Returns the first line of what the page of a failed run shows."""
        for event in self.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
            data = event.get_dagster_event().step_failure_data
            own = data.user_failure_data
            said = own.description if own and own.description else data.error.to_string()
            return said.splitlines()[0]
        return ""


@contextmanager
def open_ui(home: Home) -> Iterator[Ui]:
    """Opens the pages and the daemon of the home that the environment names."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(dbt_process, "start", _Forked))
        with open_instance(home):
            pass
        path = home.dagster_dir / "dagster.yaml"
        settings = yaml.safe_load(path.read_text())
        settings["concurrency"].pop("runs", None)
        settings.pop("run_monitoring", None)
        path.write_text(yaml.safe_dump(settings | _IN_THIS_PROCESS))
        instance = stack.enter_context(open_instance(home))
        origin = LoadableTargetOrigin(
            module_name="orchestration.definitions", attribute="defs", working_directory="."
        )
        target = InProcessTestWorkspaceLoadTarget(
            InProcessCodeLocationOrigin(origin, location_name=LOCATION)
        )
        process = stack.enter_context(WorkspaceProcessContext(instance, target))
        yield Ui(instance, process, home)


class _Forked:
    """``tributary-dbt`` in a process forked from one that has imported dbt; as `Popen` for us."""

    def __init__(self, arguments: Sequence[str], target: Path) -> None:
        environment = os.environ | {
            "DBT_LOG_FORMAT": "json",
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(target),
        }
        self._process = _CONTEXT.Process(
            target=_run_dbt, args=(list(arguments), environment, target / "printed"), daemon=True
        )
        self._process.start()
        self._process.join()
        self.stdout: io.BufferedIOBase = io.BytesIO((target / "printed").read_bytes())

    def __enter__(self) -> _Forked:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.join()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        assert self._process.exitcode is not None
        return self._process.exitcode


def _run_dbt(arguments: list[str], environment: dict[str, str], output: Path) -> None:
    with output.open("wb") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["tributary-dbt", *arguments]
    dbt.main()
