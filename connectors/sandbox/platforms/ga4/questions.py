"""What a report is asked for, checked in the order in which Google checks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.sandbox.platforms.ga4.errors import incompatible, no_field, unknown_key
from connectors.sandbox.platforms.ga4.fields import DIMENSIONS, METRICS, clashing
from connectors.sandbox.platforms.ga4.filters import exactly
from connectors.sandbox.wire.google_errors import error

_KEYS: dict[str, set[str]] = {
    "": {
        "property", "dimensions", "metrics", "dateRanges", "dimensionFilter", "offset", "limit",
        "orderBys", "returnPropertyQuota",
    },
    "dimensions": {"name"},
    "metrics": {"name"},
    "dateRanges": {"startDate", "endDate"},
    "orderBys": {"dimension", "desc"},
}  # fmt: skip
_USUAL, _MOST = 10_000, 250_000
_MOST_OF = {"dimensions": 9, "metrics": 10, "dateRanges": 1}
_FIRST_DAY = date(2015, 8, 14)


@dataclass(frozen=True, slots=True)
class Question:
    """One report that is asked for, of one range of dates.

    Attributes:
        only: A dimension and the text that it must have.
    """

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    first: date
    last: date
    only: tuple[str, str] | None
    order_bys: tuple[dict[str, Any], ...]
    offset: int
    limit: int
    with_quota: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that it needs, that of its filter too."""
        return (*self.dimensions, *self.metrics, *((self.only[0],) if self.only else ()))

    @classmethod
    def read(cls, body: dict[str, Any], retired: frozenset[str]) -> Question:
        """Reads the body of a request.

        Args:
            body: The request.
            retired: Fields that are no longer there.

        Raises:
            Refusal: 400.
        """
        check_keys(body)
        dimensions, metrics = named(body, "dimensions"), named(body, "metrics")
        only = exactly(body.get("dimensionFilter"))
        check_fields((*dimensions, *([only[0]] if only else [])), "dimension", retired)
        check_fields(metrics, "metric", retired)
        offset, limit = _whole(body, "offset", 0), _whole(body, "limit", _USUAL)
        if not body.get("dateRanges"):
            raise error(400, "A dateRange is required.")
        for name, most in _MOST_OF.items():
            if len(body.get(name, ())) > most:
                raise error(400, f"Requests are limited to {most} {name}.")
        if not dimensions and not metrics:
            raise error(400, "At least one dimension or metric is required.")
        (span,) = body["dateRanges"]
        first, last = _day(span.get("startDate")), _day(span.get("endDate"))
        if first < _FIRST_DAY or last < first:
            raise error(400, "The date range must start after 2015-08-13 and not end before that.")
        orders, whole = tuple(body.get("orderBys", ())), min(limit or _USUAL, _MOST)
        with_quota = body.get("returnPropertyQuota") is True
        asked = (dimensions, metrics, first, last, only, orders, offset, whole, with_quota)
        question = cls(*asked)
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
                    raise unknown_key(f"{name}[{place}]", key)


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


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as trouble:
        raise error(400, f"Invalid date: {text}.") from trouble
