"""A published table as a file for other programs: CSV, Parquet or a workbook.

Rows are read and written batch by batch, so a table of any size needs the memory of one batch. The
file appears as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.durable_files import replacing
from warehouse.formulas import FORMULA_STARTS, without_formula
from warehouse.home import Home
from warehouse.queries import opened

BATCH_ROWS = 20_000
SHEET_ROWS = 1_048_576
"""Rows that a sheet of a workbook holds, its header among them (Excel's specifications)."""
CELL_CHARACTERS = 32_767
"""Characters that a cell of a workbook holds (Excel's specifications)."""

Progress = Callable[[int], object]
"""Called with how many rows are written by now."""


class ExportError(ValueError):
    """The table cannot be exported as asked; the message says what can."""


def export_table(
    home: Home,
    table: str,
    target: Path,
    *,
    organization: str | None = None,
    release: str | None = None,
    progress: Progress | None = None,
) -> int:
    """Writes a published table into a file; the ending of its name says how.

    In CSV and workbooks a text that a spreadsheet would run as a formula has an apostrophe before
    it. A workbook keeps 15 digits of a number, as all spreadsheets do; the others keep every digit.

    Args:
        home: the home.
        table: name of a published table.
        target: a file that ends in .csv, .parquet or .xlsx; one that is there is replaced.
        organization: only rows of this organization. A table that all organizations share is
            written whole.
        release: a kept release instead of the current one.
        progress: called after each batch.

    Returns:
        How many rows were written.

    Raises:
        ExportError: no such table or ending, an organization without rows, or a workbook would
            not hold the table.
        NotPublished: nothing was published yet.
        PublishError: there is no such release.
        LakeFull: the disk is full; what was there before stays.
    """
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        endings = ", ".join(_WRITERS)
        raise ExportError(f"{target.name}: the name must end in one of {endings}")
    with opened(home, release) as connection:
        names = [
            row[0] for row in connection.execute("select table_name from docs_tables").fetchall()
        ]
        if table not in names:
            raise ExportError(
                f"no table {table!r} is published: "
                "tributary query 'select table_name, description from docs_tables'"
            )
        columns = {row[0] for row in connection.execute(f'describe "{table}"').fetchall()}
        query, given = f'select * from "{table}"', []
        if organization is not None and "organization_id" in columns:
            query, given = f"{query} where organization_id = ?", [organization]
            if not _knows(connection, organization):
                raise ExportError(f"no organization {organization!r} is published")
        batches = connection.execute(query, given).to_arrow_reader(BATCH_ROWS)
        with replacing(target.absolute()) as temporary:
            return write(batches, temporary, progress or _silent)


def _knows(connection: Any, organization: str) -> bool:
    known = "select count(*) from dim_organizations where organization_id = ?"
    return bool(connection.execute(known, [organization]).fetchone()[0])


def _silent(_rows: int) -> None:
    """Reports nothing."""


def _counted(batches: pa.RecordBatchReader, progress: Progress) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.num_rows
        progress(done)


def _write_csv(batches: pa.RecordBatchReader, path: Path, progress: Progress) -> int:
    from pyarrow import csv

    rows = 0
    with csv.CSVWriter(path, batches.schema) as writer:
        for batch in _counted(batches, progress):
            writer.write_batch(_without_formulas(batch))
            rows += batch.num_rows
    return rows


def _write_parquet(batches: pa.RecordBatchReader, path: Path, progress: Progress) -> int:
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
        for batch in _counted(batches, progress):
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_workbook(batches: pa.RecordBatchReader, path: Path, progress: Progress) -> int:
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("export")
    try:
        rows = _fill(sheet, batches, progress)
    except BaseException:
        sheet.close()  # else what it has written so far stays open
        raise
    workbook.save(path)
    return rows


def _fill(sheet: Any, batches: pa.RecordBatchReader, progress: Progress) -> int:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    sheet.append(batches.schema.names)
    rows = 0
    for batch in _counted(batches, progress):
        rows += batch.num_rows
        if rows >= SHEET_ROWS:
            raise ExportError(
                f"a sheet holds {SHEET_ROWS - 1:,} rows below its header and the table has more: "
                "export it as .parquet or .csv, or one --organization of it"
            )
        columns = [column.to_pylist() for column in _without_formulas(batch).columns]
        for row in zip(*columns, strict=True):
            sheet.append([_cell(value, ILLEGAL_CHARACTERS_RE) for value in row])
    return rows


def _cell(value: Any, illegal: Any) -> Any:
    """Returns a value as a workbook holds it; control characters, which it cannot, are replaced.

    Raises:
        ExportError: a text is longer than a cell.
    """
    if not isinstance(value, str):
        return value
    if len(value) > CELL_CHARACTERS:
        raise ExportError(
            f"a cell of a workbook holds {CELL_CHARACTERS:,} characters and a text has "
            f"{len(value):,}: export it as .parquet or .csv"
        )
    return illegal.sub("\N{REPLACEMENT CHARACTER}", value)


def _without_formulas(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [_plain(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _plain(column: Any) -> Any:
    if not pa.types.is_string(column.type):
        return column
    starts = pa.array(FORMULA_STARTS)
    suspect = pc.is_in(pc.utf8_slice_codeunits(column, 0, 1), value_set=starts)
    if not pc.any(suspect).as_py():
        return column
    texts = [None if text is None else without_formula(text) for text in column.to_pylist()]
    return pa.array(texts, column.type)


_WRITERS: Mapping[str, Callable[[pa.RecordBatchReader, Path, Progress], int]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".xlsx": _write_workbook,
}
