"""Visits to the shops' sites, as an analytics tag on their pages counts them.

Behind a visit stands the click of an ad or in a letter, or somebody's own wish. Consent that is not
given and blockers cost the tag a known share of all; of the shop's orders it misses those whose
visit it did not see. One element of the columns of a day is one session.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import HOURS, LocalDay, local_day
from connectors.sandbox.business.demand import SESSIONS_PER_CLICK, hour_weights
from connectors.sandbox.business.entities import Account, Organization
from connectors.sandbox.business.networks import Visits
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.business.shop_entities import Order, Shop
from connectors.sandbox.business.web_entities import (
    COUNTRIES,
    DEVICES,
    Purchase,
    Refunded,
    WebDay,
)
from connectors.sandbox.business.web_origins import (
    LETTERS,
    LETTERS_PART,
    NOWHERE,
    OWN,
    Origin,
    ad_origins,
    letter_clicks,
    origin_of,
)

CONSENTED, UNBLOCKED = 0.84, 0.91
TRACKED = CONSENTED * UNBLOCKED
"""The part of the visits, and of the orders, that the tag sees."""
_AT_HOME = 0.88
_IDS_PER_DAY = 1_000_000
_ENGAGED, _CROSSES, _NEW, _SIGNED_UP = 0.62, 0.06, 0.55, 0.012
_HOUR = 3_600
_TAGGED = 0.6
"""How much of the business days is over when the sites get their tag."""
_MOST_DAYS = 240
_SESSIONS_STREAM = 81
_books: WeakKeyDictionary[Business, dict[str, Site]] = WeakKeyDictionary()


def site_of(business: Business, organization: Organization, linked: Collection[str]) -> Site:
    """Returns the site of an organization's shop; it lasts as long as the business.

    Args:
        business: Whose.
        organization: Whose site.
        linked: The networks whose accounts are linked to the analytics.
    """
    held = _books.setdefault(business, {})
    if organization.id not in held:
        held[organization.id] = Site(business, organization, frozenset(linked))
    return held[organization.id]


class Site:
    """A site and its days, from the one on which it got its tag."""

    def __init__(
        self, business: Business, organization: Organization, linked: frozenset[str]
    ) -> None:
        # The business holds its sites: one that held it in turn would never end.
        self._business = business
        self._linked = linked
        self.organization = organization
        self.shop: Shop = business.shop(organization).shop
        self.first_day = business.parameters.day_at(_TAGGED)
        people = business.people
        self._accounts = [one for one in people.accounts if one.organization == organization]
        self._days: OrderedDict[date, WebDay] = OrderedDict()

    def day(self, day: date) -> WebDay | None:
        """Returns a day; None for one outside the business or before the tag."""
        if not self.first_day <= day <= self._business.parameters.end:
            return None
        if day not in self._days:
            self._days[day] = self._drawn(day)
            if len(self._days) > _MOST_DAYS:
                self._days.popitem(last=False)
        self._days.move_to_end(day)
        return self._days[day]

    def _drawn(self, day: date) -> WebDay:
        calendar = local_day(self.shop.time_zone, day)
        seed = [self._business.parameters.seed, _SESSIONS_STREAM, self.organization.number]
        random = np.random.default_rng([*seed, day.toordinal()])
        counts = self._counts(random, day, calendar)
        orders = list(self._orders(day))
        for order, origin, _ in orders:
            counts.setdefault(origin, np.zeros(HOURS, dtype=np.int64))[_hour(calendar, order)] += 1
        origins = (*counts, NOWHERE) if NOWHERE not in counts else tuple(counts)
        table = np.array([*counts.values()], dtype=np.int64)
        place = np.repeat(np.arange(table.size), table.ravel())
        came, hour = place // HOURS, place % HOURS
        places = {one: number for number, one in enumerate(origins)}
        bought = _bought(orders, places, came, hour, calendar)
        return self._columns(random, day, calendar, origins, came, hour, bought)

    def _columns(
        self,
        random: np.random.Generator,
        day: date,
        calendar: LocalDay,
        origins: tuple[Origin, ...],
        origin: Integers,
        hour: Integers,
        bought: list[tuple[int, Order, Origin, Origin]],
    ) -> WebDay:
        count, first = len(origin), day.toordinal() * _IDS_PER_DAY
        buys = np.zeros(count, dtype=np.bool_)
        buys[[place for place, *_ in bought]] = True
        is_new = random.random(count) < _NEW
        known = random.integers(0, 12 * count + 12, count)
        delay = np.array([2, 4, 20, 44])[random.choice(4, count, p=(0.7, 0.15, 0.1, 0.05))]
        is_engaged = (random.random(count) < _ENGAGED) | buys
        views = 1 + random.poisson(np.where(is_engaged, 2.4, 0.1)) + 4 * buys
        checkouts = (random.random(count) < 0.03) | buys
        known_at = (calendar.ends[hour] + delay * _HOUR).astype(np.float64)
        return WebDay(
            origins=origins,
            session=first + np.arange(count),
            origin=origin,
            hour=hour,
            person=np.where(is_new, first + np.arange(count), known),
            is_new=is_new,
            device=random.choice(len(DEVICES), count, p=[share for _, share in DEVICES]),
            country=self._countries(random, count),
            is_engaged=is_engaged,
            crosses=random.random(count) < _CROSSES,
            views=views,
            seconds=np.where(is_engaged, random.integers(12, 400, count), 0),
            baskets=((random.random(count) < 0.06) | checkouts).astype(np.int64),
            checkouts=checkouts.astype(np.int64),
            sign_ups=(random.random(count) < _SIGNED_UP).astype(np.int64),
            known_at=known_at,
            purchases=tuple(
                Purchase(
                    place, order, now, then, int(hour[place]), _paid(order),
                    # What the shop's server sends comes up to three days later.
                    float(known_at[place] + (60 * _HOUR if order.row % 17 == 0 else 0)),
                )
                for place, order, now, then in bought
            ),
            refunds=tuple(self._refunds(calendar)),
        )  # fmt: skip

    def _counts(
        self, random: np.random.Generator, day: date, calendar: LocalDay
    ) -> dict[Origin, Integers]:
        """Returns how many visits of each origin begin in each hour."""
        counts: dict[Origin, Integers] = {}
        for account in self._accounts:
            for origin, clicks in self._clicks(account, day, calendar).items():
                seen = random.binomial(clicks, SESSIONS_PER_CLICK * TRACKED)
                counts[origin] = counts.get(origin, 0) + seen
        letters, others = self._letters_of(calendar), list(OWN)
        if letters is None:
            others, letters = [*OWN, (LETTERS, LETTERS_PART)], []
        for origin, hour in letters:
            counts.setdefault(origin, np.zeros(HOURS, dtype=np.int64))[hour] += 1
        hours = hour_weights(day.weekday() >= 5) * (calendar.lengths / _HOUR)
        expected = TRACKED * self._business.own_sessions(self.organization, day) - len(letters)
        whole = sum(share for _, share in others)
        for origin, share in others:
            seen = random.poisson(max(expected, 0) * share / whole * hours / hours.sum())
            counts[origin] = counts.get(origin, 0) + seen
        return counts

    def _letters_of(self, calendar: LocalDay) -> list[tuple[Origin, int]] | None:
        """Returns the visits that letters bring on a day, with their hours.

        None where the organization mails with no platform.
        """
        if self._letters is None:
            return None
        first, last = (bisect_left(self._letters, (at,)) for at in _span(calendar))
        return [(origin, _hour_of(calendar, at)) for at, origin in self._letters[first:last]]

    @cached_property
    def _letters(self) -> list[tuple[int, Origin]] | None:
        book = self._business.mail_of(self.organization)
        if book is None:
            return None
        share = SESSIONS_PER_CLICK * TRACKED * 1_000
        clicks = letter_clicks(book, self.organization.site)
        seen = [(at, origin) for at, lot, origin in clicks if lot % 1_000 < share]
        return sorted(seen, key=lambda one: (one[0], repr(one[1])))

    def _clicks(self, account: Account, day: date, calendar: LocalDay) -> dict[Origin, Integers]:
        """Returns the clicks of an account in each hour of the site's day, by origin."""
        found: dict[Origin, Integers] = {}
        portfolio, size = self._business.portfolio(account), self._business.parameters
        for date_ in (day - timedelta(days=1), day, day + timedelta(days=1)):
            if not size.first_day <= date_ <= size.end:
                continue
            theirs = local_day(account.time_zone, date_)
            inside = (theirs.starts >= calendar.starts[0]) & (theirs.starts < calendar.ends[-1])
            inside &= theirs.lengths > 0
            if not inside.any():
                continue
            clicks = self._business.clicks(account, date_).sum(axis=2)[:, inside]
            hour = np.searchsorted(calendar.starts, theirs.starts[inside], side="right") - 1
            for unit, origin in enumerate(ad_origins(portfolio, day, self._linked)):
                if origin not in found:
                    found[origin] = np.zeros(HOURS, dtype=np.int64)
                np.add.at(found[origin], hour, clicks[unit])
        return found

    def _orders(self, day: date) -> Iterator[tuple[Order, Origin, Origin]]:
        """Yields the orders of a day that the tag sees, with the origins of two visits."""
        linked = self._linked_ads(day)
        for order in self._placed(day):
            if order.visit is not None and _is_tracked(order):
                address = self.organization.site
                last = origin_of(order.visit, linked, address)
                yield order, last, origin_of(order.first_visit or order.visit, linked, address)

    def _linked_ads(self, day: date) -> list[tuple[Visits, list[Origin]]]:
        held = [self._business.portfolio(one) for one in self._accounts]
        return [
            (one.network.visits, list(dict.fromkeys(ad_origins(one, day, self._linked))))
            for one in held
            if one.network.platform in self._linked
        ]

    def _placed(self, day: date) -> tuple[Order, ...]:
        book = self._business.shop(self.organization)
        return book.day((day - self._business.parameters.first_day).days)

    def _refunds(self, calendar: LocalDay) -> Iterator[Refunded]:
        book = self._business.shop(self.organization)
        begin, end = _span(calendar)
        at = book.ledger.refunds
        for row in np.flatnonzero(((at >= begin) & (at < end)).any(axis=1)):
            order = book.order(int(row))
            if order.visit is None or not _is_tracked(order):
                continue
            for one in order.refunds:
                if begin <= one.at < end and one.paid_cents > 0:
                    yield Refunded(_hour_of(calendar, one.at), one.paid_cents, one.at + _HOUR)

    def _countries(self, random: np.random.Generator, count: int) -> Integers:
        home = [code for _, code in COUNTRIES].index(self.shop.country)
        elsewhere = random.integers(0, len(COUNTRIES), count)
        return np.asarray(np.where(random.random(count) < _AT_HOME, home, elsewhere))


def _is_tracked(order: Order) -> bool:
    """Returns whether the tag saw an order: decided by its row alone, like a lot."""
    return not order.test and (order.row * 7_919 + 3_571) % 1_000 < TRACKED * 1_000


def _paid(order: Order) -> int:
    """Returns what the page of thanks says that an order came to, in cents."""
    return sum(cents for _, cents in order.payments[:1])


def _bought(
    orders: list[tuple[Order, Origin, Origin]],
    places: dict[Origin, int],
    origin: Integers,
    hour: Integers,
    calendar: LocalDay,
) -> list[tuple[int, Order, Origin, Origin]]:
    """Returns each order with the position of a session of its own."""
    taken: dict[tuple[int, int], int] = {}
    found = []
    for order, last, first in orders:
        cell = (places[last], _hour(calendar, order))
        begin = int(np.searchsorted(origin * HOURS + hour, cell[0] * HOURS + cell[1]))
        found.append((begin + taken.get(cell, 0), order, last, first))
        taken[cell] = taken.get(cell, 0) + 1
    return found


def _span(calendar: LocalDay) -> tuple[int, int]:
    return int(calendar.starts[0]), int(calendar.ends[-1])


def _hour(calendar: LocalDay, order: Order) -> int:
    return _hour_of(calendar, order.processed)


def _hour_of(calendar: LocalDay, at: int) -> int:
    return int(np.clip(np.searchsorted(calendar.starts, at, side="right") - 1, 0, HOURS - 1))
