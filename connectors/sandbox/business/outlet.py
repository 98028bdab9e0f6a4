"""An outlet: an organization's second shop, small and with much that goes back.

Its orders are drawn like those of the other shops, from a ledger of a plainer life: no edits, no
gift cards, no tips; but orders in the bin, refunds that are taken back, fees of either sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from weakref import ReferenceType, WeakKeyDictionary, ref

import numpy as np

from connectors.sandbox.business import Business, Parameters
from connectors.sandbox.business.entities import History, Organization
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_attribution import Attribution, Sources
from connectors.sandbox.business.shop_cases import FEE, NO_CASE
from connectors.sandbox.business.shop_catalogue import products_of, shop_of
from connectors.sandbox.business.shop_entities import NEVER, Order, Product, Shop, Visit
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

_NUMBER = 500
"""Behind those of all other shops."""
_HOUR, _DAY = 3_600, 86_400
_BACK = (LINES, GOODWILL, FULL, SHIPPING, AMOUNT)
_books: WeakKeyDictionary[Business, dict[str, Outlet]] = WeakKeyDictionary()


def outlet_of(business: Business, organization: Organization, platform: str, host: str) -> Outlet:
    """Returns the book of an organization's outlet.

    Args:
        business: The business, which it lasts as long as.
        organization: Whose; money and days are those of its other shop.
        platform: Where it is.
        host: Its id there.
    """
    held = _books.setdefault(business, {})
    if host not in held:
        shop = shop_beside(business, organization, platform, "Outlet", host, _NUMBER)
        beside = partial(_day_beside, ref(business), organization)
        held[host] = Outlet(business.parameters, replace(shop, taxes_included=True), beside)
    return held[host]


def shop_beside(
    business: Business, organization: Organization, platform: str, name: str, id_: str, number: int
) -> Shop:
    """Returns a shop that an organization has beside its first, with the same money and days.

    Args:
        business: The business.
        organization: Whose.
        platform: Where it is.
        name: What it is called, behind the organization's name.
        id_: Its id there.
        number: The number behind which those of all shops of its kind stand.
    """
    account = business.people.accounts_of(organization.id, business.people.home)[0]
    usual = shop_of(business.parameters, organization, account)
    return replace(
        usual,
        id=id_,
        number=number + organization.number,
        name=f"{usual.name} {name}",
        platform=platform,
    )


class Outlet(ShopBook):
    """The outlet with everything in it.

    Args:
        parameters: The size of the business.
        shop: What is known of the outlet.
        beside: From a day's number to the orders of the organization's first shop.
    """

    def __init__(
        self, parameters: Parameters, shop: Shop, beside: Callable[[int], Sequence[Order]]
    ) -> None:
        ledger = _ledger(parameters, shop, lambda day: 3 + day.toordinal() % 4)
        products = tuple(_without_cost(one) for one in products_of(parameters, shop))
        # It is not advertised: who comes, comes by search, by letter or by itself.
        sources = Attribution(shop, lambda _: Sources(own=5.0, by_ads=()))
        super().__init__(parameters, shop, ledger, products, sources)
        self._beside = beside
        self._dressed: dict[int, tuple[Order, ...]] = {}

    def day(self, offset: int) -> tuple[Order, ...]:
        """Returns all orders of a business day, with what befalls them here alone."""
        if offset not in self._dressed:
            beside = [one.visit for one in self._beside(offset) if one.visit is not None]
            clicks = [one for one in beside if one.clicked is not None]
            orders = (_led(one, clicks) for one in super().day(offset))
            self._dressed[offset] = tuple(_dressed(one) for one in orders)
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
    """Says whether refunds and a return from the bin leave no date of their own on an order."""
    return order.row % 80 >= 40 or order.row % 8 >= 4


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


def _day_beside(
    business: ReferenceType[Business], organization: Organization, offset: int
) -> Sequence[Order]:
    held = business()
    return () if held is None else held.shop(organization).day(offset)


def _led(order: Order, clicks: Sequence[Visit]) -> Order:
    """Returns an order; one in five is of somebody whom an ad led to the first shop that day."""
    earlier = [one for one in clicks if one.at < order.created]
    if order.visit is None or order.row % 5 != 2 or not earlier:
        return order
    visit = max(earlier, key=lambda one: one.at)
    return replace(order, visit=visit, first_visit=visit)


def _dressed(order: Order) -> Order:
    """Returns an order with its fee, its time in the bin, and refunds that are taken back."""
    row = order.row
    if order.case == FEE:
        # A negative fee is how plugins take something off.
        order = replace(order, fee_cents=order.fee_cents if row % 2 else -order.fee_cents)
    elif row % 20 == 7 and order.cancelled == NEVER:
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
