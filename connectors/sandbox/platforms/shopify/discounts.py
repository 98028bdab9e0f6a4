"""What is taken off: the discounts of an order, and each one's share of a line."""

from __future__ import annotations

from typing import Any, NamedTuple

from connectors.sandbox.business.shop_entities import FREE_SHIPPING_CODE, Line, Order
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.view import amount


class Application(NamedTuple):
    """One discount of an order: what was meant, not what came of it."""

    place: int
    code: str | None
    method: str
    on_shipping: bool
    value: int | tuple[str, str]
    cents: int


class Allocation(NamedTuple):
    """What a discount takes off a line or the shipping."""

    order: Order
    cents: int
    application: Application


def applications(one: OrderState) -> list[Application]:
    """Returns the discounts of an order: its code, the bundle's, the one on shipping."""
    order = one.order
    code = sum(line.code_cents for line in one.lines)
    found: list[Application] = []

    def add(name: str | None, method: str, cents: int, value: Any, on_shipping: bool) -> None:
        found.append(Application(len(found), name, method, on_shipping, value, cents))

    if order.discount_code is not None:
        of_code = (amount(code), order.shop.currency)
        percent = order.discount_type == "PERCENT"
        add(
            order.discount_code, "ACROSS", code, order.discount_value if percent else of_code, False
        )
    bundle = sum(line.automatic_cents for line in one.lines)
    if bundle:
        gross = sum(one.quantity * one.unit_cents for one in one.lines if one.automatic_cents)
        add(None, "EACH", bundle, round(100 * bundle / gross), False)
    if order.shipping_discount_cents:
        add(FREE_SHIPPING_CODE, "EACH", order.shipping_discount_cents, 100, True)
    return found


def line_allocations(one: OrderState, line: Line) -> list[Allocation]:
    """Returns the shares of a line; none for one that nothing is taken off."""
    if not line.automatic_cents and not line.code_cents:
        return []
    return [
        Allocation(one.order, cents, application)
        for application in applications(one)
        if not application.on_shipping
        and (cents := line.automatic_cents if application.code is None else line.code_cents)
    ]


def shipping_allocations(one: OrderState) -> list[Allocation]:
    """Returns what is taken off the shipping."""
    return [
        Allocation(one.order, application.cents, application)
        for application in applications(one)
        if application.on_shipping
    ]
