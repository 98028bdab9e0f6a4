"""Records of one table from the rows of its tab: header, blank rows, totals, rows that do not fit.

A row that cannot be read goes to quarantine whole: the list then adds and changes and deletes
nothing, so that what the row is of stays as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.set_aside import SetAside
from connectors.platforms.crm_export.cells import CellError, plain, reader

Row = Sequence[Any]
Json = dict[str, Any]
_TITLE_ROWS = 10
"""A header stands within the first rows, below a title if there is one."""
_TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sum"})
_NEVER_NEGATIVE = ("unit_price", "list_price")
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the CRM.

    Attributes:
        name: what its tab is called where nothing else is set.
        columns: what is known of it.
        key: names of the columns that tell its rows apart.
        personal: names that are not kept.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a tab holds: records, and rows for quarantine."""

    records: list[Json]
    set_aside: tuple[SetAside, ...]


def read(table: Table, rows: Sequence[Row], zone: ZoneInfo, now: datetime) -> Read:
    """Returns the records of a tab.

    Args:
        table: which table it is.
        rows: the cells; what is empty at the end of a row is not there.
        zone: the spreadsheet's, of dates without one.
        now: what was ordered more than a day later is an error.

    Raises:
        ShapeChanged: there is no header with the key's columns, or a known name is there twice.
    """
    return _Reading(table, zone, now).read(rows)


class _Reading:
    def __init__(self, table: Table, zone: ZoneInfo, now: datetime) -> None:
        self._table, self._latest = table, (now + _AHEAD).isoformat()
        self._readers = {one.source: reader(one, zone) for one in table.columns}
        self._needed = {one.source for one in table.columns if one.required}

    def read(self, rows: Sequence[Row]) -> Read:
        place, names = self._header(rows)
        records: list[Json] = []
        aside: list[SetAside] = []
        seen: set[tuple[str, ...]] = set()
        for number, row in enumerate(rows[place + 1 :], place + 2):
            cells = dict(self._cells(names, row))
            if not cells or self._is_total(cells):
                continue
            record, reasons = self._record(cells)
            key = tuple(str(record.get(name, "")) for name in self._table.key)
            if key in seen and all(key):
                reasons.append(f"{' '.join(key)} is in the sheet twice")
            if reasons:
                aside.append(SetAside("; ".join(reasons), {"source_row": number, **cells}))
                continue
            seen.add(key)
            records.append({**record, "source_row": number})
        return Read(records, tuple(aside))

    def _header(self, rows: Sequence[Row]) -> tuple[int, list[str]]:
        """Returns where the header stands, and the name of each of its columns."""
        for place, row in enumerate(rows[:_TITLE_ROWS]):
            names = [_name(cell) for cell in row]
            if set(names) >= self._needed:
                return place, self._distinct(names)
        raise ShapeChanged(
            f"the tab of {self._table.name} has no header with {', '.join(sorted(self._needed))}",
            remedy="Write these names above the columns; which others there can be stands in the "
            "platform's README.",
        )

    def _distinct(self, names: list[str]) -> list[str]:
        """Names each column apart: what is blank by its place, what comes again by a number."""
        counts = Counter(name for name in names if name)
        twice = sorted(name for name, count in counts.items() if count > 1)
        if known := [name for name in twice if name in self._readers]:
            raise ShapeChanged(
                f"the tab of {self._table.name} has two columns {', '.join(known)}",
                remedy="Rename one of them: it is not known which one is meant.",
            )
        found: Counter[str] = Counter()
        distinct = []
        for place, name in enumerate(names, 1):
            found[name] += 1
            again = f"{name} ({found[name]})" if found[name] > 1 else name
            distinct.append(again if name else f"column {place}")
        return distinct

    def _cells(self, names: list[str], row: Row) -> Iterator[tuple[str, Any]]:
        """Yields the cells of a row that hold something, by the names of their columns."""
        for place, cell in enumerate(row):
            name = names[place] if place < len(names) else f"column {place + 1}"
            is_empty = cell is None or (isinstance(cell, str) and not cell.strip())
            if not is_empty and name not in self._table.personal:
                yield name, cell

    def _is_total(self, cells: Json) -> bool:
        """Says whether a row adds the others up: it has no key, and says so in some cell."""
        texts = {str(cell).strip().rstrip(":").casefold() for cell in cells.values()}
        first = str(cells.get(self._table.key[0], "")).strip().rstrip(":").casefold()
        return bool(texts & _TOTALS) and (not first or first in _TOTALS)

    def _record(self, cells: Json) -> tuple[Json, list[str]]:
        """Returns the record of a row, and why it cannot be taken; what is unknown is kept."""
        record: Json = {}
        reasons = []
        for name, cell in cells.items():
            known = self._readers.get(name)
            try:
                value = plain(cell)
                record[name] = value if known is None or value is None else known(value)
            except CellError as trouble:
                if known is not None:
                    reasons.append(f"{name}: {trouble}")
        reasons += self._out_of_range(record)
        return record, reasons

    def _out_of_range(self, record: Json) -> Iterator[str]:
        for name in _NEVER_NEGATIVE:
            if isinstance(record.get(name), (int, float)) and record[name] < 0:
                yield f"{name}: {record[name]} is negative"
        if str(record.get("ordered_at") or "") > self._latest:
            yield f"ordered_at: {record['ordered_at']} has not come yet"


def _name(cell: Any) -> str:
    """Returns the name of a column as it is compared: `Order ID` is `order_id`."""
    return re.sub(r"[\s\u00a0_-]+", "_", str(cell or "").strip().casefold()).strip("_")
