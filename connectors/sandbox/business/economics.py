"""What channels are like, and what prices and budgets follow from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.sandbox.business import demand
from connectors.sandbox.business.entities import Account

_USUAL_ORDER_EUR = 95.0
"""The order value that the prices of clicks below belong to: who sells for less, bids less."""


@dataclass(frozen=True, slots=True)
class Economics:
    """What a channel is like.

    Attributes:
        click_rate: Clicks of an impression.
        click_price: The price of a click in EUR, for a shop with orders of 95 EUR.
        conversion_rate: The chance that a click ends in an order, by the shop's own count.
    """

    click_rate: float
    click_price: float
    conversion_rate: float
    views_rate: float = 0.0
    view_through_rate: float = 0.0
    paid_by_impression: bool = False


GOOGLE: Mapping[str, Economics] = {
    "BRAND": Economics(0.120, 0.45, 0.0410),
    "SEARCH": Economics(0.045, 0.95, 0.0200),
    "SHOPPING": Economics(0.013, 0.48, 0.0150),
    "DISPLAY": Economics(0.006, 0.31, 0.0048, 0.0, 0.0020, True),
    "VIDEO": Economics(0.009, 0.40, 0.0042, 0.31, 0.0015, True),
    "PERFORMANCE_MAX": Economics(0.019, 0.55, 0.0180, 0.02, 0.0008),
    "DEMAND_GEN": Economics(0.011, 0.37, 0.0056, 0.05, 0.0012),
}
# Meta bills impressions; few people who see an ad were looking for anything.
META: Mapping[str, Economics] = {
    "OUTCOME_SALES": Economics(0.016, 0.62, 0.0165, 0.11, paid_by_impression=True),
    "OUTCOME_TRAFFIC": Economics(0.024, 0.28, 0.0060, 0.08, paid_by_impression=True),
    "OUTCOME_ENGAGEMENT": Economics(0.031, 0.17, 0.0030, 0.24, paid_by_impression=True),
    "OUTCOME_AWARENESS": Economics(0.007, 0.44, 0.0045, 0.33, paid_by_impression=True),
    "OUTCOME_LEADS": Economics(0.013, 0.71, 0.0090, 0.05, paid_by_impression=True),
}


def google_economics(name: str, channel: str) -> Economics:
    """Returns what a Google campaign is like, by its first name and its channel."""
    return GOOGLE["BRAND" if name.endswith("Brand") else channel]


def click_cents(account: Account, economics: Economics) -> float:
    """Returns the usual price of a click, in cents of the account's currency."""
    level = account.organization.order_value_eur / _USUAL_ORDER_EUR
    return economics.click_price * 100 * account.units_per_eur * level


def budget_cents(account: Account, economics: Economics, ads: int, room: float) -> int:
    """Returns the daily budget that somebody gave a campaign: a number that people type.

    Args:
        account: Whose campaign; the budget is in cents of its currency.
        economics: What the campaign is like.
        ads: How many ads it has, or would have.
        room: The budget over what the campaign could usually spend; it is limited below 1.
    """
    clicks = ads * demand.PAID_SHARE[account.platform] * demand.SESSIONS_PER_AD
    units = clicks * click_cents(account, economics) / 100 * room
    step = 1
    while units >= 20 * step:
        step *= 5 if str(step).startswith("1") else 2
    return max(1, round(units / step)) * step * 100


def bid_cents(account: Account, economics: Economics) -> int:
    """Returns the most that an ad group bids for a click, in steps of five cents."""
    return max(1, round(click_cents(account, economics) * 2 / 5)) * 5
