"""Columns of the exchange rates."""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import Column

REFERENCE_RATES = (
    Column(
        "date",
        pa.date32(),
        "date",
        "dimension",
        "Day of the rate; none on weekends and TARGET holidays.",
        required=True,
    ),
    Column(
        "currency",
        pa.string(),
        "currency",
        "dimension",
        "Currency, ISO 4217; codes that are gone (TRL, ROL) as they were.",
        required=True,
    ),
    Column(
        "rate",
        pa.decimal128(20, 8),
        "rate",
        "metric",
        "Units of the currency for 1 EUR, as the ECB published it.",
        "none",
        required=True,
    ),
)
