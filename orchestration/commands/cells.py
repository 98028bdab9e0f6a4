"""Values as people and as machines read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

_DIGITS = 6
"""Of a double behind the point: what more it shows is seldom known, and often noise."""
_MANY = 1e15
"""From here on a double has no digits behind the point to speak of."""
_MONEY_DIGITS = 2
_OF_A_DOUBLE = 2**53


def format_cell(cell: Any) -> str:
    """Formats one value for people: instants to the second in UTC, nothing for null.

    A double has at most six digits behind the point, or six at all when it is smaller than one: the
    sum of 0.1 and 0.2 is 0.3. Everything else is exact.
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float):
        return _float(cell)
    if isinstance(cell, list | tuple | Mapping):
        return orjson.dumps(_json_value(cell, _survives(cell)), default=str).decode()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _float(number: float) -> str:
    if not 1 <= abs(number) < _MANY:
        return f"{number:.{_DIGITS}g}" if abs(number) < 1 else f"{number:.15g}"
    text = f"{number:.{_DIGITS}f}"
    return text.rstrip("0").rstrip(".")


def plain_decimals(column: Sequence[Any]) -> Sequence[Any]:
    """Takes zeros off the end that all decimals of a column have, all but two: 1842.520000."""
    decimals = [cell for cell in column if isinstance(cell, Decimal) and cell.is_finite()]
    places = max((_places(cell) for cell in decimals), default=0)
    if not decimals or all(_exponent(cell) >= -max(places, _MONEY_DIGITS) for cell in decimals):
        return column
    step = Decimal(1).scaleb(-max(places, _MONEY_DIGITS))
    return [_shortened(cell, step) if isinstance(cell, Decimal) else cell for cell in column]


def _shortened(cell: Decimal, step: Decimal) -> Decimal | str:
    if not cell.is_finite() or _exponent(cell) >= _exponent(step):
        return cell
    # Not by `quantize`, which refuses numbers of more than 28 digits.
    text = f"{cell:f}"
    return text[: len(text) - (_exponent(step) - _exponent(cell))]


def _places(cell: Decimal) -> int:
    """Digits behind the point up to the last that is not 0."""
    _, _, digits = f"{cell:f}".partition(".")
    return len(digits.rstrip("0"))


def _exponent(cell: Decimal) -> int:
    exponent = cell.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def is_number(cell: Any) -> bool:
    """Whether a value is a number; a truth value is none."""
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def json_text(value: Any) -> str:
    """Returns JSON: instants in ISO-8601, decimals as text, what is no number as null."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
    return orjson.dumps(value, default=str, option=options).decode()


def json_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Returns rows for JSON whose decimals are numbers, column by column.

    A reader of JSON makes doubles of numbers. So a column's decimals are numbers if each of them is
    the same again when it has been a double (up to 15 digits always are); otherwise all of them
    are text, and no digit is lost. Integers of more than 64 bits go the same way.
    """
    cells = [_json_column([row[place] for row in rows]) for place in range(len(columns))]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def _json_column(column: Sequence[Any]) -> list[Any]:
    safe = all(_survives(cell) for cell in column)
    return [_json_value(cell, safe) for cell in column]


def _json_value(cell: Any, safe: bool) -> Any:
    if isinstance(cell, Decimal) or (isinstance(cell, int) and cell.bit_length() > 63):
        if not safe:
            return str(cell)
        return orjson.Fragment(f"{cell:f}" if isinstance(cell, Decimal) else str(cell))
    if isinstance(cell, Mapping):
        return {str(name): _json_value(one, safe) for name, one in cell.items()}
    if isinstance(cell, list | tuple):
        return [_json_value(one, safe) for one in cell]
    return cell


def _survives(cell: Any) -> bool:
    """Whether every decimal in a value is the same again when it has been a double."""
    if isinstance(cell, Decimal):
        return cell.is_finite() and Decimal(repr(float(cell))) == cell
    if isinstance(cell, int):
        return cell.bit_length() <= 63 or abs(cell) <= _OF_A_DOUBLE
    if isinstance(cell, Mapping):
        return all(map(_survives, cell.values()))
    return all(map(_survives, cell)) if isinstance(cell, list | tuple) else True
