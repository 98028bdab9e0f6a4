"""The names that a mapping can use, as tables for the docs: our columns and the presets."""

from __future__ import annotations

import pyarrow as pa

from connectors.core.columns import Column
from connectors.platforms.files.column_rules import OURS, type_of
from connectors.platforms.files.drafting import NO_MONEY
from connectors.platforms.files.mapping import NEEDED
from connectors.platforms.files.presets import presets
from connectors.platforms.files.schema import DESCRIPTIONS, TARGETS

_TYPES = {"number": "number", "integer": "whole number", "boolean": "true or false",
          "date": "date", "time": "date and time", "text": "text"}  # fmt: skip
_MONEY = pa.decimal128(24, 6)


def columns_of(target: str) -> list[tuple[str, str, str]]:
    """Returns the columns that a mapping of a target can fill: name, type and description."""
    return [
        (one.name, _type(target, one), _description(target, one))
        for one in TARGETS[target]
        if one.name not in OURS
    ]


def markdown() -> str:
    """Returns the tables of all columns and of the presets, as they stand in the docs."""
    lines = []
    for target, description in DESCRIPTIONS.items():
        if target == "records":
            continue
        lines += [f"### {target}", "", description, "", "| column | type | what it is |",
                  "|---|---|---|"]  # fmt: skip
        lines += [f"| `{name}` | {kind} | {text} |" for name, kind, text in columns_of(target)]
        lines.append("")
    lines += [
        "### records",
        "",
        "Whatever the mapping names, in small letters, digits and `_`.",
        "",
    ]
    return "\n".join(lines)


def preset_table() -> str:
    """Returns the table of the presets, as it stands in the docs."""
    lines = ["| preset | export | becomes | what it does not carry |", "|---|---|---|---|"]
    for one in presets().values():
        lines.append(f"| `{one.name}` | {one.title} | {one.target} | {' '.join(one.notes)} |")
    return "\n".join(lines) + "\n"


def _type(target: str, column: Column) -> str:
    kind = type_of(target, column.name)
    is_money = column.type == _MONEY and column.name not in NO_MONEY
    return "amount" if is_money else _TYPES[kind]


def _description(target: str, column: Column) -> str:
    return f"**Required.** {column.description}" if column.name in NEEDED[target] else (
        column.description
    )  # fmt: skip


if __name__ == "__main__":
    print(preset_table())
    print(markdown())
