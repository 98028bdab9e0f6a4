"""Rows of a file in batches, whatever its format: what the format readers give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.platforms.files.table_end import TableEnd, is_blank
from connectors.platforms.files.texts import as_text

BATCH_ROWS = 10_000
LARGEST_ROW = 16 * 2**20
"""Characters of one row. A longer one is no honest row, and would fill the memory."""
LARGEST_CELL = 4 * 2**20
BATCH_CELLS = 1_000_000
BATCH_BYTES = 16 * 2**20
"""A batch ends at whichever comes first, so that wide or long rows do not fill the memory."""
MOST_COLUMNS = 4_096


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be split into cells."""

    number: int
    reason: str
    payload: Any


@dataclass(slots=True)
class RowBatch:
    """Some rows, column by column.

    Attributes:
        numbers: the number of each row in its file.
        columns: the cells of each column, in the order of the header.
        bad: rows that could not be split, in their place among the others by number.
        blank: rows without any cell, which are passed over.
        bytes: how much of the file they took.
    """

    numbers: list[int]
    columns: dict[str, Sequence[Any]]
    bad: list[BadRow] = field(default_factory=list)
    blank: int = 0
    bytes: int = 0


class RowSource(Protocol):
    """An open file.

    Attributes:
        header: names of its columns; known from the start unless every row names its own.
        fixed: whether the header holds for all rows.
    """

    header: tuple[str, ...]
    fixed: bool

    def __iter__(self) -> Iterator[RowBatch]:
        """Yields the rows in order; raises ShapeChanged for what cannot be read further."""


def header_names(cells: Sequence[Any]) -> tuple[str, ...]:
    """Returns usable names of the columns: a blank one is `column_3`, a repeated one `name (2)`.

    Trailing blank cells are left out: spreadsheets have many.
    """
    texts = [" ".join((as_text(cell) or "").replace("\ufeff", "").split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    names: list[str] = []
    taken: set[str] = set()
    for place, text in enumerate(texts, start=1):
        name = text or f"column_{place}"
        number = 2
        while name in taken:
            name = f"{text or f'column_{place}'} ({number})"
            number += 1
        taken.add(name)
        names.append(name)
    return tuple(names)


class RowCollector:
    """Turns rows of cells into batches: short, long and blank rows are seen to here."""

    def __init__(self, header: tuple[str, ...], pad: bool) -> None:
        self._header, self._width, self._pad = header, len(header), pad
        self._end = TableEnd(header, header_names)
        self._clear()

    def _clear(self) -> None:
        self._numbers: list[int] = []
        self._rows: list[Sequence[Any]] = []
        self._bad: list[BadRow] = []
        self._blank = 0
        self._bad_cells = 0

    def is_full(self, size: int) -> bool:
        """Tells whether the batch should be taken; `size` is what its rows took of the file."""
        rows = len(self._rows) + len(self._bad)
        cells = len(self._rows) * self._width + self._bad_cells
        return rows >= BATCH_ROWS or cells >= BATCH_CELLS or size >= BATCH_BYTES

    def add(self, number: int, cells: Sequence[Any]) -> None:
        """Adds one row; a ragged one is set aside, and so is what stands below the table."""
        reason = self._end.look(number, cells)
        if reason:
            self.reject(number, reason, cells)
            return
        if reason is None:
            self._blank += 1
            return
        if len(cells) == self._width:
            self._numbers.append(number)
            self._rows.append(cells)
            return
        fitted = list(cells[: self._width])
        if len(cells) > self._width and not is_blank(cells[self._width :]):
            self.reject(number, f"it has {len(cells)} cells, the header has {self._width}; "
                        "is the delimiter inside a text that is not quoted?", cells)  # fmt: skip
        elif len(cells) < self._width and not self._pad:
            self.reject(number, f"it has {len(cells)} cells, the header has {self._width}; if "
                        "empty cells at the end are cut off, state pad_short_rows: true",
                        cells)  # fmt: skip
        else:
            self._numbers.append(number)
            self._rows.append(fitted + [None] * (self._width - len(fitted)))

    def reject(self, number: int, reason: str, payload: Sequence[Any]) -> None:
        """Sets a row aside."""
        self._bad.append(BadRow(number, reason, payload))
        self._bad_cells += len(payload)

    def take(self, size: int = 0) -> RowBatch:
        """Returns what has been collected and begins anew."""
        columns: dict[str, Sequence[Any]] = (
            dict(zip(self._header, zip(*self._rows, strict=True), strict=True))
            if self._rows
            else dict.fromkeys(self._header, ())
        )
        batch = RowBatch(self._numbers, columns, self._bad, self._blank, size)
        self._clear()
        return batch
