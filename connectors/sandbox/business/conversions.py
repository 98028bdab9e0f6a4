"""Single conversions: what they follow, when a platform learns of them, how it counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.calendar import HOURS, LocalDay
from connectors.sandbox.business.portfolio import Floats, Integers, Portfolio

_DAY = 86_400.0
_LONGEST_DELAY = 28 * _DAY
COUNTED = 1
_VIEWS_PER_CLICK = 0.28
_LATE_SHARE = 0.35
_LATE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Conversions:
    """The conversions of a day, one element each: credit in hundredths, value in cents.

    Attributes:
        unit, hour, device: Where each is booked.
        clicked: Whether it follows one of the day's clicks.
        clicked_at: When the click, or the view, was.
        known_at: When the platform gets to know it.
        hundredths: Its credit.
        cents: Its value.
        counts: By which windows it counts, as bits: `COUNTED` by the platform's default, and two
            to the n-th by the n-th (from 1) window of the network.
    """

    unit: Integers
    hour: Integers
    device: Integers
    clicked: npt.NDArray[np.bool_]
    clicked_at: Floats
    known_at: Floats
    hundredths: Integers
    cents: Integers
    counts: Integers

    @property
    def nbytes(self) -> int:
        """About how much memory they take."""
        return 8 * self.unit.nbytes


def draw(
    random: np.random.Generator,
    portfolio: Portfolio,
    made: Integers,
    calendar: LocalDay,
    hours: Floats,
) -> Conversions:
    """Draws the conversions that follow a day's clicks.

    Args:
        random: The day's stream.
        portfolio: The account's units.
        made: How many conversions each unit has.
        calendar: The day's hours.
        hours: The share of each hour.
    """
    unit = np.repeat(np.arange(len(made)), made)
    count = len(unit)
    hour = random.choice(HOURS, count, p=hours)
    clicked = calendar.starts[hour] + random.random(count) * calendar.lengths[hour]
    # Two in three convert within hours, the others over days; nothing arrives after 28 days.
    quick = random.random(count) < 0.65
    delay = np.where(quick, 0.08, 6.0) * random.exponential(1.0, count) * _DAY
    known = clicked + np.minimum(delay, _LONGEST_DELAY)
    whole = random.random(count) < 0.55
    hundredths = np.where(whole, 100, random.integers(15, 100, count))
    if portfolio.network.windows:
        hundredths = np.full(count, 100)
    value = portfolio.order_cents * random.lognormal(-0.08, 0.4, count) * hundredths / 100
    devices = np.array(portfolio.network.devices)
    return Conversions(
        unit=unit,
        hour=hour,
        device=random.choice(len(devices), count, p=devices),
        clicked=np.ones(count, dtype=np.bool_),
        clicked_at=clicked,
        known_at=known,
        hundredths=hundredths.astype(np.int64),
        cents=np.maximum(1, np.rint(value)).astype(np.int64),
        counts=np.full(count, COUNTED, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class Beyond:
    """How many conversions a network with windows books beside those of the day's clicks.

    Attributes:
        viewed: By unit, after a view without a click.
        late: By unit, of units that no longer run and have no impression.
    """

    viewed: Integers
    late: Integers

    @classmethod
    def draw(
        cls,
        random: np.random.Generator,
        portfolio: Portfolio,
        converting: Integers,
        paused: Floats,
    ) -> Beyond:
        """Draws the numbers.

        Args:
            random: A stream of their own.
            portfolio: The account's units.
            converting: How many of the day's clicks convert.
            paused: The clicks that each unit that stopped within a week would have had; else 0.
        """
        return cls(
            viewed=random.poisson(converting * _VIEWS_PER_CLICK),
            late=random.poisson(paused * portfolio.conversion_rate * _LATE_SHARE),
        )


def stopped_lately(portfolio: Portfolio, ordinal_day: int) -> npt.NDArray[np.bool_]:
    """Says of each unit whether it ran within the last week and does not run today."""
    ran = np.zeros(len(portfolio.units), dtype=np.bool_)
    for back in range(1, _LATE_DAYS + 1):
        ran |= portfolio.running_on(ordinal_day - back)
    return np.asarray(ran & ~portfolio.running_on(ordinal_day))


def attribute(
    random: np.random.Generator,
    portfolio: Portfolio,
    clicked: Conversions,
    beyond: Beyond,
    calendar: LocalDay,
    hours: Floats,
) -> Conversions:
    """Adds what follows no click of the day, and sorts all into the network's windows."""
    viewed = draw(random, portfolio, beyond.viewed, calendar, hours)
    late = draw(random, portfolio, beyond.late, calendar, hours)
    delays = [clicked.known_at - clicked.clicked_at, random.random(len(viewed.unit)) * _DAY]
    delays.append(_DAY * (1 + 6 * random.random(len(late.unit))))
    delay = np.concatenate(delays)
    is_view = np.repeat([False, True, False], [len(clicked.unit), len(viewed.unit), len(late.unit)])
    parts = (clicked, viewed, late)

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    # The platform models and dedupes: one in five conversions is shown only days after it was made.
    slow = random.random(len(delay)) < 0.2
    lag = np.where(slow, 7.0, 0.04) * random.exponential(1.0, len(delay)) * _DAY
    counts = np.zeros(len(delay), dtype=np.int64)
    for number, window in enumerate(portfolio.network.windows, start=1):
        flags = (is_view == window.viewed) & (delay <= window.days * _DAY)
        counts |= flags * ((COUNTED if window.counted else 0) | 1 << number)
    clicked_at = joined("clicked_at")
    fresh = np.repeat([True, False, False], [len(clicked.unit), len(viewed.unit), len(late.unit)])
    return Conversions(
        unit=joined("unit"),
        hour=joined("hour"),
        device=joined("device"),
        clicked=fresh,
        clicked_at=clicked_at,
        known_at=clicked_at + np.minimum(delay + lag, _LONGEST_DELAY),
        hundredths=joined("hundredths"),
        cents=joined("cents"),
        counts=counts,
    )
