"""What is taken off: the discounts of an order, and each one's share of a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from connectors.sandbox.business.shop_entities import FREE_SHIPPING_CODE, Line, Order
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.order_nodes import Money
from connectors.sandbox.platforms.shopify.view import amount

BUNDLE = "Bundle"
"""Title of the discount that applies without a code."""


class Application(NamedTuple):
    """One discount of an order: what was meant, not what came of it."""

    place: int
    code: str | None
    method: str
    on_shipping: bool
    value: int | tuple[str, str]
    cents: int


class Percentage(NamedTuple):
    """What a discount takes off, as a part of the price."""

    percentage: int


class Fixed(NamedTuple):
    """What a discount takes off, as an amount and its currency."""

    amount: str
    currency: str


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


def _of_application(one: Application) -> Percentage | Fixed:
    return Percentage(one.value) if isinstance(one.value, int) else Fixed(*one.value)


def application_type(one: Application) -> str:
    """Returns the GraphQL type of a discount: that of a code, or of what applies by itself."""
    return "AutomaticDiscountApplication" if one.code is None else "DiscountCodeApplication"


_APPLICATION: Mapping[str, Callable[[Any], Any]] = {
    "index": lambda one: one.place,
    "allocationMethod": lambda one: one.method,
    "targetType": lambda one: "SHIPPING_LINE" if one.on_shipping else "LINE_ITEM",
    "targetSelection": lambda one: "ENTITLED" if one.code is None else "ALL",
    "value": _of_application,
    "code": lambda one: one.code,
    "title": lambda _: BUNDLE,
}
FIELDS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "DiscountAllocation": {
        "allocatedAmountSet": lambda one: Money(one.cents, one.order),
        "discountApplication": lambda one: one.application,
    },
    "DiscountCodeApplication": _APPLICATION,
    "AutomaticDiscountApplication": _APPLICATION,
    "PricingPercentageValue": {"percentage": lambda one: float(one.percentage)},
}
