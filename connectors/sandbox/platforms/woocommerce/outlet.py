"""The shop on WooCommerce: Kiwi Kitchen's outlet, small and with much that goes back.

Its orders are drawn like those of the other shops, from a ledger in which only what WooCommerce
can show happens: no edits with a day of their own, no gift cards, no tips.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.entities import History
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_attribution import Attribution, Sources
from connectors.sandbox.business.shop_cases import FEE, NO_CASE
from connectors.sandbox.business.shop_catalogue import products_of, shop_of
from connectors.sandbox.business.shop_entities import NEVER, Order, Product, Shop
from connectors.sandbox.business.shop_ledger import (
    AMOUNT,
    FULL,
    GOODWILL,
    LINES,
    NO_CUSTOMER,
    SHIPPING,
    Ledger,
)
from connectors.sandbox.business.shop_ledger_days import OLD_CUSTOMERS, ledger_of
from connectors.sandbox.business.shop_state import OrderState

PLATFORM = "woocommerce"
ORGANIZATION, HOST = "kiwi_kitchen", "kiwi-outlet.example"
_NUMBER = 500
"""Behind those of all other shops."""
_HOUR, _DAY = 3_600, 86_400
_BACK = (LINES, GOODWILL, FULL, SHIPPING, AMOUNT)
_books: WeakKeyDictionary[Business, Outlet] = WeakKeyDictionary()


def outlets(business: Business) -> Iterator[Outlet]:
    """Yields the books of the shops on WooCommerce: one, where its organization is there."""
    for organization in business.people.organizations:
        if organization.id == ORGANIZATION:
            if business not in _books:
                account = business.people.accounts_of(organization.id, business.people.home)[0]
                usual = shop_of(business.parameters, organization, account)
                shop = replace(
                    usual,
                    id=HOST,
                    number=_NUMBER,
                    name=f"{usual.name} Outlet",
                    taxes_included=True,
                    platform=PLATFORM,
                )
                _books[business] = Outlet(business.parameters, shop)
            yield _books[business]


class Outlet(ShopBook):
    """The outlet with everything in it."""

    def __init__(self, parameters: Parameters, shop: Shop) -> None:
        ledger = _ledger(parameters, shop, lambda day: 3 + day.toordinal() % 4)
        products = tuple(_without_cost(one) for one in products_of(parameters, shop))
        # It is not advertised: who comes, comes by search, by letter or by itself.
        sources = Attribution(shop, lambda _: Sources(own=5.0, by_ads=()))
        super().__init__(parameters, shop, ledger, products, sources)
        self._dressed: dict[int, tuple[Order, ...]] = {}

    def day(self, offset: int) -> tuple[Order, ...]:
        """Returns all orders of a business day, with what befalls them here alone."""
        if offset not in self._dressed:
            self._dressed[offset] = tuple(_dressed(one) for one in super().day(offset))
        return self._dressed[offset]

    def shown(self, clock: int) -> list[Order]:
        """Returns the orders that are there, in the bin or not, by id."""
        return [
            order
            for offset in range(self.days)
            for order in self.day(offset)
            if order.created <= clock < order.deleted
        ]


def is_guest(place: int) -> bool:
    """Says whether somebody buys without an account."""
    return place >= OLD_CUSTOMERS and place % 3 == 0


def is_quiet(order: Order) -> bool:
    """Says whether refunds and a return from the bin leave the modified date as it is."""
    return order.row % 80 >= 40 or order.row % 8 >= 4


def modified(order: Order, clock: int) -> int:
    """Returns the modified date of an order as the shop has it."""
    stamps = [order.paid, order.expired, order.cancelled, order.fulfilled, order.tagged]
    stamps.append(order.trashed)
    if not is_quiet(order):
        stamps += [order.restored, *(one.at for one in order.refunds)]
    return max([order.created, *(at for at in stamps if at <= clock)])


def status(order: Order, clock: int) -> str:
    """Returns the state of an order in the shop's words."""
    if order.in_bin(clock):
        return "trash"
    if order.restored <= clock and is_quiet(order):
        return "draft"
    if order.paid <= clock:
        state = OrderState(order, clock)
        if state.refunded >= state.captured:
            return "refunded"
        if order.cancelled > clock:
            return "completed" if order.fulfilled <= clock else "processing"
    if order.cancelled <= clock:
        return "cancelled"
    if order.expired <= clock:
        return "failed"
    return "on-hold" if order.authorized else "pending"


def _ledger(parameters: Parameters, shop: Shop, orders_on: Callable[[date], int]) -> Ledger:
    drawn = ledger_of(parameters, shop, orders_on)
    rows = np.arange(len(drawn.day))
    case = np.where(drawn.case == FEE, FEE, NO_CASE)
    paid = np.where(drawn.paid < NEVER, np.maximum(drawn.paid, drawn.processed), NEVER)
    called_off = (drawn.cancelled < NEVER) & (paid < NEVER)
    back = (rows % 4 == 1) & (paid < NEVER) & ~called_off & (case == NO_CASE)
    kinds = np.array(_BACK)[rows // 4 % len(_BACK)]
    refunds = np.full_like(drawn.refunds, NEVER)
    refunds[called_off, 0] = drawn.cancelled[called_off]
    refunds[back, 0] = (paid + 20 * _HOUR + rows % 5 * 17 * _HOUR)[back]
    again = back & np.isin(kinds, (LINES, GOODWILL)) & (rows % 8 == 1)
    refunds[again, 1] = refunds[again, 0] + 3 * _DAY
    refund_kinds = np.full_like(drawn.refund_kinds, LINES)
    refund_kinds[:, 0] = np.where(called_off, FULL, kinds)
    nobody = drawn.customer == NO_CUSTOMER
    earlier = drawn.customer_earlier.copy()
    for place in range(len(earlier)):
        # Of a guest nobody knows what was bought before.
        earlier[place] = max(int(earlier[place]), int(is_guest(place)))
    return replace(
        drawn,
        case=case,
        created=drawn.processed,
        paid=paid,
        test=np.zeros_like(drawn.test),
        authorized=drawn.authorized & ~nobody,
        journey=drawn.processed,
        edited=np.full_like(drawn.edited, NEVER),
        refunds=refunds,
        refund_kinds=refund_kinds,
        deleted=np.full_like(drawn.deleted, NEVER),
        customer_earlier=earlier,
    )


def _dressed(order: Order) -> Order:
    """Returns an order with its fee, its time in the bin, and refunds that are taken back."""
    row = order.row
    if order.case == FEE:
        # A negative fee is how plugins take something off.
        order = replace(order, fee_cents=order.fee_cents if row % 2 else -order.fee_cents)
    elif row % 20 == 7:
        binned = order.created + 30 * _HOUR
        order = replace(
            order, trashed=binned, restored=binned + 3 * _DAY if row % 40 == 7 else NEVER
        )
    elif row % 60 == 19:
        order = replace(order, deleted=order.created + 4 * _DAY)
    if row % 12 == 5:
        taken_back = tuple(replace(one, removed=one.at + 30 * _HOUR) for one in order.refunds)
        order = replace(order, refunds=taken_back)
    return replace(order, payments=((order.paid, OrderState(order, NEVER - 1).total),))


def _without_cost(product: Product) -> Product:
    """Returns a product as this shop knows it."""
    variants = tuple(
        replace(one, cost_cents=History.of(one.cost_cents.created, None))
        for one in product.variants
    )
    return replace(product, variants=variants)
