"""Accounts, metrics and days that the tests of Google's parts ask for; rows as exact numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

BERLIN, NEW_YORK, AUCKLAND, AGENCY = "4100000037", "4101000040", "4200000337", "9000000001"
MEASURES = ("impressions", "clicks", "cost", "conversions", "conversions_value")
METRICS = (
    "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, "
    "metrics.conversions_value"
)
DATES = "segments.date BETWEEN '2026-10-01' AND '2026-11-15'"
CLOCKS = ["2026-10-18T07:30:00Z", "2026-11-15T06:00:00Z"]
FROM = {"from": "2026-10-01"}


def figures(row: dict[str, Any]) -> tuple[Decimal, ...]:
    metrics = row["metrics"]
    return (
        Decimal(metrics["impressions"]),
        Decimal(metrics["clicks"]),
        Decimal(metrics["costMicros"]) / 1_000_000,
        Decimal(str(metrics["conversions"])),
        Decimal(str(metrics["conversionsValue"])),
    )


def numbers(row: dict[str, Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(row[name]) for name in MEASURES)
