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
from pathlib import Path

from connectors.core import clock
from orchestration.settings import DBT_PROJECT_DIR, home_path
from warehouse.home import Home
from warehouse.locks import LockHolder, build_lock
from warehouse.sync_log import SyncLog

NOT_IN_A_RUN = "resource_type:unit_test path:models/staging,resource_type:test"
"""What only `make test` runs. Unit tests are about the SQL, not about the data; a test of a staging
view reads the whole history from Parquet, and the facts above it carry the same tests."""

WRITING_COMMANDS = {"build", "run", "seed", "test", "snapshot", "run-operation"}
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
    """Entry point of ``tributary-dbt``: dbt under the build lock."""
    from dbt.cli.main import cli

    if WRITING_COMMANDS & set(sys.argv[1:]):
        home = Home.open(home_path())
        # Kept until the process ends, so that nothing of dbt outlives its lock.
        with build_lock(home, on_wait=_say_waiting):
            _compact_log(home)
            cli()
    else:
        cli()


def _compact_log(home: Home) -> None:
    """Makes one file of each past day of the sync log, while no other build reads it."""
    log, today = SyncLog(home), clock.now().date()
    for day in log.days():
        if day < today:
            log.compact_log(day)


def _say_waiting(holder: LockHolder) -> None:
    print(f"waiting for the build lock, held by {holder}", file=sys.stderr, flush=True)
