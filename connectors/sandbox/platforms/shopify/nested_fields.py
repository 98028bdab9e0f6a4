"""Fields that take arguments or lead from one thing to another: what they read, made once a query.

A factory gets the view and the field's arguments, and returns what reads the field of one object;
so a query's arguments are looked at once, not once an order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from connectors.sandbox.business.shop_ledger import NO_CUSTOMER
from connectors.sandbox.platforms.shopify.agreements import AGREEMENTS, agreements
from connectors.sandbox.platforms.shopify.order_nodes import (
    LineNode,
    Money,
    RefundLineNode,
    RefundNode,
    refund_adjustments,
    refund_shipping,
    shipping_lines,
)
from connectors.sandbox.platforms.shopify.paging import (
    Cursor,
    Page,
    page_of_list,
    size_of,
)
from connectors.sandbox.platforms.shopify.transactions import refund_transactions, transactions
from connectors.sandbox.platforms.shopify.unused_fields import EMPTY
from connectors.sandbox.platforms.shopify.view import VariantNode, View

Getter = Callable[[Any], Any]
Factory = Callable[[View, Mapping[str, Any]], Getter]
# The argument with which a bulk operation asks for all of a connection.
EVERYTHING = "everything"


def _connected(nodes: Callable[[Any], Sequence[Any]]) -> Factory:
    """Returns a connection over a list that hangs on its parent."""

    def factory(_: View, arguments: Mapping[str, Any]) -> Getter:
        if arguments.get(EVERYTHING):
            return lambda source: _whole(nodes(source))
        size = size_of(arguments)
        whole = not arguments.get("after") and not arguments.get("reverse")

        def read(source: Any) -> Page:
            found = nodes(source)
            if whole and len(found) <= size:
                # By far the most common case: all of it fits in one page.
                return _whole(found)
            return page_of_list(found, arguments)

        return read

    return factory


def _whole(nodes: Sequence[Any]) -> Page:
    return Page(nodes, _place_cursor, False, False)


@lru_cache(maxsize=1_000)
def _place_cursor(at: int) -> str:
    return Cursor(at, at).text()


def _limited(nodes: Callable[[Any], Sequence[Any]]) -> Factory:
    """Returns a plain list of which `first` takes the beginning."""

    def factory(_: View, arguments: Mapping[str, Any]) -> Getter:
        first = arguments.get("first")
        return nodes if first is None else lambda source: nodes(source)[:first]

    return factory


def _customer(view: View, _: Mapping[str, Any]) -> Getter:
    def read(one: Any) -> Any:
        place = one.order.customer
        return None if place == NO_CUSTOMER else view.customer(place)

    return read


def _email(view: View, _: Mapping[str, Any]) -> Getter:
    def read(one: Any) -> str | None:
        place = one.order.customer
        return None if place == NO_CUSTOMER else view.book.customer(place).email

    return read


def _discounted(_: View, arguments: Mapping[str, Any]) -> Getter:
    with_codes = bool(arguments.get("withCodeDiscounts"))

    def read(one: LineNode) -> Money:
        line = one.line
        cents = line.quantity * line.unit_cents - line.automatic_cents
        return Money(cents - line.code_cents if with_codes else cents, one.state.order)

    return read


def _product(view: View, _: Mapping[str, Any]) -> Getter:
    def read(one: LineNode) -> Any:
        product = one.line.product
        return product if product is not None and product.exists(view.now) else None

    return read


def _variant(view: View, _: Mapping[str, Any]) -> Getter:
    def read(one: LineNode) -> VariantNode | None:
        product, variant = one.line.product, one.line.variant
        if product is None or variant is None or not product.exists(view.now):
            return None
        return VariantNode(product, variant, product.variants.index(variant) + 1)

    return read


FACTORIES: Mapping[tuple[str, str], Factory] = {
    ("Order", "lineItems"): _connected(lambda one: [LineNode(one, line) for line in one.lines]),
    ("Order", "shippingLines"): _connected(shipping_lines),
    ("Order", "agreements"): _connected(agreements),
    **{(name, "sales"): _connected(lambda one: one.sales) for name in AGREEMENTS},
    ("Order", "refunds"): _limited(
        lambda one: [RefundNode(one, refund) for refund in one.refunds] if one.refunds else []
    ),
    ("Order", "fulfillments"): _limited(lambda one: [one] if one.fulfilled else []),
    ("Order", "transactions"): _limited(transactions),
    ("Order", "customer"): _customer,
    ("Order", "shippingAddress"): _customer,
    ("Order", "billingAddress"): _customer,
    ("Order", "displayAddress"): _customer,
    ("Order", "email"): _email,
    ("Order", "contactEmail"): _email,
    ("LineItem", "discountedTotalSet"): _discounted,
    ("LineItem", "product"): _product,
    ("LineItem", "variant"): _variant,
    ("Refund", "refundLineItems"): _connected(
        lambda one: [RefundLineNode(one.state, one.refund, line) for line in one.refund.lines]
    ),
    ("Refund", "refundShippingLines"): _connected(refund_shipping),
    ("Refund", "orderAdjustments"): _connected(refund_adjustments),
    ("Refund", "transactions"): _connected(
        lambda one: refund_transactions(one.state.order, one.refund)
    ),
    ("Product", "variants"): _connected(
        lambda one: [
            VariantNode(one, variant, place + 1) for place, variant in enumerate(one.variants)
        ]
    ),
    ("Product", "options"): lambda _, __: lambda one: [one],
    **dict.fromkeys(EMPTY, _connected(lambda _: ())),
    ("Customer", "addresses"): lambda _, __: lambda one: [one],
}
