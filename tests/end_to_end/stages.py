"""The pipeline without Dagster, a stage a process: `python -m tests.end_to_end.stages STAGE`.

Tests that kill a stage, or build many times, cannot wait for Dagster's start. The stages are the
very functions that the assets call.
"""

import os
import subprocess
import sys
import uuid
from pathlib import Path

from connectors.sandbox.server import SandboxClient
from orchestration import dbt
from orchestration.publishing import publish_build
from orchestration.pull import Pull, pull
from orchestration.sources import select_sources
from orchestration.workspace import open_workspace
from warehouse import apply_file

ROOT = Path(__file__).resolve().parents[2]


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
    """Publishes the build."""
    publish_build(open_workspace().home)


def start(stage: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Starts a stage in a process group of its own, which can be killed as one."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.stages", stage],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def finish(stage: str, environment: dict[str, str]) -> None:
    """Runs a stage to its end; fails with what it printed."""
    process = start(stage, environment)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 0, printed.decode()[-4000:]


STAGES = {"pull": pull_all, "build": build, "publish": publish}

if __name__ == "__main__":
    if sys.argv[1] == "connect":
        connect(SandboxClient(os.environ["TRIBUTARY_SANDBOX"]))
    else:
        STAGES[sys.argv[1]]()
