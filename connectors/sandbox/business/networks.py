"""What sets one ad platform's business apart from another's: its economics, measures and habits.

The figures of every platform are drawn by the same code; a `Network` is all that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.sandbox.business import campaigns, meta_campaigns
from connectors.sandbox.business.economics import META, Economics, google_economics
from connectors.sandbox.business.entities import Account, Campaign
from connectors.sandbox.business.parameters import Parameters

BASE_MEASURES = (
    "impressions",
    "clicks",
    "cost_cents",
    "conversions_hundredths",
    "value_cents",
)


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure that follows from another one, cell by cell.

    Attributes:
        name: Its name among the measures.
        per_click: Whether there are so many for each click; else for each impression.
        rate: How many, by channel.
    """

    name: str
    per_click: bool
    rate: Callable[[Economics], float]


@dataclass(frozen=True, slots=True)
class Network:
    """One ad platform's side of the business.

    Attributes:
        campaigns: What an account holds.
        economics: From a campaign to what its channel is like.
        derived: The measures beside the base ones.
        devices: The share of each device that cells are split by.
        windows: Names of the attribution windows by which conversions are also counted; with any,
            conversions are whole, follow views as well as clicks, may be booked on days without an
            impression, and are reported late.
        budgets_of_ad_groups: The channels whose campaigns leave the budget to their ad groups.
    """

    campaigns: Callable[[Parameters, Account], tuple[Campaign, ...]]
    economics: Callable[[Campaign], Economics]
    derived: tuple[Derived, ...]
    devices: tuple[float, ...] = (1.0,)
    windows: tuple[str, ...] = ()
    budgets_of_ad_groups: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of all measures, in the order in which figures stand."""
        names = [*BASE_MEASURES, *(one.name for one in self.derived)]
        for window in self.windows:
            names.extend((f"conversions_hundredths_{window}", f"value_cents_{window}"))
        return tuple(names)


def _google_economics(campaign: Campaign) -> Economics:
    return google_economics(campaign.name.changes[0][1], campaign.channel)


NETWORKS: Mapping[str, Network] = {
    "google_ads": Network(
        campaigns=campaigns.campaigns,
        economics=_google_economics,
        derived=(
            Derived("view_through_conversions", False, lambda one: one.view_through_rate),
            Derived("video_views", False, lambda one: one.views_rate),
        ),
        devices=(0.36, 0.58, 0.06),
    ),
    "meta_ads": Network(
        campaigns=meta_campaigns.campaigns,
        economics=lambda campaign: META[campaign.channel],
        derived=(
            Derived("link_clicks", True, lambda _: 0.72),
            Derived("landing_page_views", True, lambda _: 0.57),
            Derived("add_to_carts", True, lambda one: min(0.4, 3.1 * one.conversion_rate)),
            Derived("checkouts", True, lambda one: min(0.3, 1.7 * one.conversion_rate)),
            Derived("video_views", False, lambda one: one.views_rate),
            Derived("reactions", False, lambda one: 0.09 * one.click_rate),
        ),
        windows=("1d_click", "7d_click", "28d_click", "1d_view"),
        budgets_of_ad_groups=("OUTCOME_TRAFFIC", "OUTCOME_LEADS"),
    ),
}
