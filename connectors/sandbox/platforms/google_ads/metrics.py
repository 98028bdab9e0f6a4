"""The metrics: how each is worked out from the measures of the business, and how it is written.

int64 metrics are written as strings, doubles as the shortest decimal (`1.5`, but `3`, not `3.0`); a
ratio without a denominator is unset, hence absent. Ratios in money are in micros, as doubles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.portfolio import Floats, Integers
from connectors.sandbox.platforms.google_ads.fields import camel

_CENTS_TO_MICROS = 10_000
_IMPRESSIONS, _CLICKS, _COST, _CONVERSIONS, _VALUE, _VIEW_THROUGH, _VIEWS, _SCORES = range(8)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: Its name in a query.
        data_type: INT64 or DOUBLE.
        work_out: From measures of shape (measure, row) to one figure a row; NaN where unset.
        ratio: Whether it can be unset.
        resource: The one resource that has it; None for all that have metrics.
    """

    name: str
    data_type: str
    work_out: Callable[[Integers], npt.NDArray[np.int64] | npt.NDArray[np.float64]]
    ratio: bool = False
    resource: str | None = None

    def template(self) -> str:
        """Returns the %-template of the metric in a row, for a metric that is always set."""
        key = camel(self.name.removeprefix("metrics."))
        return f'"{key}":"%d"' if self.data_type == "INT64" else f'"{key}":%.15g'

    def fragments(self, measures: Integers) -> list[str]:
        """Returns the texts of a ratio, each with a comma before it or empty where unset."""
        key = camel(self.name.removeprefix("metrics."))
        quoted = self.data_type == "INT64"
        return [
            ""
            if isnan(figure)
            else (f',"{key}":"{round(figure)}"' if quoted else f',"{key}":{figure!r}')
            for figure in self.work_out(measures).tolist()
        ]


def _ratio(above: Floats, below: Integers) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, np.nan, above / below)


def _interactions(measures: Integers) -> Integers:
    return np.asarray(measures[_CLICKS] + measures[_VIEWS])


def _money_per(below: int, times: int = 1) -> Callable[[Integers], Floats]:
    return lambda m: _ratio(m[_COST] * float(_CENTS_TO_MICROS * times), m[below])


_METRICS = (
    Metric("metrics.impressions", "INT64", lambda m: m[_IMPRESSIONS]),
    Metric("metrics.clicks", "INT64", lambda m: m[_CLICKS]),
    Metric("metrics.interactions", "INT64", _interactions),
    Metric("metrics.cost_micros", "INT64", lambda m: m[_COST] * _CENTS_TO_MICROS),
    Metric("metrics.conversions", "DOUBLE", lambda m: m[_CONVERSIONS] / 100),
    Metric("metrics.conversions_value", "DOUBLE", lambda m: m[_VALUE] / 100),
    Metric("metrics.view_through_conversions", "INT64", lambda m: m[_VIEW_THROUGH]),
    Metric("metrics.video_trueview_views", "INT64", lambda m: m[_VIEWS]),
    Metric("metrics.ctr", "DOUBLE", lambda m: _ratio(m[_CLICKS] * 1.0, m[_IMPRESSIONS]), True),
    Metric("metrics.average_cpc", "DOUBLE", _money_per(_CLICKS), True),
    Metric("metrics.average_cpm", "DOUBLE", _money_per(_IMPRESSIONS, 1000), True),
    Metric(
        "metrics.cost_per_conversion",
        "DOUBLE",
        lambda m: _ratio(m[_COST] * float(_CENTS_TO_MICROS * 100), m[_CONVERSIONS]),
        True,
    ),
    Metric(
        "metrics.value_per_conversion",
        "DOUBLE",
        lambda m: _ratio(m[_VALUE] * 1.0, m[_CONVERSIONS]),
        True,
    ),
    Metric(
        "metrics.historical_quality_score",
        "INT64",
        lambda m: np.rint(_ratio(np.where(m[_SCORES] > 0, m[_SCORES], np.nan), m[_IMPRESSIONS])),
        True,
        "keyword_view",
    ),
)
METRICS = {metric.name: metric for metric in _METRICS}
