"""Labels that people stuck on campaigns, ad groups and ads, each with a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.sandbox.business.entities import Ad, AdGroup, Campaign
from connectors.sandbox.business.portfolio import Portfolio

_FIRST_ID = 29_000_000_001
_TEXTS = ("Evergreen", "Agency", "Test")


@dataclass(frozen=True, slots=True)
class Label:
    """A label of an account."""

    id: int
    name: str


Path = tuple[Campaign] | tuple[Campaign, AdGroup] | tuple[Campaign, AdGroup, Ad]


def labels(portfolio: Portfolio) -> tuple[Label, ...]:
    """Returns the labels of an account, used or not."""
    first = _FIRST_ID + portfolio.account.serial * len(_TEXTS)
    return tuple(Label(first + place, text) for place, text in enumerate(_TEXTS))


def labelled(portfolio: Portfolio, depth: int) -> Iterator[tuple[Label, Path]]:
    """Yields each label and what it is on: 1 for campaigns, 2 for ad groups, 3 for ads.

    Every campaign but each fourth is labelled, some twice; so is the second ad group of a campaign,
    and the last ad of an ad group.
    """
    evergreen, agency, test = labels(portfolio)
    for number, campaign in enumerate(portfolio.campaigns):
        if depth == 1 and number % 4 != 3:
            yield evergreen, (campaign,)
            if number % 2:
                yield agency, (campaign,)
        for ad_group in campaign.ad_groups:
            if depth == 2 and ad_group is campaign.ad_groups[-1]:
                yield agency, (campaign, ad_group)
            if depth == 3 and ad_group.ads:
                yield test, (campaign, ad_group, ad_group.ads[-1])
