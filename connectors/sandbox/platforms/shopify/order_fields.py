"""How each field of an order, its lines and its refunds is read from the business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.business.shop_entities import (
    GIFT_CARD,
    NEVER,
    TIP,
    Line,
    Order,
    Refund,
)
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.discounts import FIELDS as DISCOUNT_FIELDS
from connectors.sandbox.platforms.shopify.discounts import line_allocations, shipping_allocations
from connectors.sandbox.platforms.shopify.order_nodes import (
    LineNode,
    Money,
    TaxNode,
)
from connectors.sandbox.platforms.shopify.transactions import gateways
from connectors.sandbox.platforms.shopify.view import amount, gid, instant, presented
from connectors.sandbox.wire.amounts import money

Getter = Callable[[Any], Any]


def _instant_or_none(seconds: int, clock: int) -> str | None:
    return instant(seconds) if seconds <= clock else None


def _taxes(order: Order, cents: int) -> list[TaxNode]:
    return [TaxNode(order, cents)] if cents else []


def _of_order(cents: Callable[[OrderState], int]) -> Getter:
    return lambda one: Money(cents(one), one.order)


def _of_line(cents: Callable[[Line], int]) -> Getter:
    return lambda one: Money(cents(one.line), one.state.order)


def _of_refund(cents: Callable[[Refund], int]) -> Getter:
    return lambda one: Money(cents(one.refund), one.state.order)


def _if_any(one: OrderState, cents: int) -> Money | None:
    return Money(cents, one.order) if cents else None


def _as_placed(one: OrderState) -> OrderState:
    """Returns the order as it was when it was placed."""
    return OrderState(one.order, one.order.created)


def _left(one: LineNode) -> int:
    return one.line.quantity - one.state.returned(one.line)


ORDER: Mapping[str, Getter] = {
    "id": lambda one: gid("Order", one.order.id),
    "legacyResourceId": lambda one: str(one.order.id),
    "name": lambda one: f"#{one.order.number}",
    "note": lambda one: one.order.note,
    "createdAt": lambda one: instant(one.order.created),
    "processedAt": lambda one: instant(one.order.processed),
    "updatedAt": lambda one: instant(one.updated),
    "cancelledAt": lambda one: _instant_or_none(one.order.cancelled, one.clock),
    "cancelReason": lambda one: one.order.cancel_reason if one.cancelled else None,
    "test": lambda one: one.order.test,
    "edited": lambda one: one.edited,
    "taxesIncluded": lambda one: one.order.shop.taxes_included,
    "currencyCode": lambda one: one.order.shop.currency,
    "presentmentCurrencyCode": lambda one: one.order.presentment[0],
    "sourceName": lambda one: one.order.source,
    "displayFinancialStatus": lambda one: one.financial_status,
    "displayFulfillmentStatus": lambda one: one.fulfillment_status,
    "returnStatus": lambda one: (
        "RETURNED"
        if any(line.restock == "RETURN" for refund in one.refunds for line in refund.lines)
        else "NO_RETURN"
    ),
    "totalPriceSet": _of_order(lambda one: one.total),
    "currentTotalPriceSet": _of_order(lambda one: one.current_total),
    "originalTotalPriceSet": _of_order(lambda one: _as_placed(one).total),
    "subtotalPriceSet": _of_order(lambda one: one.subtotal),
    "totalDiscountsSet": _of_order(lambda one: one.discounts),
    "totalTaxSet": _of_order(lambda one: one.tax),
    "totalShippingPriceSet": _of_order(lambda one: one.order.shipping_cents),
    "originalTotalDutiesSet": lambda one: _if_any(one, one.order.duty_cents),
    "originalTotalAdditionalFeesSet": lambda one: _if_any(one, one.order.fee_cents),
    "risk": lambda one: one,
    "totalRefundedSet": _of_order(lambda one: one.refunded),
    "totalTipReceivedSet": _of_order(
        lambda one: sum(line.worth for line in one.lines if line.kind == TIP)
    ),
    "discountCodes": lambda one: one.order.codes,
    "paymentGatewayNames": gateways,
    "tags": lambda one: one.tags,
    "taxLines": lambda one: _taxes(one.order, one.tax),
    "customerJourneySummary": lambda one: None if one.order.visit is None else one,
}
LINE: Mapping[str, Getter] = {
    "id": lambda one: gid("LineItem", one.line.id),
    "title": lambda one: one.line.title,
    "name": lambda one: (
        f"{one.line.title} - {one.line.variant.title}" if one.line.variant else one.line.title
    ),
    "sku": lambda one: one.line.sku,
    "quantity": lambda one: one.line.quantity,
    "currentQuantity": _left,
    "isGiftCard": lambda one: one.line.kind == GIFT_CARD,
    "originalTotalSet": _of_line(lambda line: line.quantity * line.unit_cents),
    "discountAllocations": lambda one: line_allocations(one.state, one.line),
    "taxLines": lambda one: _taxes(one.state.order, one.line.tax_cents),
}
REFUND: Mapping[str, Getter] = {
    "id": lambda one: gid("Refund", one.refund.id),
    "legacyResourceId": lambda one: str(one.refund.id),
    "createdAt": lambda one: instant(one.refund.at),
    "processedAt": lambda one: instant(one.refund.processed),
    "updatedAt": lambda one: instant(one.refund.at),
    "note": lambda one: one.refund.note,
    "totalRefundedSet": _of_refund(lambda refund: refund.paid_cents),
}
REFUND_LINE: Mapping[str, Getter] = {
    "id": lambda one: gid("RefundLineItem", one.line.id),
    "quantity": lambda one: one.line.quantity,
    "restockType": lambda one: one.line.restock,
    "lineItem": lambda one: LineNode(one.state, one.line.line),
    "subtotalSet": lambda one: Money(one.line.subtotal_cents, one.state.order),
    "totalTaxSet": lambda one: Money(one.line.tax_cents, one.state.order),
}
MORE: Mapping[str, Mapping[str, Getter]] = {
    **DISCOUNT_FIELDS,
    "MoneyBag": {
        "shopMoney": lambda one: (amount(one.cents), one.order.shop.currency),
        "presentmentMoney": lambda one: (
            amount(presented(one.cents, one.order)),
            one.order.presentment[0],
        ),
    },
    "MoneyV2": {"amount": lambda one: one[0], "currencyCode": lambda one: one[1]},
    "TaxLine": {
        "title": lambda one: "GST" if one.order.shop.currency == "NZD" else "VAT",
        "rate": lambda one: one.order.shop.tax_per_mille / 1_000,
        "priceSet": lambda one: Money(one.cents, one.order),
    },
    "ShippingLine": {
        "id": lambda one: gid("ShippingLine", one.order.id),
        "title": lambda _: "Standard",
        "originalPriceSet": _of_order(lambda one: one.order.shipping_cents),
        "discountedPriceSet": _of_order(lambda one: one.order.shipping_paid),
        "discountAllocations": shipping_allocations,
        "taxLines": lambda one: _taxes(one.order, one.order.shipping_tax_cents),
    },
    "Fulfillment": {
        "id": lambda one: gid("Fulfillment", one.order.id + 6),
        "legacyResourceId": lambda one: str(one.order.id + 6),
        "status": lambda _: "SUCCESS",
        "createdAt": lambda one: instant(one.order.fulfilled),
        "updatedAt": lambda one: instant(one.order.fulfilled),
        "totalQuantity": lambda one: sum(line.quantity for line in one.order.lines),
    },
    "RefundShippingLine": {
        "id": lambda one: gid("RefundShippingLine", one.refund.id),
        "shippingLine": lambda one: one.state,
        "subtotalAmountSet": _of_refund(lambda refund: refund.shipping_cents),
        "taxAmountSet": _of_refund(lambda refund: refund.shipping_tax_cents),
    },
    "OrderAdjustment": {
        "id": lambda one: gid("OrderAdjustment", one.refund.id),
        "amountSet": _of_refund(lambda refund: -refund.adjustment_cents),
        "taxAmountSet": _of_refund(lambda _: 0),
        "reason": lambda one: (
            "PENDING_REFUND_DISCREPANCY" if one.refund.is_pending else "REFUND_DISCREPANCY"
        ),
    },
    "OrderTransaction": {
        "id": lambda one: gid("OrderTransaction", one.id),
        "kind": lambda one: one.kind,
        "status": lambda one: one.status,
        "amount": lambda one: money(one.cents),
        "amountSet": lambda one: Money(one.cents, one.order),
        "createdAt": lambda one: instant(one.at),
        "processedAt": lambda one: instant(one.at),
        "gateway": lambda one: one.gateway,
        "formattedGateway": lambda one: one.gateway.replace("_", " ").title(),
        "test": lambda one: one.order.test,
        "errorCode": lambda one: "CARD_DECLINED" if one.status == "FAILURE" else None,
        "parentTransaction": lambda _: None,
    },
}


def journey_ready(one: OrderState) -> bool:
    """Says whether the customer's journey has been worked out by now."""
    return one.order.journey <= one.clock < NEVER
