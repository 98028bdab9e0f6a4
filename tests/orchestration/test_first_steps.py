"""A home without connections says so, whichever command is called, and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.commands import run as run_command
from orchestration.run_records import RunResult
from orchestration.workspace import open_workspace
from warehouse.registry_records import Organization

Command = Callable[..., tuple[int, str, str]]
SAID = "you have no connections: nothing is pulled into {home} yet\n  an account: "


@pytest.fixture
def tributary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL", "TRIBUTARY_SANDBOX"):
        monkeypatch.delenv(name, raising=False)
    result = RunResult("run", success=True)
    monkeypatch.setattr(run_command, "run_with_progress", lambda *_, **__: result)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("status", 0),
        ("connections list", 0),
        ("connections discover", 0),
        ("run", 2),
        ("files list acme/till", 2),
        ("query 1", 1),
    ],
)
@pytest.mark.parametrize("is_shared", [False, True], ids=["empty", "feeds alone"])
def test_an_empty_home_says_what_to_do(
    tributary: Command, tmp_path: Path, command: str, code: int, is_shared: bool
) -> None:
    if is_shared:
        registry = open_workspace().registry
        registry.ensure_shared_organization()
        registry.add_connection("_shared", "exchange_rates", "ecb", None)
    ended, printed, complained = tributary(*command.split())
    if command == "status" and is_shared:
        assert ended == 3  # the feed was never pulled
    else:
        assert ended == code
    said = printed + complained
    assert SAID.format(home=tmp_path / "home") in said
    assert "tributary connections add --help" in said
    assert "docs/connections.md" in said
    assert (said == complained) == (code > 0)


def test_for_machines_an_empty_home_is_an_empty_list(tributary: Command) -> None:
    for command in ("status", "connections list"):
        code, printed, _ = tributary(*command.split(), "--json")
        assert (code, json.loads(printed)) == (0, [])


def test_a_home_whose_accounts_were_all_removed_still_runs(tributary: Command) -> None:
    registry = open_workspace().registry
    registry.add_organization(Organization("acme", "Acme"))
    made = registry.add_connection("acme", "files", "till", None)
    registry.remove(made.connection_id)
    code, printed, complained = tributary("run")
    assert (code, complained) == (0, "")
    assert "no connections" not in printed
