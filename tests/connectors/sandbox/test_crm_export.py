"""The spreadsheet of the sandbox: how to sign in, what people add to tabs, what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from connectors import platforms
from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, AuthRejected, BadRequest
from connectors.core.http import Client
from connectors.core.tokens import MemoryTokens
from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.crm_export.routes import ACCESS
from connectors.sandbox.platforms.crm_export.spreadsheet import ORGANIZATION, SHEET_ID, TABS
from connectors.sandbox.server import SandboxClient, sandbox_thread

_PLATFORM = platforms.get("crm_export")
_PLAIN = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
_BY_USER = {
    "client_id": ACCESS.client[0],
    "client_secret": ACCESS.client[1],
    "refresh_token": ACCESS.refresh_token(ORGANIZATION),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=8)) as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_SANDBOX", running.url)
        patch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00+00:00")
        patch.setenv("TRIBUTARY_RETRY_BASE", "0")
        running.set_clock("2026-11-15T06:00:00+00:00")
        yield running


def _client(secrets: dict[str, str], account: str = SHEET_ID) -> Client:
    return Client(_PLATFORM, secrets, Account(account), tokens=MemoryTokens())


def _rows(client: Client, tab: str, **asked: str) -> list[list[Any]]:
    path = f"/v4/spreadsheets/{client.account.id if client.account else ''}/values:batchGet"
    found = client.get(path, params={"ranges": f"'{tab}'", **_PLAIN, **asked}).data
    return list(found["valueRanges"][0]["values"])


def _by_service(sandbox: SandboxClient) -> Client:
    served = yaml.safe_load(sandbox.connections_yaml())
    (held,) = [one for one in served["credentials"] if one["platform"] == "crm_export"]
    assert held["secrets"].keys() == {"service_account_key"}
    return _client(held["secrets"])


def test_a_user_and_a_service_account_see_the_same_sheet(sandbox: SandboxClient) -> None:
    by_service, by_user = _by_service(sandbox), _client(_BY_USER)
    for _, title in TABS.values():
        assert _rows(by_service, title) == _rows(by_user, title)


def test_who_has_no_right_is_refused(sandbox: SandboxClient) -> None:
    with pytest.raises(AccountGone, match="does not have permission"):
        _rows(_client(_BY_USER, "anotherSheet"), "Orders")
    with pytest.raises(AuthRejected):
        _rows(_client(_BY_USER | {"refresh_token": "1//another"}), "Orders")


def test_a_tab_of_another_name_is_no_range(sandbox: SandboxClient) -> None:
    with pytest.raises(BadRequest, match="Unable to parse range"):
        _rows(_client(_BY_USER), "Sales")
    with pytest.raises(BadRequest):
        _rows(_client(_BY_USER), "Orders", valueRenderOption="FORMATTED_VALUE")


def test_tabs_are_as_people_keep_them(sandbox: SandboxClient) -> None:
    client = _client(_BY_USER)
    title, header, *lines, last = _rows(client, "Orders")
    assert (title, last[0]) == (["All orders"], "Total")
    assert last[-1] == pytest.approx(sum(line[header.index("Total")] for line in lines))
    assert len({len(line) for line in lines}) > 1, "rows end where nothing follows"
    customers = _rows(client, "Customers")
    assert [] in customers
    assert any("\u00a0" in str(cell) for row in customers for cell in row)
