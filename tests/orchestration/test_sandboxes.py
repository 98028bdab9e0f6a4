"""A demo's home: its sandbox is asked for its accounts, and one's own stay out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from connectors.sandbox.platforms.shopify.access import static_token
from orchestration import cli
from orchestration.commands.demo import END, _sandbox_arguments
from orchestration.sandboxes import mark_as_demo
from orchestration.workspace import open_workspace
from warehouse.registry_records import Organization

SHOP = "acme-outdoor"
ADD = (
    *("connections", "add", "--organization", "acme", "--platform", "shopify"),
    *("--account", "my-shop", "--credential", "acme"),
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    for name in ("TRIBUTARY_KEY", "TRIBUTARY_DATABASE_URL", "TRIBUTARY_SANDBOX", "TRIBUTARY_NOW"):
        monkeypatch.setenv(name, "")  # so that what a command sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    space = open_workspace()
    mark_as_demo(space.home, _sandbox_arguments(port=0, seed=7, days=2), END.isoformat())
    space.registry.add_organization(Organization("acme", "Acme"))
    space.registry.add_credential("acme", "shopify", {"access_token": static_token(SHOP)}, "acme")
    space.registry.add_connection("acme", "shopify", SHOP, "acme", start_date=date(2026, 11, 1))

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, " ".join(printed.err.split())

    return call


def _labels() -> set[str]:
    return {one.account_id for one in open_workspace().registry.connections()}


def test_an_account_of_ones_own_is_refused_with_the_way_out(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "connections.yaml"
    file.write_text(
        "connections:\n- {organization: acme, platform: shopify, account: my-shop, "
        "credential: acme}\n"
    )
    for arguments in (ADD, ("connections", "apply", str(file))):
        code, _, complained = run(*arguments)
        assert code == 2
        assert "is the demo's: its accounts and its clock are simulated" in complained
        assert "export TRIBUTARY_HOME=$HOME/tributary; unset TRIBUTARY_NOW" in complained
    assert _labels() == {SHOP}


def test_files_are_welcome_in_a_demo(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "target: records\nkind: snapshot\ntable: leads\ntime_zone: UTC\n"
        "key: [lead]\ncolumns: {lead: Lead}\n"
    )
    arguments = ("connections", "add", "--organization", "acme", "--platform", "files")
    code, _, complained = run(*arguments, "--account", "mine", "--mapping", str(mapping))
    assert "is the demo's" not in complained
    assert (code, _labels()) == (0, {SHOP, "mine"}), complained


@pytest.mark.long
def test_whoever_starts_a_sandbox_may_connect_its_accounts(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_SANDBOX", "http://127.0.0.1:1")
    run(*ADD)
    assert _labels() == {SHOP, "my-shop"}


def test_the_demos_accounts_are_tested_at_its_sandbox(run: Run) -> None:
    code, printed, complained = run("connections", "test", f"acme/shopify/{SHOP}")
    assert (code, complained) == (0, "")
    assert "ok: Acme Outdoor" in printed
    code, printed, complained = run("connections", "discover", "acme")
    assert (code, complained) == (0, "")
    assert SHOP in printed
