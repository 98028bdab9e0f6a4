"""What people searched for before they saw an ad; terms that few searched for are withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.sandbox.business.entities import AdGroup, Campaign, Organization
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.platforms.google_ads.group_parts import GroupParts
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


def search_terms(parameters: Parameters, portfolio: Portfolio) -> GroupParts[Term]:
    """Returns the search terms of an account, those that are withheld last in each ad group."""
    statuses = _statuses(Keywords(parameters, portfolio))
    weighed = list(_terms(portfolio.account.organization, portfolio.campaigns, statuses))
    return GroupParts(parameters, portfolio, _DAY_STREAM, weighed)


def _terms(
    organization: Organization,
    campaigns: tuple[Campaign, ...],
    statuses: dict[tuple[int, str], str],
) -> Iterator[tuple[Term, int]]:
    for number, campaign in enumerate(campaigns):
        if campaign.channel not in _SEARCHED:
            continue
        subject = subject_of(organization, number, campaign)
        for ad_group in campaign.ad_groups:
            for words, weight in _WORDS.items():
                text = words.format(subject=subject)
                status = statuses.get((ad_group.id, text), "NONE")
                yield Term(campaign, ad_group, text, status), weight
            yield Term(campaign, ad_group, None), _WITHHELD


def _statuses(keywords: Keywords) -> dict[tuple[int, str], str]:
    """Returns which terms are a keyword of their ad group, by the ad group's id and their text."""
    return {
        (slot.ad_group.id, slot.keyword.text): "EXCLUDED" if slot.keyword.negative else "ADDED"
        for slot in keywords.slots
        if slot.keyword is not None
    }
