"""What a report is asked for, checked in the order in which Google checks it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.platforms.ga4.errors import error, incompatible, no_field, unknown_key
from connectors.sandbox.platforms.ga4.fields import DIMENSIONS, METRICS, clashing
from connectors.sandbox.platforms.ga4.filters import fields_of, word
from connectors.sandbox.platforms.ga4.site import Property

_KEYS: dict[str, set[str]] = {
    "": {
        "property", "dimensions", "metrics", "dateRanges", "dimensionFilter", "metricFilter",
        "offset", "limit", "metricAggregations", "orderBys", "currencyCode", "cohortSpec",
        "keepEmptyRows", "returnPropertyQuota", "comparisons",
    },
    "dimensions": {"name", "dimensionExpression"},
    "metrics": {"name", "expression", "invisible"},
    "dateRanges": {"startDate", "endDate", "name"},
    "orderBys": {"metric", "dimension", "pivot", "desc"},
}  # fmt: skip
_USUAL, _MOST = 10_000, 250_000
_MOST_OF = {"dimensions": 9, "metrics": 10, "dateRanges": 4}
_AGGREGATIONS = ("TOTAL", "", "", "MINIMUM", "MAXIMUM", "COUNT")
_FIRST_DAY = date(2015, 8, 14)


@dataclass(frozen=True, slots=True)
class Question:
    """One report that is asked for.

    Attributes:
        ranges: The name, the first and the last date of each range.
    """

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    ranges: tuple[tuple[str, date, date], ...]
    dimension_filter: dict[str, Any] | None
    metric_filter: dict[str, Any] | None
    order_bys: tuple[dict[str, Any], ...]
    offset: int
    limit: int
    with_totals: bool
    with_quota: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that it needs, those of its filters too."""
        filtered = (*fields_of(self.dimension_filter), *fields_of(self.metric_filter))
        return (*self.dimensions, *self.metrics, *filtered)

    @classmethod
    def read(
        cls, body: dict[str, Any], property_: Property, now: datetime, retired: frozenset[str]
    ) -> Question:
        """Reads the body of a request.

        Args:
            body: The request.
            property_: Whose zone relative dates are of.
            now: The clock.
            retired: Fields that are no longer there.

        Raises:
            Refusal: 400.
        """
        check_keys(body)
        dimensions, metrics = named(body, "dimensions"), named(body, "metrics")
        filters = body.get("dimensionFilter"), body.get("metricFilter")
        check_fields((*dimensions, *fields_of(filters[0])), "dimension", retired)
        check_fields((*metrics, *fields_of(filters[1])), "metric", retired)
        offset, limit = _whole(body, "offset", 0), _whole(body, "limit", _USUAL)
        if not body.get("dateRanges"):
            raise error(400, "A dateRange is required.")
        for name, most in _MOST_OF.items():
            if len(body.get(name, ())) > most:
                raise error(400, f"Requests are limited to {most} {name}.")
        if not dimensions and not metrics:
            raise error(400, "At least one dimension or metric is required.")
        today = now.astimezone(ZoneInfo(property_.time_zone)).date()
        question = cls(
            dimensions,
            metrics,
            tuple(_range(one, n, today) for n, one in enumerate(body["dateRanges"])),
            *filters,
            tuple(body.get("orderBys", ())),
            offset,
            min(limit or _USUAL, _MOST),
            "TOTAL" in [word(one, _AGGREGATIONS) for one in body.get("metricAggregations", ())],
            body.get("returnPropertyQuota") is True,
        )
        clash = clashing(question.fields)
        if clash is not None:
            raise incompatible(clash)
        return question


def check_keys(body: dict[str, Any]) -> None:
    """Refuses keys that a request does not have.

    Raises:
        Refusal: 400.
    """
    for key in body:
        if key not in _KEYS[""]:
            raise unknown_key("", key)
    for name, known in _KEYS.items():
        for place, one in enumerate(body.get(name, ()) if name else ()):
            for key in one:
                if key not in known:
                    raise unknown_key(f" at '{name}[{place}]'", key)


def named(body: dict[str, Any], kind: str) -> tuple[str, ...]:
    """Returns the names of the dimensions, or metrics, of a request."""
    return tuple(str(one.get("name", "")) for one in body.get(kind, ()))


def check_fields(names: tuple[str, ...], kind: str, retired: frozenset[str]) -> None:
    """Refuses fields that there are not, or no longer.

    Raises:
        Refusal: 400.
    """
    for name in names:
        if name not in (DIMENSIONS if kind == "dimension" else METRICS) or name in retired:
            raise no_field(kind, name)


def _whole(body: dict[str, Any], name: str, usual: int) -> int:
    try:
        value = int(body.get(name, usual))
    except (TypeError, ValueError) as trouble:
        raise error(400, f"Invalid value at '{name}' (TYPE_INT64)") from trouble
    if value < 0:
        raise error(400, f"The {name} must not be negative.")
    return value


def _range(asked: dict[str, Any], place: int, today: date) -> tuple[str, date, date]:
    first, last = (_day(str(asked.get(one, "")), today) for one in ("startDate", "endDate"))
    if first < _FIRST_DAY or last < first:
        raise error(400, "The date range must start after 2015-08-13 and not end before it starts.")
    return str(asked.get("name") or f"date_range_{place}"), first, last


def _day(text: str, today: date) -> date:
    ago = {"today": 0, "yesterday": 1}.get(text)
    if found := re.fullmatch(r"(\d{1,4})daysAgo", text):
        ago = int(found[1])
    try:
        return date.fromisoformat(text) if ago is None else today - timedelta(days=ago)
    except ValueError as trouble:
        raise error(400, f"Invalid date: {text}.") from trouble
