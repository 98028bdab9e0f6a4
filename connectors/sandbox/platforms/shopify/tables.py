"""A root list of the shop as a table that can be filtered and sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from connectors.sandbox.platforms.shopify.search_syntax import (
    Condition,
    Group,
    Search,
    Term,
    read_search,
)
from connectors.sandbox.platforms.shopify.view import View

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


@dataclass(frozen=True, slots=True)
class Table:
    """A root list of the shop.

    Attributes:
        kind: The type of its nodes.
        visible: Of each row whether it is there.
        ids: Of each row its id.
        numbers: Searchable instants and ids; the instants' names end in `_at`.
        texts: Searchable texts of a row: all values that a filter may name.
        sorts: What each sort key goes by.
        node: What the fields of a row are read from.
    """

    kind: str
    view: View
    visible: Flags
    ids: Integers
    numbers: Mapping[str, Integers]
    texts: Mapping[str, Callable[[int], set[str]]]
    sorts: Mapping[str, Integers]
    node: Callable[[int], Any]

    @property
    def searchable(self) -> frozenset[str]:
        """The fields that a filter may name."""
        return frozenset({*self.numbers, *self.texts})

    def search(self, text: str | None) -> tuple[Flags, Search | None]:
        """Returns the rows that a filter leaves, and how it was understood."""
        if not text or not text.strip():
            return self.visible, None
        search = read_search(text, self.searchable)
        if search.condition is None:
            return self.visible, search
        return self.visible & self._holds(search.condition, search), search

    def sorted_rows(self, chosen: Flags, key: str, *, reverse: bool) -> Integers:
        """Returns the chosen rows, sorted by a key and then by id."""
        rows = np.flatnonzero(chosen)
        values = self.sorts.get(key, self.ids)
        order = np.lexsort((self.ids[rows], values[rows]))
        ordered = rows[order]
        return np.asarray(ordered[::-1] if reverse else ordered, dtype=np.int64)

    def _holds(self, condition: Condition, search: Search) -> Flags:
        if isinstance(condition, Group):
            parts = [self._holds(part, search) for part in condition.parts]
            combine = np.logical_and if condition.every else np.logical_or
            held = np.asarray(combine.reduce(parts))
        else:
            held = self._term(condition, search)
        return ~held if condition.negated else held

    def _term(self, term: Term, search: Search) -> Flags:
        column = self.numbers.get(term.field)
        if column is None:
            return self._text(term)
        value = self._instant(term.value) if term.field.endswith("_at") else _number(term.value)
        if value is None:
            search.warnings.append(
                {
                    "field": term.field,
                    "message": f"Input `{term.value}` is not an accepted value.",
                    "code": "invalid_value",
                }
            )
            # A condition that is left out excludes nothing.
            return np.full(len(self.ids), not term.negated)
        if term.how == "=" and term.field.endswith("_at") and len(term.value) == 10:
            return np.asarray((column >= value) & (column < value + 86_400))
        return np.asarray(_COMPARE[term.how](column, value))

    def _text(self, term: Term) -> Flags:
        read, wanted = self.texts[term.field], term.value.lower()
        held = np.zeros(len(self.ids), dtype=np.bool_)
        for row in np.flatnonzero(self.visible).tolist():
            values = read(row)
            held[row] = bool(values) if wanted == "*" else wanted in values
        return held

    def _instant(self, text: str) -> int | None:
        """Reads an instant; a date is midnight and a time without offset is of the shop's zone."""
        zone = ZoneInfo(self.view.shop.time_zone)
        try:
            if len(text) == 10:
                at = datetime.combine(date.fromisoformat(text), time(0), zone)
            else:
                at = datetime.fromisoformat(text)
        except ValueError:
            return None
        return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())


def _number(text: str) -> int | None:
    digits = text.rsplit("/", 1)[-1]
    return int(digits) if digits.isascii() and digits.isdigit() else None
