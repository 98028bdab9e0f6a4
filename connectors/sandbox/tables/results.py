"""Results: the rows of a question as columns, drawn a period at a time, so memory stays bounded.

Only an order needs all rows at once. What a row is about, when and in which cell are positions.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence, Sized
from dataclasses import dataclass
from math import isnan
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.portfolio import Integers

Flags = npt.NDArray[np.bool_]
_MOST_KEPT, _MOST_SUBJECTS = 24, 400_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as columns.

    Attributes:
        subject: Position of what each row is about.
        period: Position of its stretch of days.
        cells: Its position on each further axis (hour, device, group), shape (axis, row).
        measures: Its figures, shape (measure, row).
    """

    subject: Integers
    period: Integers
    cells: Integers
    measures: Integers

    def __len__(self) -> int:
        return len(self.subject)

    def take(self, which: npt.NDArray[Any] | slice) -> Rows:
        """Returns some of the rows, by positions, flags or a slice."""
        return Rows(
            self.subject[which], self.period[which], self.cells[:, which], self.measures[:, which]
        )


def drawn(figures: Integers, shown: Flags, period: int) -> Rows:
    """Returns the rows of a period.

    Args:
        figures: Of shape (measure, subject, axis, ...).
        shown: Which of them are rows, shape (subject, axis, ...).
        period: Its position.
    """
    places: tuple[Any, ...] = np.nonzero(shown)
    subject, *cells = places
    return Rows(
        subject,
        np.full(len(subject), period, dtype=np.int64),
        np.array(cells, dtype=np.int64),
        figures[(slice(None), *places)],
    )


def _joined(pieces: Sequence[Rows]) -> Rows:
    if len(pieces) == 1:
        return pieces[0]
    return Rows(
        np.concatenate([one.subject for one in pieces]),
        np.concatenate([one.period for one in pieces]),
        np.concatenate([one.cells for one in pieces], axis=1),
        np.concatenate([one.measures for one in pieces], axis=1),
    )


def ranks(values: Sequence[Any]) -> Integers:
    """Returns the rank of each value among its column; unset values come first."""
    distinct = {value for value in values if not _is_unset(value)}
    order = {value: rank for rank, value in enumerate(sorted(distinct), start=1)}
    return np.array([order.get(value, 0) for value in values], dtype=np.int64)


def _is_unset(value: object) -> bool:
    return value is None or (isinstance(value, float) and isnan(value))


class Result:
    """The rows of one question, in the order of their periods or in one that was asked for.

    Args:
        periods: How many stretches of days there are; at least one.
        draw: Returns the rows of a period.
        order: What rows are sorted by: what returns their values, and whether they fall.
        limit: How many rows there are at most; None for all.
    """

    def __init__(
        self,
        periods: int,
        draw: Callable[[int], Rows],
        order: Sequence[tuple[Callable[[Rows], Sequence[Any]], bool]] = (),
        limit: int | None = None,
    ) -> None:
        self._periods, self._draw, self._limit = periods, draw, limit
        self._ends: list[int] = []
        self._last: tuple[int, Rows] | None = None
        self._sorted: Rows | None = None
        if order:
            self._sorted = self._sort(order)

    def rows(self, first: int, count: int) -> tuple[Rows, bool]:
        """Returns so many rows from a position on, and whether more follow them."""
        last = first + count
        if self._limit is not None:
            last = min(last, self._limit)
        rows, more = self._between(first, last)
        return rows, more and last != self._limit

    def _between(self, first: int, last: int) -> tuple[Rows, bool]:
        if self._sorted is not None:
            return self._sorted.take(slice(first, last)), last < len(self._sorted)
        pieces: list[Rows] = []
        begin, more = 0, False
        for number in range(self._periods):
            if number >= len(self._ends) or self._ends[number] > first:
                block = self._block(number)
                more = begin >= last and len(block) > 0
                if not more:
                    pieces.append(block.take(slice(max(0, first - begin), max(0, last - begin))))
                    more = self._ends[number] > last
            if more:
                break
            begin = self._ends[number]
        return _joined(pieces or [self._block(0).take(slice(0))]), more

    def _block(self, number: int) -> Rows:
        """Returns the rows of a period. The last one asked for is kept."""
        if self._last is None or self._last[0] != number:
            self._last = (number, self._draw(number))
        block = self._last[1]
        if number == len(self._ends):
            self._ends.append((self._ends[-1] if self._ends else 0) + len(block))
        return block

    def _sort(self, order: Sequence[tuple[Callable[[Rows], Sequence[Any]], bool]]) -> Rows:
        rows = _joined([self._draw(number) for number in range(self._periods)])
        places = np.arange(len(rows))
        for values, falling in reversed(order):
            own = ranks(values(rows))[places]
            places = places[np.argsort(-own if falling else own, kind="stable")]
        return rows.take(places)


class _Found(Protocol):
    @property
    def subjects(self) -> Sized: ...


F = TypeVar("F", bound=_Found)


class Kept(Generic[F]):
    """The last results that were asked for, so that their next pages cost nothing twice."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, F] = OrderedDict()

    def find(self, key: Hashable, make: Callable[[], F]) -> F:
        """Returns the result of a question, made if it is not there."""
        found = self._kept.pop(key, None)
        if found is None:
            found = make()
        self._kept[key] = found
        subjects = sum(len(one.subjects) for one in self._kept.values())
        while len(self._kept) > 1 and (len(self._kept) > _MOST_KEPT or subjects > _MOST_SUBJECTS):
            _, dropped = self._kept.popitem(last=False)
            subjects -= len(dropped.subjects)
        return found
