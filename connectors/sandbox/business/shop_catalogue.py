"""What a shop is and what it sells: one shop per organization, its products and their prices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np

from connectors.sandbox.business.calendar import local_instant, midnight
from connectors.sandbox.business.entities import Account, History, Organization
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.shop_entities import GIFT_CARDS, Product, Shop, Variant

_CATALOGUE_STREAM = 61
_COUNTRIES = {"EUR": "DE", "USD": "US", "NZD": "NZ", "INR": "IN", "GBP": "GB", "AUD": "AU"}
# The three ways of tax: included in prices, added to them, none at all.
_TAXES = ((190, True), (150, False), (0, False), (83, False), (200, True))
_PLANS = ("Commerce Components", "Commerce Components", "Commerce Components", "Shopify Plus",
          "Advanced", "Basic")  # fmt: skip
_MODELS = ("Classic", "Light", "Pro", "Mini")
_SIZES = (("S", "M", "L"), ("Default Title",), ("Sand", "Moss"), ("One", "Two", "Four"))
# What each kind of goods is in a taxonomy that shops share.
_CATEGORIES = {
    "Tents": "Sporting Goods > Outdoor Recreation > Camping & Hiking > Tents",
    "Hiking Boots": "Apparel & Accessories > Shoes > Boots",
    "Backpacks": "Luggage & Bags > Backpacks",
    "Sleeping Bags": "Sporting Goods > Outdoor Recreation > Camping & Hiking > Sleeping Bags",
    "Rain Jackets": "Apparel & Accessories > Clothing > Outerwear > Coats & Jackets",
    "Trail Shoes": "Apparel & Accessories > Shoes > Athletic Shoes",
    "Knives": "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils > Kitchen Knives",
    "Cast Iron": "Home & Garden > Kitchen & Dining > Cookware & Bakeware > Cookware",
    "Bakeware": "Home & Garden > Kitchen & Dining > Cookware & Bakeware > Bakeware",
    "Coffee Gear": "Home & Garden > Kitchen & Dining > Kitchen Appliances > Coffee Makers",
    "Storage Jars": "Home & Garden > Kitchen & Dining > Food Storage",
    "Aprons": "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils > Aprons",
    "Masala Chai": "Food, Beverages & Tobacco > Beverages > Tea & Infusions",
    "Green Tea": "Food, Beverages & Tobacco > Beverages > Tea & Infusions",
    "Teapots": "Home & Garden > Kitchen & Dining > Tableware > Coffee & Tea Sets",
    "Gift Boxes": "Arts & Entertainment > Party & Celebration > Gift Giving",
    "Spices": "Food, Beverages & Tobacco > Food Items > Seasonings & Spices",
    "Iced Tea": "Food, Beverages & Tobacco > Beverages > Tea & Infusions",
}
_HISTORY = timedelta(days=400)
_UNITS_OF_AN_ORDER = 2.3
"""After discounts: so a usual order comes to the organization's `order_value_eur` without tax."""


def shop_of(parameters: Parameters, organization: Organization, account: Account) -> Shop:
    """Returns the shop of an organization; money and days are those of its first ad account."""
    rate, included = _TAXES[organization.number % len(_TAXES)]
    opened = midnight(account.time_zone, parameters.first_day) - _HISTORY
    return Shop(
        id=organization.id.replace("_", "-"),
        number=organization.number,
        organization=organization,
        name=organization.name,
        currency=account.currency,
        time_zone=account.time_zone,
        country=_COUNTRIES[account.currency],
        units_per_eur=account.units_per_eur,
        tax_per_mille=rate,
        taxes_included=included,
        plan=_PLANS[min(organization.number, len(_PLANS) - 1)],
        created=opened,
    )


def price_change_day(parameters: Parameters) -> date:
    """Returns the day on which the first product of every shop becomes dearer, by script."""
    return parameters.days_before_end(24)


def products_of(parameters: Parameters, shop: Shop) -> tuple[Product, ...]:
    """Builds the products of a shop over its whole history."""
    return tuple(_Builder(parameters, shop).products())


class _Builder:
    def __init__(self, parameters: Parameters, shop: Shop) -> None:
        self._parameters, self._shop = parameters, shop
        self._random = np.random.default_rng([parameters.seed, _CATALOGUE_STREAM, shop.number])
        self._first_id = shop.first_id + 8_000_000_000_000

    def products(self) -> Iterator[Product]:
        categories = self._shop.organization.products
        for number in range(len(categories) * len(_MODELS)):
            category = categories[number % len(categories)]
            yield self._product(number, category, _MODELS[number // len(categories)])
        yield self._gift_card(len(categories) * len(_MODELS))

    def _product(self, number: int, category: str, model: str) -> Product:
        parameters, shop = self._parameters, self._shop
        created = shop.created + timedelta(days=number % 30, hours=9)
        status: tuple[tuple[datetime, str], ...] = ()
        deleted = None
        first_status = "ACTIVE"
        if number == 5:
            status = ((self._at(parameters.day_at(0.6), 8), "ARCHIVED"),)
        if number == 11:
            first_status = "ARCHIVED"
        if number == 17:
            created = self._at(parameters.day_at(0.4), 7)
        if number == 22:
            first_status, deleted = "DRAFT", self._at(parameters.day_at(0.7), 15)
        if number == 23:
            first_status = "DRAFT"
        title = f"{category} {model}"
        renamed = ((self._at(parameters.day_at(0.5), 11), f"{title} 2"),) if number == 3 else ()
        sizes = _SIZES[number % len(_SIZES)]
        return Product(
            id=self._first_id + number * 1_009,
            title=History.of(created, title, *renamed),
            handle=title.lower().replace(" ", "-"),
            vendor=shop.name if number % 3 else "House of Makers",
            type=category,
            category=_CATEGORIES[category],
            tags=("bestseller", model.lower()) if number < 4 else (model.lower(),),
            status=History.of(created, first_status, *status),
            deleted=deleted,
            variants=tuple(
                self._variant(number, category, place, size, created)
                for place, size in enumerate(sizes)
            ),
        )

    def _gift_card(self, number: int) -> Product:
        """Returns the product that is money; nobody picks it from the shelf by chance."""
        shop, created = self._shop, self._shop.created + timedelta(hours=9)
        return Product(
            id=self._first_id + number * 1_009,
            title=History.of(created, "Gift Card"),
            handle="gift-card",
            vendor=shop.name,
            type=GIFT_CARDS,
            category="Gift Cards",
            tags=(),
            status=History.of(created, "ACTIVE"),
            deleted=None,
            variants=tuple(
                Variant(
                    id=self._first_id + 1_000_000_000 + number * 101 + place * 7,
                    title=str(value),
                    sku=f"GIFT-{value}",
                    price_cents=History.of(created, value * 100),
                    compare_at_cents=History.of(created, None),
                    cost_cents=History.of(created, None),
                )
                for place, value in enumerate((25, 50, 100))
            ),
        )

    def _variant(
        self, number: int, category: str, place: int, size: str, created: datetime
    ) -> Variant:
        shop, parameters = self._shop, self._parameters
        typical = shop.organization.order_value_eur * shop.units_per_eur / _UNITS_OF_AN_ORDER
        if shop.taxes_included:
            typical *= 1 + shop.tax_per_mille / 1_000
        price = round(typical * float(self._random.lognormal(-0.1, 0.35))) * 100
        price = max(100, price - int(self._random.choice((1, 5, 10, 50))))
        changes: list[tuple[datetime, int]] = []
        before: list[tuple[datetime, int | None]] = []
        if number == 0:
            at = self._at(price_change_day(parameters), 0)
            changes.append((at, price * 112 // 100))
        elif number % 6 == 2:
            sale, over = (self._at(parameters.day_at(share), 6) for share in (0.25, 0.45))
            changes += [(sale, price * 85 // 100), (over, price)]
            before += [(sale, price), (over, None)]
        elif number % 6 == 4:
            # What is cleared stays cheaper.
            cleared = self._at(parameters.day_at(0.6), 6)
            changes.append((cleared, price * 80 // 100))
            before.append((cleared, price))
        cost = round(price * float(self._random.uniform(0.35, 0.6)))
        dearer = self._at(parameters.day_at(0.55), 0)
        costs = [(dearer, round(cost * 1.06))] if number % 4 == 1 else []
        known = number % 7 != 6
        return Variant(
            id=self._first_id + 1_000_000_000 + number * 101 + place * 7,
            title=size,
            sku=f"{category[:3].upper()}-{number:02d}-{place + 1}",
            price_cents=History.of(created, price, *changes),
            compare_at_cents=History.of(created, None, *before),
            cost_cents=(History.of(created, cost, *costs) if known else History.of(created, None)),
        )

    def _at(self, day: date, hour: int) -> datetime:
        return local_instant(self._shop.time_zone, day, time(hour))
