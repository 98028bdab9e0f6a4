"""How large a value may be: what the models behind the lake can hold and add up.

An Arrow type of the lake is wider than that, since what an older lake holds must stay readable. A
value beyond is no number of a campaign or an order but an article number in the wrong column; it
would fail a cast in a model, and a model is everybody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.core.columns import Column

DIGITS = 12
"""Digits before the point of a decimal number or of a platform's double."""

WHOLE_DIGITS = 18
"""Digits of a whole number, which may be an amount in micros."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Days between which a date or a time that a record needs must lie."""


def bounded(array: pa.Array[Any], column: Column) -> tuple[pa.Array[Any], dict[int, str]]:
    """Returns the values, null where they are out of range, and by position why they are."""
    why = beyond(array, column)
    if not why:
        return array, why
    kept = pa.array([position not in why for position in range(len(array))], pa.bool_())
    return pc.if_else(kept, array, pa.scalar(None, array.type)), why


def beyond(array: pa.Array[Any], column: Column) -> dict[int, str]:
    """Returns by position why a typed value is out of range; empty as a rule.

    A date or a time that a record can do without is left as it is: models read it as unknown.
    """
    kind = array.type
    if column.number_keys:
        return _numbers_in_json(array, column.number_keys)
    if column.required and pa.types.is_string(kind):
        return {} if column.may_be_empty else _empty(array)
    if pa.types.is_integer(kind) and kind.bit_width > 32:
        most = 10**WHOLE_DIGITS - 1
        words = f"has more than {WHOLE_DIGITS} digits"
        return _outside(array, lambda value: not -most <= value <= most, words)
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        bound = Decimal(10**DIGITS) if pa.types.is_decimal(kind) else 10.0**DIGITS
        words = f"has more than {DIGITS} digits before the point"
        return _outside(array, lambda value: not -bound < value < bound, words)
    if column.required and pa.types.is_temporal(kind):
        words = f"does not lie between {FIRST_DAY} and {LAST_DAY}"
        return _outside(array, lambda value: not FIRST_DAY <= _day(value) <= LAST_DAY, words)
    return {}


def _outside(array: pa.Array[Any], is_outside: Callable[[Any], bool], words: str) -> dict[int, str]:
    """Looks at single values only when the smallest or the largest is outside."""
    ends = pc.min_max(array)
    if not any(end.is_valid and is_outside(end.as_py()) for end in (ends["min"], ends["max"])):
        return {}
    return {
        position: words
        for position, value in enumerate(array.to_pylist())
        if value is not None and is_outside(value)
    }


def _empty(array: pa.Array[Any]) -> dict[int, str]:
    """An id that is empty names nothing: its numbers would be those of an entity that is none."""
    found = pc.equal(pc.utf8_trim_whitespace(array), pa.scalar(""))
    if not pc.any(found).as_py():
        return {}
    return {position: "is empty" for position, empty in enumerate(found.to_pylist()) if empty}


def _numbers_in_json(array: pa.Array[Any], keys: frozenset[str]) -> dict[int, str]:
    search = _no_number(keys).search
    misfits = {}
    for position, text in enumerate(array.to_pylist()):
        found = search(text) if text else None
        if found:
            misfits[position] = (
                f"a value of {found[1]} is no number of at most {DIGITS} digits before the point"
            )
    return misfits


@cache
def _no_number(keys: frozenset[str]) -> re.Pattern[str]:
    """Finds a key whose value is neither null nor a number of that size, be it as text."""
    names = "|".join(map(re.escape, sorted(keys)))
    number = rf"-?\d{{1,{DIGITS}}}(?:\.\d+)?"
    return re.compile(rf'"({names})"\s*:\s*(?!(?:null|{number}|"{number}")\s*[,}}])')


def _day(value: date) -> date:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date() if value.tzinfo else value.date()
    return value
