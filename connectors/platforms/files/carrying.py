"""Values that stand on the first of several rows only: merged cells, what an order says once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from connectors.platforms.files.checks import Misfits
from connectors.platforms.files.mapping import NEEDED, FileMapping
from connectors.platforms.files.rows import RowBatch

_CURRENCY = "currency_code"
_ABOVE = "is empty, and a row above it could not be read"


class Carrier:
    """Fills empty cells from the row above, across the batches of one file.

    Within orders a value is carried to rows of the same order only, and an order has one currency
    whether `carry_down` says so or not. Below a row that could not be read nothing is guessed.

    Args:
        mapping: says which columns are carried.
    """

    def __init__(self, mapping: FileMapping) -> None:
        self._key = NEEDED["orders"][0] if mapping.target == "orders" else ""
        self._names = [name for name in mapping.carry_down if name != self._key]
        self._carries_key = self._key in mapping.carry_down
        rule = mapping.rules.get(_CURRENCY)
        if self._key and rule and rule.source and _CURRENCY not in self._names:
            self._names.append(_CURRENCY)
        self._last: dict[str, Any] = {}
        self._last_key: Any = None
        self._lost_values = False
        self._lost_key = False

    def fill(
        self, batch: RowBatch, source_of: Callable[[str], str | None], misfits: Misfits
    ) -> RowBatch:
        """Returns the batch with its empty cells filled.

        Args:
            batch: rows as they stand in the file.
            source_of: our name of a column to the file's; None when the file lacks it.
            misfits: where to note rows of which a value cannot be known.
        """
        places = {name: source_of(name) for name in [self._key, *self._names] if name}
        sources = {name: place for name, place in places.items() if place in batch.columns}
        cells = {name: list(batch.columns[str(place)]) for name, place in sources.items()}
        keys = cells.get(self._key) or [None] * len(batch.numbers)
        bad = sorted(row.number for row in batch.bad)
        for n, number in enumerate(batch.numbers):
            is_below_bad = bool(bad) and bad[0] < number
            bad = [each for each in bad if each > number] if is_below_bad else bad
            self._lost_key = self._lost_key or is_below_bad
            if self._key and not self._turn_to(keys, n, is_below_bad, misfits):
                continue
            if not self._key and is_below_bad:
                self._last, self._lost_values = {}, True
            self._fill_row(cells, n, misfits)
        self._lost_key = self._lost_key or bool(bad)
        self._lost_values = self._lost_values or (not self._key and bool(bad))
        filled: dict[str, Sequence[Any]] = {
            str(sources[name]): each for name, each in cells.items()
        }
        return RowBatch(
            batch.numbers, {**batch.columns, **filled}, batch.bad, batch.blank, batch.bytes
        )

    def _turn_to(self, keys: list[Any], n: int, is_below_bad: bool, misfits: Misfits) -> bool:
        """Finds the order of a row; false when it cannot be known."""
        if self._carries_key and _is_blank(keys[n]):
            if self._lost_key:
                misfits.note(n, f"{self._key} {_ABOVE}")
                return False
            keys[n] = self._last_key
        if keys[n] != self._last_key:
            self._last_key, self._last = keys[n], {}
            # Rows that could not be read may have been the first of this order.
            self._lost_values = is_below_bad or self._lost_key
        self._lost_key = False
        return True

    def _fill_row(self, cells: dict[str, list[Any]], n: int, misfits: Misfits) -> None:
        for name in self._names:
            if name not in cells:
                continue
            cell, above = cells[name][n], self._last.get(name)
            if _is_blank(cell):
                if above is not None:
                    cells[name][n] = above
                elif self._lost_values:
                    misfits.note(n, f"{name} {_ABOVE}")
            elif self._key and name == _CURRENCY and above is not None:
                if str(cell).strip().upper() != str(above).strip().upper():
                    misfits.note(n, f"{name} is {cell}, above in its order it is {above}")
            else:
                self._last[name] = cell


def _is_blank(cell: Any) -> bool:
    return cell is None or (type(cell) is str and not cell.strip())
