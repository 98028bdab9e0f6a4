"""`tributary run` when nothing is due: it says so and starts nothing; in any doubt it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from connectors.core import clock
from connectors.sandbox.server import SandboxProcess
from orchestration import build_report, last_run
from orchestration.idle import idle_result
from orchestration.instance import open_instance
from orchestration.last_run import forget_run
from orchestration.run_records import RunRequest
from orchestration.run_scope import scope_of
from orchestration.workspace import open_workspace
from tests.orchestration.house import House, new_house

IDLE = "no run was started"
NOW = "2026-11-21T12:00:00Z"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house after a whole run; its exchange rates come from a sandbox."""
    business = ("--port", "0", "--seed", "7", "--days", "3", "--end", "2026-11-20")
    with (
        SandboxProcess(*business, now=NOW) as sandbox,
        new_house(tmp_path_factory.mktemp("idle")) as found,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
        first = found.tributary("run", "--json")
        assert first.returncode == 0, first.stdout + first.stderr
        (found.home.path / "first.json").write_text(first.stdout)
        yield found


def is_idle(**asked: object) -> bool:
    return idle_result(open_workspace(), RunRequest(**asked)) is not None


def test_a_second_run_says_that_nothing_is_due_and_starts_nothing(house: House) -> None:
    before = house.release()
    again = house.tributary("run")
    assert again.returncode == 0, again.stderr
    assert IDLE in again.stdout
    assert house.release() == before


def test_its_json_has_the_shape_of_a_run(house: House) -> None:
    first = json.loads((house.home.path / "first.json").read_text())
    again = json.loads(house.tributary("run", "--json").stdout)
    assert again.keys() == first.keys()
    assert (first["idle"], again["idle"]) == (False, True)
    assert again["run_id"] == first["run_id"]
    assert (again["success"], again["exit_code"], again["rows"]) == (True, 0, 0)


def test_neither_dagster_nor_dbt_is_imported_for_it(house: House) -> None:
    code = (
        "import sys; from orchestration.cli import main\n"
        "sys.argv = ['tributary', 'run']\n"
        "try:\n    main()\nfinally:\n"
        "    print({'dagster', 'dbt'} & {name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert IDLE in done.stdout, done.stderr
    assert done.stdout.strip().endswith("set()")


def test_red_checks_of_the_last_run_are_said_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = house.home.path / "last_run.json"
    word = path.read_bytes()
    reds = ["published/tributary: money_is_converted", "raw/shopify/orders: connections_healthy"]
    path.write_text(json.dumps(json.loads(word) | {"failed_checks": reds}))
    try:
        every = house.tributary("run")
        found = idle_result(open_workspace(), RunRequest(platforms=("files",)))
    finally:
        path.write_bytes(word)
    assert every.returncode == 3
    assert "money_is_converted" in every.stderr
    assert found is not None
    assert found.failed_checks == reds[:1]


def _touched(path: Path) -> Callable[[House], Iterator[None]]:
    @contextmanager
    def change(house: House) -> Iterator[None]:
        (file,) = sorted(house.home.path.glob(str(path)))[:1]
        before = file.stat()
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        yield
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def _moved(name: str) -> Callable[[House], Iterator[None]]:
    @contextmanager
    def change(house: House) -> Iterator[None]:
        file = house.home.path / name
        file.rename(file.with_suffix(".away"))
        yield
        file.with_suffix(".away").rename(file)

    return change


def _written(name: str) -> Callable[[House], Iterator[None]]:
    @contextmanager
    def change(house: House) -> Iterator[None]:
        file = house.home.path / name
        file.write_text("{}")
        yield
        file.unlink()

    return change


@contextmanager
def _landed(house: House) -> Iterator[None]:
    house.drop("second.csv", "3;2026-11-03 10:00;cup;1;3.00")
    file = house.home.landing_dir("acme", "till") / "second.csv"
    os.utime(file, (0, 0))  # complete: nobody has written to it for long
    yield
    file.unlink()


def _reported(**state: object) -> Callable[[House], Iterator[None]]:
    @contextmanager
    def change(house: House) -> Iterator[None]:
        path = build_report.report_path(house.home)
        before = path.read_bytes()
        path.write_text(json.dumps(json.loads(before) | state))
        yield
        path.write_bytes(before)

    return change


@contextmanager
def _at(moment: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(clock.VARIABLE, moment)
        yield


@contextmanager
def _with_code(_house: House) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(last_run, "code_digest", lambda: "another")
        yield


@contextmanager
def _with_a_rate(_house: House) -> Iterator[None]:
    from warehouse.own_rates import OwnRate

    registry = open_workspace().registry
    rate = OwnRate("TRY", "EUR", 50, date(2026, 11, 1), None, "us")
    registry.add_own_rate(rate)
    yield
    registry.remove_own_rates("TRY")


@contextmanager
def _with_a_setting(_house: House) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_KEEP_RELEASES", "3")
        yield


CHANGES = {
    "a row of the log": _touched("lake/syncs/synced=2026*/*.parquet"),
    "a raw file": _touched("lake/raw/files/orders/synced=2026*/*.parquet"),
    "a killed compaction": _written("lake/compaction.json"),
    "a file that has landed": _landed,
    "an exchange rate of one's own": _with_a_rate,
    "new code": _with_code,
    "another retention": _with_a_setting,
    "the next day": lambda _: _at("2026-11-22T00:00:00Z"),
    "a clock set back": lambda _: _at("2026-11-20T12:00:00Z"),
    "a build at work or killed": _reported(is_building=True),
    "a failed test": _reported(blockers=["test x: fails"]),
    "a build by hand": _touched("serve.duckdb"),
    "a lost build file": _moved("build.duckdb"),
    "a build that left no word": _moved("last_build.json"),
    "a run that left no word": _moved("last_run.json"),
    "a published file that is gone": _moved("published/tributary.duckdb"),
    "a rollback": _touched("published/current.json"),
    "a file of an organization that is gone": _moved("published/organizations/acme.duckdb"),
    "damage": _written("published/organizations/other.duckdb"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_in_any_doubt_there_is_a_run(house: House, change: str) -> None:
    assert is_idle()
    with CHANGES[change](house):
        assert not is_idle()
    assert is_idle()


def test_what_was_asked_for_by_date_or_name_is_never_skipped(house: House) -> None:
    assert is_idle(platforms=("files",))
    assert is_idle(organization="acme")
    assert not is_idle(first=date(2026, 11, 1), last=date(2026, 11, 2))
    assert not is_idle(replay="word")
    assert not is_idle(platforms=("nowhere",))
    with pytest.raises(ValueError, match="nowhere"):
        is_idle(organization="nowhere")


def test_after_a_run_that_was_killed_there_is_one(house: House) -> None:
    path = house.home.path / "last_run.json"
    word = path.read_bytes()
    forget_run(house.home)
    assert not is_idle()
    path.write_bytes(word)


@pytest.mark.long
def test_a_run_plans_what_lies_below_the_due_streams_and_keeps_what_else_was_said(
    house: House,
) -> None:
    path = house.home.path / "last_run.json"
    word = json.loads(path.read_text())
    asset = "raw/exchange_rates/reference_rates"
    red = f"{asset}: connections_healthy: made up"
    own = "raw/files/orders: connections_healthy: is evaluated again"
    path.write_text(json.dumps(word | {"failed_checks": [red, own]}))
    house.drop("third.csv", "7;2026-11-04 10:00;cup;1;3.00")
    os.utime(house.home.landing_dir("acme", "till") / "third.csv", (0, 0))

    asked = RunRequest(platforms=("files",))
    scope = scope_of(open_workspace(), asked)
    assert [(p.name, s.name) for p, s in scope.due] == [("files", "orders")]
    narrow = house.tributary("run", "--platform", "files", "--json")
    said = json.loads(narrow.stdout)
    assert (narrow.returncode, said["failed_checks"]) == (
        0,
        [],
    )  # of no platform that was asked for

    with open_instance(house.home) as instance:
        (run,) = instance.get_runs(limit=1)
        planned = {
            event.asset_key.to_user_string()
            for event in events_of(instance, run, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
        }
        made = {
            event.asset_key.to_user_string()
            for event in events_of(instance, run, dg.DagsterEventType.ASSET_MATERIALIZATION)
        }
    assert [name for name in planned if name.startswith("raw/")] == ["raw/files/orders"]
    assert {"fact_orders", "mart_kpi_daily", "published/tributary"} <= planned
    assert not {"fact_keyword_performance", "stg_google_ads__campaigns"} & planned
    assert planned <= made
    assert "release_info" in made - planned  # it reads the clock, below no stream

    whole = house.tributary("run")
    assert IDLE in whole.stdout, whole.stdout
    assert (whole.returncode, "made up" in whole.stderr) == (3, True)
    assert json.loads(path.read_text())["failed_checks"] == [red]


def test_a_build_of_a_few_models_leaves_no_word(house: House) -> None:
    path = house.home.path / "last_build.json"
    word = path.read_bytes()
    from orchestration import dbt, dbt_manifest

    dbt.set_environment(house.home)
    build = [dbt_manifest.EXECUTABLE, *dbt.build_arguments(["release_info"])]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert not path.exists()
    assert not is_idle()
    path.write_bytes(word)


def test_a_load_only_run_pulls_and_leaves_the_build_to_the_next_run(house: House) -> None:
    before = house.release()
    assert is_idle(load_only=True)
    house.drop("later.csv", "8;2026-11-05 10:00;mug;1;4.00")
    os.utime(house.home.landing_dir("acme", "till") / "later.csv", (0, 0))
    done = house.tributary("run", "--load-only")
    assert done.returncode == 0, done.stderr
    assert "pulled 1 rows of 1 streams" in done.stdout
    assert "the next run builds and publishes what was pulled" in done.stdout
    assert house.release() == before
    with open_instance(house.home) as instance:
        (run,) = instance.get_runs(limit=1)
        made = events_of(instance, run, dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert [event.asset_key.to_user_string() for event in made] == ["raw/files/orders"]
    assert not is_idle()
    assert is_idle(load_only=True)
    again = house.tributary("run", "--load-only", "--json")
    assert (json.loads(again.stdout)["idle"], again.returncode) == (True, 0)


def test_where_nothing_is_sure_to_stand_a_run_is_about_everything(house: House) -> None:
    forget_run(house.home)
    scope = scope_of(open_workspace(), RunRequest())
    assert (scope.due, scope.last, scope.platforms) == (None, None, None)
    dated = RunRequest(platforms=("files",), first=date(2026, 11, 1), last=date(2026, 11, 2))
    scope = scope_of(open_workspace(), dated)
    assert (scope.due, scope.platforms) == (None, {"files", "exchange_rates"})


def events_of(
    instance: dg.DagsterInstance, run: dg.DagsterRun, kind: dg.DagsterEventType
) -> list[dg.DagsterEvent]:
    return [one.get_dagster_event() for one in instance.all_logs(run.run_id, of_type=kind)]
