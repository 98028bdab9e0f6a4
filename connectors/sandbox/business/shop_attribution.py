"""Where a shop's orders come from: what the last visit's address said, and what it did not.

Paid visits carry the UTM parameters of ads that run on that day, in the parts in which these bring
orders; some lose them, some are written differently, some visits are never known. Who comes without
an ad for the first time was mostly searching; who comes back has a letter in hand or types the
address.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.sandbox.business.landings import PARTS, Landing, Utm
from connectors.sandbox.business.networks import Visits
from connectors.sandbox.business.shop_entities import Shop, Visit

_REFERRERS = {
    "google": "https://www.google.com/",
    "email": None,
    "direct": None,
    "instagram": "https://l.instagram.com/",
    "bing": "https://www.bing.com/",
}
NO_SYSTEM = "newsletter"
"""The `utm_source` of the letters of an organization that mails with no platform of the sandbox."""
_LETTERS: tuple[Utm, ...] = (
    ("email", "weekly-letter", None, "hero"),
    ("email", "weekly-letter", None, "footer"),
    ("email", "back-in-stock", None, None),
)
_WELCOME: Utm = ("email", "welcome-flow", None, None)
_BLOGS = ("goodfinds.example", "the-gift-list.example", "weekend-reads.example")
# Where people come from who follow no ad: those who come for the first time, and those who return.
_NEWCOMERS = {
    "google": 0.42,
    "bing": 0.04,
    "direct": 0.23,
    "instagram": 0.10,
    "referral": 0.12,
    "email": 0.09,
}
_RETURNING = {
    "email": 0.40,
    "direct": 0.36,
    "google": 0.16,
    "bing": 0.02,
    "instagram": 0.05,
    "referral": 0.01,
}
_PAID_WHEN_RETURNING = 0.4
"""How likely a returning customer follows an ad, for one who is new."""
_RETURNING_PART = 0.33
WEB_PART = 0.92
"""The part of the orders that are placed on the web site, after a visit."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the orders of a day are expected to come from.

    Attributes:
        own: How many orders without an ad.
        by_ads: Of each account, how visits from its network look, where its ads lead and how many
            orders each of them brings.
    """

    own: float
    by_ads: tuple[tuple[Visits, Sequence[Landing], Sequence[float]], ...]


@dataclass(frozen=True, slots=True)
class _Day:
    """The sources of a day, ready to draw from: running totals of the orders that ads bring."""

    share: float
    ads: tuple[tuple[Visits, Landing], ...]
    edges: tuple[float, ...]

    @classmethod
    def of(cls, sources: Sources) -> _Day:
        ads = [(visits, landing) for visits, landings, _ in sources.by_ads for landing in landings]
        edges = tuple(accumulate(one for _, _, orders in sources.by_ads for one in orders))
        brought = edges[-1] if edges else 0.0
        share = brought / max((sources.own + brought) * WEB_PART, 1e-9)
        return cls(share, tuple(ads), edges)

    def ad(self, chance: float) -> tuple[Visits, Landing]:
        """Returns the ad at a place, from 0 to 1, of all the orders that ads bring."""
        place = bisect_right(self.edges, chance * self.edges[-1])
        return self.ads[min(place, len(self.ads) - 1)]


class Attribution:
    """Draws the visits that orders come from.

    Args:
        shop: Whose orders.
        sources: What the orders of a day are expected to come from.
        letters_from: The `utm_source` of its letters.
    """

    def __init__(
        self, shop: Shop, sources: Callable[[date], Sources], letters_from: str = NO_SYSTEM
    ) -> None:
        self._shop, self._zone = shop, ZoneInfo(shop.time_zone)
        self._letters_from = letters_from
        self._day = lru_cache(maxsize=64)(lambda day: _Day.of(sources(day)))

    def last_visit(self, random: Random, at: int, *, returning: bool) -> Visit:
        """Returns the visit that ended in an order placed at an instant."""
        moment = at - random.randrange(60, 3_000)
        day = self._day(datetime.fromtimestamp(at, self._zone).date())
        # Of all orders together, ads bring their share.
        share = day.share / (1.0 - _RETURNING_PART * (1.0 - _PAID_WHEN_RETURNING))
        if random.random() < share * (_PAID_WHEN_RETURNING if returning else 1.0):
            visits, landing = day.ad(random.random())
            return self._paid_visit(random, moment, visits, landing)
        return self._own_visit(random, moment, _RETURNING if returning else _NEWCOMERS)

    def first_visit(self, random: Random, last: Visit, *, returning: bool) -> Visit:
        """Returns the visit in which the customer came for the first time before an order."""
        if random.random() < 0.6:
            return last
        earlier = last.at - random.randrange(3_600, 20 * 86_400)
        return self.last_visit(random, earlier, returning=returning)

    def _own_visit(self, random: Random, at: int, sources: dict[str, float]) -> Visit:
        (source,) = random.choices(tuple(sources), tuple(sources.values()))
        if source == "email":
            welcome = sources is _NEWCOMERS
            utm = _WELCOME if welcome else _LETTERS[random.randrange(len(_LETTERS))]
            return self._visit(at, source, "/", (self._letters_from, *utm))
        if source == "referral":
            blog = _BLOGS[random.randrange(len(_BLOGS))]
            return self._visit(at, blog, "/", None, referrer=f"https://{blog}/")
        return self._visit(at, source, "/blogs/stories" if source == "instagram" else "/", None)

    def _paid_visit(self, random: Random, at: int, visits: Visits, landing: Landing) -> Visit:
        oddity = random.random()
        utm: Utm | None = landing.utm if any(landing.utm) else None
        added = visits.tags(landing.campaign_id, at)
        if oddity < 0.04:
            # Privacy settings and redirects strip the parameters; the referrer stays.
            utm, added = None, []
        elif utm is not None and oddity < 0.08:
            utm = tuple(None if part is None else part.upper() for part in utm)
        elif utm is not None and oddity < 0.11:
            utm = (*utm[:3], None, None)
        path = urlsplit(landing.url).path
        visit = self._visit(at, visits.source, path, utm, added, visits.referrer)
        return replace(visit, clicked=landing)

    def _visit(
        self,
        at: int,
        source: str,
        path: str,
        utm: Utm | None,
        added: Sequence[str] = (),
        referrer: str | None = None,
    ) -> Visit:
        site = self._shop.organization.site
        named = [f"{part}={value}" for part, value in zip(PARTS, utm or (), strict=False) if value]
        asked = [*named, *added]
        landing = f"{site}{path}" + ("?" + "&".join(asked) if asked else "")
        return Visit(at, source, referrer or _REFERRERS.get(source), landing, utm)
