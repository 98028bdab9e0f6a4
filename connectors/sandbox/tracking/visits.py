"""Visits to a site as they were: who, when, what. Nothing here knows how a line looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import local_day
from connectors.sandbox.business.entities import Organization
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.business.web import Site
from connectors.sandbox.business.web_entities import COUNTRIES, DEVICES, WebDay
from connectors.sandbox.business.web_origins import Origin

_STREAM = 95
_LAST_BEGINNING = 3_000
"""Seconds into its hour, after which no visit begins."""
_QUIET_HOURS = (0, 23)
BLOCKED = 0.07
"""The part of the visits that a blocker hides from the collector."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a visitor did.

    Attributes:
        at: seconds since 1970.
        name: one of `page_view`, `add_to_cart`, `begin_checkout`, `sign_up` and `purchase`.
        path: of the page.
        order: that was placed.
    """

    at: float
    name: str
    path: str
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class VisitToSite:
    """One visit.

    Attributes:
        number: no other visit to the site has it.
        device: no two visits of one device are less than half an hour apart. A customer of the shop
            has one of their own, which nobody else buys with.
        user: under which id they are known to the site while they buy; empty for a guest.
        origin: where it came from.
        kind: of the device.
        country: ISO code.
        is_blocked: whether a blocker hides all of it from the collector.
        actions: in their order; no two are half an hour apart.
    """

    number: int
    device: str
    user: str
    origin: Origin
    kind: str
    country: str
    is_blocked: bool
    actions: tuple[Action, ...]


class Visits:
    """The visits to the site of an organization, day by day.

    Args:
        business: whose.
        organization: whose site.
    """

    def __init__(self, business: Business, organization: Organization) -> None:
        self._seed = business.parameters.seed
        self.site = Site(business, organization, frozenset())

    def of_day(self, day: date) -> Iterator[VisitToSite]:
        """Yields the visits that begin on a day of the site's own zone."""
        known = self.site.day(day)
        if known is None:
            return
        calendar = local_day(self.site.shop.time_zone, day)
        random = np.random.default_rng(
            [self._seed, _STREAM, self.site.organization.number, day.toordinal()]
        )
        orders = {one.place: one.order for one in known.purchases}
        count = len(known.session)
        begins = calendar.starts[known.hour] + random.integers(0, _LAST_BEGINNING, count)
        blocked = random.random(count) < BLOCKED
        seen: set[str] = set()
        for place in range(count):
            order, number = orders.get(place), int(known.session[place])
            person = _person(int(known.person[place]), order)
            # Who comes twice on a day, or near midnight, does so on another device: so two visits
            # of one device are always apart.
            is_own = person in seen or int(known.hour[place]) in _QUIET_HOURS
            seen.add(person)
            yield VisitToSite(
                number,
                f"visit-{number}" if is_own else person,
                f"member-{order.customer}" if order and order.customer >= 0 else "",
                known.origins[int(known.origin[place])],
                DEVICES[int(known.device[place])][0],
                COUNTRIES[int(known.country[place])][1],
                bool(blocked[place]),
                tuple(_actions(known, place, float(begins[place]), order)),
            )


def _person(number: int, order: Order | None) -> str:
    if order is None:
        return f"person-{number}"
    return f"guest-{order.row}" if order.customer < 0 else f"customer-{order.customer}"


def _actions(day: WebDay, place: int, begin: float, order: Order | None) -> Iterator[Action]:
    """What a visitor does, evenly over the time that the visit takes."""
    landing = day.origins[int(day.origin[place])].landing
    names = ["page_view"] * max(int(day.views[place]), 1)
    names += ["add_to_cart"] * int(day.baskets[place])
    names += ["begin_checkout"] * int(day.checkouts[place])
    names += ["sign_up"] * int(day.sign_ups[place])
    names += ["purchase"] * (order is not None)
    step = max(float(day.seconds[place]) / max(len(names) - 1, 1), 1.0)
    if order is not None:
        begin = order.processed - (len(names) - 1) * step  # its visit ends with an order
    for number, name in enumerate(names):
        path = f"/products/{number}" if number else (landing if landing[:1] == "/" else "/")
        yield Action(
            round(begin + number * step, 3),
            name,
            path,
            order if name == "purchase" else None,
        )
