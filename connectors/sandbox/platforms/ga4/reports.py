"""Reports: the entries of days grouped by what is asked for, in rows of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from connectors.sandbox.platforms.ga4.fields import METRICS, shared
from connectors.sandbox.platforms.ga4.filters import passes
from connectors.sandbox.platforms.ga4.questions import Question
from connectors.sandbox.platforms.ga4.site import LEAST_PEOPLE, Property
from connectors.sandbox.platforms.ga4.tables import table
from connectors.sandbox.tables.entries import Entries, Groups

_IN_HUNDREDTHS = ("TYPE_CURRENCY", "TYPE_FLOAT")
_LANDING = "landingPage"
_Row = tuple[tuple[str, ...], dict[str, int]]
"""The values of a row's dimensions, and its metrics."""


def answer(property_: Property, question: Question, now: datetime) -> dict[str, Any]:
    """Returns the body of a report, without its quota.

    Args:
        property_: Whose.
        question: What is asked.
        now: As of when.
    """
    rows: list[_Row] = []
    is_rolled = is_withheld = False
    several = len(question.ranges) > 1
    for name, first, last in question.ranges:
        found = [
            one
            for number in range((last - first).days + 1)
            if (one := _entries(property_, question, first + timedelta(days=number), now))
        ]
        fewest = LEAST_PEOPLE if {"country", "countryId"} & set(question.dimensions) else 0
        is_rolled |= any(one.is_rolled for one in found)
        is_withheld |= fewest > 0
        more = (name,) if several else ()
        rows.extend(((*key, *more), values) for key, values in _grouped(found, question, fewest))
    kept = [one for one in rows if passes(question.metric_filter, one[1].__getitem__)]
    _sort(kept, question)
    shown = kept[question.offset : question.offset + question.limit]
    names = (*question.dimensions, "dateRange") if several else question.dimensions
    body: dict[str, Any] = {
        "dimensionHeaders": [{"name": one} for one in names],
        "metricHeaders": [{"name": one, "type": METRICS[one][0]} for one in question.metrics],
    }
    if shown:
        body["rows"] = [_row(key, values) for key, values in shown]
    if question.with_totals and kept:
        totals = {one: sum(values[one] for _, values in kept) for one in question.metrics}
        body["totals"] = [_row(("RESERVED_TOTAL",) * len(kept[0][0]), totals)]
    if kept:
        body["rowCount"] = len(kept)
    flags = {"dataLossFromOtherRow": is_rolled, "subjectToThresholding": is_withheld}
    metadata = {
        "currencyCode": property_.currency,
        "timeZone": property_.time_zone,
        **{name: True for name, is_set in flags.items() if is_set},
    }
    return {**body, "metadata": metadata, "kind": "analyticsData#runReport"}


def _entries(property_: Property, question: Question, day: date, now: datetime) -> Entries | None:
    name, rolled = shared(question.fields)[0], _LANDING in question.fields
    return table(name, property_, day, now, rolled)


def _grouped(found: Sequence[Entries], question: Question, fewest: int) -> Iterator[_Row]:
    """Yields the rows of some days; those of fewer people, and those of nothing, are left out."""
    if not found:
        return
    held = np.flatnonzero(np.concatenate([_passing(one, question) for one in found]))
    groups = Groups(found, question.dimensions, held)
    people = groups.column("totalUsers") if fewest else [0] * len(groups.keys)
    for (key, values), count in zip(groups.rows(question.metrics), people, strict=True):
        if count >= fewest and (any(values.values()) or not values):
            yield key, values


def _passing(entries: Entries, question: Question) -> list[bool]:
    asked = question.dimension_filter
    return [not asked or passes(asked, entries.row(n).__getitem__) for n in range(len(entries))]


def _sort(rows: list[_Row], question: Question) -> None:
    usual = [{"metric": {"metricName": one}, "desc": True} for one in question.metrics[:1]]
    for order in reversed(question.order_bys or usual):
        falling = order.get("desc") is True
        if "dimension" in order:
            place = question.dimensions.index(order["dimension"]["dimensionName"])
            rows.sort(key=partial(_text_of, place), reverse=falling)
        else:
            rows.sort(key=partial(_number_of, order["metric"]["metricName"]), reverse=falling)


def _text_of(place: int, row: _Row) -> str:
    return row[0][place]


def _number_of(name: str, row: _Row) -> int:
    return row[1][name]


def _row(key: tuple[str, ...], values: dict[str, int]) -> dict[str, Any]:
    metrics = [
        {"value": _text(value) if METRICS[name][0] in _IN_HUNDREDTHS else str(value)}
        for name, value in values.items()
    ]
    return {"dimensionValues": [{"value": one} for one in key], "metricValues": metrics}


def _text(hundredths: int) -> str:
    """Writes a number without a point where it is whole, and without zeros behind it."""
    whole, part = divmod(abs(hundredths), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if hundredths < 0 else text
