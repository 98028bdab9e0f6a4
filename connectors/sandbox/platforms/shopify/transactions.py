"""The movements of money of an order: reserved, taken, refused, given back."""

from __future__ import annotations

from typing import NamedTuple

from connectors.sandbox.business.shop_entities import NEVER, Order, Refund
from connectors.sandbox.business.shop_state import OrderState

GIFT_CARD_GATEWAY = "gift_card"


class Transaction(NamedTuple):
    """One attempt to move money; only one that is a SUCCESS did."""

    order: Order
    id: int
    kind: str
    status: str
    cents: int
    at: int
    gateway: str


def transactions(state: OrderState) -> list[Transaction]:
    """Returns the transactions of an order as of its clock, oldest first."""
    order, clock = state.order, state.clock
    first_id = order.id + 60_000_000_000_000
    gateway = _gateway(order)
    (_, placed), *later = order.payments
    by_card = placed - order.gift_card_cents
    found: list[Transaction] = []

    def add(place: int, kind: str, status: str, cents: int, at: int, by: str = gateway) -> None:
        if at <= clock and cents:
            found.append(Transaction(order, first_id + place, kind, status, cents, at, by))

    if order.declined_first:
        add(0, "SALE", "FAILURE", by_card, order.created)
    if order.authorized:
        add(1, "AUTHORIZATION", "SUCCESS", placed, order.created)
        add(2, "CAPTURE", "SUCCESS", placed, order.paid)
        if order.paid == NEVER:
            add(3, "VOID", "SUCCESS", placed, order.cancelled)
    elif order.paid > order.created:
        add(1, "SALE", "PENDING", placed, order.created)
        add(2, "SALE", "SUCCESS", placed, order.paid)
    else:
        add(1, "SALE", "SUCCESS", by_card, order.paid)
        add(5, "SALE", "SUCCESS", order.gift_card_cents, order.paid, GIFT_CARD_GATEWAY)
    for at, cents in later:
        add(4, "SALE", "SUCCESS", cents, at)
    for refund in state.refunds:
        found += refund_transactions(order, refund)
    return sorted(found, key=lambda one: (one.at, one.id))


def gateways(state: OrderState) -> list[str]:
    """Returns the names of all ways in which an order was paid."""
    return sorted({one.gateway for one in transactions(state)})


def refund_transactions(order: Order, refund: Refund) -> list[Transaction]:
    """Returns the attempts to give a refund's money back; a refused one may come first."""
    if refund.paid_cents == 0:
        return []
    statuses = ["FAILURE", "SUCCESS"] if refund.failed_first else ["SUCCESS"]
    return [
        Transaction(
            order,
            refund.id + 20_000_000_000_000 + place,
            "REFUND",
            status,
            refund.paid_cents,
            refund.at,
            _gateway(order),
        )
        for place, status in enumerate(statuses)
    ]


def _gateway(order: Order) -> str:
    if order.test:
        return "bogus"
    later = not order.authorized and order.paid > order.created
    return "bank_deposit" if later else "shopify_payments"
