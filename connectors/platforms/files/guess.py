"""What the cells of a column look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from connectors.platforms.files.texts import as_text

_LOOKED_AT = 1_000
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}[/.]\d{1,2}[/.]\d{1,2}"
)
_WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d{0,14})")
_NUMBER = re.compile(r"[(+-]?\s?[€$£]?\s?(?:\d{1,3}(?:[ .,']\d{3})+|\d+)(?:[.,]\d+)?\s?[€$£%]?\)?")
_TRUTHS = frozenset({"true", "false", "yes", "no"})


def column_type(cells: Sequence[Any]) -> str:
    """Returns `integer`, `number`, `boolean`, `date`, `time`, `text` or `empty`.

    Digits with a leading zero are text: they are somebody's id.
    """
    found = {_cell_type(cell) for cell in cells[:_LOOKED_AT]} - {"empty"}
    if not found:
        return "empty"
    if found == {"integer", "number"}:
        return "number"
    if found == {"date", "time"}:
        return "time"
    return found.pop() if len(found) == 1 else "text"


def _cell_type(cell: Any) -> str:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, datetime):
        return "time"
    if isinstance(cell, date):
        return "date"
    text = as_text(cell)
    if text is None:
        return "empty"
    if _WHOLE.fullmatch(text):
        return "integer"
    if text.lower() in _TRUTHS:
        return "boolean"
    if _DATE.match(text):
        return "date" if _DATE.fullmatch(text) else "time"
    return "number" if _NUMBER.fullmatch(text) else "text"
