"""Rows of a table of its own: their key, and what the mapping maps as JSON."""

from __future__ import annotations

from typing import Any

import orjson

from connectors.platforms.files.checks import Misfits, label
from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.rejection import plain


def make_records(
    mapping: FileMapping, found: dict[str, list[Any]], rows: int, misfits: Misfits
) -> None:
    """Adds the name, the key and the JSON of each record.

    Args:
        mapping: of the table.
        found: values by our columns; the new ones are added.
        rows: how many there are.
        misfits: where to note rows without a whole key.
    """
    names = [rule.name for rule in mapping.columns]
    found["table_name"] = [mapping.table] * rows
    keys: list[str | None] = []
    for n in range(rows):
        parts = [found[name][n] for name in mapping.key]
        if any(part is None for part in parts) and n not in misfits:
            lacking = next(k for k, p in zip(mapping.key, parts, strict=True) if p is None)
            misfits.note(
                n, f"{label(mapping.rules[lacking])} is missing, and it is part of the key"
            )
        keys.append(None if None in parts else "|".join(str(plain(part)) for part in parts))
    found["row_key"] = keys
    found["data"] = [
        orjson.dumps({name: found[name][n] for name in names}, default=plain).decode()
        for n in range(rows)
    ]
