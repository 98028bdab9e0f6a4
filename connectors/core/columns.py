"""Makers of columns, for schemas that say nothing twice."""

from __future__ import annotations

import pyarrow as pa

from connectors.core.stream import Additivity, Column

TEXT = pa.string()
WHOLE = pa.int64()
DAY = pa.date32()
MONEY = pa.decimal128(24, 6)


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
