"""What one key of a mapping asks of another."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from connectors.platforms.files.schema import KEYS
from connectors.platforms.files.tree import MappingError

if TYPE_CHECKING:
    from connectors.platforms.files.mapping import FileMapping

_OF_THE_SYSTEM = ("/boot", "/dev", "/etc", "/proc", "/run", "/sys", "/var/run")


def check_whole(mapping: FileMapping, needed: Sequence[str], given: Collection[str]) -> None:
    """Checks what one key asks of another.

    Args:
        mapping: with every key read.
        needed: the columns that its target must have.
        given: the keys that were written.

    Raises:
        MappingError: keys that contradict each other, or one that would change nothing.
    """
    names = mapping.rules
    missing = [name for name in needed if name not in names]
    if missing:
        raise MappingError(
            f"mapping: columns must say where {' and '.join(missing)} come from; for example "
            f"columns: {{{missing[0]}: <the file's column>}}"
        )
    if mapping.target == "records":
        if not mapping.table or not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", mapping.table):
            raise MappingError("mapping: records need table: a name of [a-z0-9_], such as leads")
        if not mapping.key or any(name not in {*names, "source_row"} for name in mapping.key):
            raise MappingError(
                "mapping: records need key: a list of columns named under columns, or source_row, "
                f"the row's number in its file; there are {', '.join(names)}"
            )
    elif mapping.key and mapping.key != KEYS.get(mapping.target, ())[: len(mapping.key)]:
        expected = ", ".join(KEYS.get(mapping.target, ())) or "none"
        raise MappingError(
            f"mapping: the key of {mapping.target} is {expected}; leave key out and map these"
        )
    money = {"orders": True, "costs": True, "products": bool({"price", "unit_cost"} & set(names))}
    if money.get(mapping.target) and not mapping.currency and "currency_code" not in names:
        raise MappingError(
            "mapping: state the currency of the amounts: currency: GBP, or "
            "columns: {currency_code: <the file's column>}"
        )
    if mapping.currency and not re.fullmatch(r"[A-Z]{3}", mapping.currency):
        raise MappingError(
            f"mapping: currency {mapping.currency!r} is not an ISO 4217 code such as GBP"
        )
    _check_carried(mapping)
    _check_path(mapping.path)
    if ".." in mapping.files.split("/") or mapping.files.startswith("/"):
        raise MappingError(
            f"mapping: files {mapping.files!r} must stay inside the folder; for example *.csv"
        )
    _check_idle(mapping, given)


def _check_carried(mapping: FileMapping) -> None:
    for name in mapping.carry_down:
        rule = mapping.rules.get(name)
        if rule is None or not rule.source:
            raise MappingError(
                f"mapping: carry_down names {name!r}, which no column of the file fills; "
                f"name columns of the mapping: {', '.join(mapping.rules)}"
            )
        if rule.type == "number":
            raise MappingError(
                f"mapping: carry_down would repeat {name} on each row, and it would be added up; "
                "map what is of the whole order as order_total, order_shipping, order_tax or "
                "order_discount"
            )


def _check_path(path: str) -> None:
    if not path:
        return
    parts = PurePosixPath(path).parts
    if not path.startswith("/"):
        raise MappingError(
            f"mapping: path {path!r} must be absolute; without path the landing folder "
            "of the source is read"
        )
    if ".." in parts or len(parts) == 1 or path.startswith("//"):
        raise MappingError(
            f"mapping: path {path!r} must name a folder or a file without '..', such as "
            "/srv/exports/crm"
        )
    check_place(path, path)


def check_place(path: str, leads_to: str) -> None:
    """Refuses what belongs to the system, and hidden folders.

    Args:
        path: as the mapping has it.
        leads_to: the same, or what its links lead to.

    Raises:
        MappingError: the files must lie elsewhere.
    """
    place = PurePosixPath(leads_to)
    fix = "put the files in a folder of their own, such as /srv/exports/crm"
    if any(place.is_relative_to(each) for each in _OF_THE_SYSTEM):
        raise MappingError(f"mapping: path {path!r} belongs to the system; {fix}")
    if any(part.startswith(".") for part in place.parts):
        raise MappingError(
            f"mapping: path {path!r} leads through a hidden folder, where secrets lie; {fix}"
        )


def _check_idle(mapping: FileMapping, given: Collection[str]) -> None:
    """Refuses keys that would change nothing: whoever wrote one meant something by it."""
    idle = {
        "table": (mapping.target != "records", "records", f"target {mapping.target}"),
        "max_drop": (mapping.kind != "snapshot", "whole lists", f"kind {mapping.kind}"),
        "allow_negative_prices": (
            mapping.target not in {"orders", "products"},
            "orders and products",
            f"target {mapping.target}",
        ),
        "tax_included": (mapping.target != "orders", "orders", f"target {mapping.target}"),
        "sheet": (mapping.format not in {"", "xlsx"}, "xlsx", f"format {mapping.format}"),
        "delimiter": (
            mapping.format not in {"", "csv", "tsv"},
            "csv and tsv",
            f"format {mapping.format}",
        ),
    }
    for key, (is_idle, meant, found) in idle.items():
        if is_idle and key in given:
            raise MappingError(f"mapping: {key} is for {meant} only, not for {found}; leave it out")
