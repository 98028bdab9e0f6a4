"""The mapping of a file source: which of its columns are which of ours, and how they are written.

It is given as YAML (or JSON): a tree of mappings, lists and texts (`mapping_parser`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connectors.platforms.files.column_rules import ColumnRule
from connectors.platforms.files.rules import Rule
from connectors.platforms.files.tree import folded

FORMATS = ("csv", "tsv", "ndjson", "parquet", "xlsx")
DOCUMENT_TYPES = ("sale", "return", "adjustment", "write_off")

NULL_VALUES = frozenset(
    {"-", "--", "---", "–", "—", "N/A", "n/a", "N.A.", "n.a.", "Not Available", "Not available",
     "not available", "NULL", "Null", "null", "\\N"}
)  # fmt: skip
"""What exports write into a cell that holds nothing, where the mapping states nothing else."""

NEEDED = {
    "orders": ("order_id", "ordered_at"),
    "customers": ("customer_id",),
    "products": ("product_id",),
    "employees": ("employee_id",),
    "costs": ("date", "cost"),
    "records": (),
}


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A checked mapping. See docs/files.md for what each key means."""

    target: str
    kind: Literal["snapshot", "changes", "report"]
    time_zone: str
    columns: tuple[ColumnRule, ...]
    revision: str
    table: str = ""
    key: tuple[str, ...] = ()
    currency: str = ""
    format: str = ""
    path: str = ""
    files: str = "**/*"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 1
    date_format: str = "iso"
    decimal: str = ""
    ignore: frozenset[str] = frozenset()
    null_values: frozenset[str] = NULL_VALUES
    skip_rows: tuple[Rule, ...] = ()
    document_type: tuple[tuple[str, tuple[Rule, ...]], ...] = ()
    pad_short_rows: bool = False
    allow_negative_prices: bool = False
    tax_included: bool | None = None
    carry_down: tuple[str, ...] = ()
    totals: Mapping[str, str] = field(default_factory=dict, compare=False)
    max_drop: float = 0.3
    ready: str = "stable"
    settle_seconds: float = 5.0
    rules: Mapping[str, ColumnRule] = field(default_factory=dict, compare=False)

    @property
    def has_versions(self) -> bool:
        """Whether the file says which version of a record is the newer one."""
        return "updated_at" in self.rules

    def ignores(self, name: str) -> bool:
        """Tells whether a column of the file is dropped; of a repeated name all of them are."""
        plain = folded(name)
        return plain in self.ignore or re.sub(r" \(\d+\)$", "", plain) in self.ignore

    @property
    def one_currency(self) -> str:
        """The currency of every amount; empty when none is stated or a column tells it."""
        rule = self.rules.get("currency_code")
        return self.currency if rule is None else (rule.constant or "").strip().upper()
