"""docs/connections.md: its steps for each platform, as they are written, against the sandbox.

What the reader puts in of their own (ids, secrets, the consent in a browser) is the sandbox's.
`tributary run` pulls in this process and leaves out dbt, which takes minutes; the questions that
end each list are asked of the demo's release (tests/end_to_end/test_docs.py).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.core.pacing import SCALE_VARIABLE
from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from orchestration import cli, consent
from orchestration.commands import run as run_command
from orchestration.freshness import connection_states
from orchestration.pull import Pull, pull
from orchestration.run_records import RunRequest, RunResult
from orchestration.sources import select_sources
from orchestration.workspace import Workspace, open_workspace
from warehouse import apply_file
from warehouse.sync_log import SyncLog

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connections.md"
NOW = "2026-11-16T17:00:00+00:00"
OWN = {
    "1234.apps.googleusercontent.com": "sandbox.apps.googleusercontent.com",
    "123-456-7890": "410-000-0037",
    "1234567890": "4100000037",
    "9876543210": "4100000037",
    "212551616838260": "990000000000037",
    "acme-store": "acme-outdoor",
    "0123456789abcdef": "sandbox-client",
}
"""What stands in the page -> what the sandbox has in its place."""
SECRETS = {
    "GOOGLE_CLIENT_SECRET": "sandbox-secret-acme_outdoor",
    "META_ACCESS_TOKEN": "EAAZsandboxAcmeoutdoor",
    "SHOPIFY_CLIENT_SECRET": "shpss_sandbox_acme-outdoor",
    "ACME_CLIENT_SECRET": "sandbox-secret-acme_outdoor",
    "ACME_REFRESH_TOKEN": "1//sandbox-acme_outdoor",
}
ORDERS = (
    "receipt,at,article,units,price\n1,2026-11-10 09:30,tea,2,4.50\n2,2026-11-11 10:00,pot,1,20\n"
)

Follow = Callable[[str], str]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=5)) as running:
        yield running


@pytest.fixture
def follow(
    sandbox: SandboxClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Follow:
    """Follows the steps of a section; returns what was printed."""
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "tributary"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", NOW)
    monkeypatch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
    monkeypatch.setenv(SCALE_VARIABLE, "0")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(consent.webbrowser, "open", _browse)
    monkeypatch.setattr(run_command, "run_with_progress", _pull)
    monkeypatch.chdir(tmp_path)
    sandbox.set_clock(NOW)

    def call(section: str) -> str:
        printed = ""
        for language, block in _blocks(section):
            if language == "yaml":
                (tmp_path / "till.yaml").write_text(block)
                (tmp_path / "orders.csv").write_text(ORDERS)
            else:
                printed += _session(block, monkeypatch, capsys)
        return printed

    return call


def _browse(address: str) -> bool:
    """Opens a page as a browser does, which follows where it is sent."""
    threading.Thread(target=lambda: urllib.request.urlopen(address, timeout=60).read()).start()
    return True


def _pull(space: Workspace, request: RunRequest, quiet: bool = False) -> RunResult:
    run_id = str(uuid.uuid4())
    for platform in request.platforms:
        for stream in space.platforms[platform].streams:
            sources = select_sources(space, space.platforms[platform], stream.name, run_id=run_id)
            pull(Pull(space.home, space.platforms[platform], stream, run_id), sources)
    rows = [row for row in SyncLog(space.home).rows() if row.run_id == run_id]
    return RunResult(run_id, success=True, log_rows=rows)


def _blocks(section: str) -> list[tuple[str, str]]:
    text = PAGE.read_text()
    start = text.index(f"\n{section}\n")
    end = re.compile(r"^#{2,3} ", re.MULTILINE).search(text, start + len(section) + 1)
    found = re.findall(r"```(\w+)\n(.*?)```", text[start : end.start() if end else None], re.DOTALL)
    assert found, section
    return found


def _session(
    block: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    printed = ""
    for line in block.replace("\\\n", " ").splitlines():
        for ours, theirs in OWN.items():
            line = line.replace(ours, theirs)
        words = [os.path.expandvars(word) for word in shlex.split(line, comments=True)]
        if not words:
            continue
        if words[0] == "export":
            for word in words[1:]:
                name, _, value = word.partition("=")
                monkeypatch.setenv(name, SECRETS[name] if value == "…" else value)
        elif words[0] == "tributary":
            if words[1] == "query":
                continue  # nothing is published here
            monkeypatch.setattr("sys.argv", words)
            with pytest.raises(SystemExit) as ended:
                cli.main()
            printed_now = capsys.readouterr()
            assert not ended.value.code, (line, printed_now.out, printed_now.err)
            printed += printed_now.out
        else:
            assert words[0] in {"mkdir", "cp"}, line
            subprocess.run(words, check=True)
            if words[0] == "cp":
                # The reader takes longer over the next line.
                os.utime(Path(words[-1]) / words[1], (1.79e9, 1.79e9))
    for secret in SECRETS.values():
        assert secret not in printed
    return printed


def _is_well(platform: str, account: str) -> None:
    (state,) = [
        one
        for one in connection_states(open_workspace())
        if one.connection.platform == platform and one.connection.account_id == account
    ]
    assert (state.state, state.error) == ("ok", "")
    assert state.rows > 0


def test_google_ads_from_nothing_to_the_first_row(follow: Follow) -> None:
    printed = follow("### Google Ads")
    assert "added credential acme.google_ads; it reaches:" in printed
    assert "2 accounts, 2 of them new" in printed
    assert "ok: Acme Outdoor EU (EUR, Europe/Berlin)" in printed
    _is_well("google_ads", "4100000037")


def test_meta_ads_from_nothing_to_the_first_row(follow: Follow) -> None:
    assert "ok: " in follow("### Meta Ads")
    _is_well("meta_ads", "990000000000037")
    assert "unchanged credential acme.meta_ads" in follow("## Secrets by one command")


def test_shopify_from_nothing_to_the_first_row(follow: Follow) -> None:
    printed = follow("### Shopify")
    assert "ok: " in printed
    assert "warning" not in printed
    _is_well("shopify", "acme-outdoor")


def test_files_from_nothing_to_the_first_row(follow: Follow) -> None:
    printed = follow("### Files")
    assert re.search(r"orders\.csv .* loaded", printed)
    _is_well("files", "till")


def test_exchange_rates_from_nothing_to_the_first_row(follow: Follow) -> None:
    follow("### Exchange rates")
    _is_well("exchange_rates", "ecb")


def test_the_file_of_the_page_connects_all_platforms(
    follow: Follow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = next(block for language, block in _blocks("## A file") if language == "yaml")
    for ours, theirs in OWN.items():
        text = text.replace(ours, theirs)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    space = open_workspace()
    declared = apply_file.parse_text(text, space.credential_fields(), account_id=space.account_id)
    apply_file.apply(space.registry, declared)
    connected = {one.platform: one.account_id for one in space.registry.connections()}
    assert set(connected) == {"google_ads", "meta_ads", "shopify"}
    for platform in ("meta_ads", "shopify"):
        command = f"tributary connections test acme/{platform}/{connected[platform]}"
        _session(command, monkeypatch, capsys)
