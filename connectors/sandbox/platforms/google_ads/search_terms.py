"""What people searched for before they saw an ad; terms that few searched for are withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.sandbox.business.entities import AdGroup, Campaign
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.platforms.google_ads.group_parts import GroupParts
from connectors.sandbox.platforms.google_ads.keywords import Keywords, subject_of

_SEARCHED = ("SEARCH", "SHOPPING")
_WITHOUT_GROUPS = ("PERFORMANCE_MAX",)
_DAY_STREAM, _CAMPAIGN_DAY_STREAM = 71, 74
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
    """A search term of an ad group, or (without a text) those of it that are withheld.

    A campaign without ad groups has terms of its own; nobody says whether they are keywords.
    """

    campaign: Campaign
    ad_group: AdGroup | None
    text: str | None
    status: str | None = None


def search_terms(parameters: Parameters, portfolio: Portfolio) -> GroupParts[Term]:
    """Returns the search terms of an account, those that are withheld last in each ad group."""
    statuses = _statuses(Keywords(parameters, portfolio))
    weighed = [
        (replace(term, status=statuses.get((term.ad_group.id, term.text), "NONE")), weight)
        if term.ad_group is not None and term.text is not None
        else (term, weight)
        for term, weight in _terms(portfolio, _SEARCHED)
    ]
    return GroupParts(parameters, portfolio, _DAY_STREAM, weighed)


def campaign_terms(parameters: Parameters, portfolio: Portfolio) -> GroupParts[Term]:
    """Returns the search terms of Performance Max campaigns, those that are withheld last."""
    weighed = list(_terms(portfolio, _WITHOUT_GROUPS))
    return GroupParts(parameters, portfolio, _CAMPAIGN_DAY_STREAM, weighed)


def _terms(portfolio: Portfolio, channels: tuple[str, ...]) -> Iterator[tuple[Term, int]]:
    for number, campaign in enumerate(portfolio.campaigns):
        if campaign.channel not in channels:
            continue
        subject = subject_of(portfolio.account.organization, number, campaign)
        for ad_group in campaign.ad_groups or (None,):
            for words, weight in _WORDS.items():
                yield Term(campaign, ad_group, words.format(subject=subject)), weight
            yield Term(campaign, ad_group, None), _WITHHELD


def _statuses(keywords: Keywords) -> dict[tuple[int, str], str]:
    """Returns which terms are a keyword of their ad group, by the ad group's id and their text."""
    return {
        (slot.ad_group.id, slot.keyword.text): "EXCLUDED" if slot.keyword.negative else "ADDED"
        for slot in keywords.slots
        if slot.keyword is not None
    }
