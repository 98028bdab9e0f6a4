"""How budgets bound what is spent: a platform spreads a budget over its days, more on busy ones.

Platforms spend up to twice a daily budget on a busy day and make up for it within a week or a
month. What is spent here follows the week of the demand and stays below such
bounds: seven days in a row come to less than seven budgets, 31 days to less than 30.4.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.calendar import midnight
from connectors.sandbox.business.entities import Account, AdGroup, Campaign, History

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_AIMED_AT, _MOST = 0.93, 0.97
"""The parts of a budget that a campaign which could spend more is slowed down to, and held to."""


class Budgets:
    """The budgets of an account, and which of its units spends which.

    Args:
        account: Whose budgets; its days begin at its own midnight.
        units: The campaign and the ad group of each unit.
        of_ad_groups: The channels whose campaigns leave the budget to their ad groups.
    """

    def __init__(
        self,
        account: Account,
        units: list[tuple[Campaign, AdGroup | None]],
        of_ad_groups: tuple[str, ...],
    ) -> None:
        self._zone, self._weekdays = account.time_zone, account.organization.weekdays
        holders: dict[tuple[int, int | None], int] = {}
        self._held: list[tuple[History[int], int]] = []
        positions = []
        for campaign, ad_group in units:
            split = ad_group is not None and campaign.channel in of_ad_groups
            key = (campaign.id, ad_group.id if split and ad_group is not None else None)
            if key not in holders:
                holders[key] = len(holders)
                parts = len(campaign.ad_groups) if split else 1
                self._held.append((campaign.budget_cents, parts))
            positions.append(holders[key])
        self._holder: Integers = np.array(positions, dtype=np.int64)

    def pace(self, day: date, cents: Floats) -> Floats:
        """Returns by unit what part of its clicks a budget lets through.

        Args:
            day: A date of the account.
            cents: What each unit would cost on it.
        """
        wanted = np.bincount(self._holder, weights=cents, minlength=len(self._held))
        part = np.minimum(1.0, _AIMED_AT * self._due(day) / np.maximum(wanted, 1.0))
        return np.asarray(part[self._holder])

    def hold(self, day: date, cents: Integers) -> Integers:
        """Returns what each unit costs once its budget is spent: clicks beyond it are free."""
        spent = np.bincount(self._holder, weights=cents, minlength=len(self._held))
        over = spent > _MOST * self._due(day)
        if not over.any():
            return cents
        part = np.where(over, _MOST * self._due(day) / np.maximum(spent, 1.0), 1.0)
        return np.where(over[self._holder], np.floor(cents * part[self._holder]), cents).astype(
            np.int64
        )

    def _due(self, day: date) -> Floats:
        """Returns the budgets of a day in cents: what stood when it began, by the week's shape."""
        begin = midnight(self._zone, day)
        cents = [history.at(begin) // parts for history, parts in self._held]
        return np.array(cents, dtype=np.float64) * self._weekdays[day.weekday()]
