"""What a row must have and must not have, whatever its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.platforms.files.column_rules import ColumnRule
from connectors.platforms.files.mapping import DOCUMENT_TYPES, NEEDED, FileMapping
from connectors.platforms.files.totals import is_label, rule_of

Arrays = Mapping[str, Any]
"""Our columns as Arrow arrays, by name."""

_PRICES = ("unit_price", "price", "unit_cost")
_SIGNS = {
    "discount": ("the file writes what is taken off with a minus", "it makes the line dearer"),
    "order_discount": ("the file writes what is taken off with a minus", "it makes it dearer"),
    "refunded_amount": ("the file writes what is paid back with a minus", "it was taken back"),
    "cost": (
        "the file writes what was paid with a minus, as banks do",
        "it is a credit of a cost",
    ),
}
"""Amounts whose minus can mean two things: what to state for the one and for the other."""


class Misfits(dict[int, list[str]]):
    """Why rows cannot be loaded, by their position in the batch.

    Attributes:
        sums: positions of rows that look like sums: no record of their own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sums: set[int] = set()

    def note(self, position: int, reason: str) -> None:
        """Adds a reason."""
        self.setdefault(position, []).append(reason)


def check(
    mapping: FileMapping, arrays: Arrays, labels: Mapping[str, Sequence[Any]], misfits: Misfits
) -> None:
    """Notes the rows that must not be loaded.

    Args:
        mapping: what is what.
        arrays: our columns.
        labels: cells in which a word for a row of sums may stand, by our columns: first the one
            that every row must have.
        misfits: where to note them.
    """
    names = [*NEEDED[mapping.target], *(["line_no"] if "line_no" in mapping.rules else [])]
    for name in names:
        _note_missing(mapping.rules[name], arrays, misfits)
    if names:
        _note_sums(names[0], arrays, labels, misfits)
    if mapping.target == "orders":
        _note_strange_documents(arrays, misfits)
    _note_unstated_signs(mapping, arrays, misfits)
    if not mapping.allow_negative_prices:
        _note_negative_prices(arrays, misfits)


def label(rule: ColumnRule) -> str:
    """Our name of a column with the file's."""
    return f"{rule.name} (column {rule.source!r})" if rule.source else rule.name


def _note_missing(rule: ColumnRule, arrays: Arrays, misfits: Misfits) -> None:
    if not arrays[rule.name].null_count:
        return
    for n in _positions(arrays[rule.name].is_null()):
        # The notice that an order was deleted needs no date.
        excused = rule.name == "ordered_at" and arrays["is_deleted"][n].as_py()
        if n not in misfits and not excused:
            misfits.note(n, f"{label(rule)} is missing")


def _note_sums(
    needed: str, arrays: Arrays, labels: Mapping[str, Sequence[Any]], misfits: Misfits
) -> None:
    """A row of sums at the bottom looks like a record; loaded, it would count all twice.

    Its label stands in the column that every row must have, or anywhere where that one is empty.
    """
    without = _positions(arrays[needed].is_null())
    for name, cells in labels.items():
        places = range(len(cells)) if name == needed else without
        distinct = {cells[n] for n in places if type(cells[n]) is str}
        found = {cell for cell in distinct if is_label(cell)}
        for n in places if found else ():
            if type(cells[n]) is str and cells[n] in found:
                word = cells[n].strip()
                misfits.sums.add(n)
                misfits[n] = [
                    f"{name} is {word!r}: it looks like a row of sums; if it is one, state "
                    f"skip_rows: [{rule_of(name, word)}] in the mapping"
                ]


def _note_strange_documents(arrays: Arrays, misfits: Misfits) -> None:
    kinds = arrays["document_type"]
    for n in _positions(pc.invert(pc.is_in(kinds, pa.array(DOCUMENT_TYPES)))):
        misfits.note(n, f"document_type {kinds[n]} is not one of {', '.join(DOCUMENT_TYPES)}")


def _note_negative_prices(arrays: Arrays, misfits: Misfits) -> None:
    for name in _PRICES:
        if name not in arrays:
            continue
        for n in _positions(pc.less(arrays[name], pa.scalar(0, arrays[name].type))):
            if "document_type" in arrays and arrays["document_type"][n].as_py() == "adjustment":
                continue
            misfits.note(
                n,
                f"{name} is negative ({arrays[name][n]}); state allow_negative_prices: true if "
                "that is meant",
            )


def _note_unstated_signs(mapping: FileMapping, arrays: Arrays, misfits: Misfits) -> None:
    """A minus before what is taken off or paid is a second minus, or the way of the file."""
    for name, (plus, minus) in _SIGNS.items():
        rule = mapping.rules.get(name)
        if rule is None or rule.negate is not None:
            continue
        for n in _positions(pc.less(arrays[name], pa.scalar(0, arrays[name].type))):
            if "document_type" in arrays and arrays["document_type"][n].as_py() != "sale":
                continue
            misfits.note(
                n,
                f"{label(rule)} is negative ({arrays[name][n]}); state under columns.{name} "
                f"negate: true if {plus}, or negate: false if {minus}",
            )


def _positions(truths: Any) -> list[int]:
    found: list[int] = pc.indices_nonzero(truths.fill_null(False)).to_pylist()
    return found
