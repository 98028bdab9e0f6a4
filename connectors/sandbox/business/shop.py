"""The shops of the business: one door to orders, customers and products as of any clock.

The ledger of a shop is kept whole (a few columns an order); the orders themselves are drawn by the
day and kept in a bounded cache.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from connectors.sandbox.business.affiliate_visits import Led
from connectors.sandbox.business.mail_entities import MailSystem
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.shop_attribution import NO_SYSTEM, Attribution, Sources
from connectors.sandbox.business.shop_catalogue import products_of
from connectors.sandbox.business.shop_customers import customer_of
from connectors.sandbox.business.shop_entities import Customer, Order, Product, Shop
from connectors.sandbox.business.shop_ledger import Flags, Integers, Ledger
from connectors.sandbox.business.shop_ledger_days import ledger_of
from connectors.sandbox.business.shop_orders import OrderBook
from connectors.sandbox.business.shop_script import script_of
from connectors.sandbox.business.shop_state import OrderState

_MOST_ORDERS_KEPT = 60_000
_LONG, _VERY_LONG = 60, 260


def shop_book(
    parameters: Parameters,
    shop: Shop,
    orders_on: Callable[[date], int],
    sources: Callable[[date], Sources],
    letters: MailSystem | None = None,
    led: Led | None = None,
) -> ShopBook:
    """Opens the book of a shop.

    Args:
        parameters: The business.
        shop: Whose book.
        orders_on: How many orders are placed on a day.
        sources: What the orders of a day are expected to come from.
        letters: What its organization mails with.
        led: Gives orders the visits that partners sent; None without partners.
    """
    ledger = ledger_of(parameters, shop, orders_on)
    products = products_of(parameters, shop)
    attribution = Attribution(shop, sources, letters.platform if letters else NO_SYSTEM)
    return ShopBook(parameters, shop, ledger, products, attribution, led)


def _scripted_lengths(parameters: Parameters, ledger: Ledger) -> dict[int, int]:
    """Returns the rows of the orders with a scripted number of lines, and that number."""
    script, lengths = script_of(parameters), {}
    for (on, place), count in ((script.long, _LONG), (script.very_long, _VERY_LONG)):
        offset = (on - parameters.first_day).days
        row = int(ledger.starts[offset]) + place
        if row < ledger.starts[offset + 1]:
            lengths[row] = count
    return lengths


class ShopBook:
    """One shop with everything in it.

    Attributes:
        shop: What it is.
        ledger: When each order is placed and when it changes.
        products: Everything it sells, over its whole history.
    """

    def __init__(
        self,
        parameters: Parameters,
        shop: Shop,
        ledger: Ledger,
        products: tuple[Product, ...],
        attribution: Attribution,
        led: Led | None = None,
    ) -> None:
        self._led = led
        self.shop, self.ledger, self.products = shop, ledger, products
        self._seed, self._first_day = parameters.seed, parameters.first_day
        self._book = OrderBook(
            parameters.seed,
            shop,
            ledger,
            products,
            attribution,
            country=lambda place: self.customer(place).country,
            lengths=_scripted_lengths(parameters, ledger),
        )
        self._days: OrderedDict[int, tuple[Order, ...]] = OrderedDict()
        self._kept = 0
        self._spent = Spending(self)
        self._usual_order = round(shop.organization.order_value_eur * shop.units_per_eur) * 100
        self._updated: tuple[int, Integers] | None = None
        self._customers_updated: tuple[int, Integers] | None = None
        self._by_customer: tuple[Integers, Integers] | None = None
        self._changes: list[tuple[int, int]] | None = None

    @property
    def days(self) -> int:
        """How many business days there are."""
        return len(self.ledger.starts) - 1

    def date_of(self, offset: int) -> date:
        """Returns the business day at a position."""
        return self._first_day + timedelta(days=offset)

    def day(self, offset: int) -> tuple[Order, ...]:
        """Returns all orders of a business day, whenever they come to be."""
        orders = self._days.get(offset)
        if orders is None:
            orders = self._book.day(offset)
            orders = self._days[offset] = self._led(offset, orders) if self._led else orders
            self._kept += len(orders)
            while self._kept > _MOST_ORDERS_KEPT and len(self._days) > 1:
                _, dropped = self._days.popitem(last=False)
                self._kept -= len(dropped)
        else:
            self._days.move_to_end(offset)
        return orders

    def order(self, row: int) -> Order:
        """Returns the order in a row of the ledger."""
        offset = int(self.ledger.day[row])
        return self.day(offset)[row - int(self.ledger.starts[offset])]

    def states(self, rows: Iterable[int], clock: int) -> Iterator[OrderState]:
        """Returns orders as of a clock, in the order of the rows."""
        for row in rows:
            yield OrderState(self.order(row), clock)

    def visible(self, clock: int) -> Flags:
        """Says of each row whether the order is there as of a clock."""
        return np.asarray((self.ledger.created <= clock) & (clock < self.ledger.deleted))

    def updated(self, clock: int) -> Integers:
        """Returns of each row when the order last changed as of a clock."""
        if self._updated is None or self._updated[0] != clock:
            last = self.ledger.created.copy()
            for instants in self.ledger.changes:
                np.maximum(last, np.where(instants <= clock, instants, 0), out=last)
            self._updated = (clock, last)
        return self._updated[1]

    @property
    def customers(self) -> int:
        """How many customers there will ever be."""
        return len(self.ledger.customer_created)

    def customer(self, place: int) -> Customer:
        """Returns a customer by its place."""
        return _customer(self._seed, self.shop, place, int(self.ledger.customer_created[place]))

    def customer_rows(self, place: int) -> list[int]:
        """Returns the rows of a customer's orders."""
        if self._by_customer is None:
            order = np.argsort(self.ledger.customer, kind="stable")
            self._by_customer = (order, self.ledger.customer[order])
        order, sorted_ = self._by_customer
        first, last = np.searchsorted(sorted_, [place, place + 1])
        return [int(row) for row in order[first:last]]

    def customers_updated(self, clock: int) -> Integers:
        """Returns of each customer when it last changed as of a clock; its orders change it."""
        if self._customers_updated is not None and self._customers_updated[0] == clock:
            return self._customers_updated[1]
        ledger = self.ledger
        last = ledger.customer_created.copy()
        known = ledger.customer >= 0
        for instants in ledger.money_changes:
            happened = known & (instants <= clock)
            np.maximum.at(last, ledger.customer[happened], instants[happened])
        for place, at in self._own_changes():
            if at <= clock:
                last[place] = max(int(last[place]), at)
        self._customers_updated = (clock, last)
        return last

    def spending(self, place: int, clock: int) -> tuple[int, int]:
        """Returns the number of a customer's orders and the cents spent, as of a clock.

        What was bought before the first business day counts, though no list has it any more.
        """
        count, cents = self._spent.of(self.customer_rows(place), clock)
        earlier = int(self.ledger.customer_earlier[place])
        return count + earlier, cents + earlier * self._usual_order

    def _own_changes(self) -> list[tuple[int, int]]:
        if self._changes is None:
            self._changes = [
                (place, int(instant.timestamp()))
                for place in range(self.customers)
                for history in (self.customer(place).tags, self.customer(place).consent)
                for instant, _ in history.changes[1:]
            ]
        return self._changes


class Spending:
    """What each order brought, kept apart so that customers need no drawn orders."""

    def __init__(self, book: ShopBook) -> None:
        self._book = book
        self._moves: list[tuple[tuple[int, int], ...] | None] = [None] * len(book.ledger.day)

    def of(self, rows: list[int], clock: int) -> tuple[int, int]:
        """Returns the number of orders and the cents spent, as of a clock."""
        ledger, count, cents = self._book.ledger, 0, 0
        for row in rows:
            if ledger.created[row] <= clock < ledger.deleted[row]:
                count += 1
                cents += sum(moved for at, moved in self._of_order(row) if at <= clock)
        return count, cents

    def _of_order(self, row: int) -> tuple[tuple[int, int], ...]:
        """Returns what came in and what went back, each with its instant."""
        moves = self._moves[row]
        if moves is None:
            for order in self._book.day(int(self._book.ledger.day[row])):
                back = tuple((one.at, -one.paid_cents) for one in order.refunds)
                self._moves[order.row] = (*order.payments, *back)
            moves = self._moves[row] or ()
        return moves


@lru_cache(maxsize=60_000)
def _customer(seed: int, shop: Shop, place: int, created: int) -> Customer:
    return customer_of(seed, shop, place, created)
