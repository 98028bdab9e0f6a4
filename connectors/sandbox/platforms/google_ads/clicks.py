"""The single clicks of an account, each with the id that the platform adds to the address.

A day has the clicks that its figures count, valid or not. Those that ended in an order of the shop
come first, under the id that the order's visit had; of the others only the number is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import local_day, midnight
from connectors.sandbox.business.day_facts import hours_over
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Unit
from connectors.sandbox.business.shop_entities import Order
from connectors.sandbox.platforms.google_ads.keywords import Keyword, Keywords
from connectors.sandbox.platforms.google_ads.network import DEVICES, NETWORK, click_id

_STREAM = 72
_MOBILE = DEVICES.index("MOBILE")


@dataclass(frozen=True, slots=True)
class Click:
    """One click.

    Attributes:
        unit: The ad, or the campaign without ads, that was clicked.
        device: Its place among `DEVICES`.
        keyword: What matched the search, of an ad group with keywords.
    """

    id: str
    day: date
    unit: Unit
    device: int
    keyword: Keyword | None


class Clicks:
    """The clicks of one account.

    Args:
        business: Whose.
        account: An account of the network.
        clock: As of when: hours that are not over have no clicks.
    """

    def __init__(self, business: Business, account: Account, clock: datetime) -> None:
        self._business, self._account, self._clock = business, account, clock
        self._portfolio = business.portfolio(account)
        self._keywords: dict[int, list[Keyword]] = defaultdict(list)
        for slot in Keywords(business.parameters, self._portfolio).slots:
            one = slot.keyword
            if one is not None and not one.negative and one.status.created <= clock:
                self._keywords[slot.ad_group.id].append(one)

    def of(self, day: date) -> Iterator[Click]:
        """Yields the clicks of a date of the account, ad by ad."""
        size = self._business.parameters
        if not size.first_day <= day <= size.end:
            return
        over = hours_over(local_day(self._account.time_zone, day), self._clock.timestamp())
        counted = self._business.clicks(self._account, day)[:, over].sum(axis=1)
        bought = self._bought(day)
        key = [size.seed, _STREAM, self._account.serial, day.toordinal()]
        random = np.random.default_rng(key)
        for place, unit in enumerate(self._portfolio.units):
            ids = bought.get(place, [])
            devices = np.repeat(np.arange(len(DEVICES)), counted[place])
            random.shuffle(devices)
            # A click that brought an order and is beyond what is counted was on a phone.
            shown = devices.tolist() + [_MOBILE] * (len(ids) - len(devices))
            for number, device in enumerate(shown):
                id_ = ids[number] if number < len(ids) else _nameless(unit, day, place, number)
                yield Click(id_, day, unit, device, self._keyword(unit, number))

    def _bought(self, day: date) -> dict[int, list[str]]:
        """Returns the ids of the clicks of a day that orders followed, by the unit's place."""
        zone = self._account.time_zone
        first = midnight(zone, day)
        end = min(midnight(zone, day + timedelta(days=1)), self._clock)
        own = {one.id for one in self._portfolio.campaigns}
        found: dict[int, dict[str, None]] = defaultdict(dict)
        taken: set[str] = set()
        for order in self._placed(day):
            visit = order.visit
            if visit is None or visit.clicked is None or visit.source != NETWORK.visits.source:
                continue
            landing, id_ = visit.clicked, click_id(visit.clicked.campaign_id, visit.at)
            inside = first.timestamp() <= visit.at < end.timestamp()
            # Two orders of one second and one campaign followed one click.
            if inside and landing.campaign_id in own and id_ not in taken:
                taken.add(id_)
                found[landing.unit][id_] = None
        return {place: list(ids) for place, ids in found.items()}

    def _placed(self, day: date) -> Iterator[Order]:
        """Yields the orders that a click of a day can have ended in, in any zone of a shop."""
        book = self._business.shop(self._account.organization)
        offset = (day - self._business.parameters.first_day).days
        for near in range(max(0, offset - 1), min(book.days, offset + 2)):
            yield from book.day(near)

    def _keyword(self, unit: Unit, number: int) -> Keyword | None:
        known = self._keywords.get(unit.ad_group.id, []) if unit.ad_group else []
        return known[number % len(known)] if known else None


def _nameless(unit: Unit, day: date, place: int, number: int) -> str:
    return f"EAIaIQ{unit.campaign.id:x}C{day.toordinal():x}h{place:x}M{number:x}"
