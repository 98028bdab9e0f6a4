"""An account's ads as columns, in the order in which figures are drawn and added up.

A unit is the finest thing that has figures: an ad, or a campaign that has none.
Units stand in the order campaign, ad group, ad, so that every parent is one run of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business import demand
from connectors.sandbox.business.campaigns import campaigns
from connectors.sandbox.business.demographics import segment_bounds
from connectors.sandbox.business.economics import click_cents
from connectors.sandbox.business.entities import Account, Ad, AdGroup, Campaign, History
from connectors.sandbox.business.landings import Landing, landing_of
from connectors.sandbox.business.networks import Network
from connectors.sandbox.business.pacing import Budgets
from connectors.sandbox.business.parameters import Parameters
from connectors.sandbox.business.plans import ACTIVE

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_UNITS_STREAM, _SEGMENTS_STREAM = 23, 24
_FOREVER = 10_000_000
_AUDIENCE_PER_DAILY_IMPRESSION = 1.7


@dataclass(frozen=True, slots=True)
class Unit:
    """One ad, or one campaign without ads."""

    campaign: Campaign
    ad_group: AdGroup | None
    ad: Ad | None


class Portfolio:
    """All units of an account, with what they are like and when they run."""

    def __init__(self, parameters: Parameters, account: Account, network: Network) -> None:
        self.account = account
        self.network = network
        self.measures = self.network.measures
        self.campaigns = campaigns(parameters, account, network)
        self.units = tuple(_units(self.campaigns))
        count = len(self.units)
        random = np.random.default_rng([parameters.seed, _UNITS_STREAM, account.serial])
        economics = [
            network.economics(unit.campaign.name.changes[0][1], unit.campaign.channel)
            for unit in self.units
        ]
        self.weight: Floats = random.lognormal(-0.18, 0.6, count) * np.array(
            [parameters.ad_groups * parameters.ads if unit.ad is None else 1.0
             for unit in self.units]
        )  # fmt: skip
        self.click_rate = _varied(random, [one.click_rate for one in economics])
        self.click_cents = _varied(random, [click_cents(account, one) for one in economics])
        self.conversion_rate = _varied(random, [one.conversion_rate for one in economics])
        self.derived = [
            (one.per_click, np.array([one.rate(each) for each in economics]))
            for one in self.network.derived
        ]
        self.paid_by_impression = np.array([one.paid_by_impression for one in economics])
        self.order_cents = account.organization.order_value_eur * 100 * account.units_per_eur
        self.campaign_of: Integers = positions([unit.campaign.id for unit in self.units])
        self._runs = _Runs(self.units, account.time_zone, network.plan.word(ACTIVE))
        self.budgets = Budgets(
            account,
            [(unit.campaign, unit.ad_group) for unit in self.units],
            self.network.budgets_of_ad_groups,
        )
        self._seeds = [parameters.seed, _SEGMENTS_STREAM, account.serial]

    def running_on(self, ordinal_day: int) -> npt.NDArray[np.bool_]:
        """Says of each unit whether it runs on a date of the account, given as its ordinal."""
        return self._runs.on(ordinal_day)

    def wanted_clicks(self, seed: int, day: date) -> Floats:
        """Returns how many clicks each unit would have on a day if it always ran.

        Args:
            seed: The seed of the business.
            day: A date of the account.
        """
        share = self.network.paid_share * demand.SESSIONS_PER_AD
        return self.weight * (demand.index(seed, self.account.organization, day) * share)

    def expected_clicks(self, seed: int, day: date) -> Floats:
        """Returns how many clicks are expected of each unit: it runs, and its budget lasts."""
        expected = self.wanted_clicks(seed, day) * self.running_on(day.toordinal())
        return np.asarray(expected * self.budgets.pace(day, expected * self.click_cents))

    @cached_property
    def landings(self) -> tuple[Landing, ...]:
        """The address that each unit leads to."""
        site = self.account.organization.site
        return tuple(
            landing_of(site, unit.campaign, unit.ad, place) for place, unit in enumerate(self.units)
        )

    @cached_property
    def segment_bounds(self) -> Floats:
        """Where each of `demographics.SEGMENTS` ends in the whole of each unit."""
        return segment_bounds(np.random.default_rng(self._seeds), len(self.units))

    @cached_property
    def audience(self) -> int:
        """How many people there are for the account to reach: reach saturates towards it."""
        clicks = self.weight.sum() * self.network.paid_share
        rate = np.average(self.click_rate, weights=self.weight)
        daily = clicks * demand.SESSIONS_PER_AD / rate
        return int(daily * _AUDIENCE_PER_DAILY_IMPRESSION) + 1


class _Runs:
    def __init__(self, units: tuple[Unit, ...], zone: str, running: str) -> None:
        held = [unit.campaign for unit in units]
        self._first = np.array([one.start.toordinal() for one in held], dtype=np.int64)
        self._last = np.array(
            [one.end.toordinal() if one.end else _FOREVER for one in held], dtype=np.int64
        )
        self._pauses: list[tuple[int, int, int]] = []
        for index, unit in enumerate(units):
            histories = [unit.campaign.status]
            if unit.ad_group is not None:
                histories.append(unit.ad_group.status)
            if unit.ad is not None:
                histories.append(unit.ad.status)
            for history in histories:
                self._pauses.extend((index, *span) for span in _off(history, zone, running))

    def on(self, ordinal: int) -> npt.NDArray[np.bool_]:
        running = (self._first <= ordinal) & (ordinal <= self._last)
        for index, first, after in self._pauses:
            if first <= ordinal < after:
                running[index] = False
        return running


def _off(history: History[str], zone: str, running: str) -> list[tuple[int, int]]:
    spans = []
    place = ZoneInfo(zone)
    for number, (instant, status) in enumerate(history.changes):
        if status == running:
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


def _varied(random: np.random.Generator, typical: list[float]) -> Floats:
    return np.array(typical) * random.lognormal(-0.02, 0.2, len(typical))


def positions(ids: list[int]) -> Integers:
    """Returns of each id its place among all that there are, in the order in which they come."""
    order = {id_: position for position, id_ in enumerate(dict.fromkeys(ids))}
    return np.array([order[id_] for id_ in ids], dtype=np.int64)
