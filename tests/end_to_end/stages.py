"""The pipeline without Dagster, a stage a process.

Tests that kill a stage, or build many times, cannot wait for Dagster's start, nor for the import of
all that a stage needs: many a kill would hit imports. So a process is forked from one that has
imported them. The stages are the very functions that the assets call.
"""

import multiprocessing
import os
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from connectors.sandbox.server import SandboxClient
from orchestration import dbt, publishing
from orchestration.pull import Pull, pull
from orchestration.sources import select_sources
from orchestration.workspace import open_workspace
from tests.patience import PATIENCE_SECONDS
from warehouse import apply_file


def connect(sandbox: SandboxClient) -> None:
    """Connects every account of the sandbox."""
    space = open_workspace()
    declared = apply_file.parse_text(sandbox.connections_yaml(), space.credential_fields())
    apply_file.apply(space.registry, declared)


def pull_all() -> None:
    """Pulls whatever is due, all streams of all platforms in one process."""
    space = open_workspace()
    run_id = str(uuid.uuid4())
    for platform in space.platforms.values():
        for stream in platform.streams:
            sources = select_sources(space, platform, stream.name, run_id=run_id)
            pull(Pull(space.home, platform, stream, run_id), sources)


def build(*, tests: bool = False, full_refresh: bool = False) -> None:
    """Runs dbt in this process' place; with or without its data tests."""
    space = open_workspace()
    space.prepare_lake()
    dbt.set_environment(space.home)
    arguments = dbt.build_arguments(full_refresh=full_refresh)
    if not tests:
        arguments += ["--exclude-resource-types", "test", "unit_test"]
    sys.argv = ["tributary-dbt", "--quiet", *arguments]
    dbt.main()


def publish() -> None:
    """Publishes the build, although dbt's tests, which it was built without, have not run."""
    with patch.object(publishing, "check_build", return_value=[]):
        publishing.publish_build(open_workspace().home)


STAGES = {"pull": pull_all, "build": build, "publish": publish}

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "dbt.cli.main", "dbt.adapters.duckdb.connections"])


@dataclass(frozen=True)
class Stage:
    """A stage that runs in a process group of its own, which can be killed as one."""

    process: multiprocessing.process.BaseProcess
    output: Path

    def finish(self) -> None:
        """Waits for its end; fails with what it printed."""
        self.process.join(timeout=PATIENCE_SECONDS)
        assert self.process.exitcode == 0, self.output.read_text(errors="replace")[-4000:]


def start(stage: str, environment: Mapping[str, str]) -> Stage:
    """Starts a stage in the given environment, which is all that it sees of ours."""
    output = Path(environment["TRIBUTARY_HOME"]).with_name("stage.log")
    # A daemon, so that one that hangs ends with the tests and not they with it.
    process = CONTEXT.Process(target=_run, args=(stage, dict(environment), output), daemon=True)
    process.start()
    return Stage(process, output)


def finish(stage: str, environment: Mapping[str, str]) -> float:
    """Runs a stage to its end and returns its seconds; fails with what it printed."""
    began = time.monotonic()
    start(stage, environment).finish()
    return time.monotonic() - began


def _run(stage: str, environment: dict[str, str], output: Path) -> None:
    os.setsid()
    with output.open("wb") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    STAGES[stage]()
