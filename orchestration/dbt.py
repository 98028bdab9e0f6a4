"""How dbt is called: where it writes, its one clock, its manifest, and the lock around it.

Every writing command goes through ``tributary-dbt``, which takes the build lock and then runs dbt
in the same process: the lock lives exactly as long as the process that has the files open, also
when whoever started it was killed.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.core import clock
from orchestration.dbt_tests import DueTests
from orchestration.settings import DBT_PROJECT_DIR, home_path
from warehouse.compaction import finish_compaction
from warehouse.home import Home
from warehouse.locks import LockHolder, build_lock
from warehouse.sync_log import SyncLog

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

NOT_IN_A_RUN = "resource_type:unit_test path:models/staging,resource_type:test"
"""What only `make test` runs. Unit tests are about the SQL, not about the data; a test of a staging
view reads the whole history from Parquet, and the facts above it carry the same tests."""

WRITING_COMMANDS = {"build", "run", "seed", "test", "snapshot", "run-operation"}
PROJECT_OPTIONS = {
    *("--project-dir", "--profiles-dir", "--profile", "--target", "-t"),
    *("--target-path", "--log-path", "--vars"),
}
PASSING = {"pass"}  # what only warns says so in every run
EXECUTABLE = str(Path(sys.executable).with_name("tributary-dbt"))


def target_path(home: Home) -> Path:
    """Where dbt compiles to; beside the data, since the compiled SQL names the lake's paths."""
    return home.path / "dbt" / "target"


def build_arguments(
    select: Sequence[str] = (), full_refresh: bool = False, exclude: bool = True
) -> list[str]:
    """Returns the arguments of ``dbt build`` with the one clock in them.

    Args:
        select: models, in dbt's syntax; default all.
        full_refresh: build everything anew.
        exclude: leave out what is not in a run; Dagster does that by its own selection.
    """
    arguments = ["build", "--vars", json.dumps({"as_of": clock.now().isoformat()})]
    if exclude:
        arguments += ["--exclude", *NOT_IN_A_RUN.split()]
    if select:
        arguments += ["--select", *select]
    if full_refresh:
        arguments.append("--full-refresh")
    return arguments


def set_environment(home: Home) -> None:
    """Sets what dbt_project/profiles.yml and dbt itself read from the environment."""
    os.environ["TRIBUTARY_HOME"] = str(home.path)
    os.environ["DBT_PROJECT_DIR"] = str(DBT_PROJECT_DIR)
    os.environ["DBT_PROFILES_DIR"] = str(DBT_PROJECT_DIR)
    os.environ["DBT_TARGET_PATH"] = str(target_path(home))
    os.environ["DBT_LOG_PATH"] = str(home.path / "dbt" / "logs")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")


def manifest(home: Home) -> Path:
    """Returns the path of dbt's manifest, parsing the project only if its files changed.

    Raises:
        RuntimeError: dbt could not parse the project; the message is dbt's.
    """
    set_environment(home)
    path = target_path(home) / "manifest.json"
    stamp = target_path(home) / "project.sha256"
    digest = _project_digest()
    if path.exists() and stamp.exists() and stamp.read_text() == digest:
        return path
    target_path(home).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [EXECUTABLE, "parse", "--quiet", "--vars", json.dumps({"as_of": clock.now().isoformat()})],
        cwd=DBT_PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"dbt could not parse {DBT_PROJECT_DIR}:\n{done.stdout}{done.stderr}")
    stamp.write_text(digest)
    return path


def _project_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(DBT_PROJECT_DIR.rglob("*")):
        if path.is_file() and not {"target", "logs"} & set(path.parts):
            digest.update(str(path.relative_to(DBT_PROJECT_DIR)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Entry point of ``tributary-dbt``: dbt under the build lock.

    ``build`` makes the models first and then runs the tests of those that changed; any failure is
    its exit code, as with dbt's own.
    """
    from dbt.cli.main import cli

    if WRITING_COMMANDS & set(sys.argv[1:]):
        home = Home.open(home_path())
        # Kept until the process ends, so that nothing of dbt outlives its lock.
        with build_lock(home, on_wait=_say_waiting):
            finish_compaction(home)
            SyncLog(home).compact_log(clock.now().date())
            if "build" in sys.argv[1:]:
                sys.exit(_build(home, sys.argv[1:]))
            cli()
    else:
        cli()


def _build(home: Home, arguments: list[str]) -> int:
    """Builds the models, then tests what changed; returns dbt's exit code."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    parsed = dbtRunner().invoke(["parse", "--quiet", *_project_options(arguments)])
    if not isinstance(parsed.result, Manifest):
        return _exit_code(parsed)
    runner = dbtRunner(manifest=parsed.result)
    built = runner.invoke([*arguments, "--exclude-resource-types", "test", "unit_test"])
    _let_go()
    if not built.success or "--exclude-resource-types" in arguments:
        return _exit_code(built)
    due = DueTests(home, parsed.result.to_dict())
    of_tests = ["test" if a == "build" else a for a in arguments if a != "--full-refresh"]
    settled = due.settled()
    tested = runner.invoke([*of_tests, *(["--exclude", *settled] if settled else [])])
    _let_go()
    outcomes = {r.node.unique_id: str(r.status) for r in getattr(tested.result, "results", [])}
    passed = {test for test, status in outcomes.items() if status in PASSING}
    due.record(passed, outcomes.keys() - passed)
    return _exit_code(tested)


def _project_options(arguments: list[str]) -> list[str]:
    """The options of a command that say which project is meant and with which variables."""
    return [word for pair in pairwise(arguments) if pair[0] in PROJECT_OPTIONS for word in pair]


def _exit_code(outcome: "dbtRunnerResult") -> int:
    """0; 1 when a node failed; 2 when dbt itself did, which it has not told anybody yet."""
    if outcome.exception is not None:
        print(outcome.exception, file=sys.stderr, flush=True)
        return 2
    return 0 if outcome.success else 1


def _let_go() -> None:
    """Closes the build files; dbt keeps them open until its process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


def _say_waiting(holder: LockHolder) -> None:
    print(f"waiting for the build lock, held by {holder}", file=sys.stderr, flush=True)
