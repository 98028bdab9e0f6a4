"""What the ads of an organization bring its shop: the orders expected of each ad on a day.

Orders come from the ads that run, in proportion to their clicks and to how well these convert. So a
campaign that stops brings nothing more, and what the shop confirms goes with what platforms claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from connectors.sandbox.business.demand import Advertising
from connectors.sandbox.business.portfolio import Floats, Portfolio
from connectors.sandbox.business.story import Event


@dataclass(frozen=True, slots=True)
class AdOrders:
    """What one account's ads bring on a day.

    Attributes:
        clicks: The clicks that are expected of all its ads.
        wanted: Those of ads that all run and spend what they like.
        orders: The orders that are expected of each unit.
    """

    clicks: float
    wanted: float
    orders: Floats


def ad_orders(seed: int, portfolio: Portfolio, events: tuple[Event, ...], day: date) -> AdOrders:
    """Returns what is expected of an account's ads on a day.

    Args:
        seed: The seed of the business.
        portfolio: The account's units.
        events: What happens to the account on that day by script.
        day: A date of the account.
    """
    clicks = portfolio.expected_clicks(seed, day)
    orders = clicks * portfolio.conversion_rate
    for event in events:
        if event.campaign is None:
            orders *= event.order_factor
        else:
            orders[portfolio.campaign_of == event.campaign] *= event.order_factor
    wanted = float(portfolio.wanted_clicks(seed, day).sum())
    return AdOrders(float(clicks.sum()), wanted, orders)


def advertising_of(ads: int, days: list[AdOrders]) -> Advertising:
    """Returns what the ads of several accounts do together; `ads` as in `Advertising`."""
    return Advertising(
        ads,
        clicks=sum(one.clicks for one in days),
        wanted=sum(one.wanted for one in days),
        orders=float(sum(np.sum(one.orders) for one in days)),
    )
