"""What happened in one account on one date, drawn once and never changed.

The figures of a unit's day are drawn first; its hours and devices are drawn from them, and only
when somebody asks, so that a window of days costs nothing but its days. Conversions are single
events with the instant of their click and the instant at which the platform gets to know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business import conversions, demand
from connectors.sandbox.business.calendar import HOURS, LocalDay, local_day, midnight
from connectors.sandbox.business.conversions import Conversions
from connectors.sandbox.business.portfolio import Floats, Integers, Portfolio
from connectors.sandbox.business.story import Event

_DAY_STREAM, _CELLS_STREAM, _BEYOND_STREAM, _SEGMENTS_STREAM, _PHASE_STREAM = 31, 32, 33, 34, 35
_CREDIT_AFTER = timedelta(days=3, hours=5)
_CREDITED_DAYS = 0.2


@dataclass(frozen=True, slots=True)
class Cells:
    """Clicks and impressions by unit, hour and device (int32, to keep a large account small)."""

    clicks: npt.NDArray[np.int32]
    impressions: npt.NDArray[np.int32]


class DayFacts:
    """One account's day. Money is in cents of the account's currency.

    Attributes:
        clicks: Clicks of each unit, conversions' clicks included.
        impressions: Impressions of each unit.
        cents: Cost of each unit before any credit.
        converting: How many of the clicks lead to a conversion.
        credit: Share of clicks and cost that is credited back as invalid.
        credit_at: When that happens, in seconds since 1970 UTC.
        phase: Where each unit's derived measures begin to be rounded, so that small ones add up.
        conversions: The single conversions.
    """

    def __init__(
        self, seed: int, portfolio: Portfolio, events: tuple[Event, ...], day: date
    ) -> None:
        account = portfolio.account
        units = len(portfolio.units)
        self.calendar = local_day(account.time_zone, day)
        self.devices: Floats = np.array(portfolio.network.devices)
        self._cells: Cells | None = None
        self._segments: Integers | None = None
        self._key = [seed, account.serial, day.toordinal()]
        weekend = day.weekday() >= 5
        self._hours = _shares(demand.hour_weights(weekend) * (self.calendar.lengths / 3600))
        credited = midnight(account.time_zone, day) + _CREDIT_AFTER
        self.credit_at = credited.timestamp()

        random = np.random.default_rng([*self._key, _DAY_STREAM])
        self._wanted = portfolio.wanted_clicks(seed, day)
        expected = portfolio.expected_clicks(seed, day)
        self.clicks: Integers = random.poisson(expected)
        rest = expected * (1.0 / portfolio.click_rate - 1.0)
        self.impressions: Integers = self.clicks + random.poisson(rest)
        price = portfolio.click_cents * random.normal(1.0, 0.08, units)
        paid = np.where(
            portfolio.paid_by_impression, self.impressions * portfolio.click_rate, self.clicks
        )
        cents: Integers = np.rint(paid * price).astype(np.int64)
        self.cents: Integers = portfolio.budgets.hold(day, cents)
        chance = (
            portfolio.conversion_rate * portfolio.network.claim_bias * _factor(events, portfolio)
        )
        self.converting: Integers = random.binomial(self.clicks, np.minimum(chance, 0.9))
        self.credit = random.uniform(0.02, 0.09) * (random.random() < _CREDITED_DAYS)
        self.phase = self._phase(portfolio)
        self.conversions = self._convert(random, portfolio)

    @property
    def nbytes(self) -> int:
        """About how much memory the day holds."""
        size = 5 * self.clicks.nbytes + self.conversions.nbytes
        if self._segments is not None:
            size += self._segments.nbytes
        return size if self._cells is None else size + 2 * self._cells.clicks.nbytes

    def cells(self) -> Cells:
        """Returns the day by hour and device; its sums are the day's figures."""
        if self._cells is None:
            self._cells = self._split()
        return self._cells

    def segments(self, portfolio: Portfolio) -> Integers:
        """Returns which of `demographics.SEGMENTS` is behind each conversion."""
        if self._segments is None:
            random = np.random.default_rng([*self._key, _SEGMENTS_STREAM])
            bounds = portfolio.segment_bounds[self.conversions.unit]
            drawn = random.random(len(bounds))[:, None]
            self._segments = (bounds <= drawn).sum(axis=1)
        return self._segments

    def _phase(self, portfolio: Portfolio) -> Floats:
        if not portfolio.network.windows:
            return np.zeros(len(portfolio.units))
        return np.random.default_rng([*self._key, _PHASE_STREAM]).random(len(portfolio.units))

    def _convert(self, random: np.random.Generator, portfolio: Portfolio) -> Conversions:
        made = conversions.draw(random, portfolio, self.converting, self.calendar, self._hours)
        if not portfolio.network.windows:
            return made
        day = self._key[-1]
        more = np.random.default_rng([*self._key, _BEYOND_STREAM])
        paused = self._wanted * conversions.stopped_lately(portfolio, day)
        beyond = conversions.Beyond.draw(more, portfolio, self.converting, paused)
        return conversions.attribute(more, portfolio, made, beyond, self.calendar, self._hours)

    def _split(self) -> Cells:
        random = np.random.default_rng([*self._key, _CELLS_STREAM])
        shares = _shares(np.outer(self._hours, self.devices).ravel())
        shape = (len(self.clicks), HOURS, len(self.devices))
        clicks = random.multinomial(self.clicks - self.converting, shares).reshape(shape)
        made = self.conversions
        np.add.at(clicks, (made.unit, made.hour, made.device), made.clicked.astype(np.int64))
        unclicked = random.multinomial(self.impressions - self.clicks, shares).reshape(shape)
        return Cells(clicks.astype(np.int32), (clicks + unclicked).astype(np.int32))


def _factor(events: tuple[Event, ...], portfolio: Portfolio) -> Floats:
    factor = np.ones(len(portfolio.units))
    for event in events:
        concerned = (
            slice(None) if event.campaign is None else portfolio.campaign_of == event.campaign
        )
        factor[concerned] *= event.factor
    return factor


def _shares(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())


def hours_over(calendar: LocalDay, clock: float) -> npt.NDArray[np.bool_]:
    """Says of each hour whether it is over at a clock; one that does not exist counts as over."""
    return np.asarray(calendar.ends <= clock)
