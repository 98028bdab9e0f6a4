"""Quotes that are opened and never closed: they would swallow the rows after them.

Where a second stray quote ends what the first began, the result is valid CSV, and only the lines
inside the cell give it away: they look like rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from connectors.platforms.files.guess import column_type

_END = "\x00end"
_NUMBERS = frozenset({"integer", "number"})


def split(line: str, delimiter: str) -> tuple[list[str], bool]:
    """Returns the cells of one line as spreadsheets read it, and whether every quote is closed.

    A quote in the middle of a cell is text there: `"24" monitor` is `24 monitor`.
    """
    rows = list(csv.reader([line, _END], delimiter=delimiter))
    if len(rows) == 2:
        return rows[0], True
    cells = [cell.removesuffix(_END) for cell in rows[0]] if rows else []
    return [*cells[:-1], cells[-1].rstrip("\r\n")] if cells else [], False


def lines_like_rows(lines: Sequence[str], cells: Sequence[str], delimiter: str) -> int:
    """Counts the lines inside a row's quoted cells that look like rows of their own.

    Args:
        lines: the lines that the row takes.
        cells: what they were read as.
        delimiter: between cells.
    """
    return sum(_is_like(split(line, delimiter)[0], cells) for line in lines[1:])


def _is_like(cells: Sequence[str], row: Sequence[str]) -> bool:
    """Whether every cell with digits in the row is one of the same make in the line."""
    if len(cells) != len(row):
        return False
    telling = [
        (own, other)
        for own, other in zip(row, cells, strict=True)
        if "\n" not in own and "\r" not in own and re.search(r"\d", own)
    ]
    return bool(telling) and all(_make(own) == _make(other) for own, other in telling)


def _make(text: str) -> str:
    """What a cell looks like: its type, or for a text its pattern of letters and digits."""
    cell = text.strip(' "\r\n')
    kind = column_type([cell])
    if kind in _NUMBERS:
        return "number"
    return kind if kind != "text" else re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", cell))
