"""The figures of insights: each worked out for all rows at once and written as text, or left out.

Everything is a string, and what is zero is absent. Reach and uniques are worked out from the row's
own impressions and clicks, so that no level and no grain adds up to another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.portfolio import Floats, Integers
from connectors.sandbox.wire.amounts import money


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of some rows.

    Attributes:
        names: The names of the measures.
        measures: Their values, shape (measure, row).
        audience: How many people the account can reach.
    """

    names: tuple[str, ...]
    measures: Integers
    audience: int

    def __getitem__(self, name: str) -> Integers:
        return np.asarray(self.measures[self.names.index(name)])

    def people(self, name: str) -> Integers:
        """Returns how many different people are behind so many events: reach saturates."""
        events = self[name]
        return np.asarray(-(-(events * self.audience) // np.maximum(events + self.audience, 1)))


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: Its name as a field.
        work_out: From figures to one value a row, NaN or 0 where it is absent.
        write: From a value to its text.
        by_hour: Whether it can be had by the hour.
    """

    name: str
    work_out: Callable[[Figures], npt.NDArray[np.int64] | npt.NDArray[np.float64]]
    write: Callable[[int | float], str]
    by_hour: bool = True

    def fragments(self, figures: Figures) -> list[str]:
        """Returns each row's text, with a comma before it, or nothing."""
        key, write = f',"{self.name}":"', self.write
        return [
            f'{key}{write(value)}"' if value else "" for value in self.work_out(figures).tolist()
        ]


def _ratio(value: int | float) -> str:
    return f"{value:.6f}"


def _divide(above: npt.NDArray[np.floating[Any]], below: Integers) -> Floats:
    return np.where(below == 0, 0.0, above / np.maximum(below, 1))


def _count(name: str, measure: str) -> Metric:
    return Metric(name, lambda figures: figures[measure], str)


_METRICS = (
    _count("impressions", "impressions"),
    _count("clicks", "clicks"),
    _count("inline_link_clicks", "link_clicks"),
    Metric("spend", lambda one: one["cost_cents"], money),
    Metric(
        "inline_post_engagement",
        lambda one: one["link_clicks"] + one["video_views"] + one["reactions"],
        str,
    ),
    Metric("ctr", lambda one: _divide(100.0 * one["clicks"], one["impressions"]), _ratio),
    Metric("cpc", lambda one: _divide(one["cost_cents"] / 100, one["clicks"]), _ratio),
    Metric("cpm", lambda one: _divide(one["cost_cents"] * 10.0, one["impressions"]), _ratio),
    Metric(
        "inline_link_click_ctr",
        lambda one: _divide(100.0 * one["link_clicks"], one["impressions"]),
        _ratio,
    ),
    Metric(
        "cost_per_inline_link_click",
        lambda one: _divide(one["cost_cents"] / 100, one["link_clicks"]),
        _ratio,
    ),
    Metric("reach", lambda one: one.people("impressions"), str, by_hour=False),
    Metric(
        "frequency",
        lambda one: _divide(one["impressions"] * 1.0, one.people("impressions")),
        _ratio,
        by_hour=False,
    ),
    Metric(
        "cpp",
        lambda one: _divide(one["cost_cents"] * 10.0, one.people("impressions")),
        _ratio,
        by_hour=False,
    ),
    Metric("unique_clicks", lambda one: one.people("clicks"), str, by_hour=False),
    Metric(
        "unique_ctr",
        lambda one: _divide(100.0 * one.people("clicks"), one.people("impressions")),
        _ratio,
        by_hour=False,
    ),
    Metric("unique_inline_link_clicks", lambda one: one.people("link_clicks"), str, by_hour=False),
)
METRICS = {metric.name: metric for metric in _METRICS}
