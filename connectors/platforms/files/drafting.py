"""A mapping in the making: what is known of a file, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.platforms.files import currencies, matching
from connectors.platforms.files.column_rules import type_of
from connectors.platforms.files.evidence import decimal_sign, numbers
from connectors.platforms.files.presets import Preset
from connectors.platforms.files.sampling import Sample, texts

NO_MONEY = frozenset({"quantity", "conversions"})
"""Numbers that are no amounts."""
SIGNED = frozenset({"discount", "order_discount", "refunded_amount", "cost"})
"""Amounts of which a minus can mean two things."""
Rules = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Drafting:
    """A mapping in the making.

    Attributes:
        rules: our column -> what the mapping says of it.
        undecided: our column -> what must be stated of it.
        currency: of all rows, where a column says it and the cells of amounts say it too.
    """

    path: Path
    sample: Sample
    preset: Preset | None
    target: str
    rules: Rules
    decimal: str = ""
    odd_number: str = ""
    undecided: dict[str, str] = field(default_factory=dict)
    currency: str = ""

    @property
    def sources(self) -> dict[str, str]:
        """Our columns and the file's."""
        return {name: rule["column"] for name, rule in self.rules.items() if "column" in rule}

    def cells(self, ours: str) -> Sequence[Any]:
        """The cells of one of our columns."""
        return self.sample.columns[self.rules[ours]["column"]]

    def of_type(self, *kinds: str) -> list[str]:
        """Our columns of some types that the file fills."""
        return [name for name in self.sources if self._type(name) in kinds]

    def _type(self, ours: str) -> str:
        return type_of(self.target, ours) or str(self.rules[ours].get("type", "text"))


def begin(path: Path, found: Sample, layout: Preset | None, target: str) -> Drafting:
    """Returns what a file's header and cells give away of its columns.

    Args:
        path: of the file.
        found: what it looks like.
        layout: that it has; None when it is not known.
        target: what it holds; empty to guess.
    """
    made = _made(path, found, layout, target)
    _state_currency(made)
    amounts, counts = (
        [made.cells(name) for name in made.of_type(kind)] for kind in ("number", "integer")
    )
    made.decimal, made.odd_number = decimal_sign(amounts, counts)
    _state_signs(made)
    return made


def _state_currency(made: Drafting) -> None:
    """A sign may stand beside an amount only where no column says the currency: one is stated."""
    if "currency_code" not in made.sources:
        return
    money = [name for name in made.of_type("number") if name not in NO_MONEY]
    beside = set().union(*(currencies.of_cells(made.cells(name)) for name in money))
    codes = {text.upper() for text in texts(made.cells("currency_code"))} - {"--", "-"}
    if not codes or (beside and len(codes) == 1):
        del made.rules["currency_code"]
        made.currency = codes.pop() if codes else ""


def _state_signs(made: Drafting) -> None:
    """Where every amount that is taken off or paid has a minus, the minus is the file's way."""
    for name in SIGNED & set(made.sources):
        found = [value for value in numbers(made.cells(name), made.decimal) if value]
        if found and all(value < 0 for value in found):
            made.rules[name]["negate"] = True


def _made(path: Path, found: Sample, layout: Preset | None, target: str) -> Drafting:
    if layout is not None:
        return Drafting(
            path, found, layout, layout.target, matching.by_preset(layout, found.header)
        )
    kind = target or matching.guessed_target(found.header)
    if kind == "records":
        rules: Rules = dict(matching.records(found.header, found.columns))
    else:
        by_words = matching.by_words(kind, found.header, found.columns)
        rules = {name: {"column": source} for name, source in by_words.items()}
        day = by_words.get("ordered_at", "")
        if day and (name := matching.hours(found.header, found.columns, day)):
            rules["ordered_at"]["time_column"] = name
    return Drafting(path, found, None, kind, rules)
