"""The command itself: help without the engines, and in words that people read."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from orchestration.cli import Commands, app
from orchestration.workspace import open_workspace
from warehouse.home import Home
from warehouse.registry_records import Organization
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

_ASKS_FOR_HELP = """
import sys
from typer.testing import CliRunner
from orchestration.cli import app
result = CliRunner().invoke(app, ["--help"])
assert result.exit_code == 0, result.output
print(sorted({"pyarrow", "duckdb", "sqlalchemy", "requests", "dagster", "dbt"} & set(sys.modules)))
"""

_SHOWS_THE_HELP_OF_ALL = """
import sys
from typer.testing import CliRunner
from orchestration.cli import Commands, app
for name in Commands.PLACES:
    for more in ([], *([sub] for sub in getattr(Commands.load_skeleton(name), "commands", {}))):
        result = CliRunner().invoke(app, [name, *more, "--help"])
        assert result.exit_code == 0, result.output
        result = CliRunner().invoke(app, [name, *more, "-h"])
        assert result.exit_code == 0, result.output
print(sorted({"pyarrow", "duckdb", "sqlalchemy", "requests", "dagster", "dbt"} & set(sys.modules)))
"""
_ASKS_FOR_STATUS = """
import sys
from orchestration import cli
sys.argv = ["tributary", "status", "--json"]
try:
    cli.main()
except SystemExit as ended:
    slow = {"pyarrow", "numpy", "sqlalchemy", "cryptography", "requests", "yaml", "dagster", "dbt"}
    print("exit code", ended.code, sorted(slow & set(sys.modules)))
"""


def _printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == 0, result.output
    return result.output


def test_help_imports_no_engine() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASKS_FOR_HELP], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_help_of_every_command_imports_no_engine() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHOWS_THE_HELP_OF_ALL], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _all_commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in Commands.PLACES:
        below = getattr(Commands.load(name), "commands", {})
        found += [(name, sub) for sub in below] or [(name,)]
    return found


@pytest.mark.parametrize("names", _all_commands(), ids=" ".join)
def test_the_help_of_a_command_names_no_types_of_python(names: tuple[str, ...]) -> None:
    printed = _printed(*names, "--help")
    assert "list[" not in printed
    assert "{" not in next(line for line in printed.splitlines() if "Usage:" in line)
    assert not re.findall(r"<(?:str|bool|int|float)>", printed)


@pytest.mark.parametrize("names", _all_commands(), ids=" ".join)
def test_what_is_shown_of_a_command_is_what_it_takes(names: tuple[str, ...]) -> None:
    def parameters(command: Any) -> list[tuple[object, ...]]:
        for name in names[1:]:
            command = command.commands[name]
        return [
            (one.name, one.opts, one.secondary_opts, one.help, one.metavar, one.required)
            for one in command.get_params(typer.Context(command))
        ] + [(command.help,)]

    assert parameters(Commands.load_skeleton(names[0])) == parameters(Commands.load(names[0]))


@pytest.mark.parametrize("names", _all_commands(), ids=" ".join)
def test_the_help_of_every_command_teaches_and_has_an_example(names: tuple[str, ...]) -> None:
    command = Commands.load(names[0])
    for name in names[1:]:
        command = command.commands[name]
    *said, example = command.help.split("\n\n")
    assert len(said) >= 2, "one paragraph says what it does, another what to know of it"
    assert all(text.endswith((".", "?")) for text in said)
    assert example.startswith("Example: tributary ")
    # The last of several calls is the command's own; a shell's redirection is none of it.
    last = " ".join(example.split()).rpartition("tributary ")[2].partition(" > ")[0]
    words = shlex.split(last)
    assert tuple(words[: len(names)]) == names
    # It is a call that the command takes: options that it has, values of their kinds.
    command.make_context(names[-1], words[len(names) :])


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["con"], ["connections"]),
        (["connections", "a"], ["add", "apply", "authorize"]),
        (["connections", "add", "--sec"], ["--secret", "--secret-env"]),
        (["query", "--fo"], ["--format"]),
        (["query", "--format", "j"], ["json"]),
    ],
    ids=" ".join,
)
def test_words_are_completed_without_an_engine(words: list[str], offered: list[str]) -> None:
    asked = {
        "_TRIBUTARY_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["tributary", *words]),
        "COMP_CWORD": str(len(words)),
    }
    program = (
        "import sys\nfrom orchestration import cli\n"
        "sys.argv = ['tributary']\n"
        "try:\n    cli.main()\n"
        "finally:\n    print(sorted({'pyarrow', 'duckdb', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=True,
    )
    *found, engines = done.stdout.split()
    assert (sorted(found), engines) == (offered, "[]")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_and_installed_for_each_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, f"/bin/{shell}"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for option in ("--show-completion", "--install-completion"):
        done = CliRunner().invoke(app, [option], prog_name="tributary")
        assert done.exit_code == 0, done.output
        if option == "--show-completion":
            assert f"complete_{shell}" in done.output
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(f"complete_{shell}" in path.read_text() for path in files)


def test_status_imports_only_what_it_reads_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    registry = open_workspace().registry
    registry.add_organization(Organization("acme", "Acme"))
    connection = registry.add_connection("acme", "files", "till", None)
    home = Home(tmp_path / "home")
    registry.export(home, [])
    began = datetime(2026, 11, 15, tzinfo=UTC)
    sync_id, _ = SyncIds(lambda: began, None).next()
    given: dict[str, Any] = dict.fromkeys(LogRow.__dataclass_fields__)
    given |= dict.fromkeys(("chunk_id", "rows", "rejected_rows", "bytes", "requests"), 0)
    given |= {"retries": 0, "status": "succeeded", "kind": "changes", "mode": "incremental"}
    given |= {"sync_id": sync_id, "connection_id": connection.connection_id, "stream": "orders"}
    given |= {"organization_id": "acme", "platform": "files", "account_id": "till"}
    row = LogRow(**given | {"fetch_started_at": began, "committed_at": began})
    SyncLog(home).append([row], 0, began.date())
    done = subprocess.run(
        [sys.executable, "-c", _ASKS_FOR_STATUS], capture_output=True, text=True, check=True
    )
    shown, _, imported = done.stdout.rpartition("exit code ")
    assert [row["connection"] for row in json.loads(shown)] == ["acme/files/till"]
    assert imported.strip() == "0 []", done.stderr


def test_help_lists_what_each_command_says_of_itself() -> None:
    listed = " ".join(_printed("-h").replace("│", " ").split())
    for name in Commands.PLACES:
        command = Commands.load(name)
        first = command.help.split("\n\n")[0]
        assert f"{name} {first}" in listed


def test_the_version_is_that_of_the_package() -> None:
    assert _printed("--version") == f"tributary {version('tributary')}\n"


def test_an_unknown_command_is_a_wrong_call() -> None:
    assert CliRunner().invoke(app, ["nonsense"]).exit_code == 2
