"""The ledger of an order as the platform shows it: agreements, and the sales that each brought.

A sale stands on the day on which it was agreed: what an edit or an exchange adds, takes off or
brings back is no part of the order's own agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from connectors.sandbox.business.shop_cases import EXCHANGE
from connectors.sandbox.business.shop_entities import (
    GIFT_CARD,
    NEVER,
    TIP,
    Line,
    Refund,
    RefundLine,
    Removal,
)
from connectors.sandbox.business.shop_extras import charged
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.order_nodes import (
    LineNode,
    Money,
    RefundNode,
)
from connectors.sandbox.platforms.shopify.view import gid, instant

_FIRST_ID = 70_000_000_000_000
_LINE_SALES = {GIFT_CARD: ("GiftCardSale", "GIFT_CARD"), TIP: ("TipSale", "TIP")}


class Sale(NamedTuple):
    """One entry: what was sold or undone, with tax and after discounts, in cents.

    Attributes:
        kind: The GraphQL type.
        line: The line that it is about, if it is about one.
    """

    state: OrderState
    id: int
    kind: str
    line_type: str
    action: str
    quantity: int | None
    total: int
    tax: int
    discount: int
    line: LineNode | None


class Agreement(NamedTuple):
    """What was agreed at one instant; `refund` is what is behind it, if anything is."""

    state: OrderState
    place: int
    kind: str
    reason: str
    at: int
    sales: list[Sale]
    refund: RefundNode | None = None


class _Draft:
    """The sales of one agreement as they come."""

    def __init__(self, state: OrderState, place: int) -> None:
        self.state, self.sales = state, list[Sale]()
        self._first_id = (state.order.id * 10 + place) * 1_000

    def add(
        self,
        kind: tuple[str, str],
        action: str,
        quantity: int | None,
        cents: int,
        tax: int,
        discount: int = 0,
        line: LineNode | None = None,
    ) -> None:
        """Adds a sale of an amount, with tax where the shop's prices include it."""
        total = charged(self.state.order.shop, cents, tax)
        id_ = self._first_id + len(self.sales)
        self.sales.append(
            Sale(self.state, id_, *kind, action, quantity, total, tax, discount, line)
        )

    def sold(self, line: Line) -> None:
        off = line.automatic_cents + line.code_cents
        self.add(
            _kind(line), "ORDER", line.quantity, line.worth, line.tax_cents, off,
            LineNode(self.state, line),
        )  # fmt: skip

    def undone(self, gone: RefundLine | Removal) -> None:
        """Adds the reversal of some units, and of their share of the discount."""
        line = gone.line
        off = (line.automatic_cents + line.code_cents) * gone.quantity // line.quantity
        self.add(
            _kind(line), "RETURN", -gone.quantity, -gone.subtotal_cents, -gone.tax_cents, -off,
            LineNode(self.state, line),
        )  # fmt: skip


def _kind(line: Line) -> tuple[str, str]:
    return _LINE_SALES.get(line.kind, ("ProductSale", "PRODUCT"))


def agreements(state: OrderState) -> list[Agreement]:
    """Returns the agreements of an order by now, oldest first."""
    order = state.order
    found = [Agreement(state, 0, "OrderAgreement", "ORDER", order.processed, _placed(state, 0))]
    if state.edited:
        sales = _edited(state, 1)
        found.append(Agreement(state, 1, "OrderEditAgreement", "ORDER_EDIT", order.edited, sales))
    for place, refund in enumerate(state.refunds, 2):
        node = RefundNode(state, refund)
        if order.case == EXCHANGE:
            # Both sides stand in one agreement; the money that is left over is no sale.
            sales = _returned(state, place, refund, added=refund.at)
            found.append(
                Agreement(state, place, "ReturnAgreement", "RETURN", refund.processed, sales, node)
            )
            continue
        lines = () if refund.at == order.edited else refund.lines
        sales = _returned(state, place, refund, lines=lines)
        found.append(
            Agreement(state, place, "RefundAgreement", "REFUND", refund.processed, sales, node)
        )
    return sorted(found, key=lambda one: (one.at, one.place))


def _placed(state: OrderState, place: int) -> list[Sale]:
    order, draft = state.order, _Draft(state, place)
    for line in order.lines:
        if line.added == NEVER:
            draft.sold(line)
    if order.shipping_cents:
        draft.add(
            ("ShippingLineSale", "SHIPPING"), "ORDER", None, order.shipping_paid,
            order.shipping_tax_cents, order.shipping_discount_cents,
        )  # fmt: skip
    if order.duty_cents:
        draft.add(("DutySale", "DUTY"), "ORDER", None, order.duty_cents, 0)
    if order.fee_cents:
        kind = ("AdditionalFeeSale", "ADDITIONAL_FEE")
        draft.add(kind, "ORDER", None, order.fee_cents, 0)
    return draft.sales


def _edited(state: OrderState, place: int) -> list[Sale]:
    """What an edit adds, and what it takes off, with a refund or without one."""
    order, draft = state.order, _Draft(state, place)
    for line in state.lines:
        if line.added == order.edited:
            draft.sold(line)
    for removal in state.removals:
        draft.undone(removal)
    for refund in state.refunds:
        for back in refund.lines if refund.at == order.edited else ():
            draft.undone(back)
    return draft.sales


def _returned(
    state: OrderState,
    place: int,
    refund: Refund,
    lines: Sequence[RefundLine] | None = None,
    added: int = NEVER,
) -> list[Sale]:
    draft = _Draft(state, place)
    for back in refund.lines if lines is None else lines:
        draft.undone(back)
    for line in state.lines:
        if line.added == added < NEVER:
            draft.sold(line)
    if refund.shipping_cents:
        # Of shipping that is given back the platform names no line.
        draft.add(
            ("ShippingLineSale", "SHIPPING"), "RETURN", None, -refund.shipping_cents,
            -refund.shipping_tax_cents,
        )  # fmt: skip
    if refund.adjustment_cents:
        kind = ("AdjustmentSale", "ADJUSTMENT")
        draft.add(kind, "RETURN", None, -refund.adjustment_cents, 0)
    return draft.sales


def _bag(cents: Callable[[Sale], int]) -> Callable[[Sale], Money]:
    return lambda one: Money(cents(one), one.state.order)


def _before_taxes(one: Sale) -> int:
    """Returns the discount without tax: where prices include tax, so does what is taken off."""
    shop = one.state.order.shop
    if not shop.taxes_included or not one.tax:
        return one.discount
    return one.discount * 1_000 // (1_000 + shop.tax_per_mille)


_SALE: Mapping[str, Callable[[Any], Any]] = {
    "id": lambda one: gid("Sale", one.id),
    "actionType": lambda one: one.action,
    "lineType": lambda one: one.line_type,
    "quantity": lambda one: one.quantity,
    "totalAmount": _bag(lambda one: one.total),
    "totalTaxAmount": _bag(lambda one: one.tax),
    "totalDiscountAmountAfterTaxes": _bag(lambda one: one.discount),
    "totalDiscountAmountBeforeTaxes": _bag(_before_taxes),
    "lineItem": lambda one: one.line,
}
_AGREEMENT: Mapping[str, Callable[[Any], Any]] = {
    "id": lambda one: gid("SalesAgreement", _FIRST_ID + one.state.order.id + one.place),
    "happenedAt": lambda one: instant(one.at),
    "reason": lambda one: one.reason,
    "refund": lambda one: one.refund,
}
SALES = (
    "ProductSale", "TipSale", "GiftCardSale", "ShippingLineSale", "DutySale", "AdditionalFeeSale",
    "AdjustmentSale",
)  # fmt: skip
AGREEMENTS = ("OrderAgreement", "OrderEditAgreement", "RefundAgreement", "ReturnAgreement")
FIELDS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(SALES, _SALE),
    **dict.fromkeys(AGREEMENTS, _AGREEMENT),
}
