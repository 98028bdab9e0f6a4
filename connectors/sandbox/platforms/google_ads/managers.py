"""The manager (MCC) accounts: an agency above the accounts of the first organization."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.business.catalogue import Catalogue
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.network import NETWORK

AGENCY_MANAGER_ID = "9000000001"
_REGION_MANAGER_ID = "9000000002"


@dataclass(frozen=True, slots=True)
class Manager(Account):
    """A manager account: it has no campaigns, only accounts and managers below it."""

    accounts: tuple[Account, ...] = ()
    managers: tuple[Manager, ...] = ()

    def walk(self) -> list[tuple[int, Account]]:
        """Returns the manager itself and all that lies below it, each with its level."""
        below: list[tuple[int, Account]] = [(0, self)]
        below.extend((1, account) for account in self.accounts)
        for manager in self.managers:
            below.extend((level + 1, member) for level, member in manager.walk())
        return below


def agency(people: Catalogue) -> Manager:
    """Returns the agency, and below it what it manages."""
    client = people.organizations[0]
    own = people.accounts_of(client.id, NETWORK.platform)
    no_serial, no_prices = -1, 0.0
    region = Manager(
        _REGION_MANAGER_ID, no_serial, client, f"{client.name} Region", "EUR", "Europe/Berlin",
        no_prices, NETWORK.platform, own[:1],
    )  # fmt: skip
    return Manager(
        AGENCY_MANAGER_ID, no_serial, client, "Summit Agency", "USD", "America/New_York",
        no_prices, NETWORK.platform, own[1:], (region,),
    )  # fmt: skip


def manager(people: Catalogue, manager_id: str) -> Manager | None:
    """Returns a manager account by its id, None when there is none."""
    for _, member in agency(people).walk():
        if isinstance(member, Manager) and member.id == manager_id:
            return member
    return None
