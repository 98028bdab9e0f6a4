"""Values as the platform sent them, into one typed Arrow column.

A whole page is cast at once; only when that fails are the values taken apart, by kind and then by
halves, until those that do not fit stand alone. One rule decides for a page and for a single value,
so the two ways cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

_MISFITS = (pa.ArrowException, OverflowError, UnicodeEncodeError, ValueError, TypeError)
_TIMES = (date, datetime)
_SHOWN = 60


def cast(values: Sequence[Any], target: pa.DataType) -> tuple[pa.Array[Any], dict[int, str]]:
    """Returns the typed column and, by position, why a value does not fit (it is null there).

    Integers come as numbers or as strings; decimals are read from their digits, and digits beyond
    the column's scale are rounded half to even; dates and times come as ISO-8601 text, or read
    already; an object or a list in a text column is kept as JSON. Infinity and NaN fit no type.
    """
    try:
        return _whole(values, target), {}
    except _MISFITS:
        return _by_kind(values, target)


def _by_kind(values: Sequence[Any], target: pa.DataType) -> tuple[pa.Array[Any], dict[int, str]]:
    """Casts numbers, texts and others apart, since Arrow takes one kind at a time."""
    kinds: dict[type, list[int]] = {}
    for position, value in enumerate(values):
        kinds.setdefault(type(value), []).append(position)
    columns, misfits = [], {}
    for positions in kinds.values():
        fitting = [values[position] for position in positions]
        for n in _misfit_positions(fitting, target, 0):
            misfits[positions[n]] = f"{_shown(fitting[n])} is not {_name(target)}"
            fitting[n] = None
        columns.append(_joined(fitting, target))
    places = [0] * len(values)
    for place, position in enumerate(p for positions in kinds.values() for p in positions):
        places[position] = place
    return pa.concat_arrays(columns).take(pa.array(places, pa.int64())), misfits


def _misfit_positions(values: Sequence[Any], target: pa.DataType, offset: int) -> list[int]:
    """Finds the values that do not fit, in few casts when they are few."""
    try:
        _whole(values, target)
        return []
    except _MISFITS:
        if len(values) == 1:
            return [offset]
    middle = len(values) // 2
    left = _misfit_positions(values[:middle], target, offset)
    return left + _misfit_positions(values[middle:], target, offset + middle)


def _joined(values: Sequence[Any], target: pa.DataType) -> pa.Array[Any]:
    """Casts values that fit one by one, in one piece if that works."""
    try:
        return _whole(values, target)
    except _MISFITS:
        middle = len(values) // 2
        halves = [_joined(values[:middle], target), _joined(values[middle:], target)]
        return pa.concat_arrays(halves)


def _whole(values: Sequence[Any], target: Any) -> pa.Array[Any]:
    """Casts all the values, or raises one of `_MISFITS`."""
    if pa.types.is_string(target):
        return _texts(values)
    if pa.types.is_decimal(target):
        return _decimals(values, target)
    first = next((value for value in values if value is not None), None)
    if first is None:
        nothing: pa.Array[Any] = pa.array([None] * len(values), target)
        return nothing
    if type(first) is str:
        found: pa.Array[Any] = pa.array(values, pa.string())
    elif type(first) in _TIMES and pa.types.is_temporal(target):
        found = pa.array(values, target)
    elif pa.types.is_temporal(target):
        raise ValueError("a date or time is text")
    else:
        if {bool} < set(map(type, values)) - {type(None)}:
            # Arrow would read true as 1 among numbers that are not whole.
            raise ValueError("true and false among numbers")
        found = pa.array(values)
    truths = pa.types.is_boolean(found.type), pa.types.is_boolean(target)
    if type(first) is not str and truths[0] != truths[1]:
        raise ValueError("true and false are no numbers, and numbers are neither")
    column = found.cast(target)
    if pa.types.is_floating(target) and not pc.all(pc.is_finite(column)).as_py():
        raise ValueError("not finite")
    return column


def _texts(values: Sequence[Any]) -> pa.Array[Any]:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None or type(value) is str:
        return value
    return str(value) if type(value) is int else text_of(value)


def text_of(value: Any) -> str:
    """Returns a value as JSON, integers of any size with all of their digits."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Integers beyond 64 bits: only the standard library writes them. Decimals: as text.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _decimals(values: Sequence[Any], target: pa.DataType) -> pa.Array[Any]:
    """Decimals from digits, never by way of a float's binary value."""
    digits = [v if v is None or type(v) is str else _digits(v) for v in values]
    try:
        return pa.array(digits, pa.string()).cast(target)
    except pa.ArrowInvalid:
        rounded = [None if text is None else _rounded(text, target) for text in digits]
        return pa.array(rounded, target)


def _digits(value: Any) -> str:
    if type(value) not in (int, float):
        raise ValueError("no number")
    return repr(value)


def _rounded(text: str, target: Any) -> Decimal:
    context = Context(prec=target.precision, rounding=ROUND_HALF_EVEN)
    try:
        return Decimal(text).quantize(Decimal(1).scaleb(-target.scale), context=context)
    except InvalidOperation as trouble:
        raise ValueError("no decimal number of that size") from trouble


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _name(target: pa.DataType) -> str:
    names = {"int64": "a whole number of 64 bits", "int32": "a whole number of 32 bits"}
    return names.get(str(target), f"a {target}")
