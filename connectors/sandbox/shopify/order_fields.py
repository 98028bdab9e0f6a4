"""How each field of an order, its lines and its refunds is read from the business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.business.shop_entities import NEVER, Line, Order, Refund
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.shopify.order_nodes import LineNode, Money, ShippingNode, TaxNode
from connectors.sandbox.shopify.view import amount, gid, instant, presented

Getter = Callable[[Any], Any]


def net_of(line: Line) -> int:
    """Returns what a line costs after all its discounts."""
    return line.quantity * line.unit_cents - line.automatic_cents - line.code_cents


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


def _unfulfilled(one: LineNode) -> int:
    return 0 if one.state.fulfilled else one.line.quantity - one.state.returned(one.line)


def _allocations(one: LineNode) -> list[tuple[LineNode, bool]]:
    found = []
    if one.line.automatic_cents:
        found.append((one, False))
    if one.line.code_cents:
        found.append((one, True))
    return found


ORDER: Mapping[str, Getter] = {
    "id": lambda one: gid("Order", one.order.id),
    "legacyResourceId": lambda one: str(one.order.id),
    "name": lambda one: f"#{one.order.number}",
    "number": lambda one: one.order.number,
    "note": lambda one: one.order.note,
    "createdAt": lambda one: instant(one.order.created),
    "processedAt": lambda one: instant(one.order.processed),
    "updatedAt": lambda one: instant(one.updated),
    "cancelledAt": lambda one: _instant_or_none(one.order.cancelled, one.clock),
    "closedAt": lambda one: None if one.closed is None else instant(one.closed),
    "cancelReason": lambda one: one.order.cancel_reason if one.cancelled else None,
    "test": lambda one: one.order.test,
    "edited": lambda one: one.edited,
    "confirmed": lambda _: True,
    "closed": lambda one: one.closed is not None,
    "fullyPaid": lambda one: one.order.paid <= one.clock,
    "unpaid": lambda one: one.order.paid > one.clock,
    "capturable": lambda one: one.financial_status == "AUTHORIZED",
    "taxesIncluded": lambda one: one.order.shop.taxes_included,
    "taxExempt": lambda one: one.tax == 0,
    "currencyCode": lambda one: one.order.shop.currency,
    "presentmentCurrencyCode": lambda one: one.order.presentment[0],
    "sourceName": lambda one: one.order.source,
    "sourceIdentifier": lambda _: None,
    "displayFinancialStatus": lambda one: one.financial_status,
    "displayFulfillmentStatus": lambda one: one.fulfillment_status,
    "returnStatus": lambda one: (
        "RETURNED"
        if any(line.restock == "RETURN" for refund in one.refunds for line in refund.lines)
        else "NO_RETURN"
    ),
    "totalPriceSet": _of_order(lambda one: one.total),
    "currentTotalPriceSet": _of_order(lambda one: one.current_total),
    "originalTotalPriceSet": _of_order(
        lambda one: OrderState(one.order, one.order.created).total if one.edited else one.total
    ),
    "subtotalPriceSet": _of_order(lambda one: one.subtotal),
    "currentSubtotalPriceSet": _of_order(
        lambda one: (
            one.subtotal
            - sum(line.subtotal_cents for refund in one.refunds for line in refund.lines)
        )
    ),
    "totalDiscountsSet": _of_order(lambda one: one.discounts),
    "totalTaxSet": _of_order(lambda one: one.tax),
    "totalShippingPriceSet": _of_order(lambda one: one.order.shipping_cents),
    "totalRefundedSet": _of_order(lambda one: one.refunded),
    "totalRefundedShippingSet": _of_order(
        lambda one: sum(refund.shipping_cents for refund in one.refunds)
    ),
    "totalReceivedSet": _of_order(lambda one: one.captured),
    "netPaymentSet": _of_order(lambda one: one.captured - one.refunded),
    "totalOutstandingSet": _of_order(lambda one: 0 if one.cancelled else one.total - one.captured),
    "totalTipReceivedSet": _of_order(lambda _: 0),
    "discountCode": lambda one: one.order.discount_code,
    "discountCodes": lambda one: [one.order.discount_code] if one.order.discount_code else [],
    "tags": lambda one: one.tags,
    "subtotalLineItemsQuantity": lambda one: sum(line.quantity for line in one.lines),
    "currentSubtotalLineItemsQuantity": lambda one: sum(
        line.quantity - one.returned(line) for line in one.lines
    ),
    "customAttributes": lambda one: (
        [{"key": "gift_message", "value": "Enjoy"}] if "gift" in one.order.tags else []
    ),
    "taxLines": lambda one: _taxes(one.order, one.tax),
    "shippingLine": lambda one: (
        ShippingNode(one.order, one.order.shipping_cents) if one.order.source != "pos" else None
    ),
    "customerJourneySummary": lambda one: None if one.order.visit is None else one,
}
LINE: Mapping[str, Getter] = {
    "id": lambda one: gid("LineItem", one.line.id),
    "title": lambda one: one.line.title,
    "name": lambda one: (
        f"{one.line.title} - {one.line.variant.title}" if one.line.variant else one.line.title
    ),
    "variantTitle": lambda one: one.line.variant.title if one.line.variant else None,
    "sku": lambda one: one.line.sku,
    "vendor": lambda one: one.line.product.vendor if one.line.product else None,
    "quantity": lambda one: one.line.quantity,
    "currentQuantity": lambda one: one.line.quantity - one.state.returned(one.line),
    "refundableQuantity": lambda one: one.line.quantity - one.state.returned(one.line),
    "unfulfilledQuantity": _unfulfilled,
    "taxable": lambda one: one.line.tax_cents > 0,
    "isGiftCard": lambda _: False,
    "requiresShipping": lambda one: one.line.product is not None,
    "originalUnitPriceSet": _of_line(lambda line: line.unit_cents),
    "originalTotalSet": _of_line(lambda line: line.quantity * line.unit_cents),
    "discountedUnitPriceSet": _of_line(
        lambda line: (line.quantity * line.unit_cents - line.automatic_cents) // line.quantity
    ),
    "discountedUnitPriceAfterAllDiscountsSet": _of_line(lambda line: net_of(line) // line.quantity),
    "totalDiscountSet": _of_line(lambda line: line.automatic_cents),
    "discountAllocations": _allocations,
    "taxLines": lambda one: _taxes(one.state.order, one.line.tax_cents),
}
REFUND: Mapping[str, Getter] = {
    "id": lambda one: gid("Refund", one.refund.id),
    "legacyResourceId": lambda one: str(one.refund.id),
    "createdAt": lambda one: instant(one.refund.at),
    "updatedAt": lambda one: instant(one.refund.at),
    "note": lambda one: one.refund.note,
    "totalRefundedSet": _of_refund(lambda refund: refund.paid_cents),
    "order": lambda one: one.state,
}
REFUND_LINE: Mapping[str, Getter] = {
    "id": lambda one: gid("RefundLineItem", one.line.id),
    "quantity": lambda one: one.line.quantity,
    "restockType": lambda one: one.line.restock,
    "restocked": lambda one: one.line.restock != "NO_RESTOCK",
    "lineItem": lambda one: LineNode(one.state, one.line.line),
    "priceSet": lambda one: Money(one.line.subtotal_cents // one.line.quantity, one.state.order),
    "subtotalSet": lambda one: Money(one.line.subtotal_cents, one.state.order),
    "totalTaxSet": lambda one: Money(one.line.tax_cents, one.state.order),
}
MORE: Mapping[str, Mapping[str, Getter]] = {
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
        "ratePercentage": lambda one: one.order.shop.tax_per_mille / 10,
        "priceSet": lambda one: Money(one.cents, one.order),
    },
    "ShippingLine": {
        "id": lambda one: gid("ShippingLine", one.order.id),
        "title": lambda _: "Standard",
        "code": lambda _: "standard",
        "originalPriceSet": lambda one: Money(one.order.shipping_cents, one.order),
        "discountedPriceSet": lambda one: Money(one.order.shipping_cents, one.order),
        "taxLines": lambda _: [],
    },
    "RefundShippingLine": {
        "id": lambda one: gid("RefundShippingLine", one.order.id),
        "shippingLine": lambda one: one,
        "subtotalAmountSet": lambda one: Money(one.cents, one.order),
        "taxAmountSet": lambda one: Money(0, one.order),
    },
    "OrderAdjustment": {
        "id": lambda one: gid("OrderAdjustment", one.refund.id),
        "amountSet": _of_refund(lambda refund: -refund.adjustment_cents),
        "taxAmountSet": _of_refund(lambda _: 0),
        "reason": lambda _: "REFUND_DISCREPANCY",
    },
    "OrderTransaction": {
        "id": lambda one: gid("OrderTransaction", one.id),
        "kind": lambda one: one.kind,
        "status": lambda one: one.status,
        "amountSet": lambda one: Money(one.cents, one.order),
        "createdAt": lambda one: instant(one.at),
        "processedAt": lambda one: instant(one.at),
        "gateway": lambda one: one.gateway,
        "formattedGateway": lambda one: one.gateway.replace("_", " ").title(),
        "test": lambda one: one.order.test,
        "errorCode": lambda one: "CARD_DECLINED" if one.status == "FAILURE" else None,
        "parentTransaction": lambda _: None,
    },
    "DiscountAllocation": {
        "allocatedAmountSet": lambda one: Money(
            one[0].line.code_cents if one[1] else one[0].line.automatic_cents, one[0].state.order
        ),
        "discountApplication": lambda one: one,
    },
    "DiscountCodeApplication": {
        "index": lambda _: 0,
        "code": lambda one: one[0].state.order.discount_code,
        "allocationMethod": lambda _: "ACROSS",
        "value": lambda one: (
            one[0].state.order.discount_value
            if one[0].state.order.discount_type == "PERCENT"
            else (
                amount(sum(line.code_cents for line in one[0].state.lines)),
                one[0].state.order.shop.currency,
            )
        ),
    },
    "AutomaticDiscountApplication": {
        "index": lambda one: 1 if one[0].state.order.discount_code else 0,
        "title": lambda _: "Bundle",
        "allocationMethod": lambda _: "EACH",
        "value": lambda _: 10,
    },
    "PricingPercentageValue": {"percentage": float},
    "Attribute": {"key": lambda one: one["key"], "value": lambda one: one["value"]},
}


def journey_ready(one: OrderState) -> bool:
    """Says whether the customer's journey has been worked out by now."""
    return one.order.journey <= one.clock < NEVER
