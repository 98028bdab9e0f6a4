"""The nodes that an order falls into on the wire, and how one leads to the next."""

from __future__ import annotations

from typing import NamedTuple

from connectors.sandbox.business.shop_entities import Line, Order, Refund, RefundLine
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.transactions import (
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


class DutyNode(NamedTuple):
    """What customs take, or a fee: a price without tax."""

    order: Order
    id: int
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


def shipping_lines(one: OrderState) -> list[OrderState]:
    """Returns the shipping of an order, as a list of one or none: the order says it all."""
    return [] if one.order.source == "pos" else [one]


def duties(one: LineNode) -> list[DutyNode]:
    """Returns what customs take on a line."""
    order = one.state.order
    if not order.duty_cents or one.line is not order.lines[0]:
        return []
    return [DutyNode(order, one.line.id, order.duty_cents)]


def additional_fees(one: OrderState) -> list[DutyNode]:
    """Returns the fees of an order."""
    order = one.order
    return [DutyNode(order, order.id, order.fee_cents)] if order.fee_cents else []


def refund_shipping(one: RefundNode) -> list[RefundNode]:
    """Returns what a refund gives back of the shipping, as a list of one or none."""
    return [one] if one.refund.shipping_cents else []


def refund_adjustments(one: RefundNode) -> list[RefundNode]:
    """Returns the difference between a refund's value and its money, as a list of one or none."""
    return [one] if one.refund.adjustment_cents else []
