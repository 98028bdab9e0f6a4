"""The spreadsheets that there are: whose they are, their ids and their tabs."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.business.counter import Counter, counter_of
from connectors.sandbox.business.entities import Account

PLATFORM, ORGANIZATION = "crm_export", "chai_house"
SHEET_ID = "1SandboxCounterOfChaiHouse"
TABS = {"customers": (0, "Customers"), "employees": (318, "Employees"),
        "products": (5_720, "Products"), "orders": (90_013, "Orders")}  # fmt: skip
"""Of each table the number and the title of its tab."""


def counters(business: Business) -> Iterator[Counter]:
    """Yields the books of the spreadsheets: one, where its organization is there."""
    for one in business.people.organizations:
        if one.id == ORGANIZATION:
            yield counter_of(business, one, PLATFORM, SHEET_ID)


def account_of(book: Counter) -> Account:
    """Returns a spreadsheet as an account."""
    shop = book.shop
    places = (shop.currency, shop.time_zone, shop.units_per_eur)
    return Account(shop.id, shop.number, shop.organization, shop.name, *places, PLATFORM)
