"""Rows of sums that look like records: no word says what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connectors.platforms.files.checks import Arrays
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.watching import Amounts

_MOST = 100


@dataclass(slots=True)
class Nameless:
    """Looks for a loaded row of costs without a campaign that is the sum of all others.

    Exports of ads have one (`2026-11-01` to `2026-11-30`, no name, everything): loaded, it counts
    all twice.
    """

    rows: dict[int, tuple[Decimal, str]] = field(default_factory=dict)

    def look(self, mapping: FileMapping, arrays: Arrays) -> None:
        """Notes the rows without a campaign, if others have one."""
        if mapping.target != "costs" or "campaign" not in mapping.rules:
            return
        without: Any = arrays["campaign"].is_null()
        columns = ("source_row", "cost", "currency_code")
        found = [arrays[name].filter(without).to_pylist() for name in columns]
        for number, cost, currency in zip(*found, strict=True):
            if cost and len(self.rows) < _MOST:
                self.rows[number] = (cost, currency or mapping.currency)

    def sums(self, amounts: Amounts, slack: Decimal) -> list[int]:
        """Returns the numbers of those that are the sum of all others in their currency.

        Args:
            amounts: sums of all loaded rows.
            slack: by how much a sum of rounded rows may differ; it must be small beside the row.
        """
        return [
            number
            for number, (cost, currency) in self.rows.items()
            if abs(amounts.get(("cost", currency), Decimal(0)) - 2 * cost) <= slack < abs(cost) / 2
        ]
