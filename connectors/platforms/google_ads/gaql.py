"""GAQL from a stream's columns, so that a column's field is written once.

A column declares the field as GAQL spells it (`metrics.cost_micros`); the path in the JSON answer
(`metrics.costMicros`) follows from it by the naming rule of protobuf's JSON mapping.
https://developers.google.com/google-ads/api/docs/query/overview
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.core.columns import Column
from connectors.core.window import Window

DATE_FIELD = "segments.date"


def json_path(field: str) -> str:
    """Returns where the answer holds a GAQL field: `ad_group.id` is at `adGroup.id`."""
    return ".".join(_camel(name) for name in field.split("."))


def query(
    resource: str, columns: Sequence[Column], window: Window | None, condition: str = ""
) -> str:
    """Returns the query for a stream's columns.

    A report filters on the window's dates and comes ordered by its dimensions, the date first, so
    that files are ordered by date. `BETWEEN` includes its end; a window does not.

    Args:
        resource: what to select from, e.g. `ad_group_ad`.
        columns: the stream's columns; each has a field.
        window: dates of the account, or None for a list without a date.
        condition: what rows must be like, e.g. `ad_group_criterion.type = 'KEYWORD'`.
    """
    fields = [_field(column) for column in columns]
    conditions = [condition] if condition else []
    if window is not None:
        first, last = window.start.isoformat(), window.last_day.isoformat()
        conditions.insert(0, f"{DATE_FIELD} BETWEEN '{first}' AND '{last}'")
    text = f"SELECT {', '.join(fields)} FROM {resource}"
    if conditions:
        text = f"{text} WHERE {' AND '.join(conditions)}"
    if window is None:
        return text
    dimensions = [_field(column) for column in columns if column.role == "dimension"]
    dimensions.sort(key=lambda field: field != DATE_FIELD)
    return f"{text} ORDER BY {', '.join(dimensions)}"


def _field(column: Column) -> str:
    if column.field is None:
        raise ValueError(f"column {column.name} has no GAQL field")
    return column.field


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
