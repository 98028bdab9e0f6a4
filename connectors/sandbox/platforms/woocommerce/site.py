"""The site that is there, its key, and what it says of an order that depends on the clock."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.business import Business
from connectors.sandbox.business.outlet import Outlet, is_quiet, outlet_of
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.business.shop_state import OrderState

PLATFORM = "woocommerce"
ORGANIZATION, HOST = "kiwi_kitchen", "kiwi-outlet.example"
PAIR = (f"ck_sandbox_{HOST}", f"cs_sandbox_{HOST}")
"""Consumer key and consumer secret, literals of the sandbox."""


def outlets(business: Business) -> Iterator[Outlet]:
    """Yields the books of the sites: one, where its organization is there."""
    for one in business.people.organizations:
        if one.id == ORGANIZATION:
            yield outlet_of(business, one, PLATFORM, HOST)


def modified(order: Order, clock: int) -> int:
    """Returns the modified date of an order as the site has it."""
    stamps = [order.paid, order.expired, order.cancelled, order.fulfilled, order.tagged]
    stamps.append(order.trashed)
    if not is_quiet(order):
        stamps += [order.restored, *(one.at for one in order.refunds)]
    return max([order.created, *(at for at in stamps if at <= clock)])


def status(order: Order, clock: int) -> str:
    """Returns the state of an order in the site's words."""
    if order.in_bin(clock):
        return "trash"
    if order.restored <= clock and is_quiet(order):
        return "draft"
    if order.cancelled <= clock:
        return "cancelled"
    if order.paid <= clock:
        state = OrderState(order, clock)
        if state.refunded >= state.captured:
            return "refunded"
        return "completed" if order.fulfilled <= clock else "processing"
    if order.expired <= clock:
        return "failed"
    return "on-hold" if order.authorized else "pending"
