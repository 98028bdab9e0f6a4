"""Reports: the entries of days grouped by what is asked for, in rows of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from connectors.sandbox.platforms.ga4.fields import METRICS, shared
from connectors.sandbox.platforms.ga4.filters import fields_of, passes
from connectors.sandbox.platforms.ga4.questions import Question
from connectors.sandbox.platforms.ga4.site import LEAST_PEOPLE, Property
from connectors.sandbox.platforms.ga4.tables import NOBODY, Integers, Table, table

_IN_HUNDREDTHS = ("TYPE_CURRENCY", "TYPE_FLOAT")
_LANDING = "landingPage"
_MOST_IDS = 10**12
"""More than any number of a visit or a person."""
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


def _entries(property_: Property, question: Question, day: date, now: datetime) -> Table | None:
    name, rolled = shared(question.fields)[0], _LANDING in question.fields
    return table(name, property_, day, now, rolled)


def _grouped(found: Sequence[Table], question: Question, fewest: int) -> Iterator[_Row]:
    """Yields the rows of some days; those of fewer people, and those of nothing, are left out."""
    if not found:
        return
    held = np.flatnonzero(np.concatenate([_passing(one, question) for one in found]))
    place, keys = _keys(found, question.dimensions, held)
    columns = {
        name: _counted(found, name, held, place, len(keys))
        if name in found[0].ids
        else _summed(found, name, held, place, len(keys))
        for name in question.metrics
    }
    people = _counted(found, "totalUsers", held, place, len(keys)) if fewest else [0] * len(keys)
    for number, key in enumerate(keys):
        values = {name: column[number] for name, column in columns.items()}
        if people[number] >= fewest and (any(values.values()) or not values):
            yield key, values


def _counted(
    found: Sequence[Table], name: str, held: Integers, place: Integers, count: int
) -> list[int]:
    ids = np.concatenate([one.ids[name] for one in found])[held]
    counted = ids != NOBODY
    pairs = np.unique(place[counted] * _MOST_IDS + ids[counted])
    return [int(one) for one in np.bincount(pairs // _MOST_IDS, minlength=count)]


def _summed(
    found: Sequence[Table], name: str, held: Integers, place: Integers, count: int
) -> list[int]:
    sums = np.concatenate([one.sums[name] for one in found])[held]
    return [int(one) for one in np.bincount(place, sums, count)]


def _passing(entries: Table, question: Question) -> npt.NDArray[np.bool_]:
    count = len(next(iter(entries.sums.values())))
    if not question.dimension_filter:
        return np.ones(count, dtype=np.bool_)
    names = fields_of(question.dimension_filter)
    texts = {
        name: [entries.dimensions[name][0][n] for n in entries.dimensions[name][1].tolist()]
        for name in names
    }
    rows = (dict(zip(texts, values, strict=True)) for values in zip(*texts.values(), strict=True))
    asked = question.dimension_filter
    return np.array([passes(asked, row.__getitem__) for row in rows], dtype=np.bool_)


def _keys(
    found: Sequence[Table], names: tuple[str, ...], held: Integers
) -> tuple[Integers, list[tuple[str, ...]]]:
    """Returns of each entry the place of its key, and the keys."""
    place = np.zeros(len(held), dtype=np.int64)
    keys: list[tuple[str, ...]] = [()] if len(held) else []
    for name in names:
        # One text may have several places: in several days, or of what is rolled into one row.
        of_text: dict[str, int] = {}
        parts = []
        for one in found:
            values, codes = one.dimensions[name]
            alike = [of_text.setdefault(text, len(of_text)) for text in values]
            parts.append(np.array(alike, dtype=np.int64)[codes])
        distinct = list(of_text)
        whole = place * len(distinct) + np.concatenate(parts)[held]
        wanted, place = np.unique(whole, return_inverse=True)
        keys = [(*keys[n // len(distinct)], distinct[n % len(distinct)]) for n in wanted.tolist()]
    return place, keys


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
