"""What a user can get wrong: a clear error with the fix in it, exit code not 0, nothing written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.sandbox.server import sandbox_thread
from orchestration import cli, workspace

GOOD = """
organizations: [{id: acme, name: Acme}]
credentials:
  - id: acme_google
    platform: google_ads
    secrets: {client_id: a, client_secret: b, refresh_token: c}
connections:
  - {organization: acme, platform: google_ads, account: "1234567890", credential: acme_google}
"""


@dataclass(frozen=True)
class Done:
    """What a command line printed and how it ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in this process: what `tributary` runs, without Python's start."""
    for name in ("TRIBUTARY_NOW", "TRIBUTARY_SANDBOX", "TRIBUTARY_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))

    def call(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return call


def _apply(run: Run, folder: Path, text: str) -> Done:
    path = folder / "connections.yaml"
    path.write_text(text)
    return run("connections", "apply", str(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("organizations: [{id: acme", "line"),
        (GOOD.replace("google_ads", "gogle_ads"), "did you mean 'google_ads'"),
        (GOOD.replace("id: acme, name", "id: ../../etc, name"), "../../etc"),
        (GOOD.replace("client_secret: b", 'client_secret: "${NOT_SET}"'), "NOT_SET"),
        (GOOD.replace("name: Acme", "nmae: Acme"), "nmae"),
        (GOOD.replace("id: acme, name: Acme", "id: acme, name: A, time_zone: Mars/X"), "Mars/X"),
    ],
    ids=["malformed", "unknown platform", "path", "missing variable", "typo", "time zone"],
)
def test_a_bad_file_is_refused_whole(run: Run, tmp_path: Path, text: str, said: str) -> None:
    done = _apply(run, tmp_path, text)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert run("connections", "list", "--json").stdout.strip() == "[]"
    assert not (tmp_path / "etc").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--from", "2026-11-02", "--to", "2026-11-01"], "before it starts"),
        (["run", "--from", "2026-11-02"], "--to"),
        (["run", "--from", "2014-12-01", "--to", "2014-12-31"], "2015-01-01"),
        (["run", "--from", "2026-11-01", "--to", "2099-12-31"], "2099-12-31"),
        (["run", "--platform", "gogle_ads"], "google_ads"),
        (["run", "--organization", "../../etc"], "../../etc"),
        (["run", "--from", "yesterday", "--to", "today"], "yesterday"),
        (["query", "select 1"], "tributary run"),
        (["connections", "test", "acme/google_ads/1"], "acme/google_ads/1234567890"),
        (["rollback", "../../etc/passwd"], "tributary run"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    run: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    assert _apply(run, tmp_path, GOOD).returncode == 0
    done = run(*arguments)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "home" / "lake" / "raw").rglob("*.parquet"))


def test_a_wrong_token_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox_thread() as sandbox:
        monkeypatch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
        right = sandbox.connections_yaml()
        assert "account: '4100000037'" in right
        wrong = re.sub(r"(refresh_token: *).*", r"\1stolen-and-revoked", right)
        done = _apply(run, tmp_path, wrong)
        assert done.returncode == 3, "connected, and not tested"
        assert "not tested: AuthRejected" in done.stderr
        assert "stolen-and-revoked" not in done.stderr + done.stdout
        done = run("connections", "test", "acme_outdoor/google_ads/4100000037")
        assert done.returncode == 1
        assert "AuthRejected" in done.stderr
        assert "what to do:" in done.stderr
        assert "stolen-and-revoked" not in done.stderr + done.stdout
        assert _apply(run, tmp_path, right).returncode == 0
        done = run("connections", "test", "acme_outdoor/google_ads/4100000037")
        assert done.returncode == 0, done.stderr
        assert "Europe/Berlin" in done.stdout


@pytest.mark.parametrize(
    "variables",
    [
        {"TRIBUTARY_NOW": "tomorrow"},
        {"TRIBUTARY_SANDBOX": "http://ads.example.com"},
        {"TRIBUTARY_KEY": "too short"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_a_bad_environment_is_named(
    run: Run, tmp_path: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _apply(run, tmp_path, GOOD)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    workspace._open.cache_clear()
    done = run("connections", "test", "acme/google_ads/1234567890")
    assert done.returncode in (1, 2)
    assert next(iter(variables)) in done.stderr
    assert "Traceback" not in done.stderr
