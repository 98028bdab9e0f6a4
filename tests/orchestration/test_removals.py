"""What is removed says so, what stays, and how it comes back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.workspace import open_workspace
from warehouse.registry import Registry
from warehouse.registry_records import Organization

ACME = "acme/google_ads/1234567890"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Of two organizations: acme with a credential of its own, and an agency's that both use."""
    for name in ("TRIBUTARY_NOW", "TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    registry = open_workspace().registry
    registry.add_organization(Organization("acme", "Acme", reporting_currency="EUR"))
    registry.add_organization(Organization("beta", "Beta"))
    secrets = {"client_id": "a", "client_secret": "b", "refresh_token": "c"}
    registry.add_credential("acme.google", "google_ads", secrets, "acme")
    registry.add_credential("agency", "google_ads", secrets)
    registry.add_connection("acme", "google_ads", "1234567890", "acme.google")
    registry.add_connection("acme", "google_ads", "2", "agency")
    registry.add_connection("beta", "google_ads", "2", "agency")
    return registry


@pytest.fixture
def run(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def _command(printed: str, start: str) -> list[str]:
    """The command that a message tells to type, without the program's name."""
    (line,) = (line for line in printed.splitlines() if line.strip().startswith(start))
    return shlex.split(line)[1:]


def test_a_removed_connection_says_what_stays_and_how_it_comes_back(
    run: Run, registry: Registry
) -> None:
    before = registry.connections()
    code, printed, _ = run("connections", "remove", ACME)
    assert code == 0
    assert f"removed {ACME}; it is no longer pulled" in printed
    assert "history stays in the lake" in printed
    assert "last connection" not in printed
    assert f"was removed already: {ACME}" in run("connections", "remove", ACME)[1]
    assert run(*_command(printed, "tributary connections add"))[0] == 0
    assert registry.connections() == before


def test_the_last_connection_of_an_organization_says_how_to_remove_that_too(
    run: Run, registry: Registry
) -> None:
    _, printed, _ = run("connections", "remove", "beta/google_ads/2")
    assert "It was the last connection of beta" in printed
    assert run(*_command(printed, "tributary organizations remove"))[0] == 0
    assert registry.organization("beta").status == "removed"


def test_a_pause_and_its_end_say_so(run: Run) -> None:
    printed = run("connections", "pause", ACME)[1]
    assert f"paused {ACME}" in printed
    assert f"was paused already: {ACME}" in run("connections", "pause", ACME)[1]
    assert f"resumed {ACME}" in run(*_command(printed, "tributary connections resume"))[1]


def test_an_organization_with_connections_is_not_removed(run: Run, registry: Registry) -> None:
    before = registry.connections(), registry.credentials(), registry.audit_log()
    code, printed, complained = run("organizations", "remove", "acme")
    assert (code, printed) == (2, "")
    assert "still has 2 connections: acme/google_ads/1234567890, acme/google_ads/2" in complained
    assert "--with-connections" in complained
    assert (registry.connections(), registry.credentials(), registry.audit_log()) == before
    assert "did you mean 'acme'" in run("organizations", "remove", "acne")[2]


def test_a_removed_organization_goes_with_its_connections_and_secrets(
    run: Run, registry: Registry
) -> None:
    code, printed, _ = run("organizations", "remove", "acme", "--with-connections")
    assert code == 0
    for told in (
        "removed acme",
        f"removed connection {ACME}",
        "removed connection acme/google_ads/2",
        "deleted credential acme.google",
        "kept credential agency: it belongs to no organization",
        "history stays in the lake",
        "published/organizations/acme.duckdb",
        "tributary connections add --organization acme",
    ):
        assert told in printed
    assert [one.organization_id for one in registry.connections()] == ["beta"]
    assert [one.credential_id for one in registry.credentials()] == ["agency"]
    rows = {
        row["organization"]: row for row in json.loads(run("organizations", "list", "--json")[1])
    }
    assert {name: row["status"] for name, row in rows.items()} == {
        "acme": "removed",
        "beta": "active",
    }
    assert rows["beta"]["connections"] == 1
    code, _, complained = run("connections", "test", ACME)
    assert code == 2
    assert "has no credential any more" in complained
    assert "--account 1234567890" in complained
    again = json.loads(run("organizations", "remove", "acme", "--json")[1])
    assert again["was_removed"]
    assert again["connections_removed"] == []


def test_connecting_an_account_again_brings_the_organization_back(
    run: Run, registry: Registry
) -> None:
    key = registry.hmac_key("acme")
    run("organizations", "remove", "acme", "--with-connections")
    code, _, complained = run(
        "connections", "add", "--organization", "acme", "--platform", "google_ads",
        "--account", "1234567890", "--credential", "agency",
    )  # fmt: skip
    assert (code, complained) == (0, "")
    acme = registry.organization("acme")
    assert (acme.status, acme.reporting_currency) == ("active", "EUR")
    assert registry.hmac_key("acme") == key, "what was hashed before is still found"
    [connection] = registry.connections("acme")
    assert connection.alternate_credential_ids == ()
