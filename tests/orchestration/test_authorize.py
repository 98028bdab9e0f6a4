"""`tributary connections authorize` and `credential`: consent in a browser, and secrets at rest."""

from __future__ import annotations

import base64
import hashlib
import io
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.ga4.access import CLIENT as ANALYTICS
from connectors.sandbox.platforms.ga4.access import REFRESH_TOKEN
from connectors.sandbox.server import SandboxClient, sandbox_thread
from orchestration import cli, consent
from orchestration.workspace import open_workspace

NOW = "2026-11-16T06:00:00+00:00"
CLIENT_ID = "sandbox.apps.googleusercontent.com"
SECRET = "sandbox-secret-acme_outdoor"
REFRESH = "1//sandbox-acme_outdoor"
NEW = (
    *("acme.google_ads", "--platform", "google_ads", "--organization", "acme"),
    *("--secret", f"client_id={CLIENT_ID}", "--secret-env", "client_secret=GOOGLE_SECRET"),
)

Connections = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=2)) as running:
        yield running


@pytest.fixture
def connections(
    sandbox: SandboxClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Connections:
    """`tributary connections …`; whatever it prints holds no secret."""
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", NOW)
    monkeypatch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
    monkeypatch.setenv("GOOGLE_SECRET", SECRET)
    monkeypatch.setenv("DISPLAY", ":0")
    sandbox.set_clock(NOW)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", "connections", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        for secret in (SECRET, REFRESH, "4/0sandbox-"):
            assert secret not in printed.out + printed.err
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def _redirected(address: str) -> str:
    """Where a browser is sent from a page, without going there."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object, **__: object) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(address, timeout=60)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("it did not send the browser anywhere")


def _browser(monkeypatch: pytest.MonkeyPatch, visit: Callable[[str], None]) -> threading.Event:
    """Has the opened page visited beside the waiting command; tells when that is done."""
    done = threading.Event()

    def run(address: str) -> None:
        visit(address)
        done.set()

    def open_page(address: str) -> bool:
        threading.Thread(target=run, args=(address,), daemon=True).start()
        return True

    monkeypatch.setattr(consent.webbrowser, "open", open_page)
    return done


def _secrets() -> dict[str, str]:
    secrets = open_workspace().registry.secrets("acme.google_ads")
    return {name: secrets[name] for name in secrets if not name.startswith("token:")}


def test_a_browser_that_allows_brings_the_token(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[tuple[int, str]] = []
    _browser(monkeypatch, lambda address: pages.append(_get(address)))
    code, printed, complained = connections("authorize", *NEW)
    assert (code, complained) == (0, "")
    assert "4100000037" in printed
    assert "2 accounts, 2 of them new" in printed
    assert "--organization acme --credential acme.google_ads" in printed
    assert pages[0][0] == 200
    assert "You may close this page" in pages[0][1]
    assert _secrets() == {"client_id": CLIENT_ID, "client_secret": SECRET, "refresh_token": REFRESH}
    # Again, of the stored credential, with nothing else to say.
    assert connections("authorize", "acme.google_ads")[0] == 0


def test_a_platform_that_also_signs_in_by_other_ways_is_allowed_in_a_browser(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    _browser(monkeypatch, lambda address: _get(address))
    client = dict(zip(("client_id", "client_secret"), ANALYTICS, strict=True))
    given = [part for name, value in client.items() for part in ("--secret", f"{name}={value}")]
    new = ("acme.ga4", "--platform", "ga4", "--organization", "acme", *given)
    code, printed, complained = connections("authorize", *new)
    assert (code, complained) == (0, "")
    assert "310000037" in printed
    brought = open_workspace().registry.secrets("acme.ga4")["refresh_token"]
    assert brought == REFRESH_TOKEN.format("acme_outdoor")


def test_answers_to_other_questions_are_turned_away(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def visit(address: str) -> None:
        back = _redirected(address)
        state = parse_qs(urlsplit(back).query)["state"][0]
        for strange in (back.replace(state, "of-another"), back.split("?")[0], f"{back}"[:30]):
            seen.append(_get(strange)[0])
        seen.append(_get(back)[0])

    _browser(monkeypatch, visit)
    assert connections("authorize", *NEW)[0] == 0
    assert seen == [400, 400, 400, 200]


def test_who_does_not_allow_it_leaves_nothing_behind(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    def visit(address: str) -> None:
        asked = parse_qs(urlsplit(address).query)
        _get(f"{asked['redirect_uri'][0]}/?error=access_denied&state={asked['state'][0]}")

    _browser(monkeypatch, visit)
    code, _, complained = connections("authorize", *NEW)
    assert code == 1
    assert "access was not allowed: access_denied" in complained
    assert open_workspace().registry.credentials() == []


def test_without_a_screen_nothing_is_opened_and_the_address_is_pasted(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setattr(consent.sys, "platform", "linux")
    monkeypatch.setattr(consent.webbrowser, "open", lambda _: pytest.fail("it was opened"))
    assert not consent.show("http://127.0.0.1/")
    asked: list[str] = []
    monkeypatch.setattr(
        "orchestration.commands.credentials._print_page", lambda _, address: asked.append(address)
    )
    monkeypatch.setattr(
        "orchestration.commands.credentials.typer.prompt",
        lambda *_, **__: f" {_redirected(asked[-1])}\n",
    )
    code, _, complained = connections("authorize", *NEW, "--paste")
    assert (code, complained) == (0, "")
    assert _secrets()["refresh_token"] == REFRESH
    monkeypatch.setattr(
        "orchestration.commands.credentials.typer.prompt",
        lambda *_, **__: "http://127.0.0.1:8085/?code=4%2F0other&state=of-another",
    )
    code, _, complained = connections("authorize", "acme.google_ads", "--paste")
    assert code == 2
    assert "copy the whole address" in complained


def test_a_wrong_client_secret_is_named_and_nothing_is_stored(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_SECRET", "sandbox-secret-of-nobody")
    _browser(monkeypatch, _get)
    code, _, complained = connections("authorize", *NEW)
    assert code == 1
    assert "invalid_client" in complained
    assert "sandbox-secret-of-nobody" not in complained
    assert open_workspace().registry.credentials() == []


def test_a_taken_port_is_named(connections: Connections) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, complained = connections("authorize", *NEW, "--port", str(port))
    assert code == 1
    assert f"port {port} cannot be used" in complained


@pytest.mark.parametrize(
    ("platform", "why"),
    [
        ("meta_ads", "Make a token of a system user"),
        ("shopify", "signs in with its client_id and client_secret, without a browser"),
        ("exchange_rates", "is not signed in to in a browser"),
    ],
)
def test_where_there_is_no_such_way_the_reason_is_said(
    connections: Connections, platform: str, why: str
) -> None:
    code, _, complained = connections("authorize", "x", "--platform", platform)
    assert code == 2
    assert why in complained
    assert "docs/connections.md" in complained


def test_the_page_checks_what_google_checks(sandbox: SandboxClient) -> None:
    page = f"{sandbox.url}/google_ads/o/oauth2/v2/auth?"
    good = {
        "client_id": CLIENT_ID,
        "redirect_uri": "http://127.0.0.1:1234",
        "response_type": "code",
        "scope": "https://www.googleapis.com/auth/adwords",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "state": "s",
    }
    assert _redirected(page + urllib.parse.urlencode(good)).startswith("http://127.0.0.1:1234/?")
    for name, value in {
        "client_id": "other",
        "redirect_uri": "https://evil.example",
        "scope": "email",
        "code_challenge": "",
        "response_type": "token",
    }.items():
        assert _get(page + urllib.parse.urlencode({**good, name: value}))[0] == 400, name


def test_a_code_is_good_once_and_for_whoever_asked(sandbox: SandboxClient) -> None:
    page = f"{sandbox.url}/google_ads/o/oauth2/v2/auth?"
    asked = {
        "client_id": CLIENT_ID,
        "redirect_uri": "http://127.0.0.1:1234",
        "response_type": "code",
        "scope": "https://www.googleapis.com/auth/adwords",
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(b"v").digest())[:43].decode(),
        "code_challenge_method": "S256",
    }

    def exchange(verifier: str, code: str | None = None) -> tuple[int, str]:
        back = _redirected(page + urllib.parse.urlencode(asked))
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "redirect_uri": asked["redirect_uri"],
            "code": code or parse_qs(urlsplit(back).query)["code"][0],
            "code_verifier": verifier,
        }
        request = urllib.request.Request(
            f"{sandbox.url}/google_ads/token", urllib.parse.urlencode(form).encode()
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, form["code"]
        except urllib.error.HTTPError as refusal:
            return refusal.code, form["code"]

    status, spent = exchange("v")
    assert status == 200
    assert exchange("v", spent)[0] == 400
    assert exchange("another")[0] == 400


def test_a_secret_is_rotated_by_one_command(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ("add", "--organization", "acme", "--platform", "google_ads", "--account", "4100000037")
    assert connections(*add, *NEW[5:], "--secret", "refresh_token=1//old")[0] == 0
    monkeypatch.setenv("FRESH", REFRESH)
    code, printed, _ = connections(
        "credential", "acme.google_ads", "--secret-env", "refresh_token=FRESH"
    )
    assert code == 0
    assert "changed credential acme.google_ads" in printed
    assert "tributary connections test acme/google_ads/4100000037" in printed
    assert _secrets() == {"client_id": CLIENT_ID, "client_secret": SECRET, "refresh_token": REFRESH}
    assert connections("test", "acme/google_ads/4100000037")[0] == 0
    # A second account of the stored credential takes no secrets.
    assert connections(*add[:-1], "4101000040")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--secret", "token=1"), "has no 'token'; it has: client_id, client_secret"),
        (("--secret", "client_id"), "--secret client_id has no value"),
        (("--secret", "client_id="), "--secret client_id= is empty"),
        (("--secret-env", "client_secret=NOT_SET_AT_ALL"), "NOT_SET_AT_ALL (client_secret)"),
        (("--secret", "client_id=1"), "lacks client_secret, refresh_token"),
    ],
)
def test_secrets_that_do_not_do_are_refused(
    connections: Connections, arguments: tuple[str, ...], said: str
) -> None:
    new = ("credential", "acme.google_ads", "--platform", "google_ads")
    code, _, complained = connections(*new, *arguments)
    assert code == 2
    assert said in complained
    assert open_workspace().registry.credentials() == []


def test_one_of_several_ways_is_needed(connections: Connections) -> None:
    new = ("credential", "acme.shopify", "--platform", "shopify", "--secret", "client_id=1")
    code, _, complained = connections(*new)
    assert code == 2
    assert "needs refresh_token or access_token or client_secret" in complained


def test_what_is_not_given_is_asked_for(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("EAAZsandboxAcmeoutdoor\n\n"))
    code, printed, _ = connections(
        *("add", "--organization", "acme", "--platform", "meta_ads"),
        *("--account", "act_990000000000037", "--reporting-currency", "EUR"),
    )
    assert code == 0
    assert "EAAZ" not in printed
    registry = open_workspace().registry
    assert dict(registry.secrets("acme.meta_ads")) == {"access_token": "EAAZsandboxAcmeoutdoor"}
    assert registry.organization("acme").reporting_currency == "EUR"
