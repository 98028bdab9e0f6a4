"""Accounts and lists of entities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.core.accounts import Account
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.meta_ads import graph, schema

_ACCOUNT_FIELDS = graph.fields(schema.ACCOUNTS)


def list_of(
    edge: str, columns: Sequence[Column], statuses: Sequence[str], limit: int = graph.LARGEST_PAGE
) -> Pages:
    """Returns the function that fetches a whole list of entities, archived and deleted ones too."""

    def pages(client: Client, account: Account, _window: Window | None) -> Iterator[Page]:
        values = {"fields": graph.fields(client.asked(columns)), "effective_status": statuses}
        return graph.walk(client, graph.account_path(client, account, edge), values, limit)

    return pages


def account_pages(client: Client, account: Account, _window: Window | None) -> Iterator[Page]:
    """Yields the one page that holds the account itself."""
    place = graph.account_path(client, account)
    reply = graph.node(client, place, {"fields": graph.fields(client.asked(schema.ACCOUNTS))})
    yield Page([reply.data], len(reply.body))


def discover(client: Client) -> Iterator[Account]:
    """Yields every ad account that the token's user, or system user, may read."""
    place = graph.path(client, "me", "adaccounts")
    for page in graph.walk(client, place, {"fields": _ACCOUNT_FIELDS}):
        for record in page.records:
            yield _account(record, Account(""))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its current name, currency and time zone."""
    place = graph.account_path(client, account)
    return _account(graph.node(client, place, {"fields": _ACCOUNT_FIELDS}).data, account)


def _account(found: Any, known: Account) -> Account:
    if not isinstance(found, dict) or not found.get("account_id"):
        raise ShapeChanged("an ad account has no account_id")
    settings = dict(known.settings)
    if found.get("account_status") is not None:
        settings["account_status"] = str(found["account_status"])
    reported = (found.get(one) for one in ("name", "currency", "timezone_name"))
    return known.described(*reported, id=str(found["account_id"]), settings=settings)
