"""What a platform shows of a day as of a clock: whole hours, known conversions, credits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.conversions import COUNTED
from connectors.sandbox.business.day_facts import DayFacts, hours_over
from connectors.sandbox.business.networks import BASE_MEASURES
from connectors.sandbox.business.portfolio import Integers, Portfolio


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
    count = len(portfolio.units)
    measures = _measures(
        facts,
        portfolio,
        clock,
        impressions=facts.impressions[:, None],
        clicks=facts.clicks[:, None],
        plain=(facts.clicks - facts.converting)[:, None],
    )[:, :, 0]
    _count_conversions(measures, facts, portfolio, _is_known(facts, over, clock), count)
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
    devices = len(facts.devices)
    cells_of_unit = HOURS * devices
    shape = (len(portfolio.measures), count, HOURS, devices)
    made = facts.conversions
    clicks = cells.clicks.astype(np.int64)
    plain = clicks.copy()
    np.subtract.at(plain, (made.unit, made.hour, made.device), made.clicked.astype(np.int64))
    measures = _measures(
        facts,
        portfolio,
        clock,
        impressions=cells.impressions.astype(np.int64).reshape(count, cells_of_unit),
        clicks=clicks.reshape(count, cells_of_unit),
        plain=plain.reshape(count, cells_of_unit),
    )
    place = (made.unit * HOURS + made.hour) * devices + made.device
    known = _is_known(facts, over, clock)
    _count_conversions(measures, facts, portfolio, known, count * cells_of_unit, place)
    measures = measures.reshape(shape)
    measures[:, :, ~over] = 0
    measures[:, hidden] = 0
    return measures


def observe_segments(
    facts: DayFacts, portfolio: Portfolio, hidden: npt.NDArray[np.bool_], clock: float
) -> Integers | None:
    """Returns the same by segment of `demographics.SEGMENTS`, shape (measure, unit, segment).

    A unit's figures are cut by its shares; a conversion belongs to somebody.
    """
    whole = observe(facts, portfolio, hidden, clock)
    if whole is None:
        return None
    bounds = portfolio.segment_bounds
    measures: Integers = np.diff(_floor(whole[:, :, None] * bounds), axis=2, prepend=0)
    place = facts.conversions.unit * bounds.shape[1] + facts.segments(portfolio)
    known = _is_known(facts, hours_over(facts.calendar, clock), clock)
    _count_conversions(measures, facts, portfolio, known, bounds.size, place)
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
    shown = np.zeros((len(portfolio.measures), *impressions.shape), dtype=np.int64)
    seen = impressions.cumsum(axis=1)
    paid = np.where(portfolio.paid_by_impression[:, None], seen, clicks.cumsum(axis=1))
    cents = facts.cents[:, None] * paid // np.maximum(paid[:, -1:], 1)
    credit = facts.credit if clock >= facts.credit_at else 0.0
    shown[0] = impressions
    shown[1] = clicks - _steps(_floor(plain.cumsum(axis=1) * credit))
    shown[2] = _steps(cents - _floor(cents * credit))
    clicked = shown[1].cumsum(axis=1)
    for number, (per_click, rate) in enumerate(portfolio.derived, start=len(BASE_MEASURES)):
        totals = (clicked if per_click else seen) * rate[:, None] + facts.phase[:, None]
        shown[number] = _steps(_floor(totals))
    return shown


def _count_conversions(
    measures: Integers,
    facts: DayFacts,
    portfolio: Portfolio,
    known: npt.NDArray[np.bool_],
    size: int,
    place: Integers | None = None,
) -> None:
    """Writes the measures of conversions, by default attribution and by window.

    Args:
        measures: Where to, shape (measure, ...) with `size` cells a measure.
        facts: What happened.
        portfolio: The account's units.
        known: Which conversions are known.
        size: How many cells there are.
        place: The cell of each conversion; None for its unit.
    """
    made = facts.conversions
    cell = made.unit if place is None else place
    windows = len(portfolio.network.windows)
    first = len(portfolio.measures) - 2 * windows
    rows = [(3, COUNTED)]
    rows.extend((first + 2 * number, 2 << number) for number in range(windows))
    for row, bit in rows:
        counted = known & ((made.counts & bit) != 0)
        for offset, amounts in enumerate((made.hundredths, made.cents)):
            sums = _sums(cell[counted], amounts[counted], size)
            measures[row + offset] = sums.reshape(measures.shape[1:])


def _floor(totals: npt.NDArray[np.floating[Any]]) -> Integers:
    return np.asarray(np.floor(totals).astype(np.int64))


def _steps(totals: Integers) -> Integers:
    # What `np.diff` does with a zero before, in a fifth of its time for a few cells.
    steps = totals.copy()
    steps[:, 1:] -= totals[:, :-1]
    return steps


def _is_known(facts: DayFacts, over: npt.NDArray[np.bool_], clock: float) -> npt.NDArray[np.bool_]:
    made = facts.conversions
    return np.asarray((made.known_at <= clock) & over[made.hour])


def _sums(place: Integers, amounts: Integers, size: int) -> Integers:
    # Exact: the sums stay far below 2**53, up to which a double counts without a gap.
    return np.bincount(place, weights=amounts, minlength=size).astype(np.int64)
