"""The nodes that an order falls into on the wire, and how one leads to the next."""

from __future__ import annotations

from typing import NamedTuple

from connectors.sandbox.business.shop_entities import Line, Order, Refund, RefundLine
from connectors.sandbox.business.shop_state import OrderState


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


class TaxNode(NamedTuple):
    """A tax on a line or on a whole order."""

    order: Order
    cents: int


def shipping_lines(one: OrderState) -> list[OrderState]:
    """Returns the shipping of an order, as a list of one or none: the order says it all."""
    return [] if one.order.source == "pos" else [one]


def refund_shipping(one: RefundNode) -> list[RefundNode]:
    """Returns what a refund gives back of the shipping, as a list of one or none."""
    return [one] if one.refund.shipping_cents else []


def refund_adjustments(one: RefundNode) -> list[RefundNode]:
    """Returns the difference between a refund's value and its money, as a list of one or none."""
    return [one] if one.refund.adjustment_cents else []
