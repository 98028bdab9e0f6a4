"""The rules a query has to keep before it is run, and the dates that it asks for."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from connectors.sandbox.platforms.google_ads.errors import GoogleAdsError, query_error
from connectors.sandbox.platforms.google_ads.fields import (
    ATTRIBUTES,
    PERIODS,
    RESOURCES,
    SEGMENTS,
    resource_of,
)
from connectors.sandbox.platforms.google_ads.gaql import Condition, Query
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.platforms.google_ads.subjects import Resource

_CLICKS_KEPT_DAYS = 90
_DURING = {
    "TODAY": (0, 0),
    "YESTERDAY": (-1, -1),
    "LAST_7_DAYS": (-7, -1),
    "LAST_14_DAYS": (-14, -1),
    "LAST_30_DAYS": (-30, -1),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that keeps the rules, taken apart by kind of field.

    Attributes:
        resource: What FROM names.
        attributes, segments, metrics: What SELECT names, in its order.
        first, last: The date range; None where the query does not bound it.
        filters: The conditions other than dates.
    """

    query: Query
    resource: Resource
    attributes: tuple[str, ...]
    segments: tuple[str, ...]
    metrics: tuple[str, ...]
    first: date | None
    last: date | None
    filters: tuple[Condition, ...]


def refuse_retired(query: str, retired: Set[str]) -> None:
    """Refuses a query that names a field which this version no longer has.

    Raises:
        GoogleAdsError: It names one.
    """
    for field in re.findall(r"[a-z_]+(?:\.[a-z_0-9]+)+", query):
        if field in retired:
            raise query_error("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{field}'.")


def check(query: Query, today: date) -> Asked:
    """Checks a query against the resources and their fields.

    Args:
        query: The parsed query.
        today: The account's today, for `DURING`.

    Raises:
        GoogleAdsError: A rule is broken; the code says which.
    """
    resource = RESOURCES.get(query.resource)
    if resource is None:
        raise query_error(
            "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
            f"Error in query: resource '{query.resource}' is not served.",
        )
    for field in _mentioned(query):
        _check_field(resource, field)
    _check_references(query)
    dates = [one for one in query.where if one.field == "segments.date"]
    first, last = _range(dates, today)
    selected_periods = [field for field in query.select if field in PERIODS]
    if (selected_periods or dates) and (first is None or last is None):
        raise query_error(
            "EXPECTED_FILTERS_ON_DATE_RANGE",
            "Error in query: a finite date range is required: filter segments.date with BETWEEN, "
            "=, DURING, or both >= and <=.",
        )
    if first is not None and last is not None and first > last:
        raise GoogleAdsError(
            400, "dateRangeError", "START_DATE_AFTER_END_DATE", f"{first} is after {last}."
        )
    if resource.one_day:
        _check_one_day(first, last, today)
    return Asked(
        query=query,
        resource=resource,
        attributes=tuple(field for field in query.select if field in ATTRIBUTES),
        segments=tuple(field for field in query.select if field in SEGMENTS),
        metrics=tuple(field for field in query.select if field in METRICS),
        first=first,
        last=last,
        filters=tuple(one for one in query.where if one.field != "segments.date"),
    )


def _mentioned(query: Query) -> list[str]:
    fields = [*query.select, *(condition.field for condition in query.where)]
    fields.extend(field for field, _ in query.order_by)
    return list(dict.fromkeys(fields))


def _check_field(resource: Resource, field: str) -> None:
    if field in METRICS:
        only = METRICS[field].resource
        has = not resource.measured or field in resource.measured
        if not resource.metrics or not has or only not in (None, resource.name):
            raise query_error(
                "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
                f"Error in query: '{field}' cannot be used with '{resource.name}'.",
            )
    elif field in SEGMENTS:
        if field not in resource.segments:
            raise query_error(
                "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE"
                if resource.metrics
                else "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE",
                f"Error in query: '{field}' cannot be used with '{resource.name}'.",
            )
    elif field not in ATTRIBUTES:
        raise query_error("UNRECOGNIZED_FIELD", f"Error in query: unrecognized field '{field}'.")
    elif resource_of(field) not in resource.parts:
        raise query_error(
            "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
            f"Error in query: '{field}' cannot be selected from '{resource.name}'.",
        )


def _check_one_day(first: date | None, last: date | None, today: date) -> None:
    if first is None or first != last:
        raise GoogleAdsError(
            400,
            "clickViewError",
            "EXPECTED_FILTER_ON_A_SINGLE_DAY",
            "The query must filter on a single day.",
        )
    if first < today - timedelta(days=_CLICKS_KEPT_DAYS):
        raise GoogleAdsError(
            400,
            "clickViewError",
            "DATE_TOO_OLD",
            f"The requested date is too old: clicks are kept for {_CLICKS_KEPT_DAYS} days.",
        )


def _check_references(query: Query) -> None:
    splits = [
        one.field for one in query.where if one.field in SEGMENTS and one.field not in PERIODS
    ]
    ordered = [field for field, _ in query.order_by if field in SEGMENTS or field in METRICS]
    for field in (*splits, *ordered):
        if field not in query.select:
            raise query_error(
                "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
                f"Error in query: '{field}' must be selected to be filtered or ordered by.",
            )
    for condition in query.where:
        if condition.field in PERIODS and condition.field != "segments.date":
            raise query_error(
                "OPERATOR_FIELD_MISMATCH",
                f"Error in query: filter segments.date instead of '{condition.field}'.",
            )


def _range(conditions: list[Condition], today: date) -> tuple[date | None, date | None]:
    first: date | None = None
    last: date | None = None
    for condition in conditions:
        lower, upper = _bounds(condition, today)
        if lower is not None:
            first = lower if first is None else max(first, lower)
        if upper is not None:
            last = upper if last is None else min(last, upper)
    return first, last


def _bounds(condition: Condition, today: date) -> tuple[date | None, date | None]:
    operator = condition.operator
    if operator == "DURING":
        span = _DURING.get(condition.values[0].upper())
        if span is None:
            raise query_error(
                "INVALID_VALUE_WITH_DURING_OPERATOR",
                f"Error in query: unknown date range '{condition.values[0]}'.",
            )
        return today + timedelta(days=span[0]), today + timedelta(days=span[1])
    days = [_date(value) for value in condition.values]
    if operator == "BETWEEN":
        return days[0], days[1]
    if operator == "=":
        return days[0], days[0]
    later = timedelta(days=operator in (">", "<"))
    if operator in (">", ">="):
        return days[0] + later, None
    if operator in ("<", "<="):
        return None, days[0] - later
    raise query_error(
        "OPERATOR_FIELD_MISMATCH", f"Error in query: segments.date cannot be used with {operator}."
    )


def _date(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as trouble:
        raise query_error(
            "INVALID_DATE_FORMAT", f"Error in query: '{text}' is no date, write YYYY-MM-DD."
        ) from trouble
