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

from connectors.sandbox.business import demand
from connectors.sandbox.business.calendar import HOURS, LocalDay, local_day, midnight
from connectors.sandbox.business.portfolio import Floats, Integers, Portfolio
from connectors.sandbox.business.story import Event

DEVICES = ("DESKTOP", "MOBILE", "TABLET")
PLATFORM = "google_ads"

_DAY_STREAM, _CELLS_STREAM = 31, 32
_DEVICE_SHARES = np.array([0.36, 0.58, 0.06])
_SECONDS = 86_400.0
_LONGEST_DELAY = 28 * _SECONDS
_CREDIT_AFTER = timedelta(days=3, hours=5)
_CREDITED_DAYS = 0.2


@dataclass(frozen=True, slots=True)
class Conversions:
    """The conversions of a day, one element each: credit in hundredths, value in cents."""

    unit: Integers
    hour: Integers
    device: Integers
    clicked_at: Floats
    known_at: Floats
    hundredths: Integers
    cents: Integers


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
        conversions: The single conversions.
    """

    def __init__(
        self, seed: int, portfolio: Portfolio, events: tuple[Event, ...], day: date
    ) -> None:
        account = portfolio.account
        units = len(portfolio.units)
        self.calendar = local_day(account.time_zone, day)
        self._cells: Cells | None = None
        self._key = [seed, account.serial, day.toordinal()]
        weekend = day.weekday() >= 5
        self._hours = _shares(demand.hour_weights(weekend) * (self.calendar.lengths / 3600))
        credited = midnight(account.time_zone, day) + _CREDIT_AFTER
        self.credit_at = credited.timestamp()

        random = np.random.default_rng([*self._key, _DAY_STREAM])
        level = demand.index(seed, account.organization, day)
        share = demand.PAID_SHARE[PLATFORM] * demand.SESSIONS_PER_AD
        expected = portfolio.weight * portfolio.running(day) * (level * share)
        self.clicks: Integers = random.poisson(expected)
        rest = expected * (1.0 / portfolio.click_rate - 1.0)
        self.impressions: Integers = self.clicks + random.poisson(rest)
        price = portfolio.click_cents * random.normal(1.0, 0.08, units)
        paid = np.where(
            portfolio.paid_by_impression, self.impressions * portfolio.click_rate, self.clicks
        )
        self.cents: Integers = np.rint(paid * price).astype(np.int64)
        chance = (
            portfolio.conversion_rate * demand.CLAIM_BIAS[PLATFORM] * _factor(events, portfolio)
        )
        self.converting: Integers = random.binomial(self.clicks, np.minimum(chance, 0.9))
        self.credit = random.uniform(0.02, 0.09) * (random.random() < _CREDITED_DAYS)
        self.conversions = self._convert(random, portfolio)

    @property
    def nbytes(self) -> int:
        """About how much memory the day holds."""
        size = 5 * self.clicks.nbytes + 7 * self.conversions.unit.nbytes
        return size if self._cells is None else size + 2 * self._cells.clicks.nbytes

    def cells(self) -> Cells:
        """Returns the day by hour and device; its sums are the day's figures."""
        if self._cells is None:
            self._cells = self._split()
        return self._cells

    def _convert(self, random: np.random.Generator, portfolio: Portfolio) -> Conversions:
        unit = np.repeat(np.arange(len(self.converting)), self.converting)
        count = len(unit)
        hour = random.choice(HOURS, count, p=self._hours)
        clicked = self.calendar.starts[hour] + random.random(count) * self.calendar.lengths[hour]
        # Two in three convert within hours, the others over days; nothing arrives after 28 days.
        quick = random.random(count) < 0.65
        delay = np.where(quick, 0.08, 6.0) * random.exponential(1.0, count) * _SECONDS
        known = clicked + np.minimum(delay, _LONGEST_DELAY)
        whole = random.random(count) < 0.55
        hundredths = np.where(whole, 100, random.integers(15, 100, count))
        value = portfolio.order_cents * random.lognormal(-0.08, 0.4, count) * hundredths / 100
        return Conversions(
            unit=unit,
            hour=hour,
            device=random.choice(len(DEVICES), count, p=_DEVICE_SHARES),
            clicked_at=clicked,
            known_at=known,
            hundredths=hundredths.astype(np.int64),
            cents=np.maximum(1, np.rint(value)).astype(np.int64),
        )

    def _split(self) -> Cells:
        random = np.random.default_rng([*self._key, _CELLS_STREAM])
        shares = _shares(np.outer(self._hours, _DEVICE_SHARES).ravel())
        shape = (len(self.clicks), HOURS, len(DEVICES))
        clicks = random.multinomial(self.clicks - self.converting, shares).reshape(shape)
        made = self.conversions
        np.add.at(clicks, (made.unit, made.hour, made.device), 1)
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
