"""Who is in the business: organizations, their ad accounts, and the agency above some of them."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.business.entities import Account, Manager, Organization
from connectors.sandbox.business.parameters import Parameters

GOOGLE, META = "google_ads", "meta_ads"
AGENCY_MANAGER_ID = "9000000001"
_REGION_MANAGER_ID = "9000000002"

# Units of each currency for one euro: the level of prices, and where the rates' walk begins.
UNITS_PER_EUR = {"EUR": 1.0, "USD": 1.12, "NZD": 1.97, "INR": 104.0, "GBP": 0.84, "AUD": 1.6}

_PLACES = {
    "acme_outdoor": (("EU", "EUR", "Europe/Berlin"), ("US", "USD", "America/New_York")),
    "kiwi_kitchen": (("NZ", "NZD", "Pacific/Auckland"),),
    "chai_house": (("India", "INR", "Asia/Kolkata"), ("UK", "GBP", "Europe/London")),
}
# One Meta account an organization, two of them in a currency or a zone of their own.
_META_PLACES = {
    "acme_outdoor": ("US", "USD", "America/Los_Angeles"),
    "kiwi_kitchen": ("ANZ", "AUD", "Australia/Sydney"),
    "chai_house": ("India", "INR", "Asia/Kolkata"),
}
_FIRST_META_SERIAL = 1_000_000
# Ids of accounts are long runs of zeros: no platform deals out such numbers, so none of them is
# the account of anybody.
_FIRST_GOOGLE_ID = 4_100_000_037
_FIRST_META_ID = 990_000_000_000_037
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
    ("kiwi_kitchen", "Kiwi Kitchen", "USD", "Pacific/Auckland", "starter", 72.0, _WEEKEND_SHOP,
     ("Knives", "Cast Iron", "Bakeware", "Coffee Gear", "Storage Jars", "Aprons")),
    ("chai_house", "Chai House", "EUR", "Asia/Kolkata", "standard", 68.0, _WORKDAY_SHOP,
     ("Masala Chai", "Green Tea", "Teapots", "Gift Boxes", "Spices", "Iced Tea")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All organizations, accounts and managers of a business.

    Attributes:
        organizations: The tenants.
        accounts: The Google Ads accounts, several an organization.
        agency: The Google Ads manager above some of them.
        others: The accounts on other ad platforms.
    """

    organizations: tuple[Organization, ...]
    accounts: tuple[Account, ...]
    agency: Manager
    others: tuple[Account, ...] = ()

    def accounts_on(self, platform: str) -> tuple[Account, ...]:
        """Returns the accounts on one ad platform."""
        every = (*self.accounts, *self.others)
        return tuple(one for one in every if one.platform == platform)

    def account(self, account_id: str, platform: str = GOOGLE) -> Account | None:
        """Returns an ad account by its id, None when there is none."""
        return next((one for one in self.accounts_on(platform) if one.id == account_id), None)

    def manager(self, manager_id: str) -> Manager | None:
        """Returns a manager account by its id, None when there is none."""
        for _, member in self.agency.walk():
            if isinstance(member, Manager) and member.id == manager_id:
                return member
        return None

    def accounts_of(self, organization_id: str, platform: str = GOOGLE) -> tuple[Account, ...]:
        """Returns the accounts of one organization on one ad platform."""
        return tuple(
            one for one in self.accounts_on(platform) if one.organization.id == organization_id
        )


def catalogue(parameters: Parameters) -> Catalogue:
    """Builds the organizations, accounts and managers that the parameters ask for."""
    organizations = tuple(_organization(number) for number in range(parameters.organizations))
    accounts = tuple(
        _account(organization, index, place)
        for organization in organizations
        for index, place in enumerate(_places(organization, parameters.accounts))
    )
    others = tuple(_meta_account(organization) for organization in organizations)
    return Catalogue(organizations, accounts, _agency(organizations[0], accounts), others)


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
        id=str(_FIRST_GOOGLE_ID + serial * 1_000_003),
        serial=serial,
        organization=organization,
        name=name,
        currency=currency,
        time_zone=zone,
        units_per_eur=UNITS_PER_EUR[currency],
    )


def _meta_account(organization: Organization) -> Account:
    number = organization.number
    place = _META_PLACES.get(organization.id, _MORE_PLACES[(number + 1) % len(_MORE_PLACES)])
    _, currency, zone = place
    return Account(
        id=str(_FIRST_META_ID + number * 7_000_019),
        serial=_FIRST_META_SERIAL + number,
        organization=organization,
        name=f"{organization.name} Social",
        currency=currency,
        time_zone=zone,
        units_per_eur=UNITS_PER_EUR[currency],
        platform=META,
    )


def _agency(client: Organization, accounts: tuple[Account, ...]) -> Manager:
    own = tuple(account for account in accounts if account.organization == client)
    region = Manager(
        _REGION_MANAGER_ID, f"{client.name} Region", "EUR", "Europe/Berlin", own[:1], ()
    )
    return Manager(
        AGENCY_MANAGER_ID, "Summit Agency", "USD", "America/New_York", own[1:], (region,)
    )
