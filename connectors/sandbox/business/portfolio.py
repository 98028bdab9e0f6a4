"""An account's ads as columns, in the order in which figures are drawn and added up.

A unit is the finest thing that has figures: an ad, or a Performance Max campaign, which has none.
Units stand in the order campaign, ad group, ad, so that every parent is one run of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.campaigns import campaigns
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History
from connectors.sandbox.business.parameters import Parameters

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_UNITS_STREAM = 23
_FOREVER = 10_000_000


@dataclass(frozen=True, slots=True)
class Economics:
    """What a channel is like: click rate, price of a click (EUR), chance of a conversion, views."""

    click_rate: float
    click_price: float
    conversion_rate: float
    views_rate: float = 0.0
    view_through_rate: float = 0.0
    paid_by_impression: bool = False


ECONOMICS = {
    "BRAND": Economics(0.120, 0.45, 0.070),
    "SEARCH": Economics(0.045, 0.95, 0.034),
    "SHOPPING": Economics(0.013, 0.48, 0.024),
    "DISPLAY": Economics(0.006, 0.31, 0.008, 0.0, 0.0020, True),
    "VIDEO": Economics(0.009, 0.40, 0.007, 0.31, 0.0015, True),
    "PERFORMANCE_MAX": Economics(0.019, 0.55, 0.030, 0.02, 0.0008),
    "DEMAND_GEN": Economics(0.011, 0.37, 0.009, 0.05, 0.0012),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One ad, or one Performance Max campaign without ads."""

    campaign: Campaign
    ad_group: AdGroup | None
    ad: Ad | None


class Portfolio:
    """All units of an account, with what they are like and when they run."""

    def __init__(self, parameters: Parameters, account: Account) -> None:
        self.account = account
        self.campaigns = campaigns(parameters, account)
        self.units = tuple(_units(self.campaigns))
        count = len(self.units)
        random = np.random.default_rng([parameters.seed, _UNITS_STREAM, account.serial])
        economics = [_economics(unit) for unit in self.units]
        self.weight: Floats = random.lognormal(-0.18, 0.6, count) * np.array(
            [parameters.ad_groups * parameters.ads if unit.ad is None else 1.0
             for unit in self.units]
        )  # fmt: skip
        self.click_rate = _varied(random, [one.click_rate for one in economics])
        self.click_cents = _varied(
            random, [one.click_price * 100 * account.units_per_eur for one in economics]
        ) * (account.organization.order_value_eur / 95.0)
        self.conversion_rate = _varied(random, [one.conversion_rate for one in economics])
        self.views_rate = np.array([one.views_rate for one in economics])
        self.view_through_rate = np.array([one.view_through_rate for one in economics])
        self.paid_by_impression = np.array([one.paid_by_impression for one in economics])
        self.order_cents = account.organization.order_value_eur * 100 * account.units_per_eur
        self.campaign_of: Integers = _positions([unit.campaign.id for unit in self.units])
        self._runs = _Runs(self.units, account.time_zone)

    def running(self, day: date) -> npt.NDArray[np.bool_]:
        """Says of each unit whether it runs on a date of the account."""
        return self._runs.on(day)


class _Runs:
    def __init__(self, units: tuple[Unit, ...], zone: str) -> None:
        held = [unit.campaign for unit in units]
        self._first = np.array([one.start.toordinal() for one in held], dtype=np.int64)
        self._last = np.array(
            [one.end.toordinal() if one.end else _FOREVER for one in held], dtype=np.int64
        )
        self._pauses: list[tuple[int, int, int]] = []
        for index, unit in enumerate(units):
            histories = [unit.campaign.status]
            if unit.ad is not None:
                histories.append(unit.ad.status)
            for history in histories:
                self._pauses.extend((index, *span) for span in _off(history, zone))

    def on(self, day: date) -> npt.NDArray[np.bool_]:
        ordinal = day.toordinal()
        running = (self._first <= ordinal) & (ordinal <= self._last)
        for index, first, after in self._pauses:
            if first <= ordinal < after:
                running[index] = False
        return running


def _off(history: History[str], zone: str) -> list[tuple[int, int]]:
    spans = []
    place = ZoneInfo(zone)
    for number, (instant, status) in enumerate(history.changes):
        if status == "ENABLED":
            continue
        later = history.changes[number + 1 : number + 2]
        after = later[0][0].astimezone(place).date().toordinal() if later else _FOREVER
        spans.append((instant.astimezone(place).date().toordinal(), after))
    return spans


def _units(held: tuple[Campaign, ...]) -> list[Unit]:
    units = []
    for campaign in held:
        if not campaign.ad_groups:
            units.append(Unit(campaign, None, None))
        for ad_group in campaign.ad_groups:
            units.extend(Unit(campaign, ad_group, ad) for ad in ad_group.ads)
    return units


def _economics(unit: Unit) -> Economics:
    brand = unit.campaign.name.changes[0][1].endswith("Brand")
    return ECONOMICS["BRAND" if brand else unit.campaign.channel]


def _varied(random: np.random.Generator, typical: list[float]) -> Floats:
    return np.array(typical) * random.lognormal(-0.02, 0.2, len(typical))


def _positions(ids: list[int]) -> Integers:
    order = {id_: position for position, id_ in enumerate(dict.fromkeys(ids))}
    return np.array([order[id_] for id_ in ids], dtype=np.int64)
