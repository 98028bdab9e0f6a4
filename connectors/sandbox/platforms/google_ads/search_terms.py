"""What people searched for before they saw an ad, and what part of an ad group's day each has.

Terms that few people searched for are withheld: they are in the ad group's figures and in no row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from connectors.sandbox.business.entities import AdGroup, Campaign
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Integers, Portfolio, positions
from connectors.sandbox.business.shares import Shares, varied
from connectors.sandbox.platforms.google_ads.keywords import Keywords, subject_of

_SEARCHED = ("SEARCH", "SHOPPING")
_DAY_STREAM = 71
# What is searched for beside the name of a thing, and what it usually weighs. Some of these words
# are a keyword of the ad group, too.
_WORDS = {
    "{subject}": 400,
    "best {subject}": 170,
    "{subject} near me": 120,
    "where to buy {subject} today": 60,
    "{subject} used": 30,
}
_WITHHELD = 140


@dataclass(frozen=True, slots=True)
class Term:
    """A search term of an ad group, or (without a text) those of it that are withheld."""

    campaign: Campaign
    ad_group: AdGroup
    text: str | None
    status: str = "NONE"


class SearchTerms:
    """All search terms of an account.

    Attributes:
        terms: They stand ad group by ad group, the withheld ones last.
    """

    def __init__(self, parameters: Parameters, portfolio: Portfolio) -> None:
        self._seed, self._serial = parameters.seed, portfolio.account.serial
        self._organization = portfolio.account.organization
        self._statuses = _statuses(Keywords(parameters, portfolio))
        weighed = list(self._all_terms(portfolio.campaigns))
        self.terms = tuple(term for term, _ in weighed)
        self._parent = positions([term.ad_group.id for term in self.terms])
        self._usual: Integers = np.array([weight for _, weight in weighed], dtype=np.int64)

    def shares(self, day: date) -> Shares:
        """Returns each term's share of its ad group's figures of a day."""
        key = [self._seed, _DAY_STREAM, self._serial, day.toordinal()]
        return Shares(self._parent, varied(key, self._usual))

    def _all_terms(self, campaigns: tuple[Campaign, ...]) -> Iterator[tuple[Term, int]]:
        for number, campaign in enumerate(campaigns):
            if campaign.channel not in _SEARCHED:
                continue
            subject = subject_of(self._organization, number, campaign)
            for ad_group in campaign.ad_groups:
                for words, weight in _WORDS.items():
                    text = words.format(subject=subject)
                    status = self._statuses.get((ad_group.id, text), "NONE")
                    yield Term(campaign, ad_group, text, status), weight
                yield Term(campaign, ad_group, None), _WITHHELD


def _statuses(keywords: Keywords) -> dict[tuple[int, str], str]:
    """Returns which terms are a keyword of their ad group, by the ad group's id and their text."""
    return {
        (slot.ad_group.id, slot.keyword.text): "EXCLUDED" if slot.keyword.negative else "ADDED"
        for slot in keywords.slots
        if slot.keyword is not None
    }
