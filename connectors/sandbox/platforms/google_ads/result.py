"""A query's result as of one clock: blocks of rows, drawn one at a time, so memory stays bounded.

A block is one period of the query (one date when segments.date is selected). Only ORDER BY needs
all rows at once; they are then one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import isnan

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business import Business
from connectors.sandbox.business.calendar import HOURS
from connectors.sandbox.business.entities import Account
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.platforms.google_ads.fields import ATTRIBUTES, PERIODS, resource_of
from connectors.sandbox.platforms.google_ads.filters import subject_filter, value_test
from connectors.sandbox.platforms.google_ads.levels import Level, exists, listed, split, sums
from connectors.sandbox.platforms.google_ads.managers import Manager
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.platforms.google_ads.network import DEVICES
from connectors.sandbox.platforms.google_ads.parts import (
    geographic_level,
    keyword_level,
    keyword_subjects,
    target_subjects,
)
from connectors.sandbox.platforms.google_ads.periods import Period, periods
from connectors.sandbox.platforms.google_ads.subjects import Subject
from connectors.sandbox.platforms.google_ads.validation import Asked
from connectors.sandbox.platforms.google_ads.views import REGION, region_name

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as columns: positions of subject, period, hour and device, and their measures."""

    subject: Integers
    period: Integers
    hour: Integers
    device: Integers
    measures: Integers

    def __len__(self) -> int:
        return len(self.subject)

    def take(self, which: Integers | Flags | slice) -> Rows:
        """Returns some of the rows, by positions, flags or a slice."""
        return Rows(
            self.subject[which],
            self.period[which],
            self.hour[which],
            self.device[which],
            self.measures[:, which],
        )


class Result:
    """The rows of one query on one account as of one clock.

    Attributes:
        subjects: What rows can be about; `Rows.subject` points into it.
        periods: The stretches of days; `Rows.period` points into it.
    """

    def __init__(
        self, business: Business, account: Account | Manager, asked: Asked, clock: datetime
    ) -> None:
        self.asked = asked
        self._business, self._account, self._clock = business, account, clock
        self._level = self._find_level()
        self.subjects: tuple[Subject, ...] = self._level.subjects
        keep = subject_filter(asked.filters)
        self._kept: Flags = np.array(
            [exists(subject) and keep(subject) for subject in self.subjects], dtype=np.bool_
        )
        self._figured = bool(asked.metrics or asked.segments)
        self.periods: tuple[Period, ...] = self._find_periods()
        self._last: tuple[int, Rows] | None = None
        self._sorted = self._sort() if asked.query.order_by else None

    @property
    def measures(self) -> int:
        """How many figures a row has."""
        return self._level.measures

    @property
    def blocks(self) -> int:
        """How many blocks there are; a block can be empty."""
        return 1 if self._sorted is not None else len(self.periods)

    def block(self, number: int) -> Rows:
        """Returns the rows of a block. The last one asked for is kept."""
        if self._sorted is not None:
            return self._sorted
        if self._last is None or self._last[0] != number:
            self._last = (number, self._draw(number))
        return self._last[1]

    def _find_level(self) -> Level:
        resource, account, clock = self.asked.resource.name, self._account, self._clock
        if resource == "customer_client":
            return listed(tuple(self._clients()))
        if resource == "geo_target_constant":
            return listed(target_subjects(clock, Subject(clock, account)))
        if isinstance(account, Manager):
            alone = resource == "customer"
            return listed((Subject(clock, account),) if alone else ())
        size, portfolio = self._business.parameters, self._business.portfolio(account)
        if resource == "ad_group_criterion":
            return listed(keyword_subjects(size, portfolio, clock))
        if resource == "keyword_view":
            return keyword_level(size, portfolio, clock)
        if resource == "geographic_view":
            parts = {resource_of(name) for name in self.asked.query.select}
            return geographic_level(
                size,
                portfolio,
                clock,
                by_campaign=not parts.isdisjoint(self.asked.resource.dividing),
                by_region=REGION in self.asked.segments,
            )
        return sums(portfolio, resource, clock)

    def _clients(self) -> Iterator[Subject]:
        account = self._account
        walked = account.walk() if isinstance(account, Manager) else [(0, account)]
        for depth, client in walked:
            yield Subject(self._clock, account, client=client, level=depth)

    def _find_periods(self) -> tuple[Period, ...]:
        size = self._business.parameters
        if not self._figured:
            return periods((), size.first_day, size.first_day)
        first = max(self.asked.first or size.first_day, size.first_day)
        last = min(self.asked.last or size.end, size.end)
        fields = tuple(field for field in self.asked.segments if field in PERIODS)
        return periods(fields, first, last)

    def _draw(self, number: int) -> Rows:
        if not self._figured:
            chosen = np.flatnonzero(self._kept)
            none = np.zeros((self._level.measures, len(chosen)), dtype=np.int64)
            return self._rows(number, chosen, none)
        hour = "segments.hour" in self.asked.segments
        device = "segments.device" in self.asked.segments
        summed = self._add_days(number, cells=hour or device)
        if hour or device:
            measures = split(summed, hour=hour, device=device)
        else:
            measures = summed[:, :, None, None]
        shown = self._shown(measures)
        shown[~self._kept] = False
        subject, hours, devices = np.nonzero(shown)
        rows = Rows(
            subject,
            np.full(len(subject), number, dtype=np.int64),
            hours,
            devices,
            measures[:, subject, hours, devices],
        )
        return rows.take(self._passing(rows))

    def _rows(self, number: int, subject: Integers, measures: Integers) -> Rows:
        zero = np.zeros(len(subject), dtype=np.int64)
        return Rows(subject, zero + number, zero, zero, measures)

    def _add_days(self, number: int, *, cells: bool) -> Integers:
        account = self._account
        assert isinstance(account, Account)
        shape = (
            self._level.measures,
            len(self.subjects),
            *((HOURS, len(DEVICES)) if cells else ()),
        )
        total: Integers = np.zeros(shape, dtype=np.int64)
        for day in self.periods[number].days:
            measures = self._business.shown(account, day, self._clock, cells=cells)
            if measures is not None:
                total = total + self._level.add_up(measures, day)
        return total

    def _shown(self, measures: Integers) -> Flags:
        """Says which rows are returned: with segments, only those where a metric is not zero."""
        if not self.asked.segments:
            return np.ones(measures.shape[1:], dtype=np.bool_)
        if not self.asked.metrics:
            return np.asarray(measures[0] != 0)
        shown = np.zeros(measures.shape[1:], dtype=np.bool_)
        for name in self.asked.metrics:
            shown |= np.nan_to_num(METRICS[name].work_out(measures)) != 0
        return shown

    def _passing(self, rows: Rows) -> Flags:
        passing = np.ones(len(rows), dtype=np.bool_)
        for condition in self.asked.filters:
            if condition.field in ATTRIBUTES:
                continue
            test = value_test(condition)
            values = self._column(rows, condition.field)
            passing &= np.fromiter((test(value) for value in values), np.bool_, len(rows))
        return passing

    def _column(self, rows: Rows, field: str) -> list[object]:
        if field in METRICS:
            return list(METRICS[field].work_out(rows.measures).tolist())
        if field == "segments.hour":
            return list(rows.hour.tolist())
        if field == "segments.device":
            return [DEVICES[position] for position in rows.device.tolist()]
        if field == REGION:
            return [region_name(self.subjects[position]) for position in rows.subject.tolist()]
        if field in PERIODS:
            place = [one for one in self.asked.segments if one in PERIODS].index(field)
            return [self.periods[number].values[place] for number in rows.period.tolist()]
        read = ATTRIBUTES[field].read
        return [read(self.subjects[position]) for position in rows.subject.tolist()]

    def _sort(self) -> Rows:
        drawn = [self._draw(number) for number in range(len(self.periods))]
        if not drawn:
            empty = np.zeros(0, dtype=np.int64)
            return self._rows(0, empty, np.zeros((self._level.measures, 0), dtype=np.int64))
        rows = Rows(
            np.concatenate([one.subject for one in drawn]),
            np.concatenate([one.period for one in drawn]),
            np.concatenate([one.hour for one in drawn]),
            np.concatenate([one.device for one in drawn]),
            np.concatenate([one.measures for one in drawn], axis=1),
        )
        order = np.arange(len(rows))
        for field, descending in reversed(self.asked.query.order_by):
            ranks = _ranks(self._column(rows, field))[order]
            order = order[np.argsort(-ranks if descending else ranks, kind="stable")]
        return rows.take(order)


def _ranks(values: list[object]) -> Integers:
    """Returns the rank of each value among its column; unset values come first."""
    distinct = {value for value in values if not _is_unset(value)}
    order = {value: rank for rank, value in enumerate(sorted(distinct, key=_sortable), start=1)}
    return np.array([order.get(value, 0) for value in values], dtype=np.int64)


def _is_unset(value: object) -> bool:
    return value is None or (isinstance(value, float) and isnan(value))


def _sortable(value: object) -> tuple[float, str]:
    if isinstance(value, int | float):
        return (float(value), "")
    return (0.0, str(value))
