"""Errors that end a command: one line that says which file, what is lost and what to do."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dbt_common.exceptions import DbtBaseException

from orchestration import cli, dbt_manifest, definitions, event_storage
from orchestration.defs.schedules import PIPELINE_JOB
from orchestration.instance import open_instance
from orchestration.workspace import open_workspace
from tests.small_disk import SmallDisk
from warehouse import registry_tables
from warehouse.home import Home
from warehouse.registry_records import Organization

CANARY = "c4n4ry-Of-Every-Secret"
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: len(content) // 2],
    "garbage": lambda content: b"\x00garbage\xff" * (len(content) // 9),
    "garbage behind the first page": lambda content: content[:4096] + b"\xff" * 4096 * 40,
}
MAPPING = """
target: orders
kind: changes
time_zone: Europe/Berlin
currency: EUR
columns: {order_id: order, ordered_at: at, product_name: thing, quantity: units, unit_price: price}
"""
OF_DAGSTER = ["history/runs.db", "history/index.db", "schedules/schedules.db"]

Command = Callable[..., tuple[int, str]]


@dg.asset
def nothing() -> None:
    """The whole pipeline: it ends as soon as it has begun."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a registry and Dagster's databases."""
    path = tmp_path_factory.mktemp("template") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_HOME", str(path))
        patch.setenv("TRIBUTARY_KEY_FILE", str(path.with_name("key")))
        patch.setenv("DAGSTER_HOME", "")
        patch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
        registry = open_workspace().registry
        registry.add_organization(Organization("acme", "Acme"))
        registry.add_connection("acme", "files", "till", None)
        with open_instance(Home(path)) as instance:
            instance.get_runs_count()
            instance.all_asset_keys()
    return path


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    found = Home(tmp_path / "home")
    shutil.copytree(template, found.path, symlinks=True)
    monkeypatch.setenv("TRIBUTARY_HOME", str(found.path))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(template.with_name("key")))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    monkeypatch.delenv("TRIBUTARY_DAGSTER_DATABASE_URL", raising=False)
    monkeypatch.setattr(registry_tables, "BUSY_SECONDS", 0)
    monkeypatch.setattr(event_storage, "BUSY_TIMEOUT_SECONDS", 0)
    _becomes(monkeypatch, nothing)
    return found


def _becomes(
    monkeypatch: pytest.MonkeyPatch, *assets: dg.AssetsDefinition, **resources: object
) -> None:
    """Makes the pipeline of other assets, without dbt, which takes a minute."""
    made = dg.Definitions(
        assets=[*assets], jobs=[dg.define_asset_job(PIPELINE_JOB)], resources=resources
    )
    monkeypatch.setattr(definitions, "build_definitions", lambda *_: made)


@pytest.fixture
def tributary(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process; returns its exit code and what it said."""

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr().err.strip()
        return int(ended.value.code or 0), said

    return call


def _is_one_line(said: str) -> bool:
    lines = [line for line in said.splitlines() if line]
    return "Traceback" not in said and len(lines) == 1 and lines[0].startswith("error: ")


def _damage(path: Path, how: str) -> None:
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()
    path.write_bytes(DAMAGES[how](path.read_bytes()))


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", OF_DAGSTER)
def test_a_damaged_database_of_dagster_costs_its_history_alone(
    home: Home, tributary: Command, name: str, how: str
) -> None:
    path = home.dagster_dir / name
    _damage(path, how)
    code, said = tributary("run")
    assert code == 1
    assert _is_one_line(said), said
    assert str(path) in said
    assert "Lost with it is only Dagster's own history" in said
    assert "the lake, the warehouse and what is published stay" in said
    assert f"Move {path.parent} away" in said
    path.parent.rename(home.path / "away")
    assert tributary("run") == (0, "")


@pytest.mark.parametrize("name", OF_DAGSTER)
def test_the_ui_is_not_started_on_a_damaged_database(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(dbt_manifest, "parsed", lambda _: pytest.fail("it went on"))
    _damage(home.dagster_dir / name, "garbage")
    code, said = tributary("dev", "--port", "0")
    assert code == 1
    assert _is_one_line(said), said
    assert f"{home.dagster_dir / name}: file is not a database. Lost with it is only" in said


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_registry_costs_the_connections(home: Home, tributary: Command, how: str) -> None:
    _damage(home.control_db, how)
    code, said = tributary("status")
    assert code == 1
    assert _is_one_line(said), said
    assert str(home.control_db) in said
    assert "connections apply FILE" in said


@pytest.mark.parametrize(
    ("name", "command"), [("control.db", "organizations list"), ("dagster/history/index.db", "run")]
)
def test_a_locked_database_is_not_called_damaged(
    home: Home, tributary: Command, name: str, command: str
) -> None:
    with closing(sqlite3.connect(home.path / name)) as connection:
        connection.execute("pragma journal_mode = delete")
        connection.execute("begin exclusive")
        code, said = tributary(*command.split())
    assert code == 1
    assert _is_one_line(said), said
    assert f"{home.path / name}: database is locked. Another process is writing it" in said
    assert "damage" not in said
    assert "Lost" not in said
    assert tributary(*command.split())[0] == 0


@pytest.mark.parametrize(
    "error",
    [
        DbtBaseException("no such\nprofile"),
        dg.DagsterInvariantViolationError("no such\nprofile"),
    ],
    ids=["dbt", "dagster"],
)
def test_errors_of_dbt_and_dagster_need_no_traceback(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    _fails_with(monkeypatch, error)
    code, said = tributary("run")
    assert code == 1
    assert _is_one_line(said), said
    assert f"{type(error).__name__}: no such profile. The lake and what is published stay" in said


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_step_without_room_says_what_to_free(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    @dg.asset
    def writes() -> None:
        raise OSError(number, os.strerror(number), "/lake/some.parquet")

    _becomes(monkeypatch, writes)
    code, said = tributary("run")
    assert code == 1
    assert not any(words in said for words in ("Traceback", "Stack Trace", "test_trouble.py"))
    assert said.startswith("failed: writes: ")
    assert f"{os.strerror(number)}: '/lake/some.parquet'" in said
    assert f"no space left while writing under {home.path} (the disk is full; " in said
    assert "Nothing was committed, and what is published stays. Free space on that disk" in said


def test_a_command_on_a_full_disk_says_so_and_the_next_one_goes_on(
    home: Home, disk: SmallDisk, tributary: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's own databases, the registry and the log of a run have no room."""
    full = Home(disk.path / "home")
    shutil.copytree(home.path, full.path, symlinks=True)
    monkeypatch.setenv("TRIBUTARY_HOME", str(full.path))
    added = "connections add --organization acme --platform files --account till"
    mapping = full.path / "till.yaml"
    mapping.write_text(MAPPING)
    disk.fill()
    for command in ("run", f"{added} --mapping {mapping}"):
        code, said = tributary(*command.split())
        assert code == 1
        assert _is_one_line(said), said
        assert f"no space left while writing under {full.path}" in said
        assert " 0 MB free of 0.0 GB). Nothing was committed" in said
    disk.make_room()
    assert tributary(*f"{added} --mapping {mapping}".split())[0] == 0
    assert tributary("run") == (0, "")


def test_an_error_that_nobody_foresaw_is_shown_without_secrets(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fails_with(monkeypatch, LookupError(f"at https://example.test/?access_token={CANARY}"))
    code, said = tributary("run")
    assert code == 1
    assert "LookupError: at https://example.test/?access_token=***" in said
    assert "Traceback" in said
    assert CANARY not in said


def test_a_step_with_an_error_that_nobody_foresaw_shows_the_way_to_it(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def looks() -> None:
        raise LookupError(f"at https://example.test/?access_token={'of nobody'.replace(' ', '_')}")

    _becomes(monkeypatch, looks)
    code, said = tributary("run")
    assert code == 1
    assert said.startswith("failed: looks: LookupError: at https://example.test/?access_token=***")
    assert "unforeseen, please report it:\n  File " in said
    assert "in looks\n" in said
    assert "of_nobody" not in said


def test_a_step_that_meets_a_damaged_file_says_what_finds_the_remedy(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def reads() -> None:
        duckdb.connect(str(home.serve_db))

    home.serve_db.write_bytes(b"garbage" * 1000)
    _becomes(monkeypatch, reads)
    code, said = tributary("run")
    assert code == 1
    assert str(home.serve_db) in said
    assert "`tributary doctor` says which files are damaged and what mends them" in said


def test_a_run_that_fails_outside_of_its_steps_says_why(
    home: Home, tributary: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.resource
    def broken() -> None:
        raise ValueError("the resource has no address")

    @dg.asset(required_resource_keys={"broken"})
    def uses() -> None: ...

    _becomes(monkeypatch, uses, broken=broken)
    code, said = tributary("run")
    assert code == 1
    assert said.startswith("failed: ")
    assert "the resource has no address" in said


def _fails_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def build_definitions(*_: object) -> None:
        raise error

    monkeypatch.setattr(definitions, "build_definitions", build_definitions)
