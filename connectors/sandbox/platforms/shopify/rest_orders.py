"""Orders as the legacy REST API writes them: see `rest_entities` for its ways."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.business.shop_entities import (
    GIFT_CARD,
    TIP,
    Line,
    Order,
    Refund,
)
from connectors.sandbox.business.shop_ledger import NO_CUSTOMER
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.discounts import (
    BUNDLE,
    Allocation,
    Application,
    applications,
    line_allocations,
    shipping_allocations,
)
from connectors.sandbox.platforms.shopify.order_nodes import shipping_lines
from connectors.sandbox.platforms.shopify.rest_entities import EntityWriter
from connectors.sandbox.platforms.shopify.transactions import (
    Transaction,
    gateways,
    refund_transactions,
)
from connectors.sandbox.platforms.shopify.view import presented
from connectors.sandbox.wire.amounts import money

_FULFILLMENT = {"FULFILLED": "fulfilled", "RESTOCKED": "restocked"}


class RestWriter(EntityWriter):
    """Writes the resources of one shop as of one clock."""

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
            "created_at": self.at(order.created),
            "processed_at": self.at(order.processed),
            "updated_at": self.at(one.updated),
            "cancelled_at": self.at(order.cancelled) if one.cancelled else None,
            "cancel_reason": (order.cancel_reason or "").lower() if one.cancelled else None,
            "closed_at": None if one.closed is None else self.at(one.closed),
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
            (
                "total_line_items_price",
                sum(line.quantity * line.unit_cents for line in one.lines if line.kind != TIP),
            ),
        ):
            body[name] = money(cents)
            body[f"{name}_set"] = write(cents)
        body["total_shipping_price_set"] = write(order.shipping_cents)
        body["total_outstanding"] = money(one.outstanding)
        body["total_tip_received"] = money(
            sum(line.worth for line in one.lines if line.kind == TIP)
        )
        for name, cents in (("duties", order.duty_cents), ("additional_fees", order.fee_cents)):
            for when in ("original", "current"):
                body[f"{when}_total_{name}_set"] = write(cents) if cents else None
        body["payment_gateway_names"] = gateways(one)
        body["customer"] = (
            None if order.customer == NO_CUSTOMER else self.customer(order.customer, brief=True)
        )
        body["discount_codes"] = self._codes(one)
        body["discount_applications"] = [_application(each) for each in applications(one)]
        body["tax_lines"] = self._tax_lines(order, one.tax)
        body["line_items"] = [self._line(one, line) for line in one.lines]
        body["shipping_lines"] = self._shipping(one)
        body["refunds"] = [self.refund(one, refund) for refund in one.refunds]
        return body

    def refund(self, one: OrderState, refund: Refund) -> dict[str, Any]:
        """Returns a refund of an order."""
        order, write = one.order, self._bag(one.order)
        adjustments = []
        # The legacy API shows shipping that is given back as an adjustment, without its tax.
        net = refund.shipping_cents
        if order.shop.taxes_included:
            net -= refund.shipping_tax_cents
        kind = "pending_refund_discrepancy" if refund.is_pending else "refund_discrepancy"
        for place, (kind_, cents, tax) in enumerate(
            (
                ("shipping_refund", net, refund.shipping_tax_cents),
                (kind, refund.adjustment_cents, 0),
            )
        ):
            if cents:
                adjustments.append(
                    {
                        "id": refund.id + place,
                        "order_id": order.id,
                        "refund_id": refund.id,
                        "amount": _signed(-cents),
                        "tax_amount": _signed(-tax),
                        "kind": kind_.removeprefix("pending_"),
                        "reason": kind_.replace("_", " ").capitalize(),
                        "amount_set": write(-cents),
                        "tax_amount_set": write(-tax),
                    }
                )
        return {
            "id": refund.id,
            "order_id": order.id,
            "created_at": self.at(refund.at),
            "processed_at": self.at(refund.processed),
            "duties": [],
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

    def _line(self, one: OrderState, line: Line) -> dict[str, Any]:
        order, write = one.order, self._bag(one.order)
        body: dict[str, Any] = {
            "id": line.id,
            "title": line.title,
            "name": line.title,
            "variant_title": line.variant.title if line.variant else None,
            "sku": line.sku,
            "product_id": line.product.id if line.product else None,
            "variant_id": line.variant.id if line.variant else None,
            "product_exists": line.product is not None,
            "gift_card": line.kind == GIFT_CARD,
            "taxable": line.tax_cents > 0,
            "quantity": line.quantity,
            "current_quantity": line.quantity - one.returned(line),
            "price": money(line.unit_cents),
            "price_set": write(line.unit_cents),
            "total_discount": money(line.automatic_cents),
            "discount_allocations": self._allocations(line_allocations(one, line)),
            "tax_lines": self._tax_lines(order, line.tax_cents),
            "duties": [],
        }
        if order.duty_cents and line is order.lines[0]:
            whole = write(order.duty_cents)["shop_money"]
            body["duties"] = [{"id": line.id, "shop_money": whole, "tax_lines": []}]
        if line.kind == TIP:
            # The key is the only sign of a tip, whatever its value.
            body |= {"tip_payment_gateway": None, "tip_payment_method": None}
        return body

    def _allocations(self, found: list[Allocation]) -> list[dict[str, Any]]:
        return [
            {
                "amount": money(one.cents),
                "amount_set": self._bag(one.order)(one.cents),
                "discount_application_index": one.application.place,
            }
            for one in found
        ]

    def _codes(self, one: OrderState) -> list[dict[str, str]]:
        return [
            {
                "code": each.code,
                "amount": money(each.cents),
                "type": (
                    "shipping"
                    if each.on_shipping
                    else "percentage"
                    if isinstance(each.value, int)
                    else "fixed_amount"
                ),
            }
            for each in applications(one)
            if each.code is not None
        ]

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

    def _shipping(self, one: OrderState) -> list[dict[str, Any]]:
        order, write = one.order, self._bag(one.order)
        return [
            {
                "id": order.id,
                "title": "Standard",
                "code": "standard",
                "source": "shopify",
                "price": money(order.shipping_cents),
                "price_set": write(order.shipping_cents),
                "discounted_price": money(order.shipping_paid),
                "discounted_price_set": write(order.shipping_paid),
                "discount_allocations": self._allocations(shipping_allocations(one)),
                "tax_lines": self._tax_lines(order, order.shipping_tax_cents),
                "is_removed": False,
            }
            for _ in shipping_lines(one)
        ]

    def _transaction(self, one: Transaction) -> dict[str, Any]:
        return {
            "id": one.id,
            "kind": one.kind.lower(),
            "status": one.status.lower(),
            "amount": money(one.cents),
            "currency": one.order.shop.currency,
            "gateway": one.gateway,
            "error_code": "card_declined" if one.status == "FAILURE" else None,
            "created_at": self.at(one.at),
            "processed_at": self.at(one.at),
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


def _application(one: Application) -> dict[str, Any]:
    value = one.value
    named = {"title": BUNDLE} if one.code is None else {"code": one.code}
    return {
        "type": "automatic" if one.code is None else "discount_code",
        "target_type": "shipping_line" if one.on_shipping else "line_item",
        "target_selection": "entitled" if one.code is None else "all",
        "allocation_method": one.method.lower(),
        "value": f"{value:.1f}" if isinstance(value, int) else value[0],
        "value_type": "percentage" if isinstance(value, int) else "fixed_amount",
        **named,
    }


def _signed(cents: int) -> str:
    return f"-{money(-cents)}" if cents < 0 else money(cents)
