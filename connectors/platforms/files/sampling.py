"""What a file looks like whose mapping is not known yet: its header, its cells, its last rows."""

from __future__ import annotations

import codecs
import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from connectors.core.errors import ShapeChanged
from connectors.platforms.files.guess import column_type
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.reading import format_of, open_rows
from connectors.platforms.files.rows import BadRow, RowSource
from connectors.platforms.files.texts import as_text

_NO_TITLES = frozenset({"parquet", "ndjson"})
_FAR = 40
"""So many lines of titles are looked through."""
_NEAR = 12
_KEPT = 10_000
_TAIL = 30
_ODD = 200
_LOOKED_AT = 64 * 1024
_NAMELESS = re.compile(r"column_\d+")


@dataclass(slots=True)
class Sample:
    """A file that was looked at.

    Attributes:
        form: its format.
        header: its columns.
        header_row: where they stand.
        columns: cells of its first rows.
        numbers: of these rows.
        ends: its first and last rows, by number, as cells by column.
        odd: rows that cannot be split, the first and the last ones.
        rows: how many there are.
        encoding: where it must be stated.
        titles: the lines above the header.
    """

    form: str
    header: tuple[str, ...]
    header_row: int
    columns: dict[str, list[Any]]
    numbers: list[int] = field(default_factory=list)
    ends: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    odd: list[BadRow] = field(default_factory=list)
    rows: int = 0
    encoding: str = ""
    titles: list[str] = field(default_factory=list)


Opening = Callable[[int], AbstractContextManager[RowSource]]
"""Opens the rows of a file whose header stands in some row."""


def sample(
    path: Path,
    is_known: Callable[[Sequence[str]], bool],
    header_row: int = 0,
    sheet: str = "",
) -> Sample:
    """Looks at a file.

    Args:
        path: of the file.
        is_known: tells a header that is surely one.
        header_row: where the header stands; 0 to look for it.
        sheet: of a workbook; empty for its only one.

    Raises:
        ShapeChanged: it cannot be read.
    """
    if not path.is_file():
        raise ShapeChanged(f"there is no file {path}", remedy="Correct the path.")
    form = format_of(path.name)
    encoding = _encoding(path, form)
    opened = partial(_opened, path, form, encoding, sheet)
    titles: list[tuple[str, ...]] = []
    if form in _NO_TITLES:
        header_row = 1
    elif not header_row:
        header_row, titles = _header(opened, is_known)
    with opened(header_row) as source:
        found = _read(source, form, header_row)
    found.encoding = encoding
    found.titles = [" ".join(_filled(cells)) for cells in titles[: header_row - 1]]
    return found


def _read(source: RowSource, form: str, header_row: int) -> Sample:
    columns: dict[str, list[Any]] = {name: [] for name in source.header}
    kept_numbers: list[int] = []
    rows, first = 0, list[tuple[int, Mapping[str, Any]]]()
    last: deque[tuple[int, Mapping[str, Any]]] = deque(maxlen=_TAIL)
    odd: list[BadRow] = []
    odd_last: deque[BadRow] = deque(maxlen=_TAIL)
    for batch in source:
        taken = max(0, _KEPT - rows)
        for name in batch.columns:
            # Objects of JSON name their columns when they come.
            columns.setdefault(name, [None] * min(rows, _KEPT))
        for name, kept in columns.items():
            cells = batch.columns.get(name, (None,) * len(batch.numbers))
            kept += cells[:taken]
        kept_numbers += batch.numbers[:taken]
        count = len(batch.numbers)
        ends = sorted({*range(min(3, count)), *range(max(0, count - _TAIL), count)})
        for n in ends:
            row = (batch.numbers[n], {name: cells[n] for name, cells in batch.columns.items()})
            if len(first) < 3:
                first.append(row)
            last.append(row)
        rows += count
        odd += batch.bad[: max(0, _ODD - len(odd))]
        odd_last += batch.bad
    both = {bad.number: bad for bad in [*odd, *odd_last]}
    return Sample(form, tuple(columns), header_row, columns, kept_numbers, dict([*first, *last]),
                  [both[number] for number in sorted(both)], rows)  # fmt: skip


def _header(
    opened: Opening, is_known: Callable[[Sequence[str]], bool]
) -> tuple[int, list[tuple[str, ...]]]:
    """The number of the row that holds the names, and the first rows."""
    rows: list[tuple[str, ...]] = []
    for number in range(1, _FAR + 1):
        rows.append(_row(opened, number))
        if is_known(rows[-1]):
            return number, rows
        if number == 2 and _is_first(rows):
            return 1, rows
        if number == _NEAR and any(_is_plausible(cells) for cells in rows):
            break
    widths = {n: len(_filled(cells)) for n, cells in enumerate(rows, 1) if _is_plausible(cells)}
    widest = max(widths.values(), default=0)
    found = next((n for n, width in widths.items() if width >= 0.6 * widest), 1)
    return found, rows


def _is_first(rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row is the header beyond doubt: wide, and the second one has values."""
    header, values = map(_filled, rows)
    return (
        _is_plausible(rows[0])
        and len(header) >= max(3, len(values))
        and any(column_type([value]) != "text" for value in values)
    )


def _is_plausible(cells: Sequence[str]) -> bool:
    names = _filled(cells)
    enough = len(names) >= 2 or len(cells) == len(names) == 1
    return enough and all(column_type([name]) == "text" for name in names)


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if not _NAMELESS.fullmatch(cell)]


def _row(opened: Opening, number: int) -> tuple[str, ...]:
    """The cells of a row as its reader names columns; none when it is no row of names."""
    try:
        with opened(number) as source:
            return tuple(source.header)
    except ShapeChanged as trouble:
        if number == 1 and "header" not in trouble.message:
            raise
        return ()


@contextmanager
def _opened(
    path: Path, form: str, encoding: str, sheet: str, header_row: int
) -> Iterator[RowSource]:
    # Any mapping that reads the file will do: what its columns mean is what is looked for.
    tree = {"target": "records", "kind": "snapshot", "table": "draft", "key": ["x"],
            "time_zone": "UTC", "columns": {"x": "x"}, "format": form,
            "encoding": encoding, "header_row": str(header_row),
            **({"sheet": sheet} if sheet else {})}  # fmt: skip
    with path.open("rb") as file:
        yield open_rows(file, path.name, os.path.getsize(path), parse(tree))


def _encoding(path: Path, form: str) -> str:
    """The encoding that a mapping must state: none for UTF-8 and what has a byte order mark."""
    if form not in {"csv", "tsv"}:
        return ""
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)):
        return ""
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.4 * len(zeros):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "windows-1252"
    return ""


def texts(cells: Sequence[Any]) -> list[str]:
    """Returns the cells that hold something, as texts."""
    return [text for cell in cells if (text := as_text(cell)) is not None]
