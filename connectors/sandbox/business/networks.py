"""What sets one ad platform's business apart from another's: its economics, measures and habits.

The figures of every platform are drawn by the same code; a `Network` is all that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.sandbox.business import campaigns, meta_campaigns
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
class Economics:
    """What a channel is like: click rate, price of a click (EUR), chance of a conversion, views."""

    click_rate: float
    click_price: float
    conversion_rate: float
    views_rate: float = 0.0
    view_through_rate: float = 0.0
    paid_by_impression: bool = False


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
    """

    campaigns: Callable[[Parameters, Account], tuple[Campaign, ...]]
    economics: Callable[[Campaign], Economics]
    derived: tuple[Derived, ...]
    devices: tuple[float, ...] = (1.0,)
    windows: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of all measures, in the order in which figures stand."""
        names = [*BASE_MEASURES, *(one.name for one in self.derived)]
        for window in self.windows:
            names.extend((f"conversions_hundredths_{window}", f"value_cents_{window}"))
        return tuple(names)


_GOOGLE_ECONOMICS = {
    "BRAND": Economics(0.120, 0.45, 0.070),
    "SEARCH": Economics(0.045, 0.95, 0.034),
    "SHOPPING": Economics(0.013, 0.48, 0.024),
    "DISPLAY": Economics(0.006, 0.31, 0.008, 0.0, 0.0020, True),
    "VIDEO": Economics(0.009, 0.40, 0.007, 0.31, 0.0015, True),
    "PERFORMANCE_MAX": Economics(0.019, 0.55, 0.030, 0.02, 0.0008),
    "DEMAND_GEN": Economics(0.011, 0.37, 0.009, 0.05, 0.0012),
}
# Meta bills impressions; few people who see an ad were looking for anything.
_META_ECONOMICS = {
    "OUTCOME_SALES": Economics(0.016, 0.62, 0.022, 0.11, paid_by_impression=True),
    "OUTCOME_TRAFFIC": Economics(0.024, 0.28, 0.008, 0.08, paid_by_impression=True),
    "OUTCOME_ENGAGEMENT": Economics(0.031, 0.17, 0.004, 0.24, paid_by_impression=True),
    "OUTCOME_AWARENESS": Economics(0.007, 0.44, 0.006, 0.33, paid_by_impression=True),
    "OUTCOME_LEADS": Economics(0.013, 0.71, 0.012, 0.05, paid_by_impression=True),
}


def _google_economics(campaign: Campaign) -> Economics:
    brand = campaign.name.changes[0][1].endswith("Brand")
    return _GOOGLE_ECONOMICS["BRAND" if brand else campaign.channel]


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
        economics=lambda campaign: _META_ECONOMICS[campaign.channel],
        derived=(
            Derived("link_clicks", True, lambda _: 0.72),
            Derived("landing_page_views", True, lambda _: 0.57),
            Derived("add_to_carts", True, lambda one: min(0.4, 3.1 * one.conversion_rate)),
            Derived("checkouts", True, lambda one: min(0.3, 1.7 * one.conversion_rate)),
            Derived("video_views", False, lambda one: one.views_rate),
            Derived("reactions", False, lambda one: 0.09 * one.click_rate),
        ),
        windows=("1d_click", "7d_click", "28d_click", "1d_view"),
    ),
}
