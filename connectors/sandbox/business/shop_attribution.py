"""Where a shop's orders come from: what the last visit's address said, and what it did not.

Paid visits carry the UTM parameters of real ads of the organization, in the shares that the demand
gives each ad platform; some lose them, some are written differently, some visits are never known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import parse_qsl, urlsplit

from connectors.sandbox.business.shop_entities import Shop, Visit

Utm = tuple[str | None, ...]
_PARTS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_REFERRERS = {
    "google": "https://www.google.com/",
    "facebook": "https://l.facebook.com/",
    "email": None,
    "direct": None,
    "instagram": "https://l.instagram.com/",
    "bing": "https://www.bing.com/",
}
_MAILS: tuple[Utm, ...] = (
    ("klaviyo", "email", "weekly-letter", None, "hero"),
    ("klaviyo", "email", "welcome-flow", None, None),
    ("newsletter", "email", "back-in-stock", None, None),
)


@dataclass(frozen=True, slots=True)
class Landing:
    """An address that an ad leads to, and the first campaign that has it."""

    url: str
    utm: Utm
    campaign_id: int


def landing_of(url: str, campaign_id: int) -> Landing:
    """Reads the UTM parameters of an ad's address."""
    asked = dict(parse_qsl(urlsplit(url).query))
    return Landing(url, tuple(asked.get(part) for part in _PARTS), campaign_id)


class Attribution:
    """Draws the visits that orders come from.

    Args:
        shop: Whose orders.
        shares: The part of the sessions that each ad platform brings.
        landings: The addresses that a platform's ads lead to on a day, given its name.
    """

    def __init__(
        self,
        shop: Shop,
        shares: Mapping[str, float],
        landings: Callable[[str], tuple[Landing, ...]],
    ) -> None:
        self._shop = shop
        self._paid: list[tuple[float, str, tuple[Landing, ...]]] = []
        edge = 0.0
        for platform, share in shares.items():
            edge += share
            self._paid.append((edge, platform, landings(platform)))

    def last_visit(self, random: Random, at: int) -> Visit:
        """Returns the visit that ended in an order placed at an instant."""
        chance, moment = random.random(), at - random.randrange(60, 3_000)
        before = 0.0
        for edge, platform, landings in self._paid:
            if chance < edge and landings:
                return self._paid_visit(random, moment, platform, landings)
            before = edge
        rest = (chance - before) / (1.0 - before) if chance >= before else chance
        if rest < 0.20:
            utm = _MAILS[int(rest / 0.20 * len(_MAILS))]
            return self._visit(moment, "email", "/", utm)
        if rest < 0.55:
            return self._visit(moment, "google" if rest < 0.50 else "bing", "/", None)
        if rest < 0.65:
            return self._visit(moment, "instagram", "/blogs/stories", None)
        return self._visit(moment, "direct", "/", None)

    def first_visit(self, random: Random, last: Visit) -> Visit:
        """Returns the visit in which the customer came for the first time before an order."""
        if random.random() < 0.6:
            return last
        return self.last_visit(random, last.at - random.randrange(3_600, 20 * 86_400))

    def _paid_visit(
        self, random: Random, at: int, platform: str, landings: tuple[Landing, ...]
    ) -> Visit:
        landing = landings[random.randrange(len(landings))]
        source = "google" if platform == "google_ads" else "facebook"
        oddity = random.random()
        utm: Utm | None = landing.utm
        if oddity < 0.04:
            # Privacy settings and redirects strip the parameters; the referrer stays.
            utm = None
        elif oddity < 0.08:
            utm = tuple(None if part is None else part.upper() for part in landing.utm)
        elif oddity < 0.11:
            utm = (*landing.utm[:3], None, None)
        path = urlsplit(landing.url).path
        added = _auto_tags(platform, landing, at) if utm else []
        return self._visit(at, source, path, utm, added)

    def _visit(
        self, at: int, source: str, path: str, utm: Utm | None, added: Sequence[str] = ()
    ) -> Visit:
        site = self._shop.organization.site
        named = [f"{part}={value}" for part, value in zip(_PARTS, utm or (), strict=False) if value]
        asked = [*named, *added]
        landing = f"{site}{path}" + ("?" + "&".join(asked) if asked else "")
        return Visit(at, source, _REFERRERS.get(source), landing, utm)


def _auto_tags(platform: str, landing: Landing, at: int) -> list[str]:
    """What a platform adds to every address that is clicked."""
    if platform == "google_ads":
        return ["gad_source=1", f"gad_campaignid={landing.campaign_id}", f"gclid=Cj0K{at:x}BwE"]
    return [f"fbclid=IwAR{at:x}"]
