"""A `tributary-dbt` that waits: it becomes what it is asked to be, and outlives nobody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from orchestration import dbt_standby
from orchestration.dbt import build_arguments, set_environment
from orchestration.dbt_process import dbt_process
from tests.parsed_project import share_parsed_project
from tests.patience import PATIENCE_SECONDS
from warehouse.home import Home
from warehouse.locks import build_lock


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    share_parsed_project(tmp_path / "home")
    for name in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
        monkeypatch.setenv(name, "")  # put back what stood there, once this test has ended
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    found = Home.open(tmp_path / "home")
    set_environment(found)
    return found


def test_it_takes_arguments_and_environment_and_is_ready_before(home: Home, tmp_path: Path) -> None:
    with dbt_standby.standby():
        (waiting,) = dbt_standby._waiting
        with build_lock(home, timeout_seconds=0):
            pass
        target = tmp_path / "target"
        with dbt_process(build_arguments(["no_such_model"]), target) as process:
            ended = {result.status for result in process.results()}
        assert process._process is waiting
        assert (process.exit_code, ended) == (0, {"pass"})  # of tests that read no table
        assert target.exists()
        assert not dbt_standby._waiting
        environment = os.environ | {"DBT_LOG_FORMAT": "json", "DBT_TARGET_PATH": str(target)}
        assert dbt_standby.take(["--version"], environment) is None


def test_one_that_was_not_taken_ends_with_the_run(home: Home) -> None:
    with dbt_standby.standby():
        (waiting,) = dbt_standby._waiting
        assert waiting.poll() is None
    assert waiting.poll() is not None
    assert not dbt_standby._waiting


def test_one_that_has_died_is_not_waited_for(home: Home, tmp_path: Path) -> None:
    with dbt_standby.standby():
        (waiting,) = dbt_standby._waiting
        waiting.kill()
        waiting.wait()
        with dbt_process(build_arguments(["no_such_model"]), tmp_path / "target") as process:
            ended = {result.status for result in process.results()}
        assert process._process is not waiting
        assert (process.exit_code, ended) == (0, {"pass"})  # of tests that read no table


def test_it_ends_when_whoever_started_it_is_killed(home: Home) -> None:
    code = (
        "import time; from orchestration import dbt_standby\n"
        "with dbt_standby.standby():\n"
        "    print(dbt_standby._waiting[0].pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        waiting = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting.is_running() and waiting.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
