"""Which accounts a credential reaches."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, BadRequest, ShapeChanged
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
    """A direct account 11, a closed one 12, and manager 90 with 92, 11 and a manager 91 above 93.

    Manager 94, below 90 too, may not be read.
    """

    def __init__(self, kit: Any) -> None:
        self._kit = kit
        self.accessible = ["customers/11", "customers/12", "customers/90"]

    def __call__(self, asked: Any) -> Any:
        if asked.path == "/token":
            return dict(self._kit.token)
        if asked.path == "/v26/customers:listAccessibleCustomers":
            return {"resourceNames": self.accessible}
        id_ = asked.path.split("/")[3]
        if id_ in ("12", "94"):
            code = {"authorizationError": "CUSTOMER_NOT_ENABLED"}
            detail = {"errors": [{"errorCode": code, "message": "closed"}]}
            return self._kit.answer({"error": {"details": [detail]}}, status=403)
        query = asked.json["query"]
        if "FROM customer_client" not in query:
            return {"results": [{"customer": _customer(id_, manager=id_ in ("90", "91"))}]}
        assert asked.headers["login-customer-id"] == "90"
        assert query.endswith("WHERE customer_client.level <= 1")
        below = {
            "90": [("90", True), ("91", True), ("94", True), ("92", False), ("11", False)],
            "91": [("91", True), ("93", False), ("90", True)],
        }
        return {
            "results": [
                {"customerClient": {**_customer(c, m), "level": str(int(c != id_))}}
                for c, m in below[id_]
            ]
        }


def _client(kit: Any, handler: Any, **more: str) -> Any:
    return kit.client(
        kit.server(handler), platform=_PLATFORM, credential={**_CREDENTIAL, **more}, account=None
    )


def test_direct_accounts_and_all_clients_of_managers_once_with_their_path(kit: Any) -> None:
    found = list(_PLATFORM.discover(_client(kit, _Google(kit))))
    top = "Account 90 (90)"
    assert [(a.id, a.login_id, a.settings.get("path", "")) for a in found] == [
        ("11", "", ""),
        ("12", "", ""),
        ("92", "90", top),
        ("93", "90", f"{top} > Account 91 (91)"),
        ("94", "90", f"{top} > Account 94 (94)"),
    ]
    assert found[2] == Account(
        id="92",
        name="Account 92",
        currency="EUR",
        time_zone="Europe/Berlin",
        login_id="90",
        settings={"status": "ENABLED", "path": top},
    )


def test_what_cannot_be_read_is_reported_with_the_reason(kit: Any) -> None:
    found = {a.id: a.settings for a in _PLATFORM.discover(_client(kit, _Google(kit)))}
    assert "closed" in found["12"]["trouble"]
    assert found["94"]["trouble"].startswith("AccountGone: ")
    assert "reactivate" in found["94"]["remedy"]
    assert "trouble" not in found["93"]


def test_a_configured_manager_is_walked_even_if_it_is_not_listed(kit: Any) -> None:
    google = _Google(kit)
    google.accessible = []
    client = _client(kit, google, login_customer_id="90")
    assert [a.id for a in _PLATFORM.discover(client)] == ["92", "11", "93", "94"]


def test_thousands_of_clients_come_in_pages(kit: Any) -> None:
    def answer(asked: Any) -> Any:
        if asked.path == "/token":
            return dict(kit.token)
        if asked.path.endswith("listAccessibleCustomers"):
            return {"resourceNames": ["customers/90"]}
        if "FROM customer_client" not in asked.json["query"]:
            return {"results": [{"customer": _customer("90", manager=True)}]}
        page = int(asked.json.get("pageToken", "0"))
        clients = [_customer(str(1_000 * page + n)) for n in range(1_000, 2_000)]
        more = {"nextPageToken": str(page + 1)} if page < 2 else {}
        return {"results": [{"customerClient": one} for one in clients], **more}

    found = list(_PLATFORM.discover(_client(kit, answer)))
    assert len({account.id for account in found}) == len(found) == 3_000


def test_a_connection_may_name_its_manager(kit: Any) -> None:
    assert _PLATFORM.check_settings is not None
    _PLATFORM.check_settings("11", {"login_customer_id": "123-456-7890"})
    for wrong in ({"login_customer_id": "x"}, {"other": "1"}):
        with pytest.raises(ValueError, match="login_customer_id"):
            _PLATFORM.check_settings("11", wrong)
    server = kit.server(_Google(kit))
    client = kit.client(server, platform=_PLATFORM, credential=_CREDENTIAL, account=None)
    _PLATFORM.describe_account(client, Account("11", settings={"login_customer_id": "9-0"}))
    assert server.asked[-1].headers["login-customer-id"] == "90"


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
