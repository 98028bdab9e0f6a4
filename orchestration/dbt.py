"""How dbt is called: where it writes, its one clock, and the lock around it.

Every writing command goes through ``tributary-dbt``, which takes the build lock and then runs dbt
in the same process: the lock lives exactly as long as the process that has the files open, also
when whoever started it was killed.
"""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.core import clock
from connectors.core.redaction import masked
from orchestration import dbt_manifest
from orchestration.build_report import build_report
from orchestration.dbt_manifest import own_options
from orchestration.dbt_outcomes import failed, verdicts, with_status
from orchestration.dbt_selection import tagged
from orchestration.dbt_tables import Tables, forget_tables
from orchestration.dbt_tests import NOT_IN_A_RUN, DueTests
from orchestration.dbt_views import Views, forget_views
from orchestration.garbage import collect_rarely
from orchestration.last_run import begin_build, end_build
from orchestration.settings import DBT_PROJECT_DIR, home_path
from orchestration.terminal import visible
from orchestration.trouble import report
from warehouse.build_files import kept_open
from warehouse.build_records import record_models
from warehouse.compaction import finish_compaction
from warehouse.home import Home
from warehouse.locks import LockHolder, build_lock
from warehouse.log_compaction import compact_log
from warehouse.plain_paths import plain

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

WRITING_COMMANDS = {"build", "run", "seed", "test", "snapshot", "run-operation"}
READING_COMMANDS = {"show", "compile", "generate"}
"""What opens the build files, too (`docs generate`); DuckDB lets one process have them open."""
LISTING_COMMANDS = {"ls", "list"}
"""What needs the parsed project alone."""

BY_HAND = "by_hand"
"""Folder of what dbt compiles, and of its documentation, when it was not started by a run."""

QUICK = ("--no-write-json",)
"""Nobody reads the manifest and the results of a run, which take dbt seconds to write."""

DONE = {"success"}


def build_arguments(select: Sequence[str] = (), full_refresh: bool = False) -> list[str]:
    """Returns the arguments of ``dbt build`` with the one clock in them.

    Args:
        select: models, in dbt's syntax; default all.
        full_refresh: build everything anew.
    """
    arguments = ["build", *clock_arguments(), "--exclude", *NOT_IN_A_RUN.split()]
    if select:
        arguments += ["--select", *select]
    if full_refresh:
        arguments.append("--full-refresh")
    return arguments


def test_arguments(select: Sequence[str]) -> list[str]:
    """Returns the arguments of ``dbt test`` for the tests of these names."""
    return ["test", *clock_arguments(), "--select", *select]


def clock_arguments() -> list[str]:
    """Returns the option by which models learn what time it is."""
    return ["--vars", json.dumps({"as_of": clock.now().isoformat()})]


def set_environment(home: Home) -> None:
    """Sets what dbt_project/profiles.yml and dbt itself read from the environment."""
    os.environ["TRIBUTARY_HOME"] = str(home.path)
    os.environ["DBT_PROJECT_DIR"] = str(DBT_PROJECT_DIR)
    os.environ["DBT_PROFILES_DIR"] = str(DBT_PROJECT_DIR)
    os.environ["DBT_TARGET_PATH"] = str(dbt_manifest.target_path(home))
    os.environ["DBT_LOG_PATH"] = str(home.path / "dbt" / "logs")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")


def main() -> None:
    """Entry point of ``tributary-dbt``: dbt under the build lock.

    Project, profiles, home and clock need not be said. ``build`` makes the models first and then
    runs the tests of those that changed; any failure is its exit code, as with dbt's own.
    """
    collect_rarely()
    path = home_path()
    # What dbt and its adapter make of this text, in YAML, Jinja and SQL, they can make of no other.
    os.environ["TRIBUTARY_HOME"] = plain(path)
    _set_defaults(path)
    commands = set(sys.argv[1:])
    if (WRITING_COMMANDS | READING_COMMANDS) & commands and "--vars" not in commands:
        sys.argv += clock_arguments()
    try:
        _run(path)
    except Exception as error:
        said, code = report(error, Home(path))
        _say(said)
        sys.exit(code)


def _set_defaults(path: Path) -> None:
    """Sets what nobody has set who started dbt by hand; what it writes lies apart from our own."""
    os.environ.setdefault("DBT_PROJECT_DIR", str(DBT_PROJECT_DIR))
    os.environ.setdefault("DBT_PROFILES_DIR", str(DBT_PROJECT_DIR))
    os.environ.setdefault("DBT_TARGET_PATH", str(path / "dbt" / BY_HAND))
    os.environ.setdefault("DBT_LOG_PATH", str(path / "dbt" / "logs"))
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")


def _run(path: Path) -> None:
    from dbt.cli.main import cli

    from orchestration.dbt_events import make_on_demand

    make_on_demand()
    if WRITING_COMMANDS & set(sys.argv[1:]):
        home = Home.open(path)
        # Kept until the process ends, so that nothing of dbt outlives its lock.
        with build_lock(home, on_wait=_say_waiting):
            finish_compaction(home)
            dbt_manifest.forget_old_runs(home)
            compact_log(home, clock.now().date())
            read = begin_build(home)
            if "build" in sys.argv[1:]:
                code = _build(home, sys.argv[1:])
                if code == 0 and _is_whole(sys.argv[1:]):
                    end_build(home, read)
                sys.exit(code)
            if "test" in sys.argv[1:]:
                sys.exit(_test(home, sys.argv[1:]))
            forget_views(home)
            forget_tables(home)
            sys.exit(_invoke(home, sys.argv[1:]))
    elif READING_COMMANDS & set(sys.argv[1:]):
        home = Home.open(path)
        with build_lock(home, on_wait=_say_waiting):
            sys.exit(_invoke(home, sys.argv[1:]))
    elif LISTING_COMMANDS & set(sys.argv[1:]):
        sys.exit(_invoke(Home.open(path), sys.argv[1:]))
    elif "parse" in sys.argv[1:]:
        sys.exit(_exit_code(dbt_manifest.parse(sys.argv[1:], os.environ["DBT_TARGET_PATH"])))
    else:
        cli()


def _build(home: Home, arguments: list[str]) -> int:
    """Builds the models, then tests what changed; returns dbt's exit code.

    A build of everything leaves out the tables and views that would be made as they are.
    What failed is recorded, and holds back every release until it has been built and tested again,
    whoever asks for one: see `warehouse.build_records.release_blockers`.
    """
    from dbt.cli.main import dbtRunner

    project = _project(home, arguments)
    files = (home.build_db, home.serve_db)
    due = DueTests(home, project.dictionary)
    due.plan()
    with ExitStack() as at_the_end, build_report(home):
        runner = dbtRunner(manifest=project.manifest)
        views = Views(home, project.manifest)
        tables = Tables(home, project.dictionary, views.code)
        is_whole, is_anew = _is_whole(arguments), "--full-refresh" in arguments
        tables.mark_inputs(project.manifest, is_whole)
        options = [*arguments, *QUICK, "--exclude-resource-types", "test", "unit_test"]
        with kept_open(files):
            standing = tables.standing() if is_whole and not is_anew else []
            tables.begin(standing)
            has_views = not own_options(arguments) and not is_anew and views.stand()
            if not has_views:
                forget_views(home)
        left_out = [*(Views.SELECTION if has_views else ()), *tagged(project.manifest, standing)]
        built = runner.invoke([*options, *(("--exclude", *left_out) if left_out else ())])
        _let_go()
        with kept_open(files):
            if not has_views and not own_options(arguments):
                views.record(with_status(built, DONE))
            if is_whole:
                tables.record(with_status(built, DONE))
            record_models(home.build_db, with_status(built, DONE), failed(built))
            settled, without_verdict = due.settled(), due.without_verdict()
        if not built.success or "--exclude-resource-types" in arguments:
            return _exit_code(built)
        tested = runner.invoke(
            [*_of_tests(arguments, without_verdict, tagged(project.manifest, settled)), *QUICK]
        )
        _let_go()
        at_the_end.enter_context(kept_open(files))
        due.record(verdicts(tested))
        return _exit_code(tested)


def _is_whole(arguments: list[str]) -> bool:
    """Whether a build is one of everything, as runs ask for it."""
    whole = build_arguments()
    return _without_clock(arguments) == _without_clock(whole) and not own_options(arguments)


def _without_clock(arguments: list[str]) -> list[str]:
    at = arguments.index("--vars") if "--vars" in arguments else len(arguments)
    return [a for a in [*arguments[:at], *arguments[at + 2 :]] if a != "--full-refresh"]


def _of_tests(arguments: list[str], without_verdict: list[str], left_out: list[str]) -> list[str]:
    """The call that tests what a build has changed.

    A build of a few models also runs the tests that any other build, or new code, has left without
    a verdict: no release comes without one.
    """
    found = ["test" if a == "build" else a for a in arguments if a != "--full-refresh"]
    if "--select" in found:
        at = found.index("--select") + 1
        found[at:at] = without_verdict
    return [*found, "--exclude", *NOT_IN_A_RUN.split(), *left_out]


def _test(home: Home, arguments: list[str]) -> int:
    """Runs the tests that were asked for, whatever they said last; returns dbt's exit code."""
    from dbt.cli.main import dbtRunner

    project = _project(home, arguments)
    due = DueTests(home, project.dictionary)
    due.plan()
    with build_report(home):
        tested = dbtRunner(manifest=project.manifest).invoke(arguments)
        _let_go()
        due.record(verdicts(tested))
    return _exit_code(tested)


def _invoke(home: Home, arguments: list[str]) -> int:
    """Runs a command on the parsed project as it is; returns dbt's exit code."""
    from dbt.cli.main import dbtRunner

    return _exit_code(dbtRunner(manifest=_project(home, arguments).manifest).invoke(arguments))


def _project(home: Home, arguments: list[str]) -> dbt_manifest.Project:
    """The parsed project; parsed for this command alone when its options mean another one.

    Raises:
        SystemExit: dbt could not parse it, and has said why.
    """
    from dbt.contracts.graph.manifest import Manifest

    options = own_options(arguments)
    if not options:
        try:
            return dbt_manifest.load(home)
        except RuntimeError as error:
            _say(str(error))
            sys.exit(2)
    words = [word for pair in options.items() for word in pair]
    found = dbt_manifest.parse(["parse", "--quiet", *words])
    if not isinstance(found.result, Manifest):
        sys.exit(_exit_code(found))
    return dbt_manifest.Project(found.result)


def _exit_code(outcome: "dbtRunnerResult") -> int:
    """0; 1 when a node failed; 2 when dbt itself did, which it has not reported yet."""
    if outcome.exception is not None:
        _say(str(outcome.exception))
        return 2
    return 0 if outcome.success else 1


def _let_go() -> None:
    """Closes the build files; dbt keeps them open until its process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()


def _say(error: str) -> None:
    """Says what has ended dbt: as its own log does, where Dagster listens to that."""
    if os.environ.get("DBT_LOG_FORMAT") == "json":
        info = {"name": "TributaryError", "level": "error", "msg": masked(error)}
        print(json.dumps({"info": info}), flush=True)
    else:
        print(visible(masked(error)), file=sys.stderr, flush=True)


def _say_waiting(holder: LockHolder) -> None:
    print(f"waiting for the build lock, held by {holder}", file=sys.stderr, flush=True)
