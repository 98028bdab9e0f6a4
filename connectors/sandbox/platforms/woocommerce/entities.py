"""Customers and products as wc/v3 writes them, as of one clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.outlet import Outlet
from connectors.sandbox.business.shop_entities import Product, Variant
from connectors.sandbox.wire.amounts import money

Json = dict[str, Any]
_STATUSES = {"ACTIVE": "publish", "ARCHIVED": "private", "DRAFT": "draft"}


_STATES = {"NZ": "WGN", "AU": "NSW", "US": "CA"}
"""Where the buyers of a country live; other countries' addresses name none."""


class EntityWriter:
    """Writes the entities of one site.

    Args:
        book: The shop.
        clock: As of when, in seconds since 1970 UTC.
    """

    def __init__(self, book: Outlet, clock: int) -> None:
        self.book, self.clock = book, clock
        self.now = datetime.fromtimestamp(clock, UTC)
        self._zone = ZoneInfo(book.shop.time_zone)

    def customer(self, place: int) -> Json:
        """Returns a customer with an account."""
        one = self.book.customer(place)
        named = {
            "first_name": one.first_name,
            "last_name": one.last_name,
            "email": one.email,
            "phone": one.phone or "",
            "country": one.country,
            "state": _STATES.get(one.country, ""),
        }
        return {
            "id": one.id,
            **self.times("created", one.created),
            # Null until somebody changes the profile.
            **self.times("modified", one.created if place % 2 else self.clock + 1),
            "email": one.email,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "role": "customer" if place % 50 else "shop_manager",
            "billing": named,
            "shipping": {},
            "is_paying_customer": True,
            "meta_data": [],
        }

    def product(self, product: Product) -> Json:
        """Returns a variable product; what is sold are its variations."""
        now = self.now
        return {
            "id": product.id,
            "name": product.title.at(now),
            **self.times("created", int(product.title.created.timestamp())),
            **self.times("modified", int(product.title.created.timestamp())),
            "type": "variable",
            "status": _STATUSES[product.status.at(now)],
            "sku": "",
            "price": money(min(one.price_cents.at(now) for one in product.variants)),
            "regular_price": "",
            "stock_quantity": None,
            "categories": [{"id": 7, "name": product.category, "slug": "goods"}],
            "variations": [one.id for one in product.variants],
            "meta_data": [],
        }

    def variation(self, product: Product, variant: Variant) -> Json:
        """Returns a variation of a product."""
        now = self.now
        price, before = variant.price_cents.at(now), variant.compare_at_cents.at(now)
        return {
            "id": variant.id,
            **self.times("created", int(product.title.created.timestamp())),
            **self.times("modified", int(product.title.created.timestamp())),
            "name": variant.title,
            "sku": variant.sku,
            "price": money(price),
            "regular_price": money(before or price),
            "status": "publish",
            "stock_quantity": None,
            "parent_id": product.id,
        }

    def times(self, name: str, seconds: int) -> Json:
        """Returns the two fields of a time: the site's own, and GMT's; neither has a zone."""
        if seconds > self.clock:
            return {f"date_{name}": None, f"date_{name}_gmt": None}
        at = datetime.fromtimestamp(seconds, UTC)
        local = at.astimezone(self._zone)
        return {
            f"date_{name}": local.strftime("%Y-%m-%dT%H:%M:%S"),
            f"date_{name}_gmt": at.strftime("%Y-%m-%dT%H:%M:%S"),
        }


def amounts(cents: int, tax: int) -> Json:
    """Returns an amount without tax, and its tax."""
    return {"total": money(cents), "total_tax": money(tax)}
