"""Rules over the cells of a row, as the mapping states them: `{order_id: {starts_with: C}}`.

A rule holds when all its conditions hold. It is asked of a whole column at once.

Patterns are those of RE2, which Arrow holds: its time grows with the text alone. Python's own
engine backtracks, and one tenant's `(a+)+$` would stop everybody's run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.platforms.files.texts import as_text, decimal_digits

Columns = Callable[[str], Sequence[Any] | None]
"""The cells of a column, by our name or the file's; None when there is none."""

_Test = Callable[[Sequence[str]], list[bool]]
"""Asks each of some texts."""

LONGEST_PATTERN = 1_000
"""Characters. What a person writes is shorter; a longer one only costs time."""


class RuleError(ValueError):
    """A rule that cannot be read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one column."""

    column: str
    operator: str
    operand: str

    def holds(self, cells: Sequence[Any]) -> list[bool]:
        """Tells for each cell whether the test holds. An empty cell is the empty text."""
        texts = [as_text(cell) or "" for cell in cells]
        distinct = list(dict.fromkeys(texts))
        verdict = dict(zip(distinct, _TESTS[self.operator](self.operand)(distinct), strict=True))
        return [verdict[text] for text in texts]


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that must all hold."""

    conditions: tuple[Condition, ...]

    @classmethod
    def parse(cls, tree: Any) -> Rule:
        """Reads `{column: {operator: value}}` or, for equality, `{column: value}`.

        Raises:
            RuleError: it is none.
        """
        if not isinstance(tree, Mapping) or not tree:
            raise RuleError("a rule looks like {order_id: {starts_with: C}}")
        conditions = []
        for column, tests in tree.items():
            given = tests if isinstance(tests, Mapping) else {"equals": tests}
            for operator, operand in given.items():
                conditions.append(_condition(str(column), str(operator), operand))
        return cls(tuple(conditions))

    def holds(self, columns: Columns, rows: int) -> list[bool]:
        """Tells for each row whether every condition holds.

        Raises:
            RuleError: a column is not there.
        """
        verdict = [True] * rows
        for condition in self.conditions:
            cells = columns(condition.column)
            if cells is None:
                raise RuleError(f"there is no column {condition.column!r}")
            verdict = [a and b for a, b in zip(verdict, condition.holds(cells), strict=True)]
        return verdict


def _condition(column: str, operator: str, operand: Any) -> Condition:
    if operator not in _TESTS:
        raise RuleError(f"unknown test {operator!r} of {column}; use one of {', '.join(_TESTS)}")
    if isinstance(operand, list):
        text = "\n".join(str(each).strip() for each in operand)
    elif isinstance(operand, bool):
        text = str(operand).lower()
    else:
        text = str(operand if operand is not None else "").strip()
    condition = Condition(column, operator, text)
    try:
        _TESTS[operator](text)([""])
    except (ValueError, InvalidOperation) as trouble:
        raise RuleError(f"{column}: {operator}: {text[:100]!r} is not valid ({trouble})") from None
    return condition


def _each(test: Callable[[str], bool]) -> _Test:
    return lambda texts: [test(text) for text in texts]


def _starts(operand: str) -> _Test:
    return _each(lambda cell: cell.startswith(operand))


def _ends(operand: str) -> _Test:
    return _each(lambda cell: cell.endswith(operand))


def _contains(operand: str) -> _Test:
    return _each(lambda cell: operand in cell)


def _equals(operand: str) -> _Test:
    return _each(lambda cell: cell == operand)


def _among(operand: str) -> _Test:
    words = frozenset(operand.split("\n"))
    return _each(lambda cell: cell in words)


def _matches(operand: str) -> _Test:
    if len(operand) > LONGEST_PATTERN:
        raise ValueError(f"a pattern has at most {LONGEST_PATTERN:,} characters")

    def test(texts: Sequence[str]) -> list[bool]:
        encoded = [text.encode("utf-8", "replace") for text in texts]
        try:
            found: Any = pc.match_substring_regex(pa.array(encoded, pa.string()), operand)
        except pa.ArrowInvalid as trouble:
            reason = str(trouble).removeprefix("Invalid regular expression: ")
            raise ValueError(
                f"{reason}; patterns are those of RE2, without look-around and back references"
            ) from None
        return list(found.to_pylist())

    return test


def _empty(operand: str) -> _Test:
    wanted = operand not in {"false", "no"}
    return _each(lambda cell: (cell == "") == wanted)


def _compared(operand: str, test: Callable[[Decimal, Decimal], bool]) -> _Test:
    bound = Decimal(operand)

    def holds(cell: str) -> bool:
        try:
            return test(Decimal(decimal_digits(cell, "")), bound)
        except (ValueError, InvalidOperation):
            return False

    return _each(holds)


_TESTS: dict[str, Callable[[str], _Test]] = {
    "equals": _equals,
    "in": _among,
    "starts_with": _starts,
    "ends_with": _ends,
    "contains": _contains,
    "matches": _matches,
    "is_empty": _empty,
    "less_than": lambda operand: _compared(operand, lambda cell, bound: cell < bound),
    "greater_than": lambda operand: _compared(operand, lambda cell, bound: cell > bound),
}
