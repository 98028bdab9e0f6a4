"""Records: a list of things as columns, which can be filtered, sorted and read on from a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.tables.results import Flags

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


@dataclass(frozen=True, slots=True)
class Records:
    """A list of things.

    Attributes:
        visible: Of each row whether it is there.
        ids: Of each row its id.
        numbers: What can be compared: instants, in seconds, and ids.
        texts: What can be looked for: all values that a row has.
        sorts: What rows can be sorted by beside their ids.
        node: What a row stands for.
    """

    visible: Flags
    ids: Integers
    numbers: Mapping[str, Integers]
    texts: Mapping[str, Callable[[int], set[str]]]
    sorts: Mapping[str, Integers]
    node: Callable[[int], Any]

    def compared(self, field: str, how: str, value: int) -> Flags:
        """Returns the rows of which a number is as asked: `=`, `>`, `<`, `>=` or `<=` a value."""
        return np.asarray(_COMPARE[how](self.numbers[field], value))

    def having(self, field: str, wanted: Set[str] | None, among: Flags) -> Flags:
        """Returns those of some rows that have one of the wanted texts; None: any at all."""
        read, held = self.texts[field], np.zeros(len(self.ids), dtype=np.bool_)
        for row in np.flatnonzero(among).tolist():
            own = read(row)
            held[row] = bool(own if wanted is None else own & wanted)
        return held

    def row_of(self, id_: int) -> int | None:
        """Returns the row of an id; None where there is none to be seen."""
        found = np.flatnonzero((self.ids == id_) & self.visible)
        return int(found[0]) if len(found) else None

    def sorted(self, chosen: Flags, key: str, *, falling: bool) -> Sorted:
        """Returns the chosen rows, sorted by a key and then by id; by id where it is no key."""
        rows = np.flatnonzero(chosen)
        values = self.sorts.get(key, self.ids)
        order = np.lexsort((self.ids[rows], values[rows]))
        ordered = rows[order[::-1] if falling else order]
        return Sorted(ordered, values[ordered], self.ids[ordered], falling)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows in an order.

    Attributes:
        rows: Positions of the rows.
        values: What each is sorted by.
        ids: The id of each.
        falling: Whether the largest come first.
    """

    rows: Integers
    values: Integers
    ids: Integers
    falling: bool

    def behind(self, value: int, id_: int) -> int:
        """Returns how many rows come before or at a key, which need not be there any more."""
        values, ids = self.values, self.ids
        if self.falling:
            passed = (values > value) | ((values == value) & (ids >= id_))
        else:
            passed = (values < value) | ((values == value) & (ids <= id_))
        return int(np.count_nonzero(passed))
