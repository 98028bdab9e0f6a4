"""Rows of an export that are no records: its sums, and the lines below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connectors.platforms.files.evidence import numbers
from connectors.platforms.files.rows import BadRow
from connectors.platforms.files.sampling import Sample
from connectors.platforms.files.texts import as_text
from connectors.platforms.files.totals import is_label, label_of_total, rule_of, scalar

_HALF_CENT = Decimal("0.005")
_SHORTEST = 5
"""Letters that labels must share to be left out by them."""
_AMOUNTS = ("cost", "order_total", "total")
_NAMES = ("campaign", "order_id", "date")


@dataclass(slots=True)
class Leftovers:
    """What a mapping says of rows that are no records.

    Attributes:
        rules: of `skip_rows`, as they are written, each with what it leaves out.
        pads: whether such rows are shorter than the header.
        ragged: rows of another length of which nothing is known.
        numbers: of the rows that are no records, as far as they have all cells.
    """

    rules: dict[str, str] = field(default_factory=dict)
    pads: bool = False
    ragged: list[BadRow] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)

    def records(self, sample: Sample) -> dict[str, list[Any]]:
        """Returns the columns of a sample without these rows."""
        if not self.numbers:
            return sample.columns
        kept = [n for n, number in enumerate(sample.numbers) if number not in self.numbers]
        return {name: [cells[n] for n in kept] for name, cells in sample.columns.items()}


def leftovers(sample: Sample, sources: Mapping[str, str], decimal: str) -> Leftovers:
    """Finds the rows of sums and the lines below the table.

    Args:
        sample: of the file.
        sources: our columns and the file's.
        decimal: sign of the numbers; empty when it is not known.
    """
    ours = {source: name for name, source in sources.items()}
    found = Leftovers()
    labels: dict[str, list[str]] = {}
    for number, row in sample.ends.items():
        label = label_of_total(row.values())
        if label is not None:
            found.numbers.add(number)
            place = next(name for name, cell in row.items() if as_text(cell) == label)
            labels.setdefault(ours.get(place, place), []).append(label)
    last = max(sample.ends, default=0)
    for bad in sample.odd:
        cells = list(bad.payload) if isinstance(bad.payload, (list, tuple)) else []
        filled = [n for n, cell in enumerate(cells) if as_text(cell) is not None]
        is_end = len(filled) == 1 and bad.number > last
        if not filled or len(cells) > len(sample.header):
            found.ragged.append(bad)
        elif is_end or label_of_total(cells) is not None:
            place = sample.header[filled[0]]
            labels.setdefault(ours.get(place, place), []).append(as_text(cells[filled[0]]) or "")
            found.pads = True
        else:
            found.ragged.append(bad)
    for column, texts in labels.items():
        for rule in _rules(column, list(dict.fromkeys(texts))):
            found.rules[rule] = "rows of sums" if any(map(is_label, texts)) else "below the table"
    if not labels:
        _add_nameless(found, sample, sources, decimal)
    return found


def _rules(column: str, labels: Sequence[str]) -> list[str]:
    key = scalar(column)
    totals = [label for label in labels if re.match(r"totals?:", label, re.IGNORECASE)]
    others = [label for label in labels if label not in totals]
    rules = []
    if totals:
        rules.append(f"{{{key}: {{starts_with: {scalar(totals[0].partition(':')[0] + ':')}}}}}")
    shared = _shared(others)
    if len(others) > 1 and len(shared) >= _SHORTEST:
        rules.append(f"{{{key}: {{starts_with: {scalar(shared)}}}}}")
    else:
        rules += [_rule(key, label) for label in others]
    return rules


def _shared(labels: Sequence[str]) -> str:
    """What all labels begin with."""
    length = 0
    for letters in zip(*labels, strict=False):
        if len(set(letters)) > 1:
            break
        length += 1
    return labels[0][:length].strip() if labels else ""


def _rule(key: str, label: str) -> str:
    if not is_label(label) and (sign := re.match(r"[^\w\s]", label)):
        return f"{{{key}: {{starts_with: {scalar(sign[0])}}}}}"
    return rule_of(key, label)


def _add_nameless(
    found: Leftovers, sample: Sample, sources: Mapping[str, str], decimal: str
) -> None:
    """Adds the rule for a row without a name whose amount is the sum of all others."""
    amount = next((sources[name] for name in _AMOUNTS if name in sources), None)
    names = [(name, sources[name]) for name in _NAMES if name in sources]
    if amount is None or sample.rows > len(sample.columns[amount]) or sample.rows < 3:
        return
    values = numbers(sample.columns[amount], decimal)
    for ours, source in names:
        cells: Sequence[Any] = sample.columns[source]
        empty = [n for n, cell in enumerate(cells) if as_text(cell) is None]
        stated = values[empty[0]] if len(empty) == 1 else None
        if stated is None:
            continue
        rest = sum(value for n, value in enumerate(values) if n not in empty and value is not None)
        # Each row is rounded to the cent, the sum is not made of the rounded ones.
        if rest and abs(rest - stated) <= _HALF_CENT * sample.rows < abs(stated) / 2:
            found.rules[f"{{{ours}: {{is_empty: true}}}}"] = f"a row without {ours} holds the sums"
            found.numbers.add(sample.numbers[empty[0]])
            return
