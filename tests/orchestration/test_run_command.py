"""`tributary run`: which accounts it asks for, and what its report ends with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration import cli
from orchestration.commands import run as run_command
from orchestration.run_records import RunRequest, RunResult
from orchestration.sources import select_sources
from orchestration.workspace import Workspace, open_workspace
from warehouse.registry_records import Organization
from warehouse.sync_rows import LogRow

Run = Callable[..., tuple[int, str, str]]


@dataclass
class Pipeline:
    """Stands for the pipeline: keeps what was asked of it and returns what a test says."""

    result: RunResult = field(default_factory=lambda: RunResult("run", success=True))
    asked: list[RunRequest] = field(default_factory=list)

    def __call__(self, _space: Workspace, request: RunRequest, quiet: bool = False) -> RunResult:
        self.asked.append(request)
        return self.result


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL", "TRIBUTARY_SANDBOX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    registry = open_workspace().registry
    for name in ("acme", "beta"):
        registry.add_organization(Organization(name, name))
        registry.add_credential(name, "shopify", {"access_token": "shpat_any"}, name)
        for account in ("north", "south"):
            registry.add_connection(name, "shopify", f"{name}-{account}", name)
    made = Pipeline()
    monkeypatch.setattr(run_command, "run_with_progress", made)
    return made


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", "run", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def test_one_connection_is_asked_for_alone(pipeline: Pipeline, run: Run) -> None:
    code, _, complained = run("--connection", "acme/shopify/acme-south")
    assert (code, complained) == (0, "")
    (request,) = pipeline.asked
    assert list(request.platforms) == ["shopify"]
    space = open_workspace()
    platform = space.platforms["shopify"]

    def accounts(connection: str | None) -> list[str]:
        sources = select_sources(space, platform, "orders", run_id="r", connection=connection)
        return sorted(source.account.id for source in sources)

    assert accounts(request.connection) == ["acme-south"]
    assert accounts(None) == ["acme-north", "acme-south", "beta-north", "beta-south"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--connection", "acme/shopify/nowhere"], "acme/shopify/nowhere"),
        (
            ["--connection", "acme/shopify/acme-south", "--organization", "beta"],
            "acme/shopify/acme-south is not of organization beta; give one of both",
        ),
        (
            ["--connection", "acme/shopify/acme-south", "--platform", "meta_ads"],
            "acme/shopify/acme-south is not of platform meta_ads; give one of both",
        ),
    ],
    ids=["unknown", "other organization", "other platform"],
)
def test_a_connection_that_does_not_fit_is_a_wrong_call(
    pipeline: Pipeline, run: Run, arguments: list[str], said: str
) -> None:
    code, _, complained = run(*arguments)
    assert code == 2
    assert said in " ".join(complained.split())
    assert pipeline.asked == []


def test_the_report_ends_with_what_readers_have_and_how_long_it_took(
    pipeline: Pipeline, run: Run
) -> None:
    code, printed, _ = run()
    assert code == 0
    assert re.fullmatch(
        r"nothing is published; the run took \d+ s", printed.strip().splitlines()[-1]
    )


def test_json_does_not_call_success_what_left_an_account_out(pipeline: Pipeline, run: Run) -> None:
    failed: dict[str, Any] = dict.fromkeys(LogRow.__dataclass_fields__)
    failed |= {
        "organization_id": "acme",
        "platform": "shopify",
        "account_id": "acme-south",
        "stream": "orders",
        "status": "failed",
        "error_class": "AuthRejected",
        "fetch_started_at": datetime(2026, 11, 15, tzinfo=UTC),
    }
    counts = ("rows", "rejected_rows", "bytes", "requests", "retries")
    row = LogRow(**failed | dict.fromkeys(counts, 0))
    pipeline.result = RunResult("run", success=True, log_rows=[row])
    code, printed, _ = run("--json")
    record = json.loads(printed)
    assert (code, record["success"], record["exit_code"]) == (3, False, 3)
    pipeline.result = RunResult("run", success=True)
    assert json.loads(run("--json")[1])["success"] is True
