"""One file as the pages of one chunk."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from connectors.core.arrow import TypedPage
from connectors.core.errors import ShapeChanged, Transient
from connectors.core.objects import DueObject
from connectors.core.personal import Hasher, scrubbed
from connectors.core.window import Window
from connectors.platforms.files.delimited import DelimitedRows
from connectors.platforms.files.foreign import refuse_suffix
from connectors.platforms.files.guess import column_type
from connectors.platforms.files.json_lines import JsonRows
from connectors.platforms.files.mapping import FORMATS, FileMapping
from connectors.platforms.files.parquet import ParquetRows
from connectors.platforms.files.rows import RowBatch, RowSource
from connectors.platforms.files.sheets import SheetRows
from connectors.platforms.files.table import TableTyper
from connectors.platforms.files.watching import Watcher

SUFFIXES = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}


class FileReading:
    """The pages of one file; iterate once.

    Args:
        mapping: what is what.
        due: the file, and the one that was loaded before it.
        hash_pii: turns a normalised personal value into a token.
        may_shrink: the list may be much shorter than the one before.
        expected_rows: how many rows its manifest promises; None without one.
        watcher: sees the rows that are left out; it changes nothing.
    """

    def __init__(
        self,
        mapping: FileMapping,
        due: DueObject,
        hash_pii: Hasher | None,
        *,
        may_shrink: bool = False,
        expected_rows: int | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self._mapping, self._due, self._hash = mapping, due, hash_pii
        self._may_shrink, self._expected = may_shrink, expected_rows
        self._watcher = watcher
        self._types: dict[str, str] = {}
        self._header: tuple[str, ...] = ()
        self._first: date | None = None
        self._last: date | None = None
        self._skipped = 0
        self._unread: dict[str, dict[str, Any]] = {}
        self._rows = 0
        self._day_rows: Counter[date] = Counter()
        self._spoiled_days: set[date] = set()
        self._spoiled_orders: frozenset[str] = frozenset()
        self._is_due_again = False

    def __iter__(self) -> Iterator[TypedPage]:
        previous = self._due.previous
        before = previous.schema.get("header") if previous else None
        typer = TableTyper(
            self._mapping, self._due.data.name, self._hash, self._spoiled_orders, self._watcher
        )
        self._first, self._last, self._rows = None, None, 0
        self._day_rows.clear()
        with _opened(self._due.data.locator, self._due.data.size) as file:
            source = open_rows(file, self._due.data.name, self._due.data.size, self._mapping)
            if source.fixed:
                typer.resolve(source.header, before)
            for batch in source:
                if not source.fixed and not self._header:
                    typer.resolve(source.header, before)
                self._look(source, batch)
                page = typer.type(batch)
                self._note_dates(page)
                self._rows += page.batch.num_rows + len(page.rejected)
                yield page
        self._skipped, self._unread = typer.skipped, typer.unread
        self._check_count()
        spoils = typer.spoils
        if spoils.undated and self.covered is not None:
            # A row of no day may be of any, so that none is known to be whole.
            spoils.days.update(self.covered.days())
        self._spoiled_days = spoils.days
        self._is_due_again = not spoils.orders <= self._spoiled_orders
        self._spoiled_orders |= spoils.orders

    @property
    def schema(self) -> dict[str, Any]:
        """The header, the types that were seen, and what changed since the last file."""
        previous = self._due.previous
        header, types = list(self._header), self._types
        if any("@" in name for name in header):
            # Keys of JSON may be anything; the log has no address in clear.
            hasher = self._hash or (lambda _: "***")
            header, types = scrubbed(header, hasher), scrubbed(types, hasher)
        found: dict[str, Any] = {"header": header, "types": types}
        if self._skipped:
            found["skipped_rows"] = self._skipped
        if self._first is not None:
            found["first_day"] = self._first.isoformat()
        if self._day_rows:
            found["day_rows"] = {
                day.isoformat(): rows for day, rows in sorted(self._day_rows.items())
            }
        if self._spoiled_days:
            found["left_days"] = sorted(day.isoformat() for day in self._spoiled_days)
        if self._unread:
            found["unread_cells"] = self._unread
        if previous and previous.schema.get("header"):
            before = previous.schema["header"]
            changes = {
                "new_columns": [name for name in header if name not in before],
                "gone_columns": [name for name in before if name not in header],
            }
            found |= {name: names for name, names in changes.items() if names}
        return found

    @property
    def is_due_again(self) -> bool:
        """At its end a file may show that a row is unreadable of an order that was yielded."""
        return self._is_due_again

    @property
    def covered(self) -> Window | None:
        """Of a report, from its first to its last date."""
        if self._mapping.kind != "report" or self._first is None or self._last is None:
            return None
        return Window(self._first, self._last + timedelta(days=1))

    def _look(self, source: RowSource, batch: RowBatch) -> None:
        self._header = tuple(source.header)
        for name, cells in batch.columns.items():
            if self._types.get(name, "empty") == "empty":
                self._types[name] = column_type(cells)

    def _note_dates(self, page: TypedPage) -> None:
        name = {"costs": "date", "orders": "ordered_at"}.get(self._mapping.target)
        if name and page.batch.num_rows:
            column: Any = page.batch.column(name)
            ends: Any = pc.min_max(column.cast(pa.date32())).as_py()
            if ends["min"] is None:
                return
            if self._mapping.kind == "report":
                self._day_rows.update(column.to_pylist())
            self._first = min(self._first or ends["min"], ends["min"])
            self._last = max(self._last or ends["max"], ends["max"])

    def _check_count(self) -> None:
        """A list that lost many rows is more often an accident than a truth."""
        previous = self._due.previous
        counted = self._rows + self._skipped
        if self._expected is not None and counted != self._expected:
            raise ShapeChanged(
                f"the file has {counted} rows, its manifest says {self._expected}",
                remedy="Drop the file again as a whole, with its manifest.",
            )
        if self._mapping.kind != "snapshot" or previous is None or self._may_shrink:
            return
        before = previous.rows + previous.rejected_rows
        if self._rows < before * (1 - self._mapping.max_drop):
            raise ShapeChanged(
                f"the list has {self._rows} rows, the one before it ({previous.name}) had "
                f"{before}: it lost more than {self._mapping.max_drop:.0%}",
                remedy="If the list is whole, accept it with `tributary files accept`; else drop "
                "the whole list again. Nothing of it was loaded.",
            )


def format_of(name: str, mapping_format: str = "") -> str:
    """Returns the format as stated, or by the suffix; empty when neither says."""
    return mapping_format or SUFFIXES.get(os.path.splitext(name)[1].lower(), "")


def open_rows(file: BinaryIO, name: str, size: int, mapping: FileMapping) -> RowSource:
    """Returns the rows of an open file.

    Raises:
        ShapeChanged: it is empty, or not what its format says.
    """
    form = format_of(name, mapping.format)
    if size == 0:
        raise ShapeChanged("the file is empty", remedy="Export it again and drop it again.")
    refuse_suffix(name)
    if form == "parquet":
        return ParquetRows(file, size)
    if form == "xlsx":
        return SheetRows(file, sheet=mapping.sheet, header_row=mapping.header_row)
    if form == "ndjson":
        return JsonRows(file)
    if form in FORMATS:
        return DelimitedRows(
            file,
            encoding=mapping.encoding,
            delimiter=mapping.delimiter or ("\t" if form == "tsv" else ""),
            header_row=mapping.header_row,
            pad=mapping.pad_short_rows,
        )
    raise ShapeChanged(
        f"its suffix says nothing about its format; known are {', '.join(SUFFIXES)}",
        remedy="State format in the mapping.",
    )


def header_of(locator: str, name: str, size: int, mapping: FileMapping) -> tuple[str, ...]:
    """Returns the columns of a file; of one without a header those of its first rows.

    Raises:
        ShapeChanged: it is empty, or not what its format says.
    """
    with _opened(locator, size) as file:
        source = open_rows(file, name, size, mapping)
        if not source.fixed:
            next(iter(source), None)
        return tuple(source.header)


@contextmanager
def _opened(locator: str, size: int) -> Iterator[BinaryIO]:
    """Opens a file as it was found; it must stay as it is until it is read."""
    try:
        descriptor = os.open(locator, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as trouble:
        raise ShapeChanged(
            f"it cannot be opened: {trouble.strerror}",
            remedy="Give Tributary the right to read it, or drop it again.",
        ) from None
    with open(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode) or before.st_size != size:
            raise _changed()
        yield file
        after = os.stat(locator, follow_symlinks=False)
        if (after.st_ino, after.st_size, after.st_mtime_ns) != (
            before.st_ino,
            before.st_size,
            before.st_mtime_ns,
        ):
            raise _changed()


def _changed() -> Transient:
    return Transient("the file changed while it was read")
