"""Who gets mail, and which: the members of an organization, each with the mails due to it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from connectors.sandbox.business.mail_entities import Message
from connectors.sandbox.business.mail_messages import (
    BACK_IN_STOCK,
    CART,
    DAY,
    WELCOME,
    WIN_BACK,
    Messages,
)
from connectors.sandbox.business.shop import ShopBook
from connectors.sandbox.business.shop_entities import NEVER, Order, Visit

_HOUR = 3_600
_STRANGERS = 60
_ONE_OF_SUBSCRIBERS = 8
_CLUB_ONE_OF = 5
_WIN_BACK_AFTER = 45 * DAY
_TO_CONFIRM = 300


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that is due to a member, and the orders that it will bring."""

    at: int
    message: Message
    brought: list[Order]


@dataclass(frozen=True, slots=True)
class Plan:
    """One member-to-be.

    Attributes:
        random: Its stream of chance.
        customer: Its place in the shop's ledger, None for who has not bought.
        orders: Its orders in the shop's web site.
        due: The mails that are due to it unless it leaves, by their instants.
        needed_until: The last instant of a visit that a mail brings.
    """

    random: Random
    customer: int | None
    joined: int
    confirmed: int
    is_in_club: bool
    orders: tuple[Order, ...]
    due: tuple[Due, ...]
    needed_until: int


def plans(seed: int, book: ShopBook, messages: Messages) -> Iterator[Plan]:
    """Yields the members of a shop's mail: who came by mail, other subscribers, and strangers."""
    orders = _web_orders(book)
    for place in range(book.customers):
        bought = orders.get(place, [])
        by_mail = any(came_by_mail(one) for one in bought)
        if not by_mail:
            subscribed = book.customer(place).consent.changes[0][1] == "SUBSCRIBED"
            if place % _ONE_OF_SUBSCRIBERS or not subscribed:
                continue
        random = Random(f"{seed} mail {book.shop.number} {place}")
        yield _plan(random, messages, place, _joined(random, book, messages, place, bought), bought)
    first, last = messages.newsletters[0].created, _last_sent(messages)
    for number in range(_STRANGERS):
        random = Random(f"{seed} mail stranger {book.shop.number} {number}")
        joined = first - 20 * DAY + (last - first + 20 * DAY) * number // _STRANGERS
        yield _plan(random, messages, None, joined, [], confirms=number % 12 != 5)


def came_by_mail(order: Order) -> bool:
    """Says whether the visit that ended in an order came from a mail."""
    return order.visit is not None and order.visit.source == "email"


def _web_orders(book: ShopBook) -> dict[int, list[Order]]:
    found: dict[int, list[Order]] = defaultdict(list)
    for offset in range(book.days):
        for order in book.day(offset):
            if order.customer >= 0 and order.visit is not None and not order.test:
                found[order.customer].append(order)
    for orders in found.values():
        orders.sort(key=lambda one: (_visit(one).at, one.row))
    return found


def _visit(order: Order) -> Visit:
    assert order.visit is not None
    return order.visit


def _named(order: Order) -> str:
    """Returns the campaign that the address of a visit from a mail names."""
    utm = _visit(order).utm
    return str(utm[2]) if utm is not None else ""


def _joined(
    random: Random, book: ShopBook, messages: Messages, place: int, orders: list[Order]
) -> int:
    """Returns when a customer asked for mail: before the first that brought an order."""
    joined = book.customer(place).created
    for order in filter(came_by_mail, orders):
        at = _visit(order).at
        if _named(order) == "weekly-letter":
            joined = min(joined, _letter_before(messages, at).sent - _HOUR)
        else:
            joined = min(joined, at - random.randrange(7 * _HOUR, 30 * _HOUR))
    return joined


def _letter_before(messages: Messages, at: int) -> Message:
    """Returns the newest letter to everybody that was sent before an instant."""
    letters = [
        one
        for one in messages.newsletters
        if one.sent < NEVER and one.audience is messages.audiences[0]
    ]
    return letters[bisect_right([one.sent for one in letters], at - 60) - 1]


def _last_sent(messages: Messages) -> int:
    return max(one.sent for one in messages.newsletters if one.sent < NEVER)


def _plan(
    random: Random,
    messages: Messages,
    customer: int | None,
    joined: int,
    orders: list[Order],
    *,
    confirms: bool = True,
) -> Plan:
    is_in_club = random.random() < 1 / _CLUB_ONE_OF
    confirmed = joined + _TO_CONFIRM if confirms else NEVER
    due = _due(random, messages, confirmed, orders, is_in_club=is_in_club) if confirms else []
    brought = [_visit(one).at for one in orders if came_by_mail(one)]
    return Plan(
        random,
        customer,
        joined,
        confirmed,
        is_in_club,
        tuple(orders),
        tuple(sorted(due, key=lambda one: (one.at, one.message.number))),
        max(brought, default=0),
    )


def _due(
    random: Random, messages: Messages, confirmed: int, orders: list[Order], *, is_in_club: bool
) -> list[Due]:
    by_letter: dict[int, list[Order]] = defaultdict(list)
    welcomed, found = [], []
    for order in filter(came_by_mail, orders):
        if _named(order) == "weekly-letter":
            by_letter[_letter_before(messages, _visit(order).at).number].append(order)
        elif _named(order) == "welcome-flow":
            welcomed.append(order)
        else:
            at = _visit(order).at - random.randrange(600, 6 * _HOUR)
            found.append(Due(at, messages.flows[BACK_IN_STOCK], [order]))
    welcome = messages.flows[WELCOME]
    if welcomed or confirmed >= welcome.created:
        found.append(Due(confirmed + _TO_CONFIRM, welcome, welcomed))
    found += [
        Due(one.sent, one, by_letter[one.number])
        for one in messages.newsletters
        if confirmed < one.sent < NEVER and (is_in_club or one.audience is messages.audiences[0])
    ]
    return found + list(_reminders(random, messages, confirmed, orders))


def _reminders(
    random: Random, messages: Messages, confirmed: int, orders: list[Order]
) -> Iterator[Due]:
    """Yields mails to who left a cart, and to who has not bought for long."""
    last = _last_sent(messages)
    for place, order in enumerate(orders):
        visit = _visit(order)
        left = visit.at - random.randrange(2 * _HOUR, 20 * _HOUR)
        if visit.source == "direct" and left > confirmed:
            yield Due(left, messages.flows[CART], [])
        following = _visit(orders[place + 1]).at if place + 1 < len(orders) else NEVER
        missed = visit.at + _WIN_BACK_AFTER
        if confirmed < missed < min(following, last):
            yield Due(missed, messages.flows[WIN_BACK], [])
