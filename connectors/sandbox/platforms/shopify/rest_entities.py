"""Customers, products and deletions as the legacy REST API writes them.

Its own ways, all of them traps: ids are numbers, enums lower case, tags one text, instants carry
the shop's offset, and of all amounts only those of refunded lines are JSON floats.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.shop_entities import NEVER, Product
from connectors.sandbox.platforms.shopify.entity_facts import (
    description_of,
    inventory_of,
    product_updated,
    province_of,
    variant_updated,
)
from connectors.sandbox.platforms.shopify.events import Deletion
from connectors.sandbox.platforms.shopify.view import View
from connectors.sandbox.wire.amounts import money


class EntityWriter:
    """Writes the entities of one shop as of one clock."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._zone = ZoneInfo(view.shop.time_zone)

    def customer(self, place: int, *, brief: bool = False) -> dict[str, Any]:
        """Returns a customer; brief as it stands inside an order."""
        view = self.view
        one = view.book.customer(place)
        body: dict[str, Any] = {
            "id": one.id,
            "email": one.email,
            "phone": one.phone,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "state": one.state.lower(),
            "currency": view.shop.currency,
            "created_at": self.at(one.created),
            "tags": ", ".join(one.tags.at(view.now)),
            "email_marketing_consent": {"state": one.consent.at(view.now).lower()},
            "default_address": {
                "country_code": one.country,
                "province_code": province_of(one)[0],
                "city": "Sandbox City",
                "zip": f"{one.id % 90_000 + 10_000}",
            },
        }
        if not brief:
            count, cents = view.book.spending(place, view.clock)
            updated = int(view.book.customers_updated(view.clock)[place])
            body |= {
                "orders_count": count,
                "total_spent": money(cents),
                "updated_at": self.at(updated),
            }
        return body

    def product(self, one: Product) -> dict[str, Any]:
        """Returns a product with its variants."""
        view = self.view
        return {
            "id": one.id,
            "title": one.title.at(view.now),
            "handle": one.handle,
            "body_html": f"<p>{description_of(one)}</p>",
            "status": one.status.at(view.now).lower(),
            "vendor": one.vendor,
            "product_type": one.type,
            "tags": ", ".join(sorted(one.tags)),
            "created_at": self.when(one.title.created),
            "updated_at": self.when(product_updated(one, view)),
            "published_at": (
                self.when(one.title.created) if one.status.at(view.now) == "ACTIVE" else None
            ),
            "variants": [
                {
                    "id": variant.id,
                    "product_id": one.id,
                    "title": variant.title,
                    "sku": variant.sku,
                    "price": money(variant.price_cents.at(view.now)),
                    "compare_at_price": _money_or_none(variant.compare_at_cents.at(view.now)),
                    "inventory_quantity": inventory_of(view, variant),
                    "position": place + 1,
                    "updated_at": self.when(variant_updated(variant, view)),
                }
                for place, variant in enumerate(one.variants)
            ],
        }

    def event(self, one: Deletion) -> dict[str, Any]:
        """Returns the trace of what was deleted."""
        return {
            "id": one.id,
            "subject_id": one.subject,
            "subject_type": one.kind,
            "verb": "destroy",
            "arguments": [one.name],
            "body": None,
            "author": "Sandbox Owner",
            "created_at": self.at(one.at),
            "description": one.message,
            "message": one.message,
            "path": f"/admin/{one.kind.lower()}s/{one.subject}",
        }

    def at(self, seconds: int) -> str | None:
        """Returns an instant of the shop's zone, None if it never comes."""
        if seconds >= NEVER:
            return None
        return datetime.fromtimestamp(seconds, self._zone).isoformat()

    def when(self, at: datetime) -> str | None:
        """Returns an instant as `at` does."""
        return self.at(int(at.astimezone(UTC).timestamp()))


def _money_or_none(cents: int | None) -> str | None:
    return None if cents is None else money(cents)
