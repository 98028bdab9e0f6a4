"""Who is in the business: organizations and their ad accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.sandbox.business.entities import Account, Organization
from connectors.sandbox.business.networks import Network, Place
from connectors.sandbox.business.parameters import Parameters

# Units of each currency for one euro: the level of prices, and where the rates' walk begins.
UNITS_PER_EUR = {"EUR": 1.0, "USD": 1.12, "NZD": 1.97, "INR": 104.0, "GBP": 0.84, "AUD": 1.6}

MORE_PLACES: tuple[Place, ...] = (
    ("EU", "EUR", "Europe/Berlin"),
    ("US West", "USD", "America/Los_Angeles"),
    ("NZ", "NZD", "Pacific/Auckland"),
    ("India", "INR", "Asia/Kolkata"),
    ("UK", "GBP", "Europe/London"),
    ("Australia", "AUD", "Australia/Sydney"),
)
"""Where organizations that are not scripted have accounts."""
_WORKDAY_SHOP = (1.08, 1.06, 1.03, 1.02, 0.97, 0.88, 0.96)
_WEEKEND_SHOP = (0.92, 0.90, 0.93, 0.97, 1.03, 1.14, 1.11)

_SCRIPTED = (
    ("acme_outdoor", "Acme Outdoor", "USD", "America/New_York", "standard", 95.0, _WEEKEND_SHOP,
     ("Tents", "Hiking Boots", "Backpacks", "Sleeping Bags", "Rain Jackets", "Trail Shoes")),
    ("kiwi_kitchen", "Kiwi Kitchen", "USD", "Pacific/Auckland", "starter", 72.0, _WEEKEND_SHOP,
     ("Knives", "Cast Iron", "Bakeware", "Coffee Gear", "Storage Jars", "Aprons")),
    ("chai_house", "Chai House", "EUR", "Asia/Kolkata", "standard", 68.0, _WORKDAY_SHOP,
     ("Masala Chai", "Green Tea", "Teapots", "Gift Boxes", "Spices", "Iced Tea")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All organizations and accounts of a business.

    Attributes:
        organizations: The tenants.
        accounts: Their accounts, network by network; those on the network that every organization
            is on come first.
        home: The platform that every organization is on.
    """

    organizations: tuple[Organization, ...]
    accounts: tuple[Account, ...]
    home: str

    def accounts_on(self, platform: str) -> tuple[Account, ...]:
        """Returns the accounts on one ad platform."""
        return tuple(one for one in self.accounts if one.platform == platform)

    def account(self, account_id: str, platform: str) -> Account | None:
        """Returns an ad account by its id, None when there is none."""
        return next((one for one in self.accounts_on(platform) if one.id == account_id), None)

    def accounts_of(self, organization_id: str, platform: str) -> tuple[Account, ...]:
        """Returns the accounts of one organization on one ad platform."""
        return tuple(
            one for one in self.accounts_on(platform) if one.organization.id == organization_id
        )


def catalogue(parameters: Parameters, networks: Sequence[Network]) -> Catalogue:
    """Builds the organizations and accounts that the parameters ask for.

    Args:
        parameters: How many there are.
        networks: By their serials; every organization is on the first.
    """
    organizations = tuple(_organization(number) for number in range(parameters.organizations))
    accounts = tuple(
        _account(network, organization, index, place)
        for network in networks
        for organization in organizations
        for index, place in enumerate(network.accounts.places(organization, parameters.accounts))
    )
    return Catalogue(organizations, accounts, networks[0].platform)


def _organization(number: int) -> Organization:
    if number < len(_SCRIPTED):
        id_, name, currency, zone, plan, value, weekdays, products = _SCRIPTED[number]
    else:
        id_, name = f"shop_{number + 1:03d}", f"Shop {number + 1:03d}"
        currency, zone, plan = "USD", "UTC", "starter"
        _, _, _, _, _, value, weekdays, products = _SCRIPTED[number % len(_SCRIPTED)]
    site = f"https://www.{id_.replace('_', '-')}.example"
    return Organization(id_, number, name, currency, zone, plan, site, products, value, weekdays)


def _account(network: Network, organization: Organization, index: int, place: Place) -> Account:
    region, currency, zone = place
    declared = network.accounts
    number = organization.number * declared.most + index
    name = declared.name.format(organization=organization.name, region=region)
    return Account(
        id=str(declared.first_id + number * declared.id_step),
        serial=network.first_serial + number,
        organization=organization,
        name=name if index < 2 else f"{name} {index + 1}",
        currency=currency,
        time_zone=zone,
        units_per_eur=UNITS_PER_EUR[currency],
        platform=network.platform,
    )
