"""What an agency's credential reaches in the sandbox: walked, listed, and connected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from orchestration import cli, workspace
from orchestration.workspace import open_workspace
from warehouse.registry_records import Organization

BERLIN, NEW_YORK, AGENCY, REGION = "4100000037", "4101000040", "9000000001", "9000000002"
SECRETS = {
    "client_id": "sandbox.apps.googleusercontent.com",
    "client_secret": "sandbox-secret-agency",
    "refresh_token": "1//sandbox-agency",
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=10)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxClient) -> Iterator[SandboxClient]:
    running.set_faults()
    yield running
    running.set_faults()


@pytest.fixture
def run(
    sandbox: SandboxClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """The command line, on a home with an agency's credential and one organization."""
    for name in ("TRIBUTARY_NOW", "TRIBUTARY_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    registry = open_workspace().registry
    registry.add_organization(Organization("acme", "Acme"))
    # No login_customer_id: the managers that the sign-in reaches are found without it.
    registry.add_credential("agency", "google_ads", SECRETS)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["tributary", "connections", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def _listed(run: Run, *options: str) -> dict[str, dict[str, Any]]:
    _, printed, _ = run("discover", "agency", "--json", *options)
    return {row["account"]: row for row in json.loads(printed)}


def test_accounts_are_listed_below_their_managers(run: Run) -> None:
    rows = _listed(run)
    assert rows[NEW_YORK] == {
        "account": NEW_YORK,
        "name": "Acme Outdoor US",
        "currency": "USD",
        "time_zone": "America/New_York",
        "status": "ENABLED",
        "path": f"Summit Agency ({AGENCY})",
        "through": AGENCY,
        "connected": {},
        "reachable": None,
        "trouble": "",
        "remedy": "",
    }
    assert rows[BERLIN]["path"] == f"Summit Agency ({AGENCY}) > Acme Outdoor Region ({REGION})"
    assert list(rows) == [NEW_YORK, BERLIN]


def test_people_see_a_table_and_what_is_new(run: Run) -> None:
    code, printed, _ = run("discover", "agency")
    assert code == 0
    assert "Acme Outdoor EU" in printed
    assert "2 accounts, 2 of them new" in printed
    assert "agency" in run("discover")[1]
    assert json.loads(run("discover", "--json")[1])[0]["credential"] == "agency"


def test_a_revoked_account_is_reported_with_the_reason(run: Run, sandbox: SandboxClient) -> None:
    sandbox.set_faults(revoked_accounts=[NEW_YORK])
    rows = _listed(run, "--check")
    assert rows[NEW_YORK]["reachable"] is False
    assert rows[NEW_YORK]["trouble"].startswith("AccountGone: ")
    assert "login_customer_id" in rows[NEW_YORK]["remedy"]
    assert rows[BERLIN]["reachable"] is True
    code, printed, _ = run("discover", "agency", "--check")
    assert code == 3
    assert "1 that cannot be read" in printed


def test_a_revoked_manager_hides_its_accounts_and_is_listed(
    run: Run, sandbox: SandboxClient
) -> None:
    sandbox.set_faults(revoked_accounts=[REGION])
    rows = _listed(run)
    assert BERLIN not in rows
    assert rows[REGION]["trouble"].startswith("AccountGone: ")
    assert rows[REGION]["path"].endswith(f"({REGION})")
    assert NEW_YORK in rows


def test_chosen_accounts_are_connected_through_their_manager(run: Run) -> None:
    code, printed, _ = run(
        "discover", "agency", "--connect", "410-000-0037", "--organization", "acme",
        "--start-date", "2026-10-01",
    )  # fmt: skip
    assert code == 0
    assert f"acme/google_ads/{BERLIN}" in printed
    (connection,) = open_workspace().registry.connections()
    assert connection.settings == {"login_customer_id": AGENCY}
    assert str(connection.start_date) == "2026-10-01"
    assert _listed(run)[BERLIN]["connected"] == {"acme": "active"}
    assert list(_listed(run, "--new")) == [NEW_YORK]
    assert "Acme Outdoor EU" in run("test", f"acme/google_ads/{BERLIN}")[1]


def test_all_new_ones_but_those_that_are_refused(run: Run, sandbox: SandboxClient) -> None:
    sandbox.set_faults(revoked_accounts=[NEW_YORK])
    code, printed, complained = run(
        "discover", "agency", "--connect", "all", "--organization", "acme"
    )
    assert code == 3
    assert BERLIN in printed
    assert f"refused   {NEW_YORK}" in complained
    assert [c.account_id for c in open_workspace().registry.connections()] == [BERLIN]


def test_a_removed_connection_is_new_again(run: Run) -> None:
    run("discover", "agency", "--connect", BERLIN, "--organization", "acme")
    run("remove", f"acme/google_ads/{BERLIN}")
    row = _listed(run, "--new")[BERLIN]
    assert row["connected"] == {"acme": "removed"}


def test_a_file_for_apply_with_an_organization_for_each(run: Run, tmp_path: Path) -> None:
    _, printed, _ = run("discover", "agency", "--yaml", "--start-date", "2026-10-01")
    path = tmp_path / "accounts.yaml"
    path.write_text(printed)
    code, _, complained = run("apply", str(path))
    assert (code, complained) == (0, ""), printed
    connections = open_workspace().registry.connections()
    assert [(c.organization_id, c.account_id) for c in connections] == [
        ("acme_outdoor_eu", BERLIN),
        ("acme_outdoor_us", NEW_YORK),
    ]
    organizations = {o.organization_id: o for o in open_workspace().registry.organizations()}
    assert organizations["acme_outdoor_us"].time_zone == "America/New_York"
    assert organizations["acme_outdoor_eu"].reporting_currency == "EUR"
    assert all(c.settings == {"login_customer_id": AGENCY} for c in connections)
    assert run("test", f"acme_outdoor_eu/google_ads/{BERLIN}")[0] == 0


def test_what_is_not_said_is_asked_for(run: Run) -> None:
    code, _, complained = run("discover", "agency", "--connect", "all")
    assert code == 2
    assert "--organization" in complained
    code, _, complained = run("discover", "agency", "--connect", "1", "--organization", "acme")
    assert code == 2
    assert "does not reach 1" in complained
    assert open_workspace().registry.connections() == []


def test_a_refused_credential_is_one_line(run: Run) -> None:
    secrets = {**SECRETS, "refresh_token": "1//no"}
    open_workspace().registry.add_credential("wrong", "google_ads", secrets)
    code, _, complained = run("discover", "wrong")
    assert code == 1
    assert "AuthRejected" in complained


def _add_shop_credential(token: str = "shpat_sandbox_acme-outdoor") -> None:
    secrets = {"access_token": token}
    open_workspace().registry.add_credential("acme.shopify", "shopify", secrets, "acme")


def test_a_shops_credential_that_no_connection_uses_says_how_to_connect_it(run: Run) -> None:
    _add_shop_credential()
    for options in ((), ("--connect", "all")):
        code, _, complained = run("discover", "acme.shopify", *options)
        assert code == 2
        assert "Shopify lists no accounts" in complained
        assert "`acme` of acme.myshopify.com" in complained
        advice = complained[complained.index("tributary connections add") :].split("   ")[0]
        assert advice == (
            "tributary connections add --organization acme --platform shopify --account ACCOUNT "
            "--credential acme.shopify"
        )
        assert complained.count("\n") == 2, "two lines, and no traceback"
    # What the message says works, and then the shop is listed.
    named = advice.replace("ACCOUNT", "acme-outdoor.myshopify.com")
    assert run(*named.split()[2:])[0] == 0
    assert run("discover", "acme.shopify")[0] == 0


def test_the_one_shop_that_a_credential_reaches_is_listed(run: Run) -> None:
    _add_shop_credential()
    open_workspace().registry.add_connection("acme", "shopify", "acme-outdoor", "acme.shopify")
    code, printed, complained = run("discover", "acme.shopify", "--json")
    assert (code, complained) == (0, "")
    (row,) = json.loads(printed)
    assert (row["account"], row["currency"], row["time_zone"]) == (
        "acme-outdoor",
        "EUR",
        "Europe/Berlin",
    )
    assert (row["connected"], row["reachable"]) == ({"acme": "active"}, True)
    _, printed, _ = run("discover", "acme.shopify")
    assert "1 account, 0 of them new" in printed
    assert "Another one:\n  tributary connections add --organization acme" in printed


def test_a_shop_that_refuses_its_credential_is_reported_with_the_reason(run: Run) -> None:
    _add_shop_credential("shpat_revoked")
    open_workspace().registry.add_connection("acme", "shopify", "acme-outdoor", "acme.shopify")
    code, printed, _ = run("discover", "acme.shopify")
    assert code == 3
    assert "1 that cannot be read" in printed
    assert "AuthRejected" in printed


@pytest.mark.parametrize("written", ["410-000-0037", "customers/4100000037", " 4100000037"])
def test_one_account_is_one_connection_however_it_is_written(run: Run, written: str) -> None:
    named = ("--organization", "acme", "--platform", "google_ads", "--credential", "agency")
    assert run("add", *named, "--account", BERLIN)[0] == 0
    assert run("add", *named, "--account", written)[0] == 0
    assert [c.account_id for c in open_workspace().registry.connections("acme")] == [BERLIN]
    assert "there is no connection" not in run("test", f"acme/google_ads/{written}")[2]
    assert run("remove", f"acme/google_ads/{written}")[0] == 0
    assert open_workspace().registry.connections("acme") == []


@pytest.mark.parametrize("written", ["../1", "1?x", "1/2", "1%2f2", "12\x1b[2J", "1\n2"])
def test_an_id_that_would_change_an_address_is_refused(run: Run, written: str) -> None:
    code, _, refused = run(
        "add", "--organization", "acme", "--platform", "google_ads", "--credential", "agency",
        "--account", written,
    )  # fmt: skip
    assert code == 2
    assert "is no account id of google_ads: write it like 1234567890" in refused.replace("\n", " ")
    assert "\x1b" not in refused
    assert open_workspace().registry.connections("acme") == []


def test_two_spellings_in_one_file_are_one_connection(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "connections.yaml"
    entry = "  - {organization: acme, platform: google_ads, credential: agency, account: '%s'}\n"
    file.write_text("connections:\n" + entry % "410-000-0037" + entry % BERLIN)
    assert run("apply", str(file))[0] == 0
    assert [c.account_id for c in open_workspace().registry.connections("acme")] == [BERLIN]
    file.write_text("connections:\n" + entry % "../1")
    code, _, refused = run("apply", str(file))
    assert code == 2
    assert "line 2" in refused
    assert "no account id of google_ads" in refused


def test_a_home_of_before_opens_with_one_connection(run: Run) -> None:
    space = open_workspace()
    for written in ("410-000-0037", BERLIN):
        space.registry.add_connection("acme", "google_ads", written, "agency")
    space.home.format_file.write_bytes(b'{"format": 1, "migrations": ["0001_tree"]}')
    workspace._open.cache_clear()
    assert [c.account_id for c in open_workspace().registry.connections("acme")] == [BERLIN]
    assert b'"format": 2' in space.home.format_file.read_bytes()
