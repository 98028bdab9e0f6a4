"""Which accounts a token reaches, and what they are called."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.platforms import get

_PLATFORM = get("meta_ads")


def _node(number: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"act_{number}",
        "account_id": number,
        "name": f"Account {number}",
        "currency": "JPY",
        "timezone_name": "Asia/Tokyo",
        "account_status": 1,
        **more,
    }


def _client(kit: Any, handler: Any, account: Account | None = None) -> Any:
    return kit.client(
        kit.server(handler),
        platform=_PLATFORM,
        credential={"access_token": "EAABsecret1234"},
        account=account,
    )


def test_every_account_of_the_token_is_found_page_by_page(kit: Any) -> None:
    def handler(asked: Any) -> Any:
        assert asked.path == "/v26.0/me/adaccounts"
        assert "timezone_name" in asked.params["fields"]
        if asked.params.get("after"):
            return {"data": [_node("12", account_status=101)]}
        paging = {"cursors": {"after": "c"}, "next": "https://graph.facebook.com/x"}
        return {"data": [_node("11")], "paging": paging}

    found = list(_PLATFORM.discover(_client(kit, handler)))
    assert found == [
        Account("11", "Account 11", "JPY", "Asia/Tokyo", settings={"account_status": "1"}),
        Account("12", "Account 12", "JPY", "Asia/Tokyo", settings={"account_status": "101"}),
    ]


@pytest.mark.parametrize("written", ["11", "act_11", " 11 "])
def test_an_account_is_described_as_it_is_now(kit: Any, written: str) -> None:
    known = Account(written, "old name", "USD", "UTC", settings={"kept": "yes"})

    def handler(asked: Any) -> Any:
        assert asked.path == "/v26.0/act_11"
        return _node("11")

    account = _PLATFORM.describe_account(_client(kit, handler, known), known)
    settings = {"kept": "yes", "account_status": "1"}
    assert account == Account("11", "Account 11", "JPY", "Asia/Tokyo", settings=settings)


@pytest.mark.parametrize("answer", [[], {}, {"id": "act_1"}])
def test_an_odd_account_is_a_changed_shape(kit: Any, answer: Any) -> None:
    with pytest.raises(ShapeChanged):
        _PLATFORM.describe_account(_client(kit, lambda asked: answer), Account("1"))
    with pytest.raises(ShapeChanged):
        list(_PLATFORM.discover(_client(kit, lambda asked: {"data": [answer]})))


def test_reports_say_how_far_back_they_go() -> None:
    for stream in _PLATFORM.streams:
        if stream.kind == "report":
            assert stream.lookback_days == 28
            assert stream.retention_days is not None
            # Never older than 37 months, whatever the months' lengths.
            assert stream.retention_days <= (date(2026, 3, 1) - date(2023, 2, 1)).days
