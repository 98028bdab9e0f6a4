"""What a cell of a spreadsheet means, given the type of its column.

Values come unformatted: numbers, texts and booleans. A date is a number of days since 1899-12-30 in
the spreadsheet's own time zone, without any mark that it is one: the column decides.
https://developers.google.com/workspace/sheets/api/reference/rest/v4/DateTimeRenderOption
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors.core.columns import Column
from connectors.core.instants import in_zone

Read = Callable[[Any], Any]
_DAY_ZERO = datetime(1899, 12, 30)
_LAST_SERIAL = 109_575
"""2199-12-31: what lies behind it is no day that models can hold."""
_SECONDS = 86_400
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#ERROR!", "#SPILL!"}
)
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\ufeff]+")
_ROUNDED_ID = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+")
_WHOLE_LIMIT = 2**53
"""From here on a spreadsheet no longer holds each whole number."""
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class CellError(ValueError):
    """A cell that does not fit its column; the message says why."""


def plain(cell: Any) -> Any:
    """Returns a cell without the space around a text; None for an empty one.

    Raises:
        CellError: it holds the error of a formula.
    """
    if not isinstance(cell, str):
        return cell
    text = _SPACES.sub(" ", cell).strip()
    if text.upper() in _ERRORS:
        raise CellError(f"holds the error {text} of a formula")
    return text or None


def reader(column: Column, zone: ZoneInfo) -> Read:
    """Returns what reads the cells of a column.

    Args:
        column: its type decides.
        zone: the spreadsheet's.
    """
    if column.type == pa.date32():
        return _day
    if pa.types.is_timestamp(column.type):
        return partial(_instant, zone=zone)
    if pa.types.is_decimal(column.type):
        return _number
    if pa.types.is_boolean(column.type):
        return _truth
    return _id if column.name.endswith("_id") or column.name in ("sku", "line_no") else _text


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE_LIMIT:
        return str(int(cell))
    return str(cell)


def _id(cell: Any) -> str:
    text = _text(cell)
    if _ROUNDED_ID.fullmatch(text) or (
        isinstance(cell, (int, float)) and not (-_WHOLE_LIMIT < cell < _WHOLE_LIMIT)
    ):
        raise CellError(f"{text} has lost its digits: format the column as plain text")
    return text


def _number(cell: Any) -> Any:
    if isinstance(cell, bool):
        raise CellError(f"{cell} is no number")
    return cell


def _truth(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    found = _TRUTHS.get(_text(cell).casefold())
    if found is None:
        raise CellError(f"{cell!r} is neither true nor false")
    return found


def _day(cell: Any) -> str:
    if isinstance(cell, str):
        try:
            return date.fromisoformat(cell[:10]).isoformat()
        except ValueError:
            raise _no_date(cell) from None
    return _serial(cell).date().isoformat()


def _instant(cell: Any, zone: ZoneInfo) -> str:
    """Returns an instant in UTC; what has no zone of its own is of the spreadsheet's.

    Of an hour that comes twice in autumn the first is meant.
    """
    try:
        found = datetime.fromisoformat(cell) if isinstance(cell, str) else _serial(cell)
        local = found.replace(tzinfo=found.tzinfo or zone)
        instant = in_zone(local, UTC)
    except CellError:
        raise
    except ValueError:
        raise _no_date(cell) from None
    if found.tzinfo is None and instant.astimezone(zone).replace(tzinfo=None) != found:
        raise CellError(f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}")
    return instant.isoformat()


def _serial(cell: Any) -> datetime:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not isfinite(cell):
        raise _no_date(cell)
    if not 1 <= cell <= _LAST_SERIAL:
        raise CellError(f"{cell} is no date between 1900 and 2199")
    # A second is more than a double can be wrong by here.
    whole, part = divmod(round(cell * _SECONDS), _SECONDS)
    return datetime.combine(_DAY_ZERO + timedelta(days=whole), time()) + timedelta(seconds=part)


def _no_date(cell: Any) -> CellError:
    return CellError(f"{cell!r} is no date: write it as 2026-11-30, or as a date of the sheet")
