"""Which accounts a credential reaches."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from connectors.core.errors import AccountGone, BadRequest, ShapeChanged
from connectors.core.stream import Account
from connectors.platforms import get

_PLATFORM = get("google_ads")
_CREDENTIAL = {"client_id": "c", "client_secret": "secret-1", "refresh_token": "refresh-1"}


def _customer(id_: str, manager: bool = False) -> dict[str, Any]:
    return {
        "resourceName": f"customers/{id_}",
        "id": id_,
        "descriptiveName": f"Account {id_}",
        "currencyCode": "EUR",
        "timeZone": "Europe/Berlin",
        "manager": manager,
        "status": "ENABLED",
    }


class _Google:
    """A direct account 11, a closed one 12, and manager 90 with 91 (manager), 92, 93 and 11."""

    def __init__(self, kit: Any) -> None:
        self._kit = kit
        self.accessible = ["customers/11", "customers/12", "customers/90"]

    def __call__(self, asked: Any) -> Any:
        if asked.path == "/token":
            return dict(self._kit.token)
        if asked.path == "/v26/customers:listAccessibleCustomers":
            return {"resourceNames": self.accessible}
        id_ = asked.path.split("/")[3]
        if id_ == "12":
            code = {"authorizationError": "CUSTOMER_NOT_ENABLED"}
            detail = {"errors": [{"errorCode": code, "message": "closed"}]}
            return self._kit.answer({"error": {"details": [detail]}}, status=403)
        if "FROM customer_client" not in asked.json["query"]:
            return {"results": [{"customer": _customer(id_, manager=id_ in ("90", "91"))}]}
        assert asked.headers["login-customer-id"] == id_ == "90"
        below = [("90", True), ("91", True), ("92", False), ("93", False), ("11", False)]
        return {
            "results": [
                {"customerClient": {**_customer(c, m), "level": str(n)}}
                for n, (c, m) in enumerate(below)
            ]
        }


def _client(kit: Any, handler: Any, **more: str) -> Any:
    return kit.client(
        kit.server(handler), platform=_PLATFORM, credential={**_CREDENTIAL, **more}, account=None
    )


def test_direct_accounts_and_all_clients_of_managers_once(
    kit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = list(_PLATFORM.discover(_client(kit, _Google(kit))))
    assert [(a.id, a.login_id) for a in found] == [("11", ""), ("92", "90"), ("93", "90")]
    assert found[1] == Account(
        id="92",
        name="Account 92",
        currency="EUR",
        time_zone="Europe/Berlin",
        login_id="90",
        settings={"status": "ENABLED"},
    )
    assert "account 12 is left out" in caplog.text


def test_a_configured_manager_is_walked_even_if_it_is_not_listed(kit: Any) -> None:
    google = _Google(kit)
    google.accessible = []
    client = _client(kit, google, login_customer_id="90")
    assert [a.id for a in _PLATFORM.discover(client)] == ["92", "93", "11"]


def test_nobody_reachable_is_an_empty_list(kit: Any) -> None:
    google = _Google(kit)
    google.accessible = []
    assert list(_PLATFORM.discover(_client(kit, google))) == []


@pytest.mark.parametrize("answer", [[], {"resourceNames": "x"}])
def test_an_odd_list_is_a_changed_shape(kit: Any, answer: Any) -> None:
    client = _client(kit, lambda a: dict(kit.token) if a.path == "/token" else answer)
    with pytest.raises(ShapeChanged):
        list(_PLATFORM.discover(client))


def test_an_account_is_described_as_it_is_now(kit: Any) -> None:
    known = Account("1-1", "old name", "USD", "UTC", login_id="90", settings={"kept": "yes"})
    account = _PLATFORM.describe_account(_client(kit, _Google(kit)), known)
    assert account == Account(
        "11", "Account 11", "EUR", "Europe/Berlin", "90", {"kept": "yes", "status": "ENABLED"}
    )


def test_a_manager_cannot_be_connected(kit: Any) -> None:
    with pytest.raises(BadRequest, match="manager") as caught:
        _PLATFORM.describe_account(_client(kit, _Google(kit)), Account("90"))
    assert "discover" in caught.value.remedy


def test_an_account_of_which_nothing_is_known_is_gone(kit: Any) -> None:
    client = _client(kit, lambda a: dict(kit.token) if a.path == "/token" else {})
    with pytest.raises(AccountGone):
        _PLATFORM.describe_account(client, Account("77"))
