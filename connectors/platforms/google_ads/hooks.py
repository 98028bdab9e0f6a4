"""Reading Google Ads: pages of a query, the accounts that a credential reaches, one account's data.

`search` with its page tokens is used, not `searchStream`: a page is 10,000 rows, so memory stays
bounded, and a long stream that is cut half way would have to begin again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from connectors.core.errors import AccountGone, BadRequest, ShapeChanged
from connectors.core.http import Client, Reply
from connectors.core.paginators import TokenInBody
from connectors.core.stream import Account, Column, Page, Window
from connectors.platforms.google_ads.gaql import query

_log = logging.getLogger(__name__)

_CUSTOMER_QUERY = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, "
    "customer.manager, customer.status FROM customer"
)
_CLIENTS_QUERY = (
    "SELECT customer_client.id, customer_client.descriptive_name, customer_client.currency_code, "
    "customer_client.time_zone, customer_client.level, customer_client.manager, "
    "customer_client.status FROM customer_client"
)


def pages_of(
    resource: str, columns: Sequence[Column]
) -> Callable[[Client, Account, Window | None], Iterator[Page]]:
    """Returns the function that fetches a stream's columns from a GAQL resource."""

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        return search(client, account, query(resource, columns, window))

    return pages


def search(client: Client, account: Account, gaql: str) -> Iterator[Page]:
    """Yields the pages of a query; a page may be empty and yet not be the last.

    Raises:
        ConnectorError: as Google answers. ShapeChanged when it serves one page again and again.
    """
    path = f"/{client.platform.api_version}/customers/{digits(account.id)}/googleAds:search"
    headers = _headers(client, account.login_id)
    paginator = TokenInBody("nextPageToken", "pageToken")
    body = {"query": gaql}
    while True:
        reply = _merged(client.post(path, json=body, headers=headers))
        records = _results(reply)
        yield Page(records, len(reply.body))
        following = paginator.after(reply, len(records))
        if following is None:
            return
        body = {"query": gaql, **following.params}


def discover(client: Client) -> Iterator[Account]:
    """Yields every account with numbers of its own that the credential reaches.

    Managers are walked, not yielded; an account under a manager carries the manager's id as its
    `login_id`. An account that cannot be read is left out, with a warning in the log.
    """
    version = client.platform.api_version
    reply = client.get(f"/{version}/customers:listAccessibleCustomers", headers=_headers(client))
    names = reply.data.get("resourceNames", []) if isinstance(reply.data, dict) else None
    if not isinstance(names, list):
        raise ShapeChanged("listAccessibleCustomers answered without a list of customers")
    roots = [str(name).rpartition("/")[2] for name in names]
    login = digits(client.credential.get("login_customer_id", ""))
    seen: set[str] = set()
    # Directly reachable accounts first: they need no manager to sign in through.
    for root in dict.fromkeys([*roots, *([login] if login else [])]):
        try:
            found = list(_reached(client, root))
        except AccountGone as gone:
            _log.warning("google_ads: account %s is left out: %s", root, gone.message)
            continue
        for account in found:
            if account.id not in seen:
                seen.add(account.id)
                yield account


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its current name, currency and time zone.

    Raises:
        BadRequest: it is a manager account.
    """
    found = _customer(client, account)
    if found.get("manager") is True:
        raise BadRequest(
            f"{account.id} is a manager account",
            remedy="Connect its client accounts: `tributary connections discover` lists them.",
        )
    return _account(found, account.login_id, replace(account, id=digits(account.id)))


def digits(customer_id: str) -> str:
    """Returns a customer id as URLs and headers want it: `123-456-7890` without its dashes."""
    return customer_id.replace("-", "").strip()


def _reached(client: Client, root: str) -> Iterator[Account]:
    """Yields the account itself or, of a manager, every client below it."""
    customer = _customer(client, Account(root))
    if customer.get("manager") is not True:
        yield _account(customer, "", Account(root))
        return
    for page in search(client, Account(root, login_id=root), _CLIENTS_QUERY):
        for record in page.records:
            below = _object(record, "customerClient")
            if below.get("manager") is not True:
                yield _account(below, root, Account(""))


def _customer(client: Client, account: Account) -> dict[str, Any]:
    for page in search(client, account, _CUSTOMER_QUERY):
        for record in page.records:
            return _object(record, "customer")
    raise AccountGone(f"Google returns nothing about the account {account.id}")


def _account(found: dict[str, Any], login_id: str, known: Account) -> Account:
    settings = dict(known.settings)
    if found.get("status"):
        settings["status"] = str(found["status"])
    return Account(
        id=str(found.get("id") or known.id),
        name=str(found.get("descriptiveName") or known.name),
        currency=str(found.get("currencyCode") or known.currency),
        time_zone=str(found.get("timeZone") or known.time_zone),
        login_id=login_id or known.login_id,
        settings=settings,
    )


def _headers(client: Client, login_id: str = "") -> dict[str, str]:
    """The headers beside Authorization. The developer token is optional since September 2026."""
    login = digits(login_id or client.credential.get("login_customer_id", ""))
    developer = client.credential.get("developer_token", "")
    headers = {"login-customer-id": login, "developer-token": developer}
    return {name: value for name, value in headers.items() if value}


def _merged(reply: Reply) -> Reply:
    """Reads an answer that comes as a list of chunks like the one object that it should be."""
    if not isinstance(reply.data, list):
        return reply
    whole: dict[str, Any] = {"results": []}
    for chunk in reply.data:
        if not isinstance(chunk, dict):
            raise ShapeChanged("a chunk of the answer is not an object")
        whole["results"] += chunk.get("results") or []
        whole["nextPageToken"] = chunk.get("nextPageToken") or whole.get("nextPageToken")
    return replace(reply, data=whole)


def _results(reply: Reply) -> list[dict[str, Any]]:
    results = reply.data.get("results") if isinstance(reply.data, dict) else False
    if results is None:
        return []
    if not isinstance(results, list):
        raise ShapeChanged(f"the answer holds no list of results: {reply.excerpt}")
    return results


def _object(record: Any, key: str) -> dict[str, Any]:
    found = record.get(key) if isinstance(record, dict) else None
    if not isinstance(found, dict):
        raise ShapeChanged(f"a record has no {key}")
    return found
