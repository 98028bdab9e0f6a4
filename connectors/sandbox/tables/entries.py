"""Entries in columns, and rows made of them: grouped by texts, counted once each, or added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Texts = tuple[Sequence[str], Integers]
"""The texts that there are, and of each entry the place of its own."""
NOBODY = -1
"""The number of what is not there, and is not counted."""
_MOST_IDS = 10**12
"""More than any number that is counted once."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of one kind.

    Attributes:
        texts: What they are grouped by.
        ids: Of what is counted once each, the number of each entry.
        sums: What is added up.
        is_rolled: Whether small groups were rolled into one.
        sample: How many they were made of, and of how many: fewer, if they are those of a sample.
    """

    texts: dict[str, Texts]
    ids: dict[str, Integers]
    sums: dict[str, Integers]
    is_rolled: bool = False
    sample: tuple[int, int] = (0, 0)

    def __len__(self) -> int:
        return len(next(iter(self.sums.values())))

    def row(self, place: int) -> dict[str, str]:
        """Returns the texts of one entry."""
        return {name: values[codes[place]] for name, (values, codes) in self.texts.items()}


class Groups:
    """Entries grouped.

    Args:
        found: The entries.
        names: The texts that they are grouped by.
        held: The places of those that count.

    Attributes:
        keys: The texts of each group.
    """

    def __init__(self, found: Sequence[Entries], names: Sequence[str], held: Integers) -> None:
        self._found, self._held = found, held
        self._place = np.zeros(len(held), dtype=np.int64)
        self.keys: list[tuple[str, ...]] = [()] if len(held) else []
        for name in names:
            self._split(name)

    def _split(self, name: str) -> None:
        # One text may have several places: in several tables, or of what is rolled into one.
        of_text: dict[str, int] = {}
        parts = []
        for one in self._found:
            values, codes = one.texts[name]
            alike = [of_text.setdefault(text, len(of_text)) for text in values]
            parts.append(np.array(alike, dtype=np.int64)[codes])
        texts = list(of_text)
        whole = self._place * len(texts) + np.concatenate(parts)[self._held]
        wanted, self._place = np.unique(whole, return_inverse=True)
        self.keys = [
            (*self.keys[number // len(texts)], texts[number % len(texts)])
            for number in wanted.tolist()
        ]

    def column(self, name: str) -> list[int]:
        """Returns of each group how many there are, or what it comes to."""
        if name in self._found[0].ids:
            ids = np.concatenate([one.ids[name] for one in self._found])[self._held]
            counted = ids != NOBODY
            pairs = np.unique(self._place[counted] * _MOST_IDS + ids[counted])
            return [int(one) for one in np.bincount(pairs // _MOST_IDS, minlength=len(self.keys))]
        sums = np.concatenate([one.sums[name] for one in self._found])[self._held]
        return [int(one) for one in np.bincount(self._place, sums, len(self.keys))]

    def rows(self, names: Sequence[str]) -> Iterator[tuple[tuple[str, ...], dict[str, int]]]:
        """Yields the groups, each with some columns."""
        columns = {name: self.column(name) for name in names}
        for number, key in enumerate(self.keys):
            yield key, {name: column[number] for name, column in columns.items()}
