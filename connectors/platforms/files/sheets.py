"""The rows of one sheet of an .xlsx workbook.

Of a formula the stored value is read; nothing is ever calculated. A merged cell has its value in
its first cell, as in the file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO
from xml.parsers import expat

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.rows import (
    LARGEST_CELL,
    MOST_COLUMNS,
    RowBatch,
    RowCollector,
    header_names,
)
from connectors.platforms.files.texts import SAFE_DIGITS, BadCell
from connectors.platforms.files.times import serial
from connectors.platforms.files.workbook import Workbook, not_a_workbook, parse

_WHOLE = re.compile(rf"-?\d{{1,{SAFE_DIGITS}}}")
_1904 = timedelta(days=1462)


class SheetRows:
    """The rows of a sheet, numbered as the spreadsheet numbers them.

    Args:
        file: open for reading bytes.
        sheet: name or number of the sheet; empty when there is only one.
        header_row: number of the row with the names.

    Raises:
        ShapeChanged: it is no workbook, is larger than the limits, or has no header.
    """

    fixed = True

    def __init__(self, file: BinaryIO, *, sheet: str = "", header_row: int = 1) -> None:
        self._book = Workbook.open(file, sheet)
        self._rows = self._numbered()
        self._size = 0
        self.header: tuple[str, ...] = ()
        for number, cells in self._rows:
            if number >= header_row:
                self.header = header_names(cells) if number == header_row else ()
                break
        if not self.header:
            raise ShapeChanged(
                f"row {header_row}, where the header should be, is empty",
                remedy="Give the sheet a header, or state header_row in the mapping.",
            )

    def __iter__(self) -> Iterator[RowBatch]:
        # Cells at the end of a row that are empty are not in the file.
        collector = RowCollector(self.header, pad=True)
        share = self._book.packed_share()
        for number, cells in self._rows:
            collector.add(number, cells)
            if collector.is_full(self._size):
                size, self._size = self._size, 0
                yield collector.take(round(size * share))
        yield collector.take(round(self._size * share))

    def _numbered(self) -> Iterator[tuple[int, list[Any]]]:
        cells = _Cells(self._book)
        try:
            with self._book.sheet() as stream:
                for size in parse(stream, cells.start, cells.end, cells.text):
                    self._size += size
                    yield from cells.take()
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError,
                expat.ExpatError) as trouble:  # fmt: skip
            raise not_a_workbook(trouble) from None


class _Cells:
    """Handlers of the sheet's XML: they collect whole rows."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._done: list[tuple[int, list[Any]]] = []
        self._row: list[Any] = []
        self._number = 0
        self._column = 0
        self._kind = "n"
        self._style = 0
        self._has_formula = False
        self._reading = False
        self._pieces: list[str] = []
        self._length = 0

    def take(self) -> list[tuple[int, list[Any]]]:
        """Returns the rows that are complete."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element opens."""
        if name == "c":
            place = given.get("r")
            self._column = _column(place) if place else len(self._row)
            self._kind, self._style = given.get("t", "n"), int(given.get("s", "0"))
            self._has_formula, self._pieces, self._length = False, [], 0
        elif name == "row":
            self._number = int(given.get("r", self._number + 1))
            self._row = []
        elif name in {"v", "t"}:
            self._reading = True
        elif name == "f":
            self._has_formula = True

    def end(self, name: str) -> None:
        """An element closes."""
        if name == "c":
            value = self._value()
            if value is not None:
                if not len(self._row) <= self._column < MOST_COLUMNS:
                    raise ShapeChanged(f"row {self._number} has a cell in column {self._column}")
                self._row.extend([None] * (self._column - len(self._row)))
                self._row.append(value)
        elif name == "row":
            self._done.append((self._number, self._row))
        elif name in {"v", "t"}:
            self._reading = False

    def text(self, piece: str) -> None:
        """A piece of text."""
        if self._reading:
            self._pieces.append(piece)
            self._length += len(piece)
            if self._length > LARGEST_CELL:
                raise ShapeChanged(f"a cell of row {self._number} is larger than {LARGEST_CELL}")

    def _value(self) -> Any:
        text = "".join(self._pieces)
        if not text:
            if self._has_formula and self._kind != "str":
                return BadCell(
                    "it holds a formula without a stored value; open the workbook in a "
                    "spreadsheet and save it, so that its results are stored"
                )
            return None
        if self._kind == "s":
            place = int(text)
            if not 0 <= place < len(self._book.texts):
                raise ShapeChanged(f"row {self._number} refers to a text that is not there")
            return self._book.texts[place] or None
        if self._kind == "b":
            return text.strip() == "1"
        if self._kind == "n":
            return self._number_of(text.strip())
        return text

    def _number_of(self, text: str) -> Any:
        if self._style in self._book.date_styles:
            try:
                moment = serial(float(text))
            except (ValueError, OverflowError):
                return float(text)  # a time of day, which is no day
            return moment + _1904 if self._book.is_1904 else moment
        if not _WHOLE.fullmatch(text):
            return float(text)
        width = self._book.padded.get(self._style)
        return int(text) if width is None else f"{int(text):0{width}d}"


def _column(place: str) -> int:
    """`AB12` is in column 27, counted from 0."""
    column = 0
    for letter in place:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column - 1
