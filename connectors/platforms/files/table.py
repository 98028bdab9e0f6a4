"""Rows of a file into one typed batch of a stream: the mapping applied, misfits set aside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from connectors.core.arrow import EXTRA, Rejected, TypedPage
from connectors.core.casting import cast
from connectors.core.columns import Column
from connectors.core.errors import ShapeChanged
from connectors.core.personal import Hasher
from connectors.core.ranges import bounded
from connectors.platforms.files.carrying import Carrier
from connectors.platforms.files.checks import Misfits, check, label
from connectors.platforms.files.columns import ColumnReader
from connectors.platforms.files.headers import hours_of, resolve
from connectors.platforms.files.keys import KeyCounter
from connectors.platforms.files.mapping import NEEDED, FileMapping
from connectors.platforms.files.records import make_records
from connectors.platforms.files.rejection import Rejecter
from connectors.platforms.files.rows import RowBatch
from connectors.platforms.files.rules import Rule, RuleError
from connectors.platforms.files.schema import KEYS, TARGETS
from connectors.platforms.files.spoils import Spoils
from connectors.platforms.files.texts import BadCell, as_text
from connectors.platforms.files.watching import Watcher


class TableTyper:
    """Types the rows of one file.

    Args:
        mapping: what is what.
        name: of the object, for quarantine.
        hash_pii: turns a normalised personal value into a token.
        spoiled: orders of which a row is known to be unreadable: none of their rows is loaded.
        watcher: sees the rows that are left out; it changes nothing.
    """

    def __init__(
        self,
        mapping: FileMapping,
        name: str,
        hash_pii: Hasher | None,
        spoiled: Collection[str] = (),
        watcher: Watcher | None = None,
    ) -> None:
        self._mapping = mapping
        self._watcher = watcher
        self._rejecter = Rejecter(mapping, name, hash_pii)
        self._columns = TARGETS[mapping.target]
        self._schema = pa.schema(
            [*(pa.field(c.name, c.type) for c in self._columns), pa.field(EXTRA, pa.string())]
        )
        self._readers = {
            rule.name: ColumnReader(rule, mapping, hash_pii) for rule in mapping.columns
        }
        self._sources: dict[str, str] = {}
        self._unmapped: tuple[str, ...] = ()
        self._keys = KeyCounter()
        self._carrier = Carrier(mapping)
        self._spoils = Spoils(mapping, self._readers, spoiled)
        self.skipped = 0
        self.unread: dict[str, dict[str, Any]] = {}

    def resolve(self, header: Sequence[str], before: Sequence[str] | None) -> None:
        """Finds the file's columns.

        Args:
            header: the columns of this file.
            before: those of the file that was loaded before it.

        Raises:
            ShapeChanged: a mapped column is not there, or its name stands there twice.
        """
        self._sources = resolve(self._mapping, header, before)
        self._unmapped = tuple(self._not_mapped(header))

    def type(self, batch: RowBatch) -> TypedPage:
        """Returns the typed rows and those that do not fit."""
        misfits = Misfits()
        batch = self._carrier.fill(self._without_skipped(batch), self._sources.get, misfits)
        rows = len(batch.numbers)
        found = {name: self._read(name, batch, misfits) for name in self._readers}
        self._derive(found, batch, misfits)
        arrays = [self._array(column, found.get(column.name), batch, misfits)
                  for column in self._columns]  # fmt: skip
        by_name = dict(zip(self._schema.names, arrays, strict=False))
        check(self._mapping, by_name, self._labels(batch), misfits)
        arrays = self._number_lines(arrays, rows, misfits)
        self._spoils.note(by_name, batch, misfits, self._sources)
        if self._watcher is not None:
            self._watcher.set_aside(by_name, batch, misfits, self._sources)
        extra, unknown = self._extra(batch)
        typed = pa.RecordBatch.from_arrays([*arrays, extra], schema=self._schema)
        if misfits:
            typed = typed.filter(pa.array([n not in misfits for n in range(rows)], pa.bool_()))
        rejected = [(batch.numbers[n], self._set_aside(batch, n, misfits[n])) for n in misfits]
        rejected += [(bad.number, self._rejecter.unsplit(bad)) for bad in batch.bad]
        ordered = tuple(row for _, row in sorted(rejected, key=lambda each: each[0]))
        return TypedPage(typed, ordered, unknown, batch.bytes)

    @property
    def spoils(self) -> Spoils:
        """Days and orders of which a row cannot be read."""
        return self._spoils

    def _cells(self, name: str, batch: RowBatch) -> Sequence[Any] | None:
        """The cells of a column by our name or the file's."""
        rule = self._mapping.rules.get(name)
        if rule is not None and rule.constant is not None:
            return [rule.constant] * len(batch.numbers)
        source = self._sources.get(name, name)
        found = batch.columns.get(source)
        if found is None and rule is not None:
            return [None] * len(batch.numbers)
        return found

    def _holds(self, rules: Iterable[Rule], batch: RowBatch) -> list[bool]:
        verdict = [False] * len(batch.numbers)
        for rule in rules:
            try:
                held = rule.holds(lambda name: self._cells(name, batch), len(batch.numbers))
            except RuleError as trouble:
                raise ShapeChanged(
                    f"a rule of the mapping cannot be asked: {trouble}",
                    remedy="Correct the rule: name a column of the mapping or of the file.",
                ) from None
            verdict = [a or b for a, b in zip(verdict, held, strict=True)]
        return verdict

    def _without_skipped(self, batch: RowBatch) -> RowBatch:
        if not self._mapping.skip_rows or not batch.numbers:
            return batch
        skipped = self._holds(self._mapping.skip_rows, batch)
        if not any(skipped):
            return batch
        self.skipped += sum(skipped)
        if self._watcher is not None:
            self._watcher.skipped(batch, skipped, self._sources)
        kept = [n for n, is_skipped in enumerate(skipped) if not is_skipped]
        return RowBatch(
            [batch.numbers[n] for n in kept],
            {name: [cells[n] for n in kept] for name, cells in batch.columns.items()},
            batch.bad,
            batch.blank,
            batch.bytes,
        )

    def _read(self, name: str, batch: RowBatch, misfits: Misfits) -> list[Any]:
        reader = self._readers[name]
        if reader.rule.constant is not None:
            values, why = reader.constant(len(batch.numbers))
        else:
            cells = self._cells(name, batch)
            hours = batch.columns.get(self._sources.get(hours_of(name), ""))
            values, why = reader.cells(cells if cells is not None else [], hours)
        self._note(label(reader.rule), reader.costs_its_row, why, batch.numbers, misfits)
        return values

    def _note(
        self,
        column: str,
        costs_its_row: bool,
        why: Mapping[int, str],
        numbers: Sequence[int],
        misfits: Misfits,
    ) -> None:
        """Notes cells that cannot be read: for their rows, or else as cells that were left out."""
        if costs_its_row:
            for position, reason in why.items():
                misfits.note(position, f"{column}: {reason}")
        elif why:
            first = min(why)
            reason = self._rejecter.reason(f"row {numbers[first]}: {why[first]}")
            found = self.unread.setdefault(column, {"cells": 0, "first": reason})
            found["cells"] += len(why)

    def _derive(self, found: dict[str, list[Any]], batch: RowBatch, misfits: Misfits) -> None:
        """Adds what does not come from a column of its own."""
        mapping, rows = self._mapping, len(batch.numbers)
        found["source_row"] = batch.numbers
        if mapping.currency:
            stated = found.get("currency_code") or [None] * rows
            found["currency_code"] = [code or mapping.currency for code in stated]
        if mapping.tax_included is not None:
            stated = found.get("tax_included") or [None] * rows
            found["tax_included"] = [
                mapping.tax_included if included is None else included for included in stated
            ]
        if mapping.target == "orders":
            kinds = found.get("document_type") or [None] * rows
            found["document_type"] = [kind or "sale" for kind in kinds]
            for kind, rules in mapping.document_type:
                held = self._holds(rules, batch)
                found["document_type"] = [
                    kind if is_one else other
                    for is_one, other in zip(held, found["document_type"], strict=True)
                ]
        if mapping.target == "records":
            make_records(mapping, found, rows, misfits)

    def _array(
        self, column: Column, values: list[Any] | None, batch: RowBatch, misfits: Misfits
    ) -> pa.Array[Any]:
        rows = len(batch.numbers)
        if values is None:
            nothing: pa.Array[Any] = pa.array([None] * rows, column.type)
            return nothing
        if pa.types.is_temporal(column.type):
            moments: pa.Array[Any] = pa.array(values, column.type)
            return moments
        array, why = cast(values, column.type)
        array, out_of_range = bounded(array, column)
        why |= out_of_range
        reader = self._readers.get(column.name)
        is_decisive = reader is None or reader.costs_its_row
        named = column.name if reader is None else label(reader.rule)
        self._note(named, is_decisive, why, batch.numbers, misfits)
        return array

    def _labels(self, batch: RowBatch) -> dict[str, Sequence[Any]]:
        """Cells in which a row of sums may say that it is one."""
        needed = NEEDED[self._mapping.target][:1]
        texts = [rule.name for rule in self._mapping.columns if rule.type == "text" and rule.source]
        names = dict.fromkeys([*needed, *(texts if needed else [])])
        return {name: self._cells(name, batch) or () for name in names}

    def _number_lines(
        self, arrays: list[pa.Array[Any]], rows: int, misfits: Misfits
    ) -> list[pa.Array[Any]]:
        """Counts the lines of each order where the file does not, and finds repeated keys."""
        names = [column.name for column in self._columns]
        target, kind = self._mapping.target, self._mapping.kind
        if target == "orders" and "line_no" not in self._mapping.rules:
            orders: list[Any] = arrays[names.index("order_id")].to_pylist()
            lines = [
                None if n in misfits else str(self._keys.count(order))
                for n, order in enumerate(orders)
            ]
            return [pa.array(lines, pa.string()) if name == "line_no" else array
                    for name, array in zip(names, arrays, strict=True)]  # fmt: skip
        if kind == "snapshot" and target in KEYS:
            keys: list[list[Any]] = [arrays[names.index(n)].to_pylist() for n in KEYS[target]]
            for n in range(rows):
                if n not in misfits:
                    key = "\x1f".join(column[n] for column in keys)
                    if self._keys.count(key) > 1:
                        shown = ", ".join(column[n] for column in keys)
                        misfits.note(n, f"the key {shown[:100]!r} stands in the file already")
        return arrays

    def _extra(self, batch: RowBatch) -> tuple[pa.Array[Any], frozenset[str]]:
        """The columns that the mapping does not name, as JSON: nothing of a file is lost."""
        rows = len(batch.numbers)
        columns = [(n, batch.columns[n]) for n in self._unmapped_of(batch) if n in batch.columns]
        if not columns:
            return pa.nulls(rows, pa.string()), frozenset()
        texts: list[str | None] = []
        for cells in zip(*(cells for _, cells in columns), strict=True):
            parts = {
                name: as_text(cell)
                if isinstance(cell, BadCell)
                else self._rejecter.extra(name, cell)
                for (name, _), cell in zip(columns, cells, strict=True)
                if cell is not None and cell != ""
            }
            texts.append(self._rejecter.json(parts) if parts else None)
        return pa.array(texts, pa.string()), frozenset(
            self._rejecter.name(name) for name, _ in columns
        )

    def _unmapped_of(self, batch: RowBatch) -> Sequence[str]:
        if batch.columns.keys() <= {*self._unmapped, *self._sources.values()}:
            return self._unmapped
        return self._not_mapped(batch.columns)

    def _not_mapped(self, header: Iterable[str]) -> list[str]:
        used = set(self._sources.values())
        return [name for name in header if name not in used and not self._mapping.ignores(name)]

    def _set_aside(self, batch: RowBatch, position: int, reasons: Sequence[str]) -> Rejected:
        cells = {name: cells[position] for name, cells in batch.columns.items()}
        return self._rejecter.row(batch.numbers[position], reasons, cells, self._sources)
