"""Reading Google Ads: pages of a query, the accounts that a credential reaches, one account's data.

`search` with its page tokens is used, not `searchStream`: a page is 10,000 rows, so memory stays
bounded, and a long stream that is cut half way would have to begin again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.core import addresses
from connectors.core.accounts import NUMBER, Account
from connectors.core.columns import Column
from connectors.core.errors import AccountGone, BadRequest, ShapeChanged
from connectors.core.http import Client
from connectors.core.paginators import Next, TokenInBody, walk
from connectors.core.replies import Reply
from connectors.core.stream import Page, Pages
from connectors.core.window import Window
from connectors.platforms.google_ads.gaql import query

_CUSTOMER_QUERY = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, "
    "customer.manager, customer.status FROM customer"
)
LOGIN = "login_customer_id"
"""Setting of a connection: the manager through which it is reached, if not the credential's."""


def pages_of(resource: str, columns: Sequence[Column], condition: str = "") -> Pages:
    """Returns the function that fetches a stream's columns from a GAQL resource."""

    def pages(client: Client, account: Account, window: Window | None) -> Iterator[Page]:
        return search(client, account, query(resource, client.asked(columns), window, condition))

    return pages


def search(client: Client, account: Account, gaql: str) -> Iterator[Page]:
    """Yields the pages of a query; a page may be empty and yet not be the last.

    Raises:
        ConnectorError: as Google answers. ShapeChanged when it serves one page again and again.
    """
    version = client.platform.api_version
    path = addresses.path(version, "customers", digits(account.id), "googleAds:search")
    headers = headers_of(client, account.login_id or account.settings.get(LOGIN, ""))

    def ask(more: Next) -> Reply:
        return _merged(client.post(path, json={"query": gaql, **more.params}, headers=headers))

    for records, reply in walk(ask, _results, TokenInBody("nextPageToken", "pageToken")):
        yield Page(records, len(reply.body))


def describe_account(client: Client, account: Account) -> Account:
    """Returns the account with its current name, currency and time zone.

    Raises:
        BadRequest: it is a manager account.
    """
    found = read_customer(client, account)
    if found.get("manager") is True:
        raise BadRequest(
            f"{account.id} is a manager account",
            remedy="Connect its client accounts: `tributary connections discover` lists them.",
        )
    return read_account(found, account.login_id, replace(account, id=digits(account.id)))


def check_settings(account_id: str, settings: Mapping[str, str]) -> None:
    """Refuses settings of a connection other than the manager it is reached through.

    Raises:
        ValueError: an unknown setting, or a manager id that is none.
    """
    for name, value in settings.items():
        if name != LOGIN:
            raise ValueError(
                f"google_ads account {account_id} has no setting {name!r}, only {LOGIN}"
            )
        if not re.fullmatch(NUMBER, digits(value)):
            raise ValueError(f"{LOGIN} of google_ads account {account_id} is no id: {value!r}")


def digits(customer_id: str) -> str:
    """Returns a customer id as URLs and headers want it: `123-456-7890` without its dashes."""
    return re.sub(r"[ \u00a0\u2010-\u2015-]", "", customer_id.strip()).removeprefix("customers/")


def read_customer(client: Client, account: Account) -> dict[str, Any]:
    """Returns what Google says of one account; AccountGone when that is nothing."""
    for page in search(client, account, _CUSTOMER_QUERY):
        for record in page.records:
            return part(record, "customer")
    raise AccountGone(f"Google returns nothing about the account {account.id}")


def read_account(found: dict[str, Any], login_id: str, known: Account) -> Account:
    """Returns an account as a `customer` or a `customer_client` describes it."""
    settings = dict(known.settings)
    if found.get("status"):
        settings["status"] = str(found["status"])
    return known.described(
        *(found.get(one) for one in ("descriptiveName", "currencyCode", "timeZone")),
        id=str(found.get("id") or known.id),
        login_id=login_id or known.login_id,
        settings=settings,
    )


def headers_of(client: Client, login_id: str = "") -> dict[str, str]:
    """Returns the headers beside Authorization; a developer token is optional nowadays."""
    login = digits(login_id or client.credential.get(LOGIN, ""))
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


def part(record: Any, key: str) -> dict[str, Any]:
    """Returns an object inside a record; ShapeChanged when it is missing."""
    found = record.get(key) if isinstance(record, dict) else None
    if not isinstance(found, dict):
        raise ShapeChanged(f"a record has no {key}")
    return found
