"""Typed columns of a stream, and makers of them for schemas that say nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa

from connectors.core.personal import Personal

Role = Literal["dimension", "attribute", "metric"]
Additivity = Literal["additive", "semi", "none"]

TEXT = pa.string()
WHOLE = pa.int64()
DAY = pa.date32()
MONEY = pa.decimal128(24, 6)


@dataclass(frozen=True, slots=True)
class Column:
    """One typed column of a stream.

    Attributes:
        name: the name in the raw file.
        type: the Arrow type in the raw file.
        source: dotted path in the JSON record, e.g. `metrics.costMicros`.
        role: a `dimension` of a report is part of its key.
        description: what it holds, with its unit.
        additivity: how a metric adds up; `semi` does not add over time, `none` never does.
        required: a record without it is rejected; one with an empty text, too.
        may_be_empty: of a required text: that empty says something (no region, say).
        pii: what the value is, if it identifies a person; it is then stored as a token.
        field: the platform's own name in a query, where it differs from `source`.
        essential: the stream is worth nothing without it (its money, say): a platform that no
            longer has the field fails the stream. Other columns are then null, and a check is red.
        number_keys: of a column of JSON: the keys whose values are numbers, at any depth. A record
            that has something else there is rejected.
    """

    name: str
    type: pa.DataType
    source: str
    role: Role
    description: str
    additivity: Additivity | None = None
    required: bool = False
    pii: Personal | None = None
    field: str | None = None
    number_keys: frozenset[str] = frozenset()
    essential: bool = False
    may_be_empty: bool = False

    @property
    def asked_as(self) -> str:
        """The name under which a query asks for it."""
        return self.field or self.source

    def __post_init__(self) -> None:
        if (self.role == "metric") != (self.additivity is not None):
            raise ValueError(f"column {self.name}: a metric, and only a metric, has an additivity")
        if self.pii is not None and not pa.types.is_string(self.type):
            raise ValueError(f"column {self.name}: a personal column holds a token, so it is text")


def essential(*columns: Column) -> tuple[Column, ...]:
    """Returns columns marked as those without which their stream is worth nothing."""
    return tuple(replace(column, essential=True) for column in columns)


def dimension(name: str, source: str, description: str, type_: pa.DataType = TEXT) -> Column:
    """Returns a part of a report's key."""
    return Column(name, type_, source, "dimension", description, required=True)


def attribute(
    name: str,
    source: str,
    description: str,
    type_: pa.DataType = TEXT,
    *,
    required: bool = False,
) -> Column:
    """Returns a property of an entity, or of a report row; `required` for what is in a key."""
    return Column(name, type_, source, "attribute", description, required=required)


def metric(
    name: str,
    source: str,
    description: str,
    type_: pa.DataType = WHOLE,
    additivity: Additivity = "additive",
) -> Column:
    """Returns a number of a report."""
    return Column(name, type_, source, "metric", description, additivity)
