"""Who is in the business: organizations, their ad accounts, and the agency above some of them."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.business.entities import Account, Manager, Organization
from connectors.sandbox.business.parameters import Parameters

AGENCY_MANAGER_ID = "9000000001"
_REGION_MANAGER_ID = "9000000002"

# Units of each currency for one euro: the level of prices, and where the rates' walk begins.
UNITS_PER_EUR = {"EUR": 1.0, "USD": 1.12, "NZD": 1.97, "INR": 104.0, "GBP": 0.84, "AUD": 1.6}

_PLACES = {
    "acme_outdoor": (("EU", "EUR", "Europe/Berlin"), ("US", "USD", "America/New_York")),
    "kiwi_kitchen": (("NZ", "NZD", "Pacific/Auckland"),),
    "chai_house": (("India", "INR", "Asia/Kolkata"), ("UK", "GBP", "Europe/London")),
}
_MORE_PLACES = (
    ("EU", "EUR", "Europe/Berlin"),
    ("US West", "USD", "America/Los_Angeles"),
    ("NZ", "NZD", "Pacific/Auckland"),
    ("India", "INR", "Asia/Kolkata"),
    ("UK", "GBP", "Europe/London"),
    ("Australia", "AUD", "Australia/Sydney"),
)
_WORKDAY_SHOP = (1.08, 1.06, 1.03, 1.02, 0.97, 0.88, 0.96)
_WEEKEND_SHOP = (0.92, 0.90, 0.93, 0.97, 1.03, 1.14, 1.11)

_SCRIPTED = (
    ("acme_outdoor", "Acme Outdoor", "USD", "America/New_York", "standard", 95.0, _WEEKEND_SHOP,
     ("Tents", "Hiking Boots", "Backpacks", "Sleeping Bags", "Rain Jackets", "Trail Shoes")),
    ("kiwi_kitchen", "Kiwi Kitchen", "USD", "Pacific/Auckland", "starter", 62.0, _WEEKEND_SHOP,
     ("Knives", "Cast Iron", "Bakeware", "Coffee Gear", "Storage Jars", "Aprons")),
    ("chai_house", "Chai House", "EUR", "Asia/Kolkata", "standard", 34.0, _WORKDAY_SHOP,
     ("Masala Chai", "Green Tea", "Teapots", "Gift Boxes", "Spices", "Iced Tea")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All organizations, accounts and managers of a business."""

    organizations: tuple[Organization, ...]
    accounts: tuple[Account, ...]
    agency: Manager

    def account(self, account_id: str) -> Account | None:
        """Returns an ad account by its id, None when there is none."""
        return next((one for one in self.accounts if one.id == account_id), None)

    def manager(self, manager_id: str) -> Manager | None:
        """Returns a manager account by its id, None when there is none."""
        for _, member in self.agency.walk():
            if isinstance(member, Manager) and member.id == manager_id:
                return member
        return None

    def accounts_of(self, organization_id: str) -> tuple[Account, ...]:
        """Returns the ad accounts of one organization."""
        return tuple(one for one in self.accounts if one.organization.id == organization_id)


def catalogue(parameters: Parameters) -> Catalogue:
    """Builds the organizations, accounts and managers that the parameters ask for."""
    organizations = tuple(_organization(number) for number in range(parameters.organizations))
    accounts = tuple(
        _account(organization, index, place)
        for organization in organizations
        for index, place in enumerate(_places(organization, parameters.accounts))
    )
    return Catalogue(organizations, accounts, _agency(organizations[0], accounts))


def _organization(number: int) -> Organization:
    if number < len(_SCRIPTED):
        id_, name, currency, zone, plan, value, weekdays, products = _SCRIPTED[number]
    else:
        id_, name = f"shop_{number + 1:03d}", f"Shop {number + 1:03d}"
        currency, zone, plan = "USD", "UTC", "starter"
        _, _, _, _, _, value, weekdays, products = _SCRIPTED[number % len(_SCRIPTED)]
    site = f"https://www.{id_.replace('_', '-')}.example"
    return Organization(id_, number, name, currency, zone, plan, site, products, value, weekdays)


def _places(organization: Organization, wanted: int | None) -> list[tuple[str, str, str]]:
    number = organization.number
    more = [_MORE_PLACES[(number + index) % len(_MORE_PLACES)] for index in range(wanted or 2)]
    scripted = list(_PLACES.get(organization.id, ()))
    if not scripted:
        return more
    return scripted if wanted is None else (scripted + more)[:wanted]


def _account(organization: Organization, index: int, place: tuple[str, str, str]) -> Account:
    region, currency, zone = place
    serial = organization.number * 100 + index
    name = f"{organization.name} {region}" + ("" if index < 2 else f" {index + 1}")
    return Account(
        id=str(4_100_000_037 + serial * 1_000_003),
        serial=serial,
        organization=organization,
        name=name,
        currency=currency,
        time_zone=zone,
        units_per_eur=UNITS_PER_EUR[currency],
    )


def _agency(client: Organization, accounts: tuple[Account, ...]) -> Manager:
    own = tuple(account for account in accounts if account.organization == client)
    region = Manager(
        _REGION_MANAGER_ID, f"{client.name} Region", "EUR", "Europe/Berlin", own[:1], ()
    )
    return Manager(
        AGENCY_MANAGER_ID, "Summit Agency", "USD", "America/New_York", own[1:], (region,)
    )
