"""Where the visits to a site come from, as an analytics tag on its pages sees it from outside.

A tag sees the parameters of the address, else the page before. Clicks of a network whose accounts
are linked to it carry a mark of their own, by which it knows the campaign as the network names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.mail import MailBook
from connectors.sandbox.business.mail_messages import utm_campaign
from connectors.sandbox.business.networks import Visits
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.business.shop_attribution import NO_SYSTEM
from connectors.sandbox.business.shop_entities import Visit

DIRECT, NONE, UNKNOWN = "(direct)", "(none)", "(not set)"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a tag knows of where a visit came from.

    Attributes:
        landing: The path of the first page.
        channel: The network's word for the kind of campaign, of a linked network; else empty.
    """

    source: str
    medium: str
    campaign: str
    campaign_id: str = UNKNOWN
    landing: str = "/"
    channel: str = ""


NOWHERE = Origin(UNKNOWN, UNKNOWN, UNKNOWN, landing=UNKNOWN)
"""What is sent without a visit: a refund that the shop reports."""
OWN: tuple[tuple[Origin, float], ...] = (
    (Origin(DIRECT, NONE, DIRECT), 0.2),
    (Origin(DIRECT, NONE, DIRECT, landing="/account"), 0.06),
    (Origin("google", "organic", "(organic)"), 0.19),
    (Origin("google", "organic", "(organic)", landing="/blogs/stories"), 0.09),
    (Origin("bing", "organic", "(organic)"), 0.035),
    (Origin("duckduckgo", "organic", "(organic)"), 0.012),
    (Origin("l.instagram.com", "referral", "(referral)", landing="/blogs/stories"), 0.07),
    (Origin("youtube.com", "referral", "(referral)"), 0.01),
    (Origin("goodfinds.example", "referral", "(referral)"), 0.04),
    (Origin("the-gift-list.example", "referral", "(referral)"), 0.03),
    (Origin("weekend-reads.example", "referral", "(referral)"), 0.02),
    (Origin("chatgpt.com", "ai-assistant", "(ai-assistant)"), 0.025),
    (Origin("sms", "sms", "flash-sale"), 0.006),
    (Origin("podpeople", "audio", "episode-12"), 0.005),
    (Origin("coupons.example", "affiliate", "autumn"), 0.012),
    # As somebody wrote it by hand: no rule knows the plural.
    (Origin("bloggers.example", "affiliates", "autumn"), 0.01),
    (Origin(UNKNOWN, UNKNOWN, UNKNOWN), 0.015),
)
"""Where those come from who follow no ad and no letter, and their parts."""
LETTERS = Origin(NO_SYSTEM, "email", "weekly-letter")
LETTERS_PART = 0.17
"""Of an organization that mails with no platform: nobody counts the clicks in its letters."""
_SEEN_AS = {
    "google": ("google", "organic", "(organic)"),
    "bing": ("bing", "organic", "(organic)"),
    "direct": (DIRECT, NONE, DIRECT),
}


def ad_origins(portfolio: Portfolio, day: date, linked: Collection[str]) -> list[Origin]:
    """Returns of each unit of an account how a tag sees the visits that its clicks bring."""
    found, network = [], portfolio.network
    instant = midnight(portfolio.account.time_zone, day)
    for unit, landing in zip(portfolio.units, portfolio.landings, strict=True):
        path, (source, medium, campaign) = urlsplit(landing.url).path, landing.utm[:3]
        if network.platform in linked:
            name, id_ = unit.campaign.name.at(instant), str(unit.campaign.id)
            kind = unit.campaign.channel
            found.append(Origin(network.visits.source, "cpc", name, id_, path, kind))
        elif source:
            found.append(Origin(source, medium or UNKNOWN, campaign or UNKNOWN, landing=path))
        else:
            found.append(_referred(network.visits.referrer, path))
    return found


def letter_clicks(book: MailBook, site: str) -> Iterator[tuple[int, int, Origin]]:
    """Yields the clicks in letters that end in no order: when, a number, and where it comes from.

    Those that an order followed are the last visits of these orders.
    """
    for message in (*book.messages.newsletters, *book.messages.flows):
        campaign = utm_campaign(message)
        for one in book.sends(message):
            for click in one.clicks:
                page = urlsplit(click.url.removeprefix(site))
                if not page.query:
                    origin = Origin(book.system.platform, "email", campaign, landing=page.path)
                    yield click.at, message.number * 7_919 + one.member.number * 104_729, origin


def origin_of(visit: Visit, ads: Sequence[tuple[Visits, Sequence[Origin]]], address: str) -> Origin:
    """Returns how a tag sees the visit that an order ended.

    Args:
        visit: As the shop saw it.
        ads: How visits look that come from the linked networks, and where these came from.
        address: The site's.
    """
    landing = visit.landing_page.removeprefix(address)
    path = urlsplit(landing).path
    for visits, origins in ads:
        for one in origins:
            marks = visits.tags(int(one.campaign_id), visit.at)
            if one.landing == path and all(mark in landing for mark in marks):
                return one
    if visit.utm is not None and visit.utm[0]:
        source, medium, campaign = (part or UNKNOWN for part in visit.utm[:3])
        return Origin(source, medium, campaign, landing=path)
    if visit.source in _SEEN_AS:
        return Origin(*_SEEN_AS[visit.source], landing=path)
    return _referred(visit.referrer, path)


def _referred(referrer: str | None, path: str) -> Origin:
    host = (urlsplit(referrer or "").hostname or "").removeprefix("www.")
    return Origin(host, "referral", "(referral)", landing=path) if host else NOWHERE
