"""The nodes that an order falls into on the wire, and how one leads to the next."""

from __future__ import annotations

from typing import NamedTuple

from connectors.sandbox.business.shop_entities import Line, Order, Refund, RefundLine
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.shopify.transactions import (
    Transaction,
    refund_transactions,
    transactions,
)


class Money(NamedTuple):
    """An amount of an order in cents of the shop's currency: a MoneyBag to be."""

    cents: int
    order: Order


class LineNode(NamedTuple):
    """A line within its order."""

    state: OrderState
    line: Line


class RefundNode(NamedTuple):
    """A refund within its order."""

    state: OrderState
    refund: Refund


class RefundLineNode(NamedTuple):
    """A refunded line within its order."""

    state: OrderState
    refund: Refund
    line: RefundLine


class ShippingNode(NamedTuple):
    """The shipping of an order, or what a refund gives back of it."""

    order: Order
    cents: int


class TaxNode(NamedTuple):
    """A tax on a line or on a whole order."""

    order: Order
    cents: int


def all_transactions(one: OrderState) -> list[Transaction]:
    """Returns the transactions of an order by now."""
    return transactions(one)


def transactions_of_refund(one: RefundNode) -> list[Transaction]:
    """Returns the attempts to give a refund's money back."""
    return refund_transactions(one.state.order, one.refund)


def refund_shipping(one: RefundNode) -> list[ShippingNode]:
    """Returns what a refund gives back of the shipping, as a list of one or none."""
    cents = one.refund.shipping_cents
    return [ShippingNode(one.state.order, cents)] if cents else []


def refund_adjustments(one: RefundNode) -> list[RefundNode]:
    """Returns what a refund gives back for no line, as a list of one or none."""
    return [one] if one.refund.adjustment_cents else []
