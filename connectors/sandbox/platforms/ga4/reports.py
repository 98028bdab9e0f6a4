"""Reports: the entries of days grouped by what is asked for, in rows of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from connectors.sandbox.platforms.ga4.fields import METRICS, shared
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
    name, rolled = shared(question.fields)[0], _LANDING in question.fields
    count = (question.last - question.first).days + 1
    days = [question.first + timedelta(days=number) for number in range(count)]
    found = [one for day in days if (one := table(name, property_, day, now, rolled))]
    fewest = LEAST_PEOPLE if {"country", "countryId"} & set(question.dimensions) else 0
    rows = list(_grouped(found, question, fewest))
    _sort(rows, question)
    shown = rows[question.offset : question.offset + question.limit]
    body: dict[str, Any] = {
        "dimensionHeaders": [{"name": one} for one in question.dimensions],
        "metricHeaders": [{"name": one, "type": METRICS[one][0]} for one in question.metrics],
    }
    if shown:
        body["rows"] = [_row(key, values) for key, values in shown]
    if rows:
        body["rowCount"] = len(rows)
    flags = {
        "dataLossFromOtherRow": any(one.is_rolled for one in found),
        "subjectToThresholding": fewest > 0,
    }
    metadata: dict[str, Any] = {
        "currencyCode": property_.currency,
        "timeZone": property_.time_zone,
        **{name: True for name, is_set in flags.items() if is_set},
    }
    read, there = (sum(one.sample[side] for one in found) for side in (0, 1))
    if read < there:
        sample = {"samplesReadCount": str(read), "samplingSpaceSize": str(there)}
        metadata["samplingMetadatas"] = [sample]
    return {**body, "metadata": metadata, "kind": "analyticsData#runReport"}


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
    if question.only is None:
        return [True] * len(entries)
    name, text = question.only
    return [entries.row(place)[name].lower() == text for place in range(len(entries))]


def _sort(rows: list[_Row], question: Question) -> None:
    """Sorts by what is asked for; else by the first metric, of which many rows have as much."""
    for order in reversed(question.order_bys):
        place = question.dimensions.index(order["dimension"]["dimensionName"])
        rows.sort(key=partial(_text_of, place), reverse=order.get("desc") is True)
    if question.metrics and not question.order_bys:
        rows.sort(key=lambda row: row[1][question.metrics[0]], reverse=True)


def _text_of(place: int, row: _Row) -> str:
    return row[0][place]


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
