"""Orders, customers and products as the legacy REST API writes them.

Its own ways, all of them traps: ids are numbers, enums lower case, tags one text, instants carry
the shop's offset, and of all amounts only those of refunded lines are JSON floats.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.business.shop_entities import NEVER, Line, Order, Product, Refund
from connectors.sandbox.business.shop_ledger import NO_CUSTOMER
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.shopify.entity_fields import (
    description_of,
    inventory_of,
    product_updated,
    province_of,
    variant_updated,
)
from connectors.sandbox.shopify.events import Deletion
from connectors.sandbox.shopify.transactions import Transaction, refund_transactions
from connectors.sandbox.shopify.view import View, money, presented

_FULFILLMENT = {"FULFILLED": "fulfilled", "RESTOCKED": "restocked"}


class RestWriter:
    """Writes the resources of one shop as of one clock."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._zone = ZoneInfo(view.shop.time_zone)

    def order(self, one: OrderState) -> dict[str, Any]:
        """Returns an order."""
        order, write = one.order, self._bag(one.order)
        status = one.financial_status.lower()
        body: dict[str, Any] = {
            "id": order.id,
            "admin_graphql_api_id": f"gid://shopify/Order/{order.id}",
            "name": f"#{order.number}",
            "number": order.number - 1_000,
            "order_number": order.number,
            "created_at": self._at(order.created),
            "processed_at": self._at(order.processed),
            "updated_at": self._at(one.updated),
            "cancelled_at": self._at(order.cancelled) if one.cancelled else None,
            "cancel_reason": (order.cancel_reason or "").lower() if one.cancelled else None,
            "closed_at": None if one.closed is None else self._at(one.closed),
            "test": order.test,
            "currency": order.shop.currency,
            "presentment_currency": order.presentment[0],
            "financial_status": status,
            "fulfillment_status": _FULFILLMENT.get(one.fulfillment_status),
            "source_name": order.source,
            "taxes_included": order.shop.taxes_included,
            "note": order.note,
            "tags": ", ".join(one.tags),
        }
        for name, cents in (
            ("total_price", one.total),
            ("current_total_price", one.current_total),
            ("subtotal_price", one.subtotal),
            ("total_tax", one.tax),
            ("total_discounts", one.discounts),
            ("total_line_items_price", one.subtotal + one.discounts),
        ):
            body[name] = money(cents)
            body[f"{name}_set"] = write(cents)
        body["total_shipping_price_set"] = write(order.shipping_cents)
        body["total_outstanding"] = money(0 if one.cancelled else one.total - one.captured)
        body["customer"] = (
            None if order.customer == NO_CUSTOMER else self.customer(order.customer, brief=True)
        )
        body["discount_codes"] = self._codes(one)
        body["tax_lines"] = self._tax_lines(order, one.tax)
        body["line_items"] = [self._line(one, line) for line in one.lines]
        body["shipping_lines"] = self._shipping(order)
        body["refunds"] = [self.refund(one, refund) for refund in one.refunds]
        return body

    def refund(self, one: OrderState, refund: Refund) -> dict[str, Any]:
        """Returns a refund of an order."""
        order, write = one.order, self._bag(one.order)
        at = self._at(refund.at)
        adjustments = []
        for place, (kind, cents) in enumerate(
            (
                ("shipping_refund", refund.shipping_cents),
                ("refund_discrepancy", refund.adjustment_cents),
            )
        ):
            if cents:
                adjustments.append(
                    {
                        "id": refund.id + place,
                        "order_id": order.id,
                        "refund_id": refund.id,
                        "amount": f"{-cents / 100:.2f}",
                        "tax_amount": "0.00",
                        "kind": kind,
                        "reason": kind.replace("_", " ").capitalize(),
                        "amount_set": write(-cents),
                    }
                )
        return {
            "id": refund.id,
            "order_id": order.id,
            "created_at": at,
            "processed_at": at,
            "note": refund.note,
            "restock": any(line.restock != "NO_RESTOCK" for line in refund.lines),
            "refund_line_items": [
                {
                    "id": line.id,
                    "line_item_id": line.line.id,
                    "quantity": line.quantity,
                    "restock_type": line.restock.lower(),
                    "subtotal": line.subtotal_cents / 100,
                    "total_tax": line.tax_cents / 100,
                    "subtotal_set": write(line.subtotal_cents),
                    "total_tax_set": write(line.tax_cents),
                    "line_item": self._line(one, line.line),
                }
                for line in refund.lines
            ],
            "order_adjustments": adjustments,
            "transactions": [self._transaction(tx) for tx in refund_transactions(order, refund)],
        }

    def customer(self, place: int, *, brief: bool = False) -> dict[str, Any]:
        """Returns a customer; brief as it stands inside an order."""
        view = self._view
        one = view.book.customer(place)
        body: dict[str, Any] = {
            "id": one.id,
            "email": one.email,
            "phone": one.phone,
            "first_name": one.first_name,
            "last_name": one.last_name,
            "state": one.state.lower(),
            "currency": view.shop.currency,
            "created_at": self._at(one.created),
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
                "updated_at": self._at(updated),
            }
        return body

    def product(self, one: Product) -> dict[str, Any]:
        """Returns a product with its variants."""
        view = self._view
        return {
            "id": one.id,
            "title": one.title.at(view.now),
            "handle": one.handle,
            "body_html": f"<p>{description_of(one)}</p>",
            "status": one.status.at(view.now).lower(),
            "vendor": one.vendor,
            "product_type": one.type,
            "tags": ", ".join(sorted(one.tags)),
            "created_at": self._when(one.title.created),
            "updated_at": self._when(product_updated(one, view)),
            "published_at": (
                self._when(one.title.created) if one.status.at(view.now) == "ACTIVE" else None
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
                    "updated_at": self._when(variant_updated(variant, view)),
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
            "created_at": self._at(one.at),
            "description": one.message,
            "message": one.message,
            "path": f"/admin/{one.kind.lower()}s/{one.subject}",
        }

    def _line(self, one: OrderState, line: Line) -> dict[str, Any]:
        order, write = one.order, self._bag(one.order)
        allocations = [
            {"amount": money(cents), "amount_set": write(cents)}
            for cents in (line.automatic_cents, line.code_cents)
            if cents
        ]
        return {
            "id": line.id,
            "title": line.title,
            "name": line.title,
            "variant_title": line.variant.title if line.variant else None,
            "sku": line.sku,
            "product_id": line.product.id if line.product else None,
            "variant_id": line.variant.id if line.variant else None,
            "quantity": line.quantity,
            "current_quantity": line.quantity - one.returned(line),
            "price": money(line.unit_cents),
            "price_set": write(line.unit_cents),
            "total_discount": money(line.automatic_cents),
            "discount_allocations": allocations,
            "tax_lines": self._tax_lines(order, line.tax_cents),
        }

    def _codes(self, one: OrderState) -> list[dict[str, str]]:
        order = one.order
        if order.discount_code is None:
            return []
        cents = sum(line.code_cents for line in one.lines)
        kind = "percentage" if order.discount_type == "PERCENT" else "fixed_amount"
        return [{"code": order.discount_code, "amount": money(cents), "type": kind}]

    def _tax_lines(self, order: Order, cents: int) -> list[dict[str, Any]]:
        if cents == 0:
            return []
        return [
            {
                "title": "GST" if order.shop.currency == "NZD" else "VAT",
                "rate": order.shop.tax_per_mille / 1_000,
                "price": money(cents),
                "price_set": self._bag(order)(cents),
            }
        ]

    def _shipping(self, order: Order) -> list[dict[str, Any]]:
        if order.source == "pos":
            return []
        price = self._bag(order)(order.shipping_cents)
        return [{"title": "Standard", "price": money(order.shipping_cents), "price_set": price}]

    def _transaction(self, one: Transaction) -> dict[str, Any]:
        return {
            "id": one.id,
            "kind": one.kind.lower(),
            "status": one.status.lower(),
            "amount": money(one.cents),
            "currency": one.order.shop.currency,
            "gateway": one.gateway,
            "error_code": "card_declined" if one.status == "FAILURE" else None,
            "created_at": self._at(one.at),
            "processed_at": self._at(one.at),
        }

    def _bag(self, order: Order) -> Any:
        currency = order.shop.currency

        def write(cents: int) -> dict[str, Any]:
            return {
                "shop_money": {"amount": _signed(cents), "currency_code": currency},
                "presentment_money": {
                    "amount": _signed(presented(cents, order)),
                    "currency_code": order.presentment[0],
                },
            }

        return write

    def _at(self, seconds: int) -> str | None:
        if seconds >= NEVER:
            return None
        return datetime.fromtimestamp(seconds, self._zone).isoformat()

    def _when(self, at: datetime) -> str | None:
        return self._at(int(at.astimezone(UTC).timestamp()))


def _money_or_none(cents: int | None) -> str | None:
    return None if cents is None else money(cents)


def _signed(cents: int) -> str:
    return f"-{money(-cents)}" if cents < 0 else money(cents)
