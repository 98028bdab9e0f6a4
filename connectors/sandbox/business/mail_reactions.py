"""What one member does with one mail: opens, clicks, complaints, and the orders that follow."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from random import Random

from connectors.sandbox.business.mail_entities import HARD, SOFT, Claim, Click, Opening
from connectors.sandbox.business.shop_entities import NEVER, Order

_HOUR, _DAY = 3_600, 86_400
_SOFT_PART, _UNSUBSCRIBED_PART, _COMPLAINED_PART = 0.012, 0.004, 0.002
_CLICK_PART, _SECOND_OPEN_PART, _LATE_PART = 0.12, 0.3, 0.04
_PATHS = ("/", "/collections/new", "/collections/sale", "/blogs/stories")


@dataclass(frozen=True, slots=True)
class Reactions:
    """What comes of a mail."""

    bounce: str | None
    bounced: int
    openings: tuple[Opening, ...]
    clicks: tuple[Click, ...]
    unsubscribed: int
    complained: int

    @property
    def left(self) -> int:
        """From when on the member gets no mail."""
        gone = self.bounced if self.bounce == HARD else NEVER
        return min(self.unsubscribed, self.complained, gone)


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody reads mail.

    Attributes:
        open_rate: The part of the mails that are read.
        has_proxy: Whether the mail program loads all pictures unasked.
        is_gone: Whether the address does not exist any more.
    """

    open_rate: float
    has_proxy: bool
    is_gone: bool


def reactions(
    random: Random, reader: Reader, at: int, brought: list[Order], site: str, *, may_leave: bool
) -> Reactions:
    """Draws what comes of a mail.

    Args:
        random: The member's stream of chance.
        reader: How the member reads.
        at: When the mail was sent.
        brought: The orders that a click in it led to.
        site: Where its links lead.
        may_leave: Whether the member needs no later mail.
    """
    if reader.is_gone:
        return Reactions(HARD, at + random.randrange(5, 300), (), (), NEVER, NEVER)
    if not brought and random.random() < _SOFT_PART:
        return Reactions(SOFT, at + random.randrange(60, 6 * _HOUR), (), (), NEVER, NEVER)
    opened, clicks = [], []
    if reader.has_proxy:
        opened.append(Opening(at + random.randrange(30, 2 * _HOUR), is_machine=True))
    if random.random() < reader.open_rate:
        first = at + int(180 * exp(6 * random.random()))
        if random.random() < _LATE_PART:
            first += random.randrange(2 * _DAY, 20 * _DAY)
        opened.append(Opening(first, is_machine=False))
        if random.random() < _SECOND_OPEN_PART:
            again = first + random.randrange(_HOUR, 3 * _DAY)
            opened.append(Opening(again, is_machine=False))
        if random.random() < _CLICK_PART:
            url = site + _PATHS[random.randrange(len(_PATHS))]
            clicks.append(Click(first + random.randrange(5, 300), url))
    for order in brought:
        visit = order.visit
        assert visit is not None
        read = max(at + 1, visit.at - random.randrange(5, 50))
        opened.append(Opening(read, is_machine=False))
        clicks.append(Click(visit.at, visit.landing_page))
    unsubscribed = complained = NEVER
    if may_leave:
        if random.random() < _UNSUBSCRIBED_PART:
            unsubscribed = at + random.randrange(120, 2 * _DAY)
        elif random.random() < _COMPLAINED_PART:
            complained = at + random.randrange(120, 2 * _DAY)
    return Reactions(
        None,
        NEVER,
        tuple(sorted(opened, key=lambda one: (one.at, one.is_machine))),
        tuple(sorted(clicks, key=lambda one: (one.at, one.url))),
        unsubscribed,
        complained,
    )


def claim_of(order: Order, *, is_caused: bool) -> Claim:
    """Returns what a mail platform notes of an order as it was placed; it hears of no refund."""
    lines = [one for one in order.lines if one.added == NEVER]
    goods, tax = sum(one.worth for one in lines), sum(one.tax_cents for one in lines)
    shipping, more = order.shipping_paid, order.duty_cents + order.fee_cents
    if order.shop.taxes_included:
        total, revenue = goods + shipping + more, goods - tax
    else:
        total = goods + tax + shipping + order.shipping_tax_cents + more
        revenue = goods
    return Claim(order.created, order.row, total, revenue, is_caused)
