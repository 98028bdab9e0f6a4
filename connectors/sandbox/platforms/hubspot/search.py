"""Searches: conditions, one order, at most 10,000 rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from connectors.sandbox.platforms.hubspot.records import Json, Record
from connectors.sandbox.platforms.hubspot.sign_in import invalid

MOST_ROWS = 10_000
_MOST_FILTERS = 6
_MILLISECONDS = 1000


def found(records: Sequence[Record], asked: Json, modified: str) -> list[Record]:
    """Returns the records that fit a question, in the order that it asks for.

    Args:
        records: all of a type that are in no bin.
        asked: the question.
        modified: the property with the time of their last change.

    Raises:
        Refusal: the question is wrong.
    """
    groups = asked.get("filterGroups") or []
    known = _known(records)
    for group in groups:
        filters = group.get("filters") or []
        if not 0 < len(filters) <= _MOST_FILTERS:
            raise invalid("A filter group has 1 to 6 filters.")
        for one in filters:
            if one.get("propertyName") not in known:
                raise invalid(f'Property "{one.get("propertyName")}" does not exist')
    fits = [
        record
        for record in records
        if not groups or any(_fits(record, group["filters"], modified) for group in groups)
    ]
    name, descends = _order(asked.get("sorts") or [])
    if name is not None:
        fits.sort(key=lambda one: _value(one, name, modified) or 0, reverse=descends)
    return fits


def _known(records: Sequence[Record]) -> set[str]:
    # All records of a type have the same properties, but for those that only some got.
    return {name for one in records[:50] for name in one.properties} | {"utm_campaign"}


def _order(sorts: Sequence[Any]) -> tuple[str | None, bool]:
    if len(sorts) > 1:
        raise invalid("At most one sort is supported.")
    if not sorts:
        return None, False
    (one,) = sorts
    if isinstance(one, str):
        return one.lstrip("-"), one.startswith("-")
    return str(one.get("propertyName")), one.get("direction") == "DESCENDING"


def _fits(record: Record, filters: Sequence[Json], modified: str) -> bool:
    return all(_holds(_value(record, one["propertyName"], modified), one) for one in filters)


def _value(record: Record, name: str, modified: str) -> Any:
    # What every search of changes asks for is known without making all properties.
    if name == "hs_object_id":
        return record.id
    if name == modified:
        return record.updated * _MILLISECONDS
    return comparable(record.properties.get(name))


def _holds(value: Any, condition: Json) -> bool:
    operator = condition.get("operator")
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return bool((value is not None) == (operator == "HAS_PROPERTY"))
    if operator in ("IN", "NOT_IN"):
        among = value in [comparable(one) for one in condition.get("values") or ()]
        return bool(among == (operator == "IN"))
    wanted = comparable(condition.get("value"))
    if operator == "NEQ":
        return bool(value != wanted)
    if value is None or isinstance(value, str) != isinstance(wanted, str):
        return False
    if operator == "BETWEEN":
        return bool(wanted <= value <= comparable(condition.get("highValue")))
    if operator == "CONTAINS_TOKEN":
        return str(wanted).strip("*").lower() in str(value).lower()
    compare = {
        "EQ": value == wanted,
        "GT": value > wanted,
        "GTE": value >= wanted,
        "LT": value < wanted,
        "LTE": value <= wanted,
    }
    if operator not in compare:
        raise invalid(f"{operator} is no operator.")
    return bool(compare[operator])


def comparable(text: Any) -> Any:
    """Returns a value as it compares: numbers and times as numbers, others as text, or None."""
    if text in (None, ""):
        return None
    written = str(text)
    if written.lstrip("-").replace(".", "", 1).isdecimal():
        return float(written) if "." in written else int(written)
    if len(written) >= 20 and written[4] == "-" and written.endswith("Z"):
        return round(datetime.fromisoformat(written).timestamp() * _MILLISECONDS)
    return written.lower()
