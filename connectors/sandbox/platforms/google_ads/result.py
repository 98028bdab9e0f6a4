"""A query's result as of one clock: what its rows are about, when, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from connectors.sandbox.business import Business
from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.platforms.google_ads.fields import (
    ATTRIBUTES,
    NETWORK_TYPE,
    PERIODS,
    resource_of,
)
from connectors.sandbox.platforms.google_ads.filters import subject_filter, value_test
from connectors.sandbox.platforms.google_ads.managers import Manager
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.platforms.google_ads.network import DEVICES, NETWORK
from connectors.sandbox.platforms.google_ads.networks import NETWORKS, network_weights
from connectors.sandbox.platforms.google_ads.parts import (
    campaign_placement_level,
    campaign_term_level,
    click_level,
    geographic_level,
    keyword_level,
    keyword_subjects,
    label_subjects,
    placement_level,
    search_term_level,
    target_subjects,
)
from connectors.sandbox.platforms.google_ads.periods import Period, periods
from connectors.sandbox.platforms.google_ads.subjects import Subject
from connectors.sandbox.platforms.google_ads.validation import Asked
from connectors.sandbox.platforms.google_ads.views import REGION, region_name
from connectors.sandbox.tables.levels import Level, Parts, Split, add_days, listed, sums
from connectors.sandbox.tables.results import Flags, Result, Rows, drawn

_PARTS = {
    "keyword_view": keyword_level,
    "search_term_view": search_term_level,
    "campaign_search_term_view": campaign_term_level,
    "group_placement_view": placement_level,
    "performance_max_placement_view": campaign_placement_level,
}
_LEVELS = {"customer": "account", "campaign": "campaign", "ad_group": "ad_group"}


@dataclass(frozen=True, slots=True)
class _OfDevices:
    """A level whose days are by device, all hours of each added up."""

    whole: Level[Subject]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What rows can be about."""
        return self.whole.subjects

    def add_up(self, figures: Integers, day: date) -> Integers:
        """Brings a day's figures to (measure, subject, device)."""
        return np.asarray(self.whole.add_up(figures, day).sum(axis=2))


class Found:
    """What one query finds in one account.

    Attributes:
        asked: The query.
        subjects: What rows can be about; `Rows.subject` points into it.
        periods: The stretches of days; `Rows.period` points into it.
        result: The rows; their cells are hours, devices and networks.
    """

    def __init__(self, business: Business, top: Subject, asked: Asked) -> None:
        self.asked, self._business, self._top = asked, business, top
        self._level = self._find_level()
        self.subjects: tuple[Subject, ...] = self._level.subjects
        keep = subject_filter(asked.filters)
        self._kept = np.array([_exists(one) and keep(one) for one in self.subjects], dtype=np.bool_)
        self._figured = bool(asked.metrics or asked.segments)
        self.periods: tuple[Period, ...] = self._find_periods()
        order = [
            (partial(self._column, field=field), falling) for field, falling in asked.query.order_by
        ]
        self.result = Result(len(self.periods), self._draw, order, asked.query.limit)

    def _find_level(self) -> Level[Subject]:
        resource, top = self.asked.resource.name, self._top
        if resource == "customer_client":
            return listed(self._clients())
        if resource == "geo_target_constant":
            return listed(target_subjects(top))
        if isinstance(top.account, Manager):
            return listed([top] if resource == "customer" else [])
        size, portfolio = self._business.parameters, self._business.portfolio(top.account)
        if resource == "ad_group_criterion":
            return listed(keyword_subjects(size, portfolio, top))
        if resource in _PARTS:
            return _PARTS[resource](size, portfolio, top)
        if "label" in resource:
            return listed(label_subjects(portfolio, top, resource))
        if resource == "click_view" and self.asked.first is not None:
            return click_level(self._business, top, self.asked.first)
        if resource == "geographic_view":
            parts = {resource_of(name) for name in self.asked.query.select}
            return geographic_level(
                size,
                portfolio,
                top,
                by_campaign=not parts.isdisjoint(self.asked.resource.dividing),
                by_region=REGION in self.asked.segments,
            )
        whole = sums(portfolio, top, _LEVELS.get(resource, "ad"))
        if NETWORK_TYPE not in self.asked.segments:
            return whole
        channels = [one.campaign.channel for one in whole.subjects]
        # Devices are divided, so that those of a network add up to it.
        divided = whole if "segments.hour" in self.asked.segments else _OfDevices(whole)
        return Split(divided, lambda day: network_weights(size, top.account, channels, day))

    def _clients(self) -> Iterator[Subject]:
        top, account = self._top, self._top.account
        walked = account.walk() if isinstance(account, Manager) else [(0, account)]
        for depth, client in walked:
            yield Subject(top.clock, account, client=client, depth=depth)

    def _find_periods(self) -> tuple[Period, ...]:
        size, alone = self._business.parameters, (Period((), "", ()),)
        if not self._figured:
            return alone
        first = max(self.asked.first or size.first_day, size.first_day)
        last = min(self.asked.last or size.end, size.end)
        fields = tuple(field for field in self.asked.segments if field in PERIODS)
        return periods(fields, first, last) or alone

    def _draw(self, number: int) -> Rows:
        figures = self._figures(number)
        shown = self._shown(figures)
        shown[~self._kept] = False
        rows = drawn(figures, shown, number)
        for condition in self.asked.filters:
            if condition.field not in ATTRIBUTES:
                test, values = value_test(condition), self._column(rows, condition.field)
                rows = rows.take(np.array([test(one) for one in values], dtype=np.bool_))
        return rows

    def _figures(self, number: int) -> Integers:
        """Returns a period's figures of shape (measure, subject, hour, device, network), added up
        to one hour, device or network where it is not split by them."""
        split = {axis: f"segments.{axis}" in self.asked.segments for axis in ("hour", "device")}
        by_network = NETWORK_TYPE in self.asked.segments
        cells, days = by_network or any(split.values()), self.periods[number].days
        figures = add_days(self._business, self._top, self._level, days, cells=cells)
        if figures is None:
            scored = isinstance(self._level, Parts) and self._level.score is not None
            shape = (len(NETWORK.measures) + scored, len(self.subjects), 1, len(DEVICES))
            figures = np.zeros((*shape, len(NETWORKS)), dtype=np.int64)
        elif by_network:
            figures = figures if split["hour"] else figures[:, :, None]
        else:
            figures = figures[..., None] if cells else figures[:, :, None, None, None]
        for axis, wanted in zip((2, 3, 4), (*split.values(), by_network), strict=True):
            if not wanted:
                figures = np.asarray(figures.sum(axis=axis, keepdims=True))
        return figures

    def _shown(self, figures: Integers) -> Flags:
        """Says which rows are returned: with segments, only those where a metric is not zero."""
        if not self.asked.segments:
            return np.ones(figures.shape[1:], dtype=np.bool_)
        if not self.asked.metrics:
            return np.asarray(figures[0] != 0)
        shown = np.zeros(figures.shape[1:], dtype=np.bool_)
        for name in self.asked.metrics:
            shown |= np.nan_to_num(METRICS[name].work_out(figures)) != 0
        return shown

    def _column(self, rows: Rows, field: str) -> list[object]:
        if field in METRICS:
            return list(METRICS[field].work_out(rows.measures).tolist())
        if field == "segments.hour":
            return list(rows.cells[0].tolist())
        if field == "segments.device":
            return [DEVICES[position] for position in rows.cells[1].tolist()]
        if field == NETWORK_TYPE:
            return [NETWORKS[position] for position in rows.cells[2].tolist()]
        if field in PERIODS:
            place = [one for one in self.asked.segments if one in PERIODS].index(field)
            return [self.periods[number].values[place] for number in rows.period.tolist()]
        read = region_name if field == REGION else ATTRIBUTES[field].read
        return [read(self.subjects[position]) for position in rows.subject.tolist()]


def _exists(subject: Subject) -> bool:
    """Says whether what a row is about has been created as of its clock."""
    if subject.keyword is not None and subject.keyword.status.created > subject.clock:
        return False
    return not subject.path or subject.campaign.name.created <= subject.clock
