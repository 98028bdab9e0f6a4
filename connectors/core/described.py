"""Accounts described by the list of those that a credential reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from connectors.core.accounts import Account
from connectors.core.errors import AccountGone
from connectors.core.http import Client

Discover = Callable[[Client], Iterator[Account]]


def found_by(discover: Discover, remedy: str) -> Callable[[Client, Account], Account]:
    """Returns what describes an account: it finds it among the few that a credential reaches.

    Args:
        discover: yields these.
        remedy: what to do where the account is not among them, which raises `AccountGone`.
    """

    def describe(client: Client, account: Account) -> Account:
        held = list(discover(client))
        for one in held:
            if one.id == account.id:
                return account.described(one.name, one.currency, one.time_zone)
        others = ", ".join(one.id for one in held) or "none"
        said = f"the credential reaches the account {others}, not {account.id}"
        raise AccountGone(said, remedy=remedy)

    return describe
