"""The truth of analytics: what a tag saw of a site's visits, with sets and sums of Python alone.

A platform names its properties, the levels it answers, and what each visit is called there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from connectors.sandbox.business import Business
from connectors.sandbox.business.web import Site
from connectors.sandbox.business.web_entities import WebDay
from connectors.sandbox.business.web_origins import Origin
from connectors.sandbox.truth.ads import CENT, days_asked
from connectors.sandbox.truth.question import Answer, Question, Row

Key = tuple[Any, ...]
Shown = Callable[[WebDay, datetime], Mapping[Origin, Origin]]
"""From a day and a clock to what each origin is shown as."""


def _as_it_is(web: WebDay, _: datetime) -> Mapping[Origin, Origin]:
    return {origin: origin for origin in web.origins}


class Watched(Protocol):
    """One property of an analytics platform."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def site(self) -> Site:
        """What it watches."""
        ...

    @property
    def currency(self) -> str:
        """Its currency."""
        ...


class Visit:
    """A visit, or the part of one that falls into the next hour."""

    def __init__(self, web: WebDay, place: int, hour: int, begins: bool) -> None:
        self.web, self.place, self.hour, self.begins = web, place, hour, begins

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        place: int = self.web.origin[self.place]
        return self.web.origins[place]


def _touches(web: WebDay, now: float) -> Iterator[Visit]:
    for place in range(len(web.session)):
        if web.known_at[place] <= now:
            hour = int(web.hour[place])
            yield Visit(web, place, hour, True)
            if web.crosses[place] and hour < 23:
                yield Visit(web, place, hour + 1, False)


class _Sums:
    """What adds up to one row."""

    def __init__(self) -> None:
        self.sessions: set[int] = set()
        self.engaged: set[int] = set()
        self.people: set[int] = set()
        self.active: set[int] = set()
        self.new = self.views = self.key_events = self.bought = self.gross = self.refunded = 0

    def add(self, one: Visit, cents: list[int]) -> None:
        """Adds a visit, of which all that adds up stands where it begins."""
        web, place = one.web, one.place
        session, person = int(web.session[place]), int(web.person[place])
        self.sessions.add(session)
        self.people.add(person)
        if web.is_engaged[place]:
            self.engaged.add(session)
        if web.is_engaged[place] or web.is_new[place]:
            self.active.add(person)
        if not one.begins:
            self.views += 1
            return
        self.new += int(web.is_new[place])
        self.views += int(web.views[place])
        self.key_events += len(cents) + int(web.sign_ups[place])
        self.bought += len(cents)
        self.gross += sum(cents)

    def row(self) -> Row:
        """Returns the columns."""
        return {
            "sessions": len(self.sessions),
            "engaged_sessions": len(self.engaged),
            "total_users": len(self.people),
            "active_users": len(self.active),
            "new_users": self.new,
            "page_views": self.views,
            "key_events": self.key_events,
            "transactions": self.bought,
            "refund_amount": str(self.refunded * CENT),
            "purchase_revenue": str((self.gross - self.refunded) * CENT),
        }


@dataclass(frozen=True, slots=True)
class WebTruth:
    """The answers of one analytics platform.

    Attributes:
        platform: Its name.
        properties: What it watches.
    """

    platform: str
    properties: Callable[[Business], Iterator[Watched]]

    def whose(self, one: Watched) -> Row:
        """Returns the columns that say whose a row is."""
        return {
            "organization_id": one.site.organization.id,
            "platform": self.platform,
            "account_id": one.id,
            "currency": one.currency,
        }

    def days(self, business: Business, question: Question) -> Iterator[tuple[Any, date, WebDay]]:
        """Yields the properties that are asked about, with each day that they have."""
        for one in self.properties(business):
            if question.account in (None, one.id):
                for day in days_asked(business, question):
                    web = one.site.day(day)
                    if web is not None:
                        yield one, day, web

    def visits(
        self,
        names: tuple[str, ...],
        key: Callable[[Visit, Mapping[Origin, Origin]], Key],
        refund: Callable[[int], Key],
        fewest: int = 0,
        shown: Shown = _as_it_is,
    ) -> Answer:
        """Returns the answer of a level of visits.

        Args:
            names: The columns of the key.
            key: From a visit, and what each origin is shown as, to its key.
            refund: From the hour of a refund to its key.
            fewest: A row of fewer people is withheld.
            shown: What each origin is shown as.
        """

        def answer(business: Business, question: Question) -> Iterator[Row]:
            now = question.as_of.timestamp()
            for one, day, web in self.days(business, question):
                seen_as, rows = shown(web, question.as_of), dict[Key, _Sums]()
                bought: dict[int, list[int]] = {}
                for purchase in web.purchases:
                    if purchase.known_at <= now:
                        bought.setdefault(purchase.place, []).append(purchase.cents)
                for visit in _touches(web, now):
                    sums = rows.setdefault(key(visit, seen_as), _Sums())
                    sums.add(visit, bought.get(visit.place, []))
                for back in web.refunds:
                    if back.known_at <= now:
                        rows.setdefault(refund(back.hour), _Sums()).refunded += back.cents
                for values, sums in rows.items():
                    if len(sums.people) >= fewest:
                        named = dict(zip(names, values, strict=True))
                        yield {**self.whose(one), "date": str(day), **named, **sums.row()}

        return answer

    def orders(self, business: Business, question: Question) -> Iterator[Row]:
        """Yields how many of the shop's orders of a day the tag saw, and of how many not the ad."""
        now = question.as_of.timestamp()
        for one, day, web in self.days(business, question):
            book, size = business.shop(one.site.organization), business.parameters
            listed = book.day((day - size.first_day).days)
            placed = [order for order in listed if not order.test and order.processed <= now]
            seen = [each for each in web.purchases if each.order.processed <= now]
            lost = sum(
                each.origin.medium in ("organic", "referral") and each.order.visit is not None
                and each.order.visit.source in ("facebook", "tiktok") for each in seen
            )  # fmt: skip
            counts = {"orders": len(placed), "seen_orders": len(seen), "lost_sources": lost}
            yield {**self.whose(one), "date": str(day), **counts}


def in_money(cents: int) -> str:
    """Returns an amount, or a number of hundredths, as exact text."""
    return str(Decimal(cents) * CENT)
