"""Where the table of a sheet or CSV ends, although the file goes on.

Exports of reports have titles, sums and a second table below the first. A second table that has as
many columns would be loaded as rows of the first; with the same header it would count all twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from connectors.platforms.files.guess import column_type
from connectors.platforms.files.texts import as_text

_NUMBER = re.compile(r"#[\w-]*\d[\w-]*")
_TYPED = frozenset({"integer", "number", "date", "time"})


class TableEnd:
    """Looks at the rows of a table in their order, and for what ends it.

    Args:
        header: of the table, without trailing blanks.
        names: makes the header of a row of cells.
    """

    def __init__(
        self, header: tuple[str, ...], names: Callable[[Sequence[Any]], tuple[str, ...]]
    ) -> None:
        self._header, self._names = header, names
        self._typed: frozenset[int] | None = None
        self._has_gap = False
        self._last = 10**9
        self._ended = ""

    def look(self, number: int, cells: Sequence[Any]) -> str | None:
        """Returns why a row is none of the table; empty when it is one, None for a blank one.

        A line that starts with `#` counts as blank: it ends the table.
        """
        # Blank rows of a workbook are not in its file.
        self._has_gap = self._has_gap or number > self._last + 1
        self._last = number
        if is_blank(cells):
            self._has_gap = True
            return None
        if self._ended:
            return self._ended
        if self._is_comment(cells):
            self._ended = (
                f"it stands below row {number}, which starts with # and so ends the table; drop "
                "what is another table as a file of its own"
            )
            return None
        if self._is_header(cells):
            if not self._has_gap:
                return "it repeats the header"
            self._ended = (
                f"a second table begins after a blank row, with its header in row {number}; drop "
                "it as a file of its own"
            )
            return self._ended
        self._has_gap = False
        if self._typed is None:
            self._typed = frozenset(
                n for n, cell in enumerate(cells) if column_type([cell]) in _TYPED
            )
        return ""

    def _is_comment(self, cells: Sequence[Any]) -> bool:
        """`#1001` before other cells is somebody's order number, also in a row that is cut off."""
        first = cells[0]
        if type(first) is not str or not first.startswith("#") or len(self._header) == 1:
            return False
        if is_blank(cells[1:]):
            return True
        return len(cells) != len(self._header) and not _NUMBER.fullmatch(first.strip())

    def _is_header(self, cells: Sequence[Any]) -> bool:
        """Whether a row is the header again, or after a gap has names where numbers stood."""
        if as_text(cells[0]) == self._header[0] and self._names(cells) == self._header:
            return True
        if not self._has_gap or not self._typed:
            return False
        filled = [n for n, cell in enumerate(cells) if as_text(cell) is not None]
        if len(filled) < 2 or any(column_type([cells[n]]) != "text" for n in filled):
            return False
        return len(cells) != len(self._header) or not self._typed.isdisjoint(filled)


def is_blank(cells: Sequence[Any]) -> bool:
    """Tells whether no cell holds anything."""
    return all(cell is None or (type(cell) is str and not cell.strip()) for cell in cells)
