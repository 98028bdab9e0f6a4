"""The rows of one question about insights: what they are about, when, and what they come to."""

from __future__ import annotations

from datetime import date

import numpy as np

from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.demographics import AGES, GENDERS
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.platforms.meta_ads.actions import LISTS, WINDOWS
from connectors.sandbox.platforms.meta_ads.asked import Asked
from connectors.sandbox.platforms.meta_ads.delivery import cells_of, unit_of, weights_of
from connectors.sandbox.platforms.meta_ads.errors import invalid
from connectors.sandbox.platforms.meta_ads.filters import Condition
from connectors.sandbox.platforms.meta_ads.metrics import METRICS, Figures
from connectors.sandbox.platforms.meta_ads.node_fields import value_of
from connectors.sandbox.platforms.meta_ads.nodes import KINDS, Node
from connectors.sandbox.tables.levels import Split, add_days, days_between, sums
from connectors.sandbox.tables.results import Result, Rows, drawn
from connectors.sandbox.tables.things import LEVELS

# The cell of what has no hour: conversions of a day without an impression.
NO_HOUR = HOURS
_LIST_FILTERS = ("action_type",)


class Found:
    """What one question finds below one node, as of the node's clock.

    Attributes:
        asked: The question.
        node: What it was asked of.
        subjects: What rows can be about; `Rows.subject` points into it.
        result: The rows; their one axis is the hour, the group of age and gender, the country, or
            the platform and device.
    """

    def __init__(self, node: Node, asked: Asked) -> None:
        self.asked, self.node = asked, node
        self._portfolio = node.business.portfolio(node.account)
        depth = len(node.path)

        def about(ad: Node) -> bool:
            return ad.path[:depth] == node.path and ad.campaign.name.created <= node.clock

        top, level = node.above("account"), LEVELS[KINDS.index(asked.level)]
        self._level = sums(self._portfolio, top, level, about)
        self.subjects: tuple[Node, ...] = self._level.subjects
        self._kept = np.array([self._passes(one) for one in self.subjects], dtype=np.bool_)
        self.result = Result(len(asked.periods), self._draw)

    def figures(self, rows: Rows) -> Figures:
        """Returns the measures of rows by name."""
        return Figures(self._portfolio.measures, rows.measures, self._portfolio.audience)

    def estimate(self) -> int:
        """Returns how many rows there can be at most."""
        size = self.node.business.parameters
        alive = sum(
            1 for first, last in self.asked.periods if first <= size.end and last >= size.first_day
        )
        return len(self.subjects) * alive * self.asked.cells

    def _draw(self, number: int) -> Rows:
        asked, names = self.asked, self._portfolio.measures
        figures = self._figures(number)
        # What only another window counts makes no row unless windows are asked for.
        visible = len(names) if asked.windows else len(names) - 2 * len(WINDOWS)
        shown = (figures[:visible] != 0).any(axis=0)
        shown[~self._kept] = False
        rows = drawn(figures, shown, number)
        for condition in asked.conditions:
            if condition.field in METRICS:
                values = METRICS[condition.field].work_out(self.figures(rows)).tolist()
                divisor = 100 if condition.field == "spend" else 1
                kept = [condition.holds(value / divisor) for value in values]
                rows = rows.take(np.array(kept, dtype=np.bool_))
        return rows

    def _figures(self, number: int) -> Integers:
        """Returns a period's figures of shape (measure, subject, cell)."""
        size, asked = self.node.business.parameters, self.asked
        first, last = asked.periods[number]
        days = days_between(max(first, size.first_day), min(last, size.end))
        split, top = bool(asked.breakdowns) and not asked.hourly, self.node
        if asked.by_delivery:
            return self._delivered(days)
        if asked.hourly:
            # By day: a day without an impression has no hour, whatever the others have.
            whole = [add_days(top.business, top, self._level, [day], cells=True) for day in days]
            known = [_by_hour(np.asarray(one.sum(axis=3))) for one in whole if one is not None]
            figures = np.asarray(np.sum(known, axis=0)) if known else None
        else:
            figures = add_days(top.business, top, self._level, days, segments=split)
        if figures is None:
            return np.zeros((len(self._portfolio.measures), len(self.subjects), 1), dtype=np.int64)
        if not split:
            return figures if asked.hourly else np.asarray(figures[:, :, None])
        groups = figures.reshape((*figures.shape[:2], len(AGES), len(GENDERS)))
        for axis, name in ((2, "age"), (3, "gender")):
            if name not in asked.breakdowns:
                groups = np.asarray(groups.sum(axis=axis, keepdims=True))
        return np.asarray(groups.reshape((*figures.shape[:2], -1)))

    def _delivered(self, days: list[date]) -> Integers:
        """Returns figures by country, or by platform and (if asked for) device."""
        top, breakdowns = self.node, self.asked.breakdowns
        size, account = top.business.parameters, top.account

        def weights(day: date) -> Integers:
            weighed = weights_of(size, account, breakdowns, day)
            return np.tile(weighed, (len(self.subjects), 1))

        unit = np.array([unit_of(name) for name in self._portfolio.measures], dtype=np.int64)
        figures = add_days(top.business, top, Split(self._level, weights, unit), days)
        keys = shown_cells(account, breakdowns)
        distinct = list(dict.fromkeys(keys))
        shape = (len(self._portfolio.measures), len(self.subjects), len(distinct))
        summed = np.zeros(shape, dtype=np.int64)
        if figures is not None:
            for position, key in enumerate(keys):
                summed[:, :, distinct.index(key)] += figures[:, :, position]
        return summed

    def _passes(self, subject: Node) -> bool:
        for one in self.asked.conditions:
            if one.field in METRICS or one.field in _LIST_FILTERS or one.field in LISTS:
                continue
            if not one.holds(value_of(*self._target(subject, one))):
                return False
        return True

    def _target(self, subject: Node, condition: Condition) -> tuple[Node, str]:
        kind, _, name = condition.field.partition(".")
        above = subject.up(kind)
        if above is not None and name and "." not in name:
            return above, name
        raise invalid(
            f"Filtering field '{condition.field}' with operation '{condition.operator.lower()}' is "
            f"not supported at level {self.asked.level}"
        )


def shown_cells(account: Account, breakdowns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Returns what a row says of each part of a breakdown by country, platform or device."""
    return [tuple(cell[name] for name in breakdowns) for cell in cells_of(account, breakdowns)]


def _by_hour(summed: Integers) -> Integers:
    """Adds a cell without an hour, for subjects that had no impression on the day."""
    cells = np.concatenate([summed, np.zeros((*summed.shape[:2], 1), dtype=np.int64)], axis=2)
    silent = summed[0].sum(axis=1) == 0
    cells[:, silent, NO_HOUR] = summed[:, silent].sum(axis=2)
    cells[:, silent, :NO_HOUR] = 0
    return cells
