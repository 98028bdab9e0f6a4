"""Values of the lake that no table can hold, which models read as unknown.

New ones are set aside when they are pulled; an older lake may hold some. The bounds are those of
``readable_columns`` in the dbt project's macros/streams.sql.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.home import Home

MOST_WHOLE = 10**18 - 1
"""The largest whole number, which may be an amount in micros."""

MOST_DECIMAL = Decimal(10**12)
"""Decimal numbers and a platform's doubles lie below it."""

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
"""Times lie between them."""


@dataclass(frozen=True, slots=True)
class OddValues:
    """Values of one column of one raw file that models read as unknown.

    Attributes:
        path: the raw file.
        connection_id: whose rows they are in.
        column: the column.
        values: how many.
        example: one of them.
    """

    path: Path
    connection_id: str
    column: str
    values: int
    example: str


def odd_values(home: Home) -> Iterator[OddValues]:
    """Looks for values out of range, by the footers of raw files; the values of a few are read.

    Files that cannot be read are left out: ``doctor.examine`` finds those. Numbers inside JSON are
    not looked at.
    """
    for path in sorted((home.lake / "raw").rglob("*.parquet")):
        if path.name.startswith("."):
            continue
        with suppress(pa.ArrowException, OSError), pq.ParquetFile(path) as file:
            columns = _suspects(file.metadata, file.schema_arrow)
            if columns:
                table = file.read(["_connection_id", *columns])
                for column in columns:
                    yield from _of_column(path, table, column)


def _suspects(footer: pq.FileMetaData, schema: pa.Schema) -> list[str]:
    """Returns columns whose smallest or largest value is out of range in some group of rows."""
    bounds = {field.name: _bounds(field.type) for field in schema if field.name[0] != "_"}
    suspects: set[str] = set()
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        for position in range(group.num_columns):
            chunk = group.column(position)
            bound = bounds.get(chunk.path_in_schema)
            statistics = chunk.statistics
            if bound is None or statistics is None or not statistics.has_min_max:
                continue
            if _is_outside(statistics, *bound):
                suspects.add(chunk.path_in_schema)
    return sorted(suspects)


def _is_outside(statistics: pq.Statistics, low: Any, high: Any) -> bool:
    try:
        ends: list[Any] = [statistics.min, statistics.max]
    except (ValueError, OverflowError):
        return True  # a time that Python has none of
    if isinstance(low, datetime):
        ends = [end.replace(tzinfo=low.tzinfo) for end in ends]
    return not low <= min(ends) <= max(ends) <= high


def _of_column(path: Path, table: pa.Table, column: str) -> Iterator[OddValues]:
    values = table.column(column)
    low, high = _bounds(values.type) or (None, None)
    odd = pc.or_(
        pc.less(values, pa.scalar(low, values.type)),
        pc.greater(values, pa.scalar(high, values.type)),
    )
    shown = table.filter(odd)
    # As text: Python has no times of the year 287000.
    texts = pc.cast(shown.column(column), pa.string()).to_pylist()
    found: dict[str, list[str]] = {}
    for connection, text in zip(shown.column("_connection_id").to_pylist(), texts, strict=True):
        found.setdefault(str(connection), []).append(str(text))
    for connection, odd_texts in sorted(found.items()):
        yield OddValues(path, connection, column, len(odd_texts), odd_texts[0])


def _bounds(kind: pa.DataType) -> tuple[Any, Any] | None:
    """Returns the smallest and the largest value of a type; None where any value is readable."""
    if pa.types.is_integer(kind) and kind.bit_width > 32:
        return -MOST_WHOLE, MOST_WHOLE
    if pa.types.is_decimal(kind):
        step = Decimal(1).scaleb(-kind.scale)
        if kind.precision - kind.scale <= MOST_DECIMAL.adjusted():
            return None
        return -MOST_DECIMAL + step, MOST_DECIMAL - step
    if pa.types.is_floating(kind):
        most = math.nextafter(float(MOST_DECIMAL), 0)
        return -most, most
    if pa.types.is_timestamp(kind):
        first, last = (FIRST, LAST) if kind.tz else (_plain(FIRST), _plain(LAST))
        return first, last
    return None


def _plain(instant: datetime) -> datetime:
    return instant.replace(tzinfo=None)
