"""The steps that connect each platform, as they are written, against the sandbox.

They stand in `connecting.md` of each platform's folder; docs/connections.md has what they share.
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
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from connectors import platforms
from connectors.core import clock
from connectors.core.pacing import SCALE_VARIABLE
from connectors.platforms.webhooks.events import Event
from connectors.platforms.webhooks.records import line_of
from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from orchestration import cli, consent
from orchestration.commands import run as run_command
from orchestration.freshness import connection_states
from orchestration.pull import Pull, pull
from orchestration.run_records import RunRequest, RunResult
from orchestration.sources import select_sources
from orchestration.webhooks.endpoints import Endpoints
from orchestration.workspace import Workspace, open_workspace
from warehouse import apply_file
from warehouse.sync_log import SyncLog

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "connections.md"
PLATFORMS = platforms.load()
NOW = "2026-11-16T17:00:00+00:00"
SAYS = {
    "google_ads": ("added credential acme.google_ads; it reaches:", "2 accounts, 2 of them new"),
    "events": (
        "drop files of web_shop in",
        r"first\.ndjson: of its first lines 1 are events",
    ),
    "files": (r"orders\.csv .* loaded",),
}
"""What the steps of a platform print besides."""
ORDERS = (
    "receipt,at,article,units,price\n1,2026-11-10 09:30,tea,2,4.50\n2,2026-11-11 10:00,pot,1,20\n"
)

Follow = Callable[[str, str], str]
_FIELD = re.compile(r"--secret(?:-env)? (\w+)=")


@dataclass(frozen=True)
class Own:
    """An account of the sandbox's, in place of the reader's own, with its credential."""

    account: str
    secrets: dict[str, str]


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
    """Follows the steps of a platform that stand in a text; returns what was printed."""
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

    def call(platform: str, text: str) -> str:
        blocks = _blocks(text)
        fields = {name for _, block in blocks for name in _FIELD.findall(block)}
        own, printed = _own(sandbox, platform, fields), ""
        for language, block in blocks:
            if language == "yaml":
                (tmp_path / "till.yaml").write_text(block)
                (tmp_path / "orders.csv").write_text(ORDERS)
            elif language == "json":
                (tmp_path / "first.ndjson").write_text(block)
            else:
                printed += _session(block, platform, own, monkeypatch, capsys)
        return printed

    return call


def _own(sandbox: SandboxClient, platform: str, fields: set[str]) -> Own | None:
    """Returns the first account whose credential has these fields; None if there is none."""
    served = yaml.safe_load(sandbox.connections_yaml())
    secrets = {one["id"]: one["secrets"] for one in served["credentials"]}
    accounts = [one for one in served["connections"] if one["platform"] == platform]
    fit = [one for one in accounts if fields <= secrets[one["credential"]].keys()]
    assert bool(fit) == bool(accounts), fields
    return Own(fit[0]["account"], secrets[fit[0]["credential"]]) if fit else None


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


def _blocks(text: str) -> list[tuple[str, str]]:
    found = re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)
    assert found
    return found


def _section(heading: str) -> str:
    text = PAGE.read_text()
    start = text.index(f"\n{heading}\n")
    end = re.compile(r"^#{2,3} ", re.MULTILINE).search(text, start + len(heading) + 1)
    return text[start : end.start() if end else None]


def _as_own(words: list[str], platform: str, own: Own, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """Puts the sandbox's account and secrets in place of those of the page."""
    read = PLATFORMS[platform].account_id
    for before, word in zip(["", *words], words, strict=False):
        name, _, value = word.partition("=")
        if before == "--secret":
            yield f"{name}={own.secrets[name]}"
        elif before == "--secret-env":
            patch.setenv(value, own.secrets[name])
            yield word
        elif before == "--account" or word.count("/") == 2:
            *place, account = word.split("/")
            assert read(account) == PLATFORMS[platform].account_ids.example
            yield "/".join([*place, own.account])
        else:
            yield word


def _session(
    block: str,
    platform: str,
    own: Own | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    printed = ""
    for line in block.replace("\\\n", " ").splitlines():
        words = [os.path.expandvars(word) for word in shlex.split(line, comments=True)]
        if words and own and words[0] == "tributary":
            words = list(_as_own(words, platform, own, monkeypatch))
        if not words:
            continue
        if words[0] == "export":
            assert all(word.endswith("=…") for word in words[1:])  # the next command names them
            for word in words[1:] if own is None else ():
                monkeypatch.setenv(word.removesuffix("=…"), "of the reader")
        elif words[0] == "tributary":
            if words[1] == "query":
                continue  # nothing is published here
            monkeypatch.setattr("sys.argv", words)
            with pytest.raises(SystemExit) as ended:
                cli.main()
            printed_now = capsys.readouterr()
            assert not ended.value.code, (line, printed_now.out, printed_now.err)
            printed += printed_now.out
            if words[1] == "webhooks":
                _send_a_test()
        else:
            assert words[0] in {"mkdir", "cp"}, line
            subprocess.run(words, check=True)
            if words[0] == "cp":
                # The reader takes longer over the next line.
                os.utime(Path(words[-1]) / words[1], (1.79e9, 1.79e9))
    hidden = [one.name for one in PLATFORMS[platform].credential_fields if one.secret]
    for name in hidden if own else ():
        assert own.secrets.get(name, "\0") not in printed
    return printed


def _send_a_test() -> None:
    """Lets the sender of each endpoint post an event, which the receiver has stored."""
    space = open_workspace()
    for one in Endpoints(space, clock.now(), takes=False).all().values():
        event = Event("0" * 32, "", None, "L1", b'{"lead_id":"L1","is_test":true}')
        one.folder.mkdir(parents=True, exist_ok=True)
        line = line_of(one.sender_name, event, clock.now())
        (one.folder / "20261116T170000.000000-00000000.ndjson").write_bytes(line)


def _is_well(platform: str, account: str) -> None:
    (state,) = [
        one
        for one in connection_states(open_workspace())
        if one.connection.platform == platform and one.connection.account_id == account
    ]
    assert (state.state, state.error) == ("ok", "")
    assert state.rows > 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_from_nothing_to_the_first_row(
    follow: Follow, sandbox: SandboxClient, platform: str
) -> None:
    text = (ROOT / "connectors/platforms" / platform / "connecting.md").read_text()
    printed = follow(platform, text)
    assert "warning" not in printed
    assert ("ok: " in printed) == (f"tributary connections test acme/{platform}/" in text)
    for words in SAYS.get(platform, ()):
        assert re.search(words, printed), words
    (state,) = connection_states(open_workspace())
    assert (state.connection.platform, state.state, state.error) == (platform, "ok", "")
    assert state.rows > 0


def test_a_secret_is_changed_by_one_command(follow: Follow) -> None:
    steps = (ROOT / "connectors/platforms/meta_ads/connecting.md").read_text()
    follow("meta_ads", steps)
    assert "unchanged credential acme.meta_ads" in follow(
        "meta_ads", _section("## Secrets by one command")
    )


def test_the_file_of_the_page_connects_all_platforms(
    follow: Follow,
    sandbox: SandboxClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    blocks = _blocks(_section("## A file"))
    text = next(block for language, block in blocks if language == "yaml")
    written, owned = yaml.safe_load(text), {}
    for credential in written["credentials"]:
        named, platform = credential["secrets"], credential["platform"]
        own = owned[platform] = _own(sandbox, platform, named.keys() - {"login_customer_id"})
        assert own is not None
        for name, value in named.items():
            if value.startswith("${"):
                monkeypatch.setenv(value[2:-1], own.secrets[name])
            else:
                text = text.replace(value, own.secrets.get(name, own.account))
    for one in written["connections"]:
        text = text.replace(one["account"], owned[one["platform"]].account)
    space = open_workspace()
    declared = apply_file.parse_text(text, space.credential_fields(), account_id=space.account_id)
    apply_file.apply(space.registry, declared)
    connected = {one.platform: one.account_id for one in space.registry.connections()}
    assert connected == {platform: own.account for platform, own in owned.items()}
    for platform in ("meta_ads", "shopify"):
        command = f"tributary connections test acme/{platform}/{connected[platform]}"
        _session(command, platform, None, monkeypatch, capsys)
