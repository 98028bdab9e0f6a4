"""The command itself: help without the engines, and in words that people read."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from orchestration.cli import Commands, app

_ASKS_FOR_HELP = """
import sys
from typer.testing import CliRunner
from orchestration.cli import app
result = CliRunner().invoke(app, ["--help"])
assert result.exit_code == 0, result.output
print(sorted({"pyarrow", "duckdb", "sqlalchemy", "requests", "dagster", "dbt"} & set(sys.modules)))
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


def test_help_lists_what_each_command_says_of_itself() -> None:
    listed = " ".join(_printed("-h").replace("│", " ").split())
    for name in Commands.PLACES:
        command = Commands.load(name)
        first = command.help.split("\n\n")[0]
        assert f"{name} {first}" in listed


@pytest.mark.parametrize("name", Commands.PLACES)
def test_the_help_of_a_command_names_no_types_of_python(name: str) -> None:
    printed = _printed(name, "--help")
    assert "list[" not in printed
    assert not re.findall(r"<(?:str|bool|int|float)>", printed)


def test_the_version_is_that_of_the_package() -> None:
    assert _printed("--version") == f"tributary {version('tributary')}\n"


def test_an_unknown_command_is_a_wrong_call() -> None:
    assert CliRunner().invoke(app, ["nonsense"]).exit_code == 2
