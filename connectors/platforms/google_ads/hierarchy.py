"""The accounts below manager accounts, each with its way down.

`customer_client` lists all that lies below a manager, flat. Asked for one level at a time it also
says under which manager a client stands, at one request a manager.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone, ShapeChanged
from connectors.core.http import Client
from connectors.platforms.google_ads.hooks import (
    LOGIN,
    digits,
    headers_of,
    part,
    read_account,
    read_customer,
    search,
)

_CLIENTS_QUERY = (
    "SELECT customer_client.id, customer_client.descriptive_name, customer_client.currency_code, "
    "customer_client.time_zone, customer_client.level, customer_client.manager, "
    "customer_client.status FROM customer_client WHERE customer_client.level <= 1"
)


@dataclass(frozen=True, slots=True)
class _Manager:
    id: str
    path: tuple[str, ...]


def discover(client: Client) -> Iterator[Account]:
    """Yields every account with numbers of its own that the credential reaches.

    Managers are walked, not yielded; an account under managers carries the topmost one's id as its
    `login_id` and all of them in its setting `path`, topmost first. What cannot be read, an account
    or a manager, is yielded with the setting `trouble`, which says why, and `remedy`.
    """
    version = client.platform.api_version
    reply = client.get(f"/{version}/customers:listAccessibleCustomers", headers=headers_of(client))
    names = reply.data.get("resourceNames", []) if isinstance(reply.data, dict) else None
    if not isinstance(names, list):
        raise ShapeChanged("listAccessibleCustomers answered without a list of customers")
    roots = [str(name).rpartition("/")[2] for name in names]
    login = digits(client.credential.get(LOGIN, ""))
    yield from _walk(client, [*roots, *([login] if login else [])])


def _walk(client: Client, roots: Sequence[str]) -> Iterator[Account]:
    """Yields the accounts at and below some roots, each once, those without a manager first.

    An account that can be reached directly needs no manager to sign in through, so that way wins.
    """
    seen: set[str] = set()
    walked: set[str] = set()
    managers: list[tuple[str, dict[str, Any]]] = []
    for root in dict.fromkeys(roots):
        try:
            customer = read_customer(client, Account(root))
        except AccountGone as refusal:
            seen.add(root)
            yield _unreadable(Account(root), refusal)
            continue
        if customer.get("manager") is True:
            managers.append((root, customer))
        else:
            seen.add(root)
            yield read_account(customer, "", Account(root))
    for root, customer in managers:
        top = _Manager(root, (_title(customer, root),))
        for account in _below(client, root, top, walked):
            if account.id not in seen:
                seen.add(account.id)
                yield account


def _below(client: Client, root: str, manager: _Manager, walked: set[str]) -> Iterator[Account]:
    """Yields the accounts of a manager, then those of the managers below it."""
    if manager.id in walked:
        return
    walked.add(manager.id)
    further: list[_Manager] = []
    try:
        for page in search(client, Account(manager.id, login_id=root), _CLIENTS_QUERY):
            for record in page.records:
                found = part(record, "customerClient")
                id_ = str(found.get("id"))
                if id_ == manager.id:
                    continue
                if found.get("manager") is True:
                    further.append(_Manager(id_, (*manager.path, _title(found, id_))))
                else:
                    yield _placed(read_account(found, root, Account("")), manager)
    except AccountGone as refusal:
        yield _placed(_unreadable(Account(manager.id, login_id=root), refusal), manager)
    for one in further:
        yield from _below(client, root, one, walked)


def _placed(account: Account, manager: _Manager) -> Account:
    return replace(account, settings={**account.settings, "path": " > ".join(manager.path)})


def _unreadable(account: Account, refusal: AccountGone) -> Account:
    trouble = f"{refusal.error_class}: {refusal.message}"
    return replace(account, settings={"trouble": trouble, "remedy": refusal.remedy})


def _title(customer: dict[str, Any], id_: str) -> str:
    name = str(customer.get("descriptiveName") or "")
    return f"{name} ({id_})" if name else id_
