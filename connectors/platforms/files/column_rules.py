"""The columns of a mapping: what fills each of ours, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from connectors.core.columns import Column
from connectors.core.personal import Personal
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.tree import MappingError, Tree, near

DATE_WORDS = ("iso", "day_first", "month_first", "year_first", "serial", "epoch", "epoch_ms")
TYPES = ("text", "number", "integer", "boolean", "date", "time")
_SAMPLE = datetime(2026, 11, 23, 16, 45, 59, tzinfo=UTC)
"""A moment of which no two parts look alike."""
OURS = frozenset({"source_row", "table_name", "row_key", "data"})
"""Columns that the reader fills by itself."""


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one of our columns is filled.

    Attributes:
        name: ours.
        source: the file's column; empty for a constant.
        constant: the same value for every row.
        type: what it becomes in `records`.
        date_format, decimal: where this column is written unlike the others.
        optional: a file without the column is no fault, nor is a cell that cannot be read.
        negate: whether the file writes the number with the other sign; None: it is not stated.
        time_source: the file's column with the time of day, where `source` has only the day.
        personal: its values identify a person and become tokens (in `records`).
    """

    name: str
    source: str = ""
    constant: str | None = None
    type: str = "text"
    date_format: str = ""
    decimal: str = ""
    optional: bool = False
    personal: Personal | None = None
    negate: bool | None = None
    time_source: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The file's columns that fill ours."""
        return tuple(name for name in (self.source, self.time_source) if name)


def date_format(text: str) -> str:
    """Returns the format when it is one of DATE_WORDS or a pattern that tells a whole date.

    Raises:
        ValueError: it is neither.
    """
    if text in DATE_WORDS:
        return text
    try:
        read = datetime.strptime(_SAMPLE.strftime(text), text)
    except (ValueError, re.error):
        raise ValueError(text) from None
    if read.date() != _SAMPLE.date():
        raise ValueError(text)
    return text


DATE_EXAMPLE = (
    f"{', '.join(DATE_WORDS)}, or a pattern of strptime with day, month and year, such as "
    "%d.%m.%Y %H:%M"
)


def columns(given: Tree, target: str) -> tuple[ColumnRule, ...]:
    """Reads the columns of a mapping.

    Raises:
        MappingError: a column that is not known, or is filled in two ways.
    """
    inner = given.inner("columns", required=True)
    known = {column.name: column for column in TARGETS[target] if column.name not in OURS}
    rules = []
    for name in inner.names():
        if target == "records":
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
                raise MappingError(f"{inner.where}: {name!r} must be a name of [a-z0-9_]")
        elif name not in known:
            raise MappingError(
                f"{inner.where}: {target} have no column {name!r}{near(name, known)}; "
                f"there are {', '.join(known)}"
            )
        rules.append(_column(inner, name, known.get(name)))
    if not rules:
        raise MappingError(f"{inner.where} is empty; write <our column>: <the file's column>")
    return tuple(rules)


def _column(inner: Tree, name: str, column: Column | None) -> ColumnRule:
    if not inner.is_tree(name):
        return ColumnRule(
            name,
            inner.text(name, required=True),
            type=_type(column, "text"),
            personal=column.pii if column is not None else None,
        )
    given = inner.inner(name)
    has_constant = given.has("constant")
    source = given.text("column")
    if has_constant == bool(source):
        raise MappingError(f"{given.where}: give either column: <the file's> or constant: <value>")
    personal = given.choice("personal", ("email", "phone"))
    if personal and column is not None:
        raise MappingError(f"{given.where}: personal is for records; {name} is known already")
    rule = ColumnRule(
        name,
        source,
        given.text("constant") if has_constant else None,
        _type(column, given.choice("type", TYPES) or "text"),
        given.parsed("date_format", date_format, DATE_EXAMPLE)
        or given.parsed("format", date_format, DATE_EXAMPLE)
        or "",
        given.choice("decimal", (".", ",")),
        given.truth("optional"),
        personal or (column.pii if column is not None else None),  # type: ignore[arg-type]
        given.truth("negate") if given.has("negate") else None,
        given.text("time_column"),
    )
    given.done()
    _check_fitting(given, rule, column)
    return rule


def _check_fitting(given: Tree, rule: ColumnRule, column: Column | None) -> None:
    """Refuses what would change nothing: whoever wrote it meant something by it."""
    if column is not None and given.text("type") not in {"", rule.type}:
        raise MappingError(f"{given.where}: {rule.name} is a {rule.type} always; leave type out")
    if rule.date_format and rule.type not in {"date", "time"}:
        raise MappingError(
            f"{given.where}: date_format is for dates and times, and {rule.name} is a {rule.type}; "
            "leave it out"
        )
    for key, is_given in (("decimal", rule.decimal), ("negate", rule.negate is not None)):
        if is_given and rule.type not in {"number", "integer"}:
            raise MappingError(
                f"{given.where}: {key} is for numbers, and {rule.name} is a {rule.type}; "
                "leave it out"
            )
    if rule.time_source and (rule.type != "time" or not rule.source):
        raise MappingError(
            f"{given.where}: time_column stands beside the column of a time's day, and "
            f"{rule.name} is {'a constant' if rule.type == 'time' else f'a {rule.type}'}; "
            "leave it out"
        )


def type_of(target: str, name: str) -> str:
    """Returns what values of one of our columns become; empty where the mapping says it."""
    column = next((one for one in TARGETS[target] if one.name == name), None)
    return "" if column is None else _type(column, "")


def _type(column: Column | None, stated: str) -> str:
    """What a value becomes: by our column's type, or in `records` as stated."""
    if column is None:
        return stated
    kinds: tuple[tuple[Callable[[Any], bool], str], ...] = (
        (pa.types.is_decimal, "number"),
        (pa.types.is_integer, "integer"),
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_date, "date"),
        (pa.types.is_timestamp, "time"),
    )
    return next((name for test, name in kinds if test(column.type)), "text")
