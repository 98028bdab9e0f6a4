"""CSV and TSV: decoded, split and batched, with a bound on every line.

What surprises: spreadsheets write `;` where the decimal sign is a comma, a byte order mark, CRLF,
and windows-1252. A quote that is never closed would swallow the rest of the file: its line is set
aside, and reading goes on with the next one.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.foreign import refuse_foreign
from connectors.platforms.files.quotes import lines_like_rows, split
from connectors.platforms.files.rows import (
    LARGEST_CELL,
    LARGEST_ROW,
    MOST_COLUMNS,
    RowBatch,
    RowCollector,
    header_names,
)

# The limit belongs to the process. Ours is above the library's own, so nobody else is cut short.
csv.field_size_limit(LARGEST_CELL)

_UNDECODED = re.compile("[\udc80-\udcff]")
_DELIMITERS = ",;\t|"
_SNIFFED = 64 * 1024


class DelimitedRows:
    """The rows of a CSV or TSV.

    Args:
        file: open for reading bytes, at its beginning.
        encoding: as stated; empty: by the byte order mark, else UTF-8.
        delimiter: as stated; empty: whichever of `,` `;` tab `|` the header holds most.
        header_row: number of the row with the names.
        pad: whether short rows are filled up.

    Raises:
        ShapeChanged: there is no header, or a line that is too long before it.
    """

    fixed = True

    def __init__(
        self,
        file: BinaryIO,
        *,
        encoding: str = "",
        delimiter: str = "",
        header_row: int = 1,
        pad: bool = False,
    ) -> None:
        self._file, self._pad = file, pad
        start = file.read(_SNIFFED)
        file.seek(0)
        refuse_foreign(start, encoding)
        self.encoding = _encoding(start, encoding)
        # A byte that cannot be decoded spoils its row, not the file: it is marked, not refused.
        text = io.TextIOWrapper(file, self.encoding, errors="surrogateescape", newline="")
        self._lines = _Lines(text)
        self.delimiter = delimiter or _sniffed(start.decode(self.encoding, "replace"), header_row)
        self._rows = csv.reader(self._lines, delimiter=self.delimiter, strict=True)
        self._number = 0
        self._fault = ""
        cells: list[str] = []
        for number, found in self._numbered():
            cells = found
            if number == header_row:
                break
        else:
            cells = []
        if self._fault:
            raise ShapeChanged(
                f"row {header_row}, where the header should be, cannot be read: {self._fault}",
                remedy="Close the quote and drop the file again.",
            )
        self.header = header_names(cells)
        if not self.header:
            raise ShapeChanged(
                "the file is empty" if self._number == 0 else
                f"row {header_row}, where the header should be, is empty",
                remedy="Export the file again with its header, or state header_row in the mapping.",
            )  # fmt: skip
        if len(self.header) == 1 and self.header[0].startswith("#"):
            raise _comment_above(start.decode(self.encoding, "replace"), header_row)
        if len(self.header) > MOST_COLUMNS:
            raise ShapeChanged(f"the header has {len(self.header)} columns, more than "
                               f"{MOST_COLUMNS}", remedy="Is the delimiter right?")  # fmt: skip

    def __iter__(self) -> Iterator[RowBatch]:
        collector = RowCollector(self.header, self._pad)
        self._lines.size = 0
        for number, cells in self._numbered():
            if self._fault:
                collector.reject(number, self._fault, cells)
            elif self._lines.undecoded:
                collector.reject(number, self._bytes_reason(cells), cells)
            else:
                collector.add(number, cells)
            if collector.is_full(self._lines.size):
                yield collector.take(self._lines.spent())
        yield collector.take(self._lines.spent())

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Yields the rows with their numbers; `_fault` says what is wrong with the last one."""
        while True:
            self._fault = ""
            self._lines.begin_row()
            try:
                cells = next(self._rows)
                if len(self._lines.row) > 1:
                    self._look_inside(cells)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as trouble:
                cells = self._first_line_alone(trouble)
            self._number += 1
            yield self._number, cells

    def _look_inside(self, cells: list[str]) -> None:
        found = lines_like_rows(self._lines.row, cells, self.delimiter)
        if found:
            self._fault = (
                "it opens a quote, and the cell that the quote begins holds "
                f"{found} {'line' if found == 1 else 'lines'} that could be rows of their own; "
                "mend the quote and drop the file again"
            )

    def _first_line_alone(self, trouble: Exception) -> list[str]:
        """The cells of a row's first line; the lines that a quote took with it are read again."""
        line, *more = self._lines.row
        if not more and isinstance(trouble, _TooLong):
            raise self._too_long(trouble)
        try:
            cells, is_closed = split(line, self.delimiter)
        except csv.Error as too_large:
            raise self._too_long(too_large) from None
        self._lines.back_to_second()
        if more or not is_closed:
            self._fault = (
                "it opens a quote that is never closed; double the quotes inside a cell, or close "
                "it, and drop the file again"
            )
        return cells

    def _too_long(self, trouble: Exception) -> ShapeChanged:
        return ShapeChanged(
            f"row {self._number + 1} cannot be read: {trouble}",
            remedy="Look at the file there: no line ends, or a cell of more than "
            f"{LARGEST_CELL // 2**20} MB. Mend it and drop it again.",
        )

    def _bytes_reason(self, cells: list[str]) -> str:
        found = next((_UNDECODED.search(cell) for cell in cells if _UNDECODED.search(cell)), None)
        byte = f" (0x{ord(found[0]) - 0xDC00:02X})" if found else ""
        return (
            f"it holds a byte{byte} that is not {self.encoding}; state the file's encoding in the "
            "mapping, such as encoding: windows-1252"
        )


class _TooLong(Exception):
    """A row is longer than any honest one."""


class _Lines:
    """Lines of a text, never more than LARGEST_ROW of one row in memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._pending = 0
        self.row: list[str] = []
        self.size = 0
        self.undecoded = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        self.row.append(line)
        self._pending += len(line)
        if self._pending >= LARGEST_ROW:
            raise _TooLong(f"a row is longer than {LARGEST_ROW // 2**20} MB")
        if not line.isascii() and _UNDECODED.search(line):
            self.undecoded = True
        return line

    def begin_row(self) -> None:
        """The lines from now on belong to another row."""
        self.row = []
        self._pending = 0
        self.undecoded = False

    def back_to_second(self) -> None:
        """Gives the lines after the row's first one again."""
        self._again.extendleft(reversed(self.row[1:]))
        self.undecoded = _UNDECODED.search(self.row[0]) is not None

    def _read(self) -> str:
        try:
            line = self._text.readline(LARGEST_ROW)
        except UnicodeError as trouble:
            raise ShapeChanged(
                f"the file is not {self._text.encoding}: {trouble}",
                remedy="State the file's encoding in the mapping, or export it as UTF-8.",
            ) from None
        if not line:
            raise StopIteration
        self.size += len(line)
        return line

    def spent(self) -> int:
        """Characters since the last call."""
        size, self.size = self.size, 0
        return size


def _comment_above(start: str, header_row: int) -> ShapeChanged:
    lines = enumerate(start.splitlines(), start=1)
    place = next((n for n, line in lines if line.strip() and not line.startswith("#")), 0)
    fix = f"header_row: {place}" if place > header_row else "header_row"
    return ShapeChanged(
        f"row {header_row} starts with # and seems to be no header",
        remedy=f"Lines such as this one stand above the table: state {fix} in the mapping.",
    )


def _encoding(start: bytes, stated: str) -> str:
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return stated or "utf-8"


def _sniffed(start: str, header_row: int) -> str:
    """The delimiter that the header row holds most often, outside quotes."""
    lines = start.lstrip("\ufeff").splitlines()
    line = lines[header_row - 1] if len(lines) >= header_row else ""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(_DELIMITERS, key=bare.count)
