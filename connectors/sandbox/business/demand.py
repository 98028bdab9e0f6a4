"""How much people want from a shop: the one source of its clicks, its orders and its claims.

Every platform sees the same demand, each with its own bias: ads bring clicks, clicks bring sessions
and orders, and an ad platform claims more orders than it brought. Others come by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, pi, sin

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.entities import Organization

SESSIONS_PER_AD = 60.0

_OWN_SESSIONS_PER_AD = 7.2
_ADS_OF_ANY_SHOP = 40
_OWN_ORDERS_PER_SESSION = 0.0185
SESSIONS_PER_CLICK = 0.88
"""Who leaves before the page is there is a click and no session."""
_REMINDED = 0.5
"""The part of those who come without an ad that an ad had reminded of the shop."""

_DEMAND_STREAM = 11
_DAILY_NOISE = 0.05
_TREND_PER_DAY = 0.0012
_SEASON = 0.12
_SEASON_PEAK_DAY = 335

_WORKDAY_HOURS = (
    1.1, 0.7, 0.5, 0.4, 0.4, 0.7, 1.5, 2.8, 4.0, 4.8, 5.3, 5.5,
    5.9, 5.6, 5.2, 5.0, 5.1, 5.4, 5.9, 6.8, 7.4, 6.9, 4.7, 2.4,
)  # fmt: skip
_WEEKEND_HOURS = (
    1.8, 1.2, 0.8, 0.6, 0.5, 0.5, 0.9, 1.7, 3.1, 4.7, 5.9, 6.4,
    6.3, 6.0, 5.8, 5.7, 5.7, 5.8, 6.1, 6.6, 6.9, 6.2, 4.5, 2.9,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demand:
    """The demand of one organization on one day, in its own calendar."""

    sessions: int
    orders: int


@lru_cache(maxsize=4_096)
def index(seed: int, organization: Organization, day: date) -> float:
    """Returns the level of demand on a day: about 1, with trend, season, week and noise."""
    ordinal = day.toordinal()
    season = _SEASON * sin(2 * pi * (day.timetuple().tm_yday - _SEASON_PEAK_DAY + 91) / 365)
    trend = _TREND_PER_DAY * (ordinal - date(2026, 7, 19).toordinal())
    noise = _random(seed, organization, ordinal).normal(0.0, _DAILY_NOISE)
    # The trend flattens out, so that a business of ten years does not grow beyond all measure.
    level = exp(max(-0.5, min(0.5, trend)) + season + noise)
    return level * organization.weekdays[day.weekday()]


@dataclass(frozen=True, slots=True)
class Advertising:
    """What the ads of an organization are expected to do on a day.

    Attributes:
        ads: How many ads it has on the network that every organization is on: who advertises more
            is known to more people.
        clicks: How many clicks they have.
        wanted: How many they would have if all of them ran and no budget ended.
        orders: How many orders they bring.
    """

    ads: int
    clicks: float
    wanted: float
    orders: float


def own_orders(seed: int, organization: Organization, advertising: Advertising, day: date) -> float:
    """Returns how many orders are expected of those who come without an ad."""
    return _OWN_ORDERS_PER_SESSION * own_sessions(seed, organization, advertising, day)


def demand(seed: int, organization: Organization, advertising: Advertising, day: date) -> Demand:
    """Returns the sessions and orders of a shop on a day of its calendar."""
    random = _random(seed, organization, day.toordinal(), 1)
    own = int(random.poisson(own_sessions(seed, organization, advertising, day)))
    led = int(random.poisson(advertising.clicks * SESSIONS_PER_CLICK))
    orders = int(random.binomial(own, _OWN_ORDERS_PER_SESSION))
    return Demand(own + led, orders + min(led, int(random.poisson(advertising.orders))))


def own_sessions(
    seed: int, organization: Organization, advertising: Advertising, day: date
) -> float:
    """Returns how many sessions are expected of those who come without an ad."""
    level = _OWN_SESSIONS_PER_AD * (advertising.ads + _ADS_OF_ANY_SHOP)
    seen = advertising.clicks / max(advertising.wanted, 1e-9)
    return level * (1 - _REMINDED * (1 - seen)) * index(seed, organization, day)


@lru_cache(maxsize=2)
def hour_weights(weekend: bool) -> npt.NDArray[np.float64]:
    """Returns how much of a day's demand falls in each local hour of an ordinary day."""
    return np.array(_WEEKEND_HOURS if weekend else _WORKDAY_HOURS, dtype=np.float64)


def _random(seed: int, organization: Organization, *more: int) -> np.random.Generator:
    return np.random.default_rng([seed, _DEMAND_STREAM, organization.number, *more])
