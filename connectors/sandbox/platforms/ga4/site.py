"""The properties: whose they are, their keys, their settings, and what they make of their figures.

Two organizations have a property for their shop's site, with Google Ads linked to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.web import Site, site_of

PLATFORM = "ga4"
LINKED = frozenset({"google_ads"})
_IDS = {"acme_outdoor": "310000037", "kiwi_kitchen": "310000153"}
BY_SERVICE_ACCOUNT = "kiwi_kitchen"
"""Whose credential is the key of a service account; the other's is a refresh token."""
DATA_DRIVEN = "PAID_AND_ORGANIC_CHANNELS_DATA_DRIVEN"
LAST_CLICK = "PAID_AND_ORGANIC_CHANNELS_LAST_CLICK"
MOST_ORIGINS = 46
"""Rows of the table by landing page that are kept for a day; the smallest are rolled into one."""
MOST_LINES, ONE_IN = 30, 2
"""Of a day on which more lines than that were bought the table of items is a sample."""
LEAST_PEOPLE = 3
"""Rows by country of fewer people are withheld, for Google signals are on."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property."""

    id: str
    site: Site
    settled_from: datetime | None

    @property
    def account(self) -> Account:
        """The property as an account."""
        shop = self.site.shop
        name = f"{self.site.organization.name} web"
        places = (shop.currency, shop.time_zone, shop.units_per_eur)
        return Account(self.id, shop.number, self.site.organization, name, *places, PLATFORM)

    @property
    def currency(self) -> str:
        """Its currency."""
        return self.site.shop.currency

    @property
    def time_zone(self) -> str:
        """Its zone."""
        return self.site.shop.time_zone

    def attribution(self, clock: datetime) -> str:
        """Returns the reporting attribution model that is set as of a clock."""
        changed = self.settled_from is not None and clock >= self.settled_from
        return LAST_CLICK if changed else DATA_DRIVEN


def properties(business: Business) -> Iterator[Property]:
    """Yields the properties that there are; somebody changes the first one's model by script."""
    for one in business.people.organizations:
        if one.id in _IDS:
            site = site_of(business, one, LINKED)
            day = business.parameters.days_before_end(4)
            settled = None if one.id == BY_SERVICE_ACCOUNT else midnight(site.shop.time_zone, day)
            yield Property(_IDS[one.id], site, settled)
