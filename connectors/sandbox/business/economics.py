"""What channels are like, and what prices and budgets follow from that."""

from __future__ import annotations

from dataclasses import dataclass

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


def click_cents(account: Account, economics: Economics) -> float:
    """Returns the usual price of a click, in cents of the account's currency."""
    level = account.organization.order_value_eur / _USUAL_ORDER_EUR
    return economics.click_price * 100 * account.units_per_eur * level


def budget_cents(account: Account, economics: Economics, clicks: float, room: float) -> int:
    """Returns the daily budget that somebody gave a campaign: a number that people type.

    Args:
        account: Whose campaign; the budget is in cents of its currency.
        economics: What the campaign is like.
        clicks: How many clicks its ads could usually have on a day.
        room: The budget over what the campaign could usually spend; it is limited below 1.
    """
    units = clicks * click_cents(account, economics) / 100 * room
    step = 1
    while units >= 20 * step:
        step *= 5 if str(step).startswith("1") else 2
    return max(1, round(units / step)) * step * 100


def bid_cents(account: Account, economics: Economics) -> int:
    """Returns the most that an ad group bids for a click, in steps of five cents."""
    return max(1, round(click_cents(account, economics) * 2 / 5)) * 5
