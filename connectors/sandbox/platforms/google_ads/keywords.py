"""The keywords of an account's search campaigns, and what part of an ad group's day each has.

An ad group has more than its keywords brought: what the platform matched without one (dynamic ads,
close variants of removed keywords) belongs to the ad group alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import AdGroup, Campaign, History, Organization
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio, positions
from connectors.sandbox.business.shares import Shares, varied

MATCH_TYPES = ("EXACT", "PHRASE", "BROAD", "PHRASE", "BROAD")
_WORDS = ("{subject}", "buy {subject}", "best {subject}", "{subject} online", "cheap {subject}")
_NEGATIVES = ("{subject} used", "{subject} jobs")
_FIRST_ID = 310_000_000_000
_IDS_PER_ACCOUNT = 1_000_000
_USUAL_STREAM, _DAY_STREAM = 51, 52
_WITHOUT_KEYWORD = 0.08
_FOREVER = 10_000_000


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword of one ad group. The same words have the same id in every ad group.

    Attributes:
        quality: The quality score; None where the platform has too little to know.
        bid_cents: Its own highest bid; None where the ad group's holds.
        final_urls: Its own landing pages; empty where the ad's hold.
    """

    id: int
    text: str
    match_type: str
    negative: bool
    status: History[str]
    quality: History[int] | None
    bid_cents: int | None
    final_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A keyword of an ad group, or what the ad group has without any."""

    campaign: Campaign
    ad_group: AdGroup
    keyword: Keyword | None


class Keywords:
    """All keywords of an account.

    Attributes:
        slots: They stand ad group by ad group; the last of each ad group has no keyword.
    """

    def __init__(self, parameters: Parameters, portfolio: Portfolio) -> None:
        self._parameters, self._account = parameters, portfolio.account
        self.slots = tuple(self._all_slots(portfolio.campaigns))
        groups = [slot.ad_group.id for slot in self.slots]
        self._parent = positions(groups)
        self._usual = self._usual_weights()
        self._pauses = tuple(self._all_pauses())

    def shares(self, day: date) -> Shares:
        """Returns each slot's share of its ad group's figures of a day."""
        key = [self._parameters.seed, _DAY_STREAM, self._account.serial, day.toordinal()]
        weight = varied(key, self._usual)
        for position, first, after in self._pauses:
            if first <= day.toordinal() < after:
                weight[position] = 0
        return Shares(self._parent, weight)

    def quality(self, slot: Slot, day: date) -> int:
        """Returns a keyword's quality score of a day; 0 where there is none."""
        if slot.keyword is None or slot.keyword.quality is None:
            return 0
        return slot.keyword.quality.at(midnight(self._account.time_zone, day))

    def _all_slots(self, campaigns: tuple[Campaign, ...]) -> Iterator[Slot]:
        for number, campaign in enumerate(campaigns):
            if campaign.channel != "SEARCH":
                continue
            for index, ad_group in enumerate(campaign.ad_groups):
                for keyword in self._keywords(number, index, campaign, ad_group):
                    yield Slot(campaign, ad_group, keyword)
                yield Slot(campaign, ad_group, None)

    def _keywords(
        self, number: int, group: int, campaign: Campaign, ad_group: AdGroup
    ) -> Iterator[Keyword]:
        subject = subject_of(self._account.organization, number, campaign)
        created = ad_group.status.created
        for place, words in enumerate((*_WORDS, *_NEGATIVES)):
            negative = place >= len(_WORDS)
            born = created
            if (group, place) == (0, 4):
                born = max(created, self._at(0.25))
            bid = ad_group.cpc_bid_cents
            yield Keyword(
                id=_FIRST_ID + self._account.serial * _IDS_PER_ACCOUNT + number * 100 + place,
                text=words.format(subject=subject),
                match_type="BROAD" if negative else MATCH_TYPES[place],
                negative=negative,
                status=History.of(born, "ENABLED", *self._switches(group, place)),
                quality=None if negative or place == 4 else self._quality(born, number, place),
                bid_cents=bid + 15 if bid is not None and place == 0 else None,
                final_urls=self._urls(subject) if place == 0 else (),
            )

    def _urls(self, subject: str) -> tuple[str, ...]:
        """Returns the page of what the words name alone: only an exact match has one."""
        slug = "-".join(subject.split())
        site = self._account.organization.site
        return (f"{site}/collections/{slug}?utm_source=google&utm_medium=cpc&utm_term={slug}",)

    def _switches(self, group: int, place: int) -> tuple[tuple[datetime, str], ...]:
        # At the account's midnight, so that a day is either all on or all off.
        switches: dict[tuple[int, int], tuple[tuple[datetime, str], ...]] = {
            (0, 3): ((self._at(0.6), "REMOVED"),),
            (1, 2): ((self._at(0.35), "PAUSED"), (self._at(0.5), "ENABLED")),
            (1, 6): ((self._at(0.5), "REMOVED"),),
        }
        return switches.get((group, place), ())

    def _quality(self, born: datetime, number: int, place: int) -> History[int]:
        score = 5 + (number + 3 * place) % 5
        return History.of(born, score, (self._at(0.4), score + 1 if place % 2 else score - 1))

    def _at(self, share: float) -> datetime:
        return midnight(self._account.time_zone, self._parameters.day_at(share))

    def _usual_weights(self) -> Integers:
        key = [self._parameters.seed, _USUAL_STREAM, self._account.serial]
        drawn = np.random.default_rng(key).lognormal(6.0, 0.7, len(self.slots))
        weights = np.maximum(np.rint(drawn), 20.0)
        for position, slot in enumerate(self.slots):
            if slot.keyword is not None and slot.keyword.negative:
                weights[position] = 0.0
        alone = np.array([slot.keyword is None for slot in self.slots], dtype=np.bool_)
        weights[alone] = 0.0
        sums = np.bincount(self._parent, weights=weights)
        weights[alone] = np.rint(sums[self._parent[alone]] * _WITHOUT_KEYWORD)
        return weights.astype(np.int64)

    def _all_pauses(self) -> Iterator[tuple[int, int, int]]:
        zone = ZoneInfo(self._account.time_zone)
        start = self._parameters.first_day - timedelta(days=1)
        for position, slot in enumerate(self.slots):
            if slot.keyword is None:
                continue
            changes = slot.keyword.status.changes
            born = changes[0][0].astimezone(zone).date()
            if born > start:
                yield position, 0, born.toordinal()
            ends = [at.astimezone(zone).date().toordinal() for at, _ in changes[1:]]
            for (at, status), end in zip(changes, [*ends, _FOREVER], strict=True):
                if status != "ENABLED":
                    yield position, at.astimezone(zone).date().toordinal(), end


def subject_of(organization: Organization, number: int, campaign: Campaign) -> str:
    """Returns what a campaign advertises, as people search for it: the shop, or a product.

    Args:
        organization: Whose campaign.
        number: Its place among the account's campaigns.
        campaign: The campaign.
    """
    if campaign.name.changes[0][1].endswith("Brand"):
        return organization.name.lower()
    return organization.products[number % len(organization.products)].lower()
