"""Facts about products, variants and customers that both of the shop's APIs show."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.entities import History
from connectors.sandbox.business.shop_entities import Customer, Product, Variant
from connectors.sandbox.platforms.shopify.view import View

# Countries that write a province into an address; a customer lives in one of two.
_PROVINCES = {
    "AU": (("NSW", "New South Wales"), ("VIC", "Victoria")),
    "CA": (("ON", "Ontario"), ("QC", "Quebec")),
    "IN": (("KA", "Karnataka"), ("MH", "Maharashtra")),
    "NZ": (("AUK", "Auckland"), ("WGN", "Wellington")),
    "US": (("CA", "California"), ("NY", "New York")),
}


def product_updated(product: Product, view: View) -> datetime:
    """Returns when a product or one of its variants last changed."""
    last = max(last_change(product.title, view), last_change(product.status, view))
    return max([last, *(variant_updated(variant, view) for variant in product.variants)])


def variant_updated(variant: Variant, view: View) -> datetime:
    """Returns when a variant's prices last changed."""
    return max(last_change(variant.price_cents, view), last_change(variant.compare_at_cents, view))


def province_of(customer: Customer) -> tuple[str | None, str | None]:
    """Returns the code and the name of a customer's province, None where there are none."""
    places = _PROVINCES.get(customer.country)
    return (None, None) if places is None else places[customer.id % 2]


def description_of(product: Product) -> str:
    """Returns the text about a product."""
    return f"A {product.type.lower()} of {product.vendor}."


def inventory_of(view: View, variant: Variant) -> int:
    """Returns the stock of a variant: it goes down by the day and is filled up every Monday."""
    day = view.now.astimezone(ZoneInfo(view.shop.time_zone)).date()
    random = Random(f"{variant.id} {day.isocalendar().week}")
    return random.randrange(20, 200) - day.weekday() * random.randrange(0, 5)


def last_change(history: History[Any], view: View) -> datetime:
    """Returns when something last changed, as far as the clock shows it."""
    return max(at for at, _ in history.changes if at <= view.now or at == history.created)
