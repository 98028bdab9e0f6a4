"""Accounts and lists of LinkedIn Ads.

Queries are written out: Rest.li wants `( ) : ,` of its lists as they are, and those of a URN in a
list percent-encoded. https://learn.microsoft.com/linkedin/shared/api-guide/concepts/protocol-version
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone
from connectors.core.http import Client
from connectors.core.paginators import TokenInBody
from connectors.core.rest import Rest
from connectors.core.stream import Page
from connectors.core.window import Window

ACCOUNT_URN = "urn%3Ali%3AsponsoredAccount%3A{account}"
_AD_ENTITY = "urn:li:sponsored"
_STATUSES = "ACTIVE,PAUSED,ARCHIVED,CANCELED,DRAFT,PENDING_DELETION,REMOVED"
"""Every status must be named: without, LinkedIn hides what was removed."""


def bare(urn: str) -> str:
    """Returns the number of an ad entity's URN; what is none is left as it is."""
    return urn.rpartition(":")[2] if urn.startswith(_AD_ENTITY) else urn


def _read(record: dict[str, Any]) -> dict[str, Any] | None:
    """Reads an entity: ids as numbers; those that are for tests, and never shown, are left out."""
    if record.get("test") is True or record.get("isTest") is True:
        return None
    return {key: bare(value) if type(value) is str else value for key, value in record.items()}


def _list(path: str, page: int = 500) -> Rest:
    return Rest(
        f"{path}&pageSize={page}",
        "elements",
        lambda: TokenInBody("metadata.nextPageToken", "pageToken"),
        read=_read,
    )


_ALL_ACCOUNTS = _list("/rest/adAccounts?q=search")
_ACCOUNT = _list(f"/rest/adAccounts?q=search&search=(id:(values:List({ACCOUNT_URN})))")
CAMPAIGN_GROUPS = _list(
    "/rest/adAccounts/{account}/adCampaignGroups?q=search"
    f"&search=(status:(values:List({_STATUSES})))"
)
CAMPAIGNS = _list(
    "/rest/adAccounts/{account}/adCampaigns?q=search"
    f"&search=(status:(values:List({_STATUSES},COMPLETED)))"
)
CREATIVES = replace(
    _list("/rest/adAccounts/{account}/creatives?q=criteria", 100),
    headers={"X-RestLi-Method": "FINDER"},
)


def accounts(client: Client, account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the one page that holds the account itself.

    Raises:
        AccountGone: LinkedIn does not show it. It gives no error for that, neither here nor where
            numbers are asked for: they are empty.
    """
    for page in _ACCOUNT(client, account):
        if page.records:
            yield page
            return
    raise AccountGone(
        f"LinkedIn does not show the account {account.id}, or it is one for tests",
        remedy="Give the member who made the token a role in this ad account (Campaign Manager → "
        "account settings → manage access), or remove the connection.",
    )


def discover(client: Client) -> Iterator[Account]:
    """Yields every ad account in which the member has a role, those for tests left out."""
    for page in _ALL_ACCOUNTS(client, Account("")):
        for record in page.records:
            yield _account(record, Account(str(record["id"])))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its current name and currency; its days are those of UTC.

    Raises:
        AccountGone: LinkedIn does not show it.
    """
    (page,) = accounts(client, account, None)
    return _account(page.records[0], account)


def _account(found: dict[str, Any], known: Account) -> Account:
    return known.described(found.get("name"), found.get("currency"), "UTC")
