"""Days of a report and orders of which a row cannot be read: what is known of them stays.

A report replaces its days whole, a file its orders. One row less would be a smaller number that
nobody meant, so that nothing is loaded of a day or an order that came incomplete.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from connectors.platforms.files.checks import Arrays, Misfits
from connectors.platforms.files.columns import ColumnReader
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.rows import BadRow, RowBatch

_WHOLE = {"costs": "date", "orders": "order_id"}
"""The column that says what a file replaces as a whole."""


class Spoils:
    """Collects what came incomplete, over the batches of one file.

    Args:
        mapping: what is what.
        readers: of the columns, by our names.
        orders: those known to be incomplete from an earlier look at the file.

    Attributes:
        days: of a report.
        orders: of which rows were loaded before or beside the unreadable one.
        undated: numbers of rows that may be of any day.
    """

    def __init__(
        self, mapping: FileMapping, readers: Mapping[str, ColumnReader], orders: Collection[str]
    ) -> None:
        self._name = _WHOLE.get(mapping.target, "")
        self._reader = readers.get(self._name)
        self._known = frozenset(orders)
        self.days: set[date] = set()
        self.orders: set[str] = set()
        self.undated: list[int] = []

    def note(
        self, arrays: Arrays, batch: RowBatch, misfits: Misfits, sources: Mapping[str, str]
    ) -> None:
        """Notes the days and orders of a batch's misfits; adds the other rows of such orders.

        Args:
            arrays: our columns.
            batch: the rows as they stand in the file.
            misfits: rows that are set aside.
            sources: our name of a column to the file's.
        """
        if not self._name:
            return
        if misfits or self._known:
            values: list[Any] = arrays[self._name].to_pylist()
            for n in misfits:
                if n not in misfits.sums:
                    self._add(values[n], batch.numbers[n])
            for n, value in enumerate(values):
                if value in self._known and n not in misfits:
                    misfits.note(n, f"another row of {self._name} {value} cannot be read")
        for bad in batch.bad:
            self._add(self._value_of(bad, batch, sources), bad.number)

    def _add(self, value: Any, number: int) -> None:
        if isinstance(value, date):
            self.days.add(value)
        elif value is not None:
            self.orders.add(str(value))
        elif self._name == "date":
            self.undated.append(number)

    def _value_of(self, bad: BadRow, batch: RowBatch, sources: Mapping[str, str]) -> Any:
        """The day or the order of a row that could not be split, if its cells reach that far."""
        header, source = list(batch.columns), sources.get(self._name)
        if self._reader is None or source not in header or isinstance(bad.payload, str):
            return None
        place = header.index(source)
        if not isinstance(bad.payload, (list, tuple)) or place >= len(bad.payload):
            return None
        values, why = self._reader.cells([bad.payload[place]])
        return None if why else values[0]
