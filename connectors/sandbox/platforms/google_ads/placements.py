"""Where ads of the content networks stood; places that showed few of them are withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.sandbox.business.entities import AdGroup, Campaign
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.portfolio import Portfolio
from connectors.sandbox.platforms.google_ads.group_parts import GroupParts

_DAY_STREAM, _CAMPAIGN_DAY_STREAM = 73, 75
# Placement, name, kind, and what it usually weighs.
_PLACES = {
    "DISPLAY": (
        ("news.example", "The News", "WEBSITE", 300),
        ("weekend-reads.example", "Weekend Reads", "WEBSITE", 180),
        ("mobileapp::2-com.example.puzzle", "Puzzle", "MOBILE_APPLICATION", 140),
    ),
    "VIDEO": (
        ("UCsandboxChannel0000001", "Outdoor Life", "YOUTUBE_CHANNEL", 320),
        ("sandboxVid1", "How to pack", "YOUTUBE_VIDEO", 200),
    ),
    "DEMAND_GEN": (("youtube.com", "YouTube", "GOOGLE_PRODUCTS", 400),),
}
_CAMPAIGN_PLACES = {
    "PERFORMANCE_MAX": (
        ("news.example", "The News", "WEBSITE", 260),
        ("UCsandboxChannel0000001", "Outdoor Life", "YOUTUBE_CHANNEL", 210),
        ("google.com", "Google", "GOOGLE_PRODUCTS", 350),
    ),
}
_WITHHELD = 90


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement of an ad group, or (without a text) those of it that are withheld.

    A campaign without ad groups has placements of its own.
    """

    campaign: Campaign
    ad_group: AdGroup | None
    text: str | None
    name: str = ""
    kind: str = ""

    @property
    def url(self) -> str | None:
        """Its address; apps and videos have none of their own."""
        return self.text if self.kind == "WEBSITE" else None


def placements(parameters: Parameters, portfolio: Portfolio) -> GroupParts[Placement]:
    """Returns the placements of an account, those that are withheld last in each ad group."""
    weighed = list(_placements(portfolio.campaigns, _PLACES))
    return GroupParts(parameters, portfolio, _DAY_STREAM, weighed)


def campaign_placements(parameters: Parameters, portfolio: Portfolio) -> GroupParts[Placement]:
    """Returns the placements of Performance Max campaigns, those that are withheld last."""
    weighed = list(_placements(portfolio.campaigns, _CAMPAIGN_PLACES))
    return GroupParts(parameters, portfolio, _CAMPAIGN_DAY_STREAM, weighed)


def _placements(
    campaigns: tuple[Campaign, ...], places: Mapping[str, tuple[tuple[str, str, str, int], ...]]
) -> Iterator[tuple[Placement, int]]:
    for campaign in campaigns:
        if campaign.channel not in places:
            continue
        for ad_group in campaign.ad_groups or (None,):
            for text, name, kind, weight in places[campaign.channel]:
                yield Placement(campaign, ad_group, text, name, kind), weight
            yield Placement(campaign, ad_group, None), _WITHHELD
