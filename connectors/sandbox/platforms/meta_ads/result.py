"""The rows of one question about insights, as columns, drawn a period at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.demographics import AGES, GENDERS
from connectors.sandbox.business.portfolio import Integers, Unit
from connectors.sandbox.platforms.meta_ads.actions import LISTS, WINDOWS
from connectors.sandbox.platforms.meta_ads.asked import Asked
from connectors.sandbox.platforms.meta_ads.errors import invalid
from connectors.sandbox.platforms.meta_ads.filters import Condition
from connectors.sandbox.platforms.meta_ads.insight_fields import SUBJECT_FIELDS
from connectors.sandbox.platforms.meta_ads.metrics import METRICS, Figures
from connectors.sandbox.platforms.meta_ads.node_fields import value_of
from connectors.sandbox.platforms.meta_ads.nodes import Node

# The cell of what has no hour: conversions of a day without an impression.
NO_HOUR = HOURS
_LIST_FILTERS = ("action_type",)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as columns: positions of subject, period and cell, and their measures."""

    subject: Integers
    period: Integers
    cell: Integers
    measures: Integers

    def __len__(self) -> int:
        return len(self.subject)

    def take(self, which: npt.NDArray[Any] | slice) -> Rows:
        """Returns some of the rows, by positions, flags or a slice."""
        return Rows(
            self.subject[which], self.period[which], self.cell[which], self.measures[:, which]
        )


class Result:
    """The rows of one question on one node, as of the node's clock.

    Attributes:
        asked: The question.
        node: What it was asked of.
        subjects: What rows can be about; `Rows.subject` points into it.
    """

    def __init__(self, node: Node, asked: Asked) -> None:
        self.asked, self.node = asked, node
        self._portfolio = node.business.portfolio(node.account)
        self.subjects, self._units, self._starts = self._find_subjects()
        self._kept = np.array([self._passes(one) for one in self.subjects], dtype=np.bool_)
        names = self._portfolio.measures
        self._visible = len(names) if asked.windows else len(names) - 2 * len(WINDOWS)
        self._ends: list[int] = []
        self._last: tuple[int, Rows] | None = None
        self._sorted: Rows | None = None
        if asked.sort:
            self._sorted = self._sort()

    def rows(self, first: int, last: int) -> tuple[Rows, bool]:
        """Returns the rows of some positions, and whether more follow them."""
        if self._sorted is not None:
            return self._sorted.take(slice(first, last)), last < len(self._sorted)
        pieces: list[Rows] = []
        number, begin, more = 0, 0, False
        while number < len(self.asked.periods):
            known = self._ends[number] if number < len(self._ends) else None
            if known is None or known > first:
                drawn = self._block(number)
                if begin >= last and len(drawn):
                    more = True
                    break
                pieces.append(drawn.take(slice(max(0, first - begin), max(0, last - begin))))
                more = self._ends[number] > last
                if more:
                    break
            begin = self._ends[number]
            number += 1
        return self._join(pieces), more

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

    def _find_subjects(self) -> tuple[list[Node], Integers, Integers]:
        subjects: list[Node] = []
        units: list[int] = []
        starts: list[int] = []
        previous: int | None = None
        for position, unit in enumerate(self._portfolio.units):
            if not self._within(unit) or not self._node(unit, "campaign").exists:
                continue
            key = self._key(unit)
            if key != previous:
                starts.append(len(units))
                subjects.append(self._node(unit, self.asked.level))
                previous = key
            units.append(position)
        return subjects, np.array(units, dtype=np.int64), np.array(starts, dtype=np.int64)

    def _within(self, unit: Unit) -> bool:
        node = self.node
        pairs = (
            (node.campaign, unit.campaign),
            (node.ad_set, unit.ad_group),
            (node.ad, unit.ad),
        )
        return all(
            wanted is None or (own is not None and own.id == wanted.id) for wanted, own in pairs
        )

    def _key(self, unit: Unit) -> int:
        assert unit.ad_group is not None
        assert unit.ad is not None
        return {
            "account": 0,
            "campaign": unit.campaign.id,
            "adset": unit.ad_group.id,
            "ad": unit.ad.id,
        }[self.asked.level]

    def _node(self, unit: Unit, level: str) -> Node:
        node = self.node
        lowest = Node(
            "ad", node.business, node.clock, node.account, unit.campaign, unit.ad_group, unit.ad
        )
        return lowest.up[level]

    def _block(self, number: int) -> Rows:
        if self._last is None or self._last[0] != number:
            self._last = (number, self._draw(number))
        drawn = self._last[1]
        if number == len(self._ends):
            before = self._ends[-1] if self._ends else 0
            self._ends.append(before + len(drawn))
        return drawn

    def _draw(self, number: int) -> Rows:
        total = self._add_days(number)
        if total is None or not self.subjects:
            return self._join([])
        shown = (total[: self._visible] != 0).any(axis=0)
        shown[~self._kept] = False
        subject, cell = np.nonzero(shown)
        rows = Rows(
            subject,
            np.full(len(subject), number, dtype=np.int64),
            cell,
            total[:, subject, cell],
        )
        return self._passing(rows)

    def _add_days(self, number: int) -> Integers | None:
        """Returns measures of shape (measure, subject, cell), None when there is no day."""
        size, asked = self.node.business.parameters, self.asked
        first, last = asked.periods[number]
        day, last = max(first, size.first_day), min(last, size.end)
        split = bool(asked.breakdowns) and not asked.hourly
        total: Integers | None = None
        while day <= last:
            shown = self.node.business.shown(
                self.node.account, day, self.node.clock, cells=asked.hourly, segments=split
            )
            if shown is not None and len(self._units):
                cells = self._cells(np.add.reduceat(shown[:, self._units], self._starts, axis=1))
                total = cells if total is None else total + cells
            day += timedelta(days=1)
        return total

    def _cells(self, summed: Integers) -> Integers:
        if self.asked.hourly:
            return _by_hour(np.asarray(summed.sum(axis=3)))
        if not self.asked.breakdowns:
            return summed[:, :, None]
        shape = (*summed.shape[:2], len(AGES), len(GENDERS))
        split = summed.reshape(shape)
        if "age" not in self.asked.breakdowns:
            split = np.asarray(split.sum(axis=2, keepdims=True))
        if "gender" not in self.asked.breakdowns:
            split = np.asarray(split.sum(axis=3, keepdims=True))
        return split.reshape((*summed.shape[:2], -1))

    def _join(self, pieces: list[Rows]) -> Rows:
        if len(pieces) == 1:
            return pieces[0]
        none = np.zeros(0, dtype=np.int64)
        empty = Rows(none, none, none, np.zeros((len(self._portfolio.measures), 0), dtype=np.int64))
        every = [empty, *pieces]
        return Rows(
            np.concatenate([one.subject for one in every]),
            np.concatenate([one.period for one in every]),
            np.concatenate([one.cell for one in every]),
            np.concatenate([one.measures for one in every], axis=1),
        )

    def _passes(self, subject: Node) -> bool:
        for one in self.asked.conditions:
            if one.field in METRICS or one.field in _LIST_FILTERS or one.field in LISTS:
                continue
            node, name = self._target(subject, one)
            if not one.holds(value_of(node, name)):
                return False
        return True

    def _target(self, subject: Node, condition: Condition) -> tuple[Node, str]:
        kind, _, name = condition.field.partition(".")
        if kind in subject.up and name and "." not in name:
            return subject.up[kind], name
        raise invalid(
            f"Filtering field '{condition.field}' with operation '{condition.operator.lower()}' is "
            f"not supported at level {self.asked.level}"
        )

    def _passing(self, rows: Rows) -> Rows:
        for condition in self.asked.conditions:
            metric = METRICS.get(condition.field)
            if metric is None:
                continue
            values = metric.work_out(self.figures(rows)).tolist()
            divisor = 100 if condition.field == "spend" else 1
            kept = [condition.holds(value / divisor) for value in values]
            rows = rows.take(np.array(kept, dtype=np.bool_))
        return rows

    def _sort(self) -> Rows:
        rows = self._join([self._draw(number) for number in range(len(self.asked.periods))])
        order = np.arange(len(rows))
        for name, descending in reversed(self.asked.sort):
            ranks = self._ranks(rows, name)[order]
            order = order[np.argsort(-ranks if descending else ranks, kind="stable")]
        return rows.take(order)

    def _ranks(self, rows: Rows, name: str) -> npt.NDArray[Any]:
        if name in METRICS:
            return np.asarray(METRICS[name].work_out(self.figures(rows)))
        if name == "date_start":
            return rows.period
        read: Callable[[Node], str] = SUBJECT_FIELDS[name][1]
        values = [read(subject) for subject in self.subjects]
        order = {value: rank for rank, value in enumerate(sorted(set(values)))}
        return np.array([order[value] for value in values], dtype=np.int64)[rows.subject]


def _by_hour(summed: Integers) -> Integers:
    """Adds a cell without an hour, for subjects that had no impression on the day."""
    cells = np.concatenate([summed, np.zeros((*summed.shape[:2], 1), dtype=np.int64)], axis=2)
    silent = summed[0].sum(axis=1) == 0
    cells[:, silent, NO_HOUR] = summed[:, silent].sum(axis=2)
    cells[:, silent, :NO_HOUR] = 0
    return cells
