"""What a platform shows of a day as of a clock: whole hours, known conversions, credits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.day_facts import DEVICES, DayFacts, hours_over
from connectors.sandbox.business.portfolio import Floats, Integers, Portfolio

MEASURES = (
    "impressions",
    "clicks",
    "cost_cents",
    "conversions_hundredths",
    "value_cents",
    "view_through_conversions",
    "video_views",
)
_CELLS = HOURS * len(DEVICES)


def observe(
    facts: DayFacts, portfolio: Portfolio, hidden: npt.NDArray[np.bool_], clock: float
) -> Integers | None:
    """Returns the day's measures by unit, shape (measure, unit); None before its first hour ends.

    Args:
        facts: What happened.
        portfolio: The account's units.
        hidden: The units that the platform no longer shows for this day.
        clock: Seconds since 1970 UTC.
    """
    over = hours_over(facts.calendar, clock)
    if not over.all():
        split = observe_cells(facts, portfolio, hidden, clock)
        return None if split is None else np.asarray(split.sum(axis=(2, 3)))
    unit, weights, cents = _known(facts, over, clock)
    count = len(portfolio.units)
    measures = _measures(
        facts,
        portfolio,
        clock,
        impressions=facts.impressions[:, None],
        clicks=facts.clicks[:, None],
        plain=(facts.clicks - facts.converting)[:, None],
    )[:, :, 0]
    measures[3] = _sums(unit, weights, count)
    measures[4] = _sums(unit, cents, count)
    measures[:, hidden] = 0
    return measures


def observe_cells(
    facts: DayFacts, portfolio: Portfolio, hidden: npt.NDArray[np.bool_], clock: float
) -> Integers | None:
    """Returns the same by hour and device, shape (measure, unit, hour, device)."""
    over = hours_over(facts.calendar, clock)
    if not (over & (facts.calendar.lengths > 0)).any():
        return None
    cells = facts.cells()
    count = len(portfolio.units)
    shape = (len(MEASURES), count, HOURS, len(DEVICES))
    made = facts.conversions
    clicks = cells.clicks.astype(np.int64)
    plain = clicks.copy()
    np.subtract.at(plain, (made.unit, made.hour, made.device), 1)
    measures = _measures(
        facts,
        portfolio,
        clock,
        impressions=cells.impressions.astype(np.int64).reshape(count, _CELLS),
        clicks=clicks.reshape(count, _CELLS),
        plain=plain.reshape(count, _CELLS),
    ).reshape(shape)
    known = _is_known(facts, over, clock)
    place = ((made.unit * HOURS + made.hour) * len(DEVICES) + made.device)[known]
    size = count * _CELLS
    measures[3] = _sums(place, made.hundredths[known], size).reshape(shape[1:])
    measures[4] = _sums(place, made.cents[known], size).reshape(shape[1:])
    measures[:, :, ~over] = 0
    measures[:, hidden] = 0
    return measures


def _measures(
    facts: DayFacts,
    portfolio: Portfolio,
    clock: float,
    *,
    impressions: Integers,
    clicks: Integers,
    plain: Integers,
) -> Integers:
    """Works out all measures but conversions along the last axis, the cells of a unit.

    Each is the difference of a rounded running total, so that the cells of a day add up to exactly
    what the day as one cell shows.
    """
    shown = np.zeros((len(MEASURES), *impressions.shape), dtype=np.int64)
    seen = impressions.cumsum(axis=1)
    paid = np.where(portfolio.paid_by_impression[:, None], seen, clicks.cumsum(axis=1))
    cents = facts.cents[:, None] * paid // np.maximum(paid[:, -1:], 1)
    credit = facts.credit if clock >= facts.credit_at else 0.0
    shown[0] = impressions
    shown[1] = clicks - _steps(_floor(plain.cumsum(axis=1), credit))
    shown[2] = _steps(cents - _floor(cents, credit))
    shown[5] = _steps(_floor(seen, portfolio.view_through_rate[:, None]))
    shown[6] = _steps(_floor(seen, portfolio.views_rate[:, None]))
    return shown


def _floor(totals: Integers, rate: float | Floats) -> Integers:
    return np.asarray(np.floor(totals * rate).astype(np.int64))


def _steps(totals: Integers) -> Integers:
    return np.asarray(np.diff(totals, axis=1, prepend=0))


def _is_known(facts: DayFacts, over: npt.NDArray[np.bool_], clock: float) -> npt.NDArray[np.bool_]:
    made = facts.conversions
    return np.asarray((made.known_at <= clock) & over[made.hour])


def _known(
    facts: DayFacts, over: npt.NDArray[np.bool_], clock: float
) -> tuple[Integers, Integers, Integers]:
    known = _is_known(facts, over, clock)
    made = facts.conversions
    return made.unit[known], made.hundredths[known], made.cents[known]


def _sums(place: Integers, amounts: Integers, size: int) -> Integers:
    # Exact: the sums stay far below 2**53, up to which a double counts without a gap.
    return np.bincount(place, weights=amounts, minlength=size).astype(np.int64)
