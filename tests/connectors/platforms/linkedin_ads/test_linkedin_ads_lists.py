"""Lists and accounts as LinkedIn sends them become exact rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone
from connectors.platforms import get

_PLATFORM = get("linkedin_ads")


def _page(name: str) -> Any:
    return json.loads((Path(__file__).parent / "pages" / f"{name}.json").read_text("utf-8"))


def _campaigns(asked: Any) -> Any:
    return _page("campaigns_2" if "pageToken" in asked.params else "campaigns_1")


def test_two_pages_of_campaigns_without_those_for_tests(read: Callable[..., Any]) -> None:
    found = read(_PLATFORM, "campaigns", _campaigns)
    first, last = found.rows
    assert {name: value for name, value in first.items() if value is not None} == {
        "campaign_id": "252074216",
        "campaign_group_id": "615492066",
        "account_id": "508720451",
        "name": "Q1 leads – Zürich",
        "status": "ACTIVE",
        "type": "SPONSORED_UPDATES",
        "objective_type": "LEAD_GENERATION",
        "cost_type": "CPM",
        "unit_cost": Decimal("11.25"),
        "unit_cost_currency": "USD",
        "daily_budget": Decimal(50),
        "daily_budget_currency": "USD",
        "start_ms": 1629849600000,
        "serving_statuses": '["RUNNABLE"]',
        "created_ms": 1629581275000,
        "last_modified_ms": 1630107611000,
        "_extra": '{"locale":{"country":"CH"}}',
    }
    assert (last["campaign_id"], last["total_budget"]) == ("252074218", 900)
    assert last["status"] == "REMOVED"
    assert found.rejected == []


def test_a_list_is_asked_for_as_rest_li_wants_it(read: Callable[..., Any]) -> None:
    found = read(_PLATFORM, "campaigns", _campaigns)
    first, second = found.asked
    assert first.url == (
        "https://api.linkedin.com/rest/adAccounts/508720451/adCampaigns?q=search"
        "&search=(status:(values:List(ACTIVE,PAUSED,ARCHIVED,CANCELED,DRAFT,PENDING_DELETION,"
        "REMOVED,COMPLETED)))&pageSize=500"
    )
    assert second.url == f"{first.url}&pageToken=DgEaCBcA%3D%3D"
    assert first.headers["LinkedIn-Version"] == _PLATFORM.api_version
    assert first.headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert first.headers["Authorization"] == "Bearer access-abcdef"


def test_creatives_have_the_numbers_of_their_urns(read: Callable[..., Any]) -> None:
    found = read(_PLATFORM, "creatives", lambda _: _page("creatives"))
    (row,) = found.rows
    assert {name: value for name, value in row.items() if value is not None} == {
        "creative_id": "287513206",
        "campaign_id": "252074216",
        "account_id": "508720451",
        "intended_status": "ACTIVE",
        "review_status": "APPROVED",
        "is_serving": True,
        "content": '{"reference":"urn:li:share:7"}',
        "created_ms": 1629581275000,
        "last_modified_ms": 1630107611000,
    }
    assert found.asked[0].headers["X-RestLi-Method"] == "FINDER"
    assert found.asked[0].params == {"q": "criteria", "pageSize": "100"}


@pytest.mark.parametrize("stream", ["accounts", "campaign_groups"])
def test_the_other_lists(read: Callable[..., Any], stream: str) -> None:
    found = read(_PLATFORM, stream, lambda _: {"elements": [{"id": 7, "status": "REMOVED"}]})
    assert [row[_PLATFORM.stream(stream).key[0]] for row in found.rows] == ["7"]
    query = found.asked[0].url
    if stream == "accounts":
        assert "search=(id:(values:List(urn%3Ali%3AsponsoredAccount%3A508720451)))" in query
    else:
        assert "adAccounts/508720451/adCampaignGroups?" in query
        assert "PENDING_DELETION,REMOVED)" in query


_ACCOUNTS = {
    "elements": [
        {"id": 508720451, "name": "Acme", "currency": "CHF", "test": False},
        {"id": 508720452, "name": "Trial", "currency": "USD", "test": True},
    ]
}


def _client(kit: Any, accounts: Any) -> Any:
    server = kit.server(lambda asked: kit.token if "oauth" in asked.path else accounts)
    return kit.client(server, platform=_PLATFORM)


def test_accounts_that_a_member_sees(kit: Any) -> None:
    client = _client(kit, _ACCOUNTS)
    assert list(_PLATFORM.discover(client)) == [
        Account("508720451", "Acme", currency="CHF", time_zone="UTC")
    ]


def test_an_account_is_described_and_one_that_is_not_shown_is_gone(kit: Any) -> None:
    known = Account("508720451", "old", settings={"a": "b"})
    described = _PLATFORM.describe_account(_client(kit, _ACCOUNTS), known)
    assert described == Account("508720451", "Acme", "CHF", "UTC", settings={"a": "b"})
    for elements in ([], _ACCOUNTS["elements"][1:]):
        with pytest.raises(AccountGone, match="does not show the account 508720451"):
            _PLATFORM.describe_account(_client(kit, {"elements": elements}), known)
