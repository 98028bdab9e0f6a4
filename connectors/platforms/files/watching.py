"""What the rows of a file add up to: those that are loaded, and those that are left out.

Somebody who tries a file wants to know what a row that is left out is worth, and whether the file's
own row of sums says what we read. So a watcher looks on while the file is read; it changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from connectors.platforms.files.checks import Arrays, Misfits
from connectors.platforms.files.columns import ColumnReader
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.rows import RowBatch
from connectors.platforms.files.texts import as_text
from connectors.platforms.files.totals import label_of_total

LINES = "quantity * unit_price"
"""What the lines of orders are worth, which is no column of its own."""
_OF_ORDER = ("order_total", "order_discount", "order_tax", "order_shipping")
_SUMMED = {
    "orders": ("quantity", "total", "discount", "tax", "shipping", *_OF_ORDER, "refunded_amount"),
    "costs": ("cost", "conversion_value", "impressions", "clicks", "conversions"),
}
_NO_MONEY = frozenset({"quantity", "impressions", "clicks", "conversions"})
_MOST_TOTALS = 100

Amounts = dict[tuple[str, str], Decimal]
"""(Column, currency or empty) -> sum."""


def summed(mapping: FileMapping) -> list[str]:
    """Returns our columns of which a sum says something, as far as the mapping fills them."""
    if mapping.target == "records":
        numbers = ("number", "integer")
        return [
            rule.name
            for rule in mapping.columns
            if rule.type in numbers and rule.name not in mapping.key
        ]
    return [name for name in _SUMMED.get(mapping.target, ()) if name in mapping.rules]


@dataclass(frozen=True, slots=True)
class RowAmounts:
    """The amounts of one row, by our columns."""

    amounts: Mapping[str, Decimal]
    currency: str = ""
    order: str = ""


class Sums:
    """Adds up rows. What is of a whole order counts once, whichever of its lines state it.

    Args:
        mapping: says which currency is meant where no column does.
    """

    def __init__(self, mapping: FileMapping) -> None:
        self._mapping = mapping
        self._orders: dict[str, set[str]] = {name: set() for name in _OF_ORDER}
        self.amounts: Amounts = {}

    def add_all(self, arrays: Arrays) -> None:
        """Adds typed rows, a column at a time.

        Args:
            arrays: our columns, by name.
        """
        if self._mapping.target not in _SUMMED:
            for row in amounts_of(self._mapping, arrays):
                self.add(row)
            return
        names = [name for name in summed(self._mapping) if name not in _OF_ORDER]
        wide = pa.decimal256(50, 6)
        columns = {name: arrays[name].cast(wide) for name in names}
        if _has_lines(self._mapping):
            columns[LINES] = pc.multiply(
                *(arrays[name].cast(pa.decimal256(24, 6)) for name in ("quantity", "unit_price"))
            )
        currency: Any = pc.coalesce(arrays["currency_code"], pa.scalar(self._mapping.currency))
        grouped = pa.table({"currency": currency, **columns}).group_by("currency")
        for sums in grouped.aggregate([(name, "sum") for name in columns]).to_pylist():
            for name in columns:
                if sums[f"{name}_sum"] is not None:
                    self._add(name, sums["currency"], sums[f"{name}_sum"])
        self._add_wholes(arrays, currency)

    def _add_wholes(self, arrays: Arrays, currency: Any) -> None:
        for name in set(_OF_ORDER) & set(summed(self._mapping)):
            rows = zip(arrays[name].to_pylist(), currency.to_pylist(),
                       arrays["order_id"].to_pylist(), strict=True)  # fmt: skip
            for amount, code, order in rows:
                if amount is not None:
                    self.add(RowAmounts({name: amount}, code, order or ""))

    def add(self, row: RowAmounts) -> Amounts:
        """Adds a row; returns what it added."""
        added: Amounts = {}
        for name, amount in row.amounts.items():
            seen = self._orders.get(name)
            if seen is not None:
                if row.order in seen or not amount:
                    continue
                seen.add(row.order)
            added[self._add(name, row.currency, amount)] = amount
        return added

    def _add(self, name: str, currency: str, amount: Decimal) -> tuple[str, str]:
        has_currency = name not in _NO_MONEY and self._mapping.target in _SUMMED
        key = (name, currency if has_currency else "")
        self.amounts[key] = self.amounts.get(key, Decimal(0)) + amount
        return key


def amounts_of(mapping: FileMapping, arrays: Arrays) -> list[RowAmounts]:
    """Returns the amounts of typed rows.

    Args:
        mapping: what is what.
        arrays: our columns, by name.
    """
    names = summed(mapping)
    if mapping.target == "records":
        return [_of_record(names, data) for data in arrays["data"].to_pylist()]
    if mapping.target not in _SUMMED:
        return []
    columns = {name: arrays[name].to_pylist() for name in names}
    currencies = arrays["currency_code"].to_pylist()
    orders: list[Any] = [""] * len(currencies)
    if mapping.target == "orders":
        orders = arrays["order_id"].to_pylist()
        if _has_lines(mapping):
            prices = arrays["unit_price"].to_pylist()
            columns[LINES] = [
                None if quantity is None or price is None else quantity * price
                for quantity, price in zip(columns["quantity"], prices, strict=True)
            ]
    return [
        RowAmounts(
            {
                name: Decimal(cells[n])
                for name, cells in columns.items()
                if cells[n] is not None
            },
            currency or mapping.currency,
            order or "",
        )
        for n, (currency, order) in enumerate(zip(currencies, orders, strict=True))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row of the file that states sums.

    Attributes:
        number: of the row.
        label: what it is called there.
        amounts: by our columns.
    """

    number: int
    label: str
    amounts: Mapping[str, Decimal]


@dataclass(slots=True)
class Watcher:
    """Notes what rows are worth that are not loaded, and the file's own sums.

    Attributes:
        lost: amounts by the number of the row that is set aside, as far as they could be read.
        totals: rows of sums, the last ones of the file.
    """

    mapping: FileMapping
    lost: dict[int, RowAmounts] = field(default_factory=dict)
    totals: deque[TotalRow] = field(default_factory=lambda: deque(maxlen=_MOST_TOTALS))
    _readers: dict[str, ColumnReader] = field(default_factory=dict)

    def begin(self) -> None:
        """Forgets everything: the file is read from its beginning."""
        self.lost.clear()
        self.totals.clear()
        self._readers = {
            name: ColumnReader(self.mapping.rules[name], self.mapping, None)
            for name in summed(self.mapping)
        }

    def skipped(self, batch: RowBatch, skipped: Sequence[bool], sources: Mapping[str, str]) -> None:
        """Sees rows that a rule of the mapping leaves out."""
        for n, is_skipped in enumerate(skipped):
            if is_skipped:
                cells = {name: cells[n] for name, cells in batch.columns.items()}
                nameless = as_text(cells.get(sources.get("campaign", ""), "x")) is None
                stated = {ours: name for ours, name in self.mapping.totals.items()
                          if as_text(cells.get(name)) is not None}  # fmt: skip
                label = next(iter(stated.values())) if stated else ("" if nameless else None)
                self._note_total(batch.numbers[n], cells, {**sources, **stated}, label)

    def set_aside(
        self, arrays: Arrays, batch: RowBatch, misfits: Misfits, sources: Mapping[str, str]
    ) -> None:
        """Sees the typed rows of a batch, and which of them go to quarantine."""
        found = amounts_of(self.mapping, arrays) if misfits else []
        for n in misfits:
            if n in misfits.sums:
                cells = {name: cells[n] for name, cells in batch.columns.items()}
                self._note_total(batch.numbers[n], cells, sources)
            elif found:
                self.lost[batch.numbers[n]] = found[n]
        header = list(batch.columns)
        for bad in batch.bad:
            if isinstance(bad.payload, (list, tuple)) and len(bad.payload) <= len(header):
                cells = dict(zip(header, bad.payload, strict=False))
                self._note_total(bad.number, cells, sources)

    def _note_total(
        self,
        number: int,
        cells: Mapping[str, Any],
        sources: Mapping[str, str],
        label: str | None = None,
    ) -> None:
        label = label_of_total(cells.values()) or label
        if label is None:
            return
        amounts: dict[str, Decimal] = {}
        for name, reader in self._readers.items():
            source = sources.get(name)
            if source is None or as_text(cells.get(source)) is None:
                continue
            values, _ = reader.cells([cells[source]])
            amount = _decimal(values[0])
            if amount is not None:
                amounts[name] = amount
        if amounts:
            self.totals.append(TotalRow(number, label, amounts))


def _has_lines(mapping: FileMapping) -> bool:
    return mapping.target == "orders" and {"quantity", "unit_price"} <= set(mapping.rules)


def _of_record(names: Sequence[str], data: str) -> RowAmounts:
    record = orjson.loads(data)
    found = {name: _decimal(record.get(name)) for name in names}
    return RowAmounts({name: amount for name, amount in found.items() if amount is not None})


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
