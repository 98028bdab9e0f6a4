"""What `tributary run` prints: each trouble once, and what it counts meanwhile."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress, TextColumn

from connectors.core.errors import AuthRejected, ServerTrouble
from connectors.platforms import load
from orchestration import cli
from orchestration.build_report import report_path
from orchestration.commands import run as run_command
from orchestration.commands.run_report import HEALTH, not_pulled, report
from orchestration.defs import raw_checks
from orchestration.progress import announce, count_models, page_progress, watching
from orchestration.run_records import RunResult
from orchestration.terminal import SafeConsole
from orchestration.workspace import open_workspace
from tests.orchestration.made_up_platform import made_up, open_home, pull_accounts
from warehouse.registry_records import Organization, connection_id
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

NOON = datetime(2026, 11, 15, 12, tzinfo=UTC)
STREAMS = [f"stream_{n:02d}" for n in range(13)]


def _row(stream: str, account: str, error: AuthRejected | ServerTrouble) -> LogRow:
    error = type(error)(error.message, remedy=error.remedy).located(
        platform="google_ads",
        stream=stream,
        account=account,
        window="2026-11-01..2026-11-16",
        url=f"https://googleads.googleapis.com/{account}/{stream}",
    )
    given: dict[str, Any] = dict.fromkeys(LogRow.__dataclass_fields__)
    given |= dict.fromkeys(("rows", "rejected_rows", "bytes", "requests", "retries"), 0)
    given |= {"organization_id": "acme", "platform": "google_ads", "account_id": account}
    given |= {"connection_id": connection_id("acme", "google_ads", account), "stream": stream}
    given |= {"status": "failed", "fetch_started_at": NOON, "error_class": type(error).__name__}
    return LogRow(**given | {"error_message": str(error)})


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    registry = open_workspace().registry
    registry.add_organization(Organization("acme", "Acme"))
    registry.add_credential("acme.google_ads", "google_ads", {"refresh_token": "x"}, "acme")
    for account in ("1", "2"):
        registry.add_connection("acme", "google_ads", account, "acme.google_ads")


def test_one_wrong_credential_is_said_once() -> None:
    wrong = AuthRejected("the token address refused the credential", remedy="Connect it again.")
    rows = [_row(stream, account, wrong) for account in ("1", "2") for stream in STREAMS]
    assert not_pulled(RunResult("run", success=True, log_rows=rows)) == [
        "not pulled: acme/google_ads/1, acme/google_ads/2 (13 streams: stream_00, stream_01, "
        "stream_02, stream_03, stream_04, …; credential acme.google_ads): AuthRejected: the token "
        "address refused the credential.",
        "  what to do: Connect it again.",
    ]


def test_other_reasons_are_other_lines() -> None:
    rows = [
        _row("ads", "1", ServerTrouble("it is down", remedy="Wait.")),
        _row("ads", "2", AuthRejected("revoked", remedy="Grant it.")),
    ]
    assert not_pulled(RunResult("run", success=True, log_rows=rows)) == [
        "not pulled: acme/google_ads/1 (ads): ServerTrouble: it is down.",
        "  what to do: Wait.",
        "not pulled: acme/google_ads/2 (ads): AuthRejected: revoked.",
        "  what to do: Grant it.",
    ]


def test_status_says_one_reason_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", NOON.isoformat())
    wrong = AuthRejected("the token address refused the credential", remedy="Connect it again.")
    log = SyncLog(open_workspace().home)
    sync_id, _ = SyncIds(lambda: NOON, None).next()
    rows = [
        replace(
            _row("ads", account, wrong),
            sync_id=sync_id, chunk_id=0, kind="snapshot", mode="full", committed_at=NOON,
        )
        for account in ("1", "2")
    ]  # fmt: skip
    log.append(rows, 0, NOON.date())
    monkeypatch.setattr("sys.argv", ["tributary", "status"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert capsys.readouterr().out.splitlines()[-5:] == [
        "",
        "acme/google_ads/1 (ads)",
        "acme/google_ads/2 (ads)",
        "  error:      AuthRejected: the token address refused the credential.",
        "  what to do: Connect it again.",
    ]


@pytest.mark.parametrize("command", ["status", "releases"])
def test_what_holds_a_release_back_is_no_list_of_every_test(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    home = open_workspace().home
    waiting = [f"test {n}: has not run since its tables changed" for n in range(170)]
    report_path(home).write_text(json.dumps({"is_building": False, "blockers": waiting}))
    monkeypatch.setattr("sys.argv", ["tributary", command])
    with pytest.raises(SystemExit):
        cli.main()
    printed = "".join(capsys.readouterr())
    assert printed.count("has not run since its tables changed") == 5
    assert "and 165 more" in printed


def test_a_check_that_is_red_on_many_assets_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [f"raw/google_ads/{stream}: connections_healthy" for stream in STREAMS]
    report(RunResult("run", success=True, failed_checks=[*checks, "a: other", "b: other: why"]))
    complained = capsys.readouterr().err.splitlines()
    assert complained[0].startswith("red check: 13 assets: raw/google_ads/stream_00, ")
    assert complained[0].endswith(", …: connections_healthy")
    assert complained[1:] == ["red check: a: other", "red check: b: other: why"]


def test_the_reason_of_a_red_check_is_not_said_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert HEALTH == raw_checks.CHECK
    wrong = AuthRejected("revoked", remedy="Grant it.")
    rows = [_row(stream, "1", wrong) for stream in STREAMS[:2]]
    checks = [f"raw/google_ads/{stream}: {HEALTH}: failed: acme/1: it" for stream in STREAMS[:3]]
    report(RunResult("run", success=True, log_rows=rows, failed_checks=checks))
    assert capsys.readouterr().err.splitlines()[2:] == [
        "red check: raw/google_ads/stream_00, raw/google_ads/stream_01: connections_healthy",
        "red check: raw/google_ads/stream_02: connections_healthy: failed: acme/1: it",
    ]


def test_platforms_that_nobody_has_connected_are_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("orchestration.runs.run_pipeline", lambda *_: RunResult("r", success=True))
    open_workspace().registry.add_organization(Organization("other", "Other"))

    def said(*arguments: str) -> list[str]:
        monkeypatch.setattr("sys.argv", ["tributary", "run", *arguments])
        with pytest.raises(SystemExit):
            cli.main()
        printed = capsys.readouterr()
        assert printed.err == ""
        return [line for line in printed.out.splitlines() if "connected" in line]

    own = sorted(name for name, platform in load().items() if not platform.shared)
    others = ", ".join(name for name in own if name != "google_ads")
    assert said() == [f"not connected: {others}"]
    assert said("--platform", "google_ads", "--platform", "exchange_rates") == []
    assert said("--organization", "other") == [f"not connected: {', '.join(own)}"]


@dataclass
class Shown:
    """A progress line that keeps everything it ever said."""

    lines: list[str] = field(default_factory=list)

    def watcher(self, monkeypatch: pytest.MonkeyPatch) -> run_command._Terminal:
        console = SafeConsole(file=io.StringIO(), force_terminal=True)
        progress = Progress(TextColumn("{task.description}"), console=console)
        update: Callable[..., None] = progress.update

        def keep(task: Any, **given: Any) -> None:
            self.lines.append(given["description"])
            update(task, **given)

        monkeypatch.setattr(progress, "update", keep)
        return run_command._Terminal(progress)


def test_a_run_counts_accounts_rows_and_models(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Shown()
    with watching(shown.watcher(monkeypatch)):
        page_progress("google_ads", "ads")(1200, 9)
        announce("building and testing the warehouse")
        count_models(3, 89)
    assert shown.lines == [
        "pulling google_ads/ads: 1,200 rows",
        "building and testing the warehouse",
        "building and testing the warehouse: 3 of 89 models",
    ]


def test_a_pull_counts_its_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, shown = open_home(tmp_path / "made_up", monkeypatch), Shown()
    platform = made_up()
    with watching(shown.watcher(monkeypatch)):
        pull_accounts(home, platform, "a", "b", "c")
    name = f"pulling {platform.name}/{platform.streams[0].name}"
    assert shown.lines == [f"{name}: {n} of 3 accounts, 0 rows" for n in (0, 1, 2, 3)]
