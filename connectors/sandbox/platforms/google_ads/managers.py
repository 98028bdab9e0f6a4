"""The manager (MCC) accounts: an agency above the accounts of the first organization."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.business.catalogue import Catalogue
from connectors.sandbox.business.entities import Account
from connectors.sandbox.platforms.google_ads.network import NETWORK

AGENCY_MANAGER_ID = "9000000001"
_REGION_MANAGER_ID = "9000000002"


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager account: it has no campaigns, only accounts and managers below it."""

    id: str
    name: str
    currency: str
    time_zone: str
    accounts: tuple[Account, ...]
    managers: tuple[Manager, ...]

    def walk(self) -> list[tuple[int, Manager | Account]]:
        """Returns the manager itself and all that lies below it, each with its level."""
        below: list[tuple[int, Manager | Account]] = [(0, self)]
        below.extend((1, account) for account in self.accounts)
        for manager in self.managers:
            below.extend((level + 1, member) for level, member in manager.walk())
        return below


def agency(people: Catalogue) -> Manager:
    """Returns the agency, and below it what it manages."""
    client = people.organizations[0]
    own = people.accounts_of(client.id, NETWORK.platform)
    region = Manager(
        _REGION_MANAGER_ID, f"{client.name} Region", "EUR", "Europe/Berlin", own[:1], ()
    )
    return Manager(
        AGENCY_MANAGER_ID, "Summit Agency", "USD", "America/New_York", own[1:], (region,)
    )


def manager(people: Catalogue, manager_id: str) -> Manager | None:
    """Returns a manager account by its id, None when there is none."""
    for _, member in agency(people).walk():
        if isinstance(member, Manager) and member.id == manager_id:
            return member
    return None
