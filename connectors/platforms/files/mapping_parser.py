"""Reads a mapping as people write it: key by key, and then what one key asks of another.

Every complaint says which key is wrong and what to write instead.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.platforms.files.column_rules import DATE_EXAMPLE, ColumnRule, date_format
from connectors.platforms.files.column_rules import columns as columns_of
from connectors.platforms.files.mapping import (
    DOCUMENT_TYPES,
    FORMATS,
    NEEDED,
    NULL_VALUES,
    FileMapping,
)
from connectors.platforms.files.places import check_path
from connectors.platforms.files.rules import Rule
from connectors.platforms.files.schema import KEYS, TARGETS
from connectors.platforms.files.tree import MappingError, Tree, folded

KINDS = ("snapshot", "changes", "report")
READY = ("stable", "marker", "manifest")
READER_VERSION = "3"
"""Raised when files must be read again because the reader understands them otherwise now."""

_NOT_ABOUT_ROWS = frozenset({"path", "files", "ready", "settle_seconds", "max_drop", "totals"})


def parse(tree: Any) -> FileMapping:
    """Checks a mapping.

    Raises:
        MappingError: it cannot work.
    """
    given = Tree(tree, "mapping")
    target = given.choice("target", TARGETS, required=True)
    kind = given.choice("kind", KINDS, required=True)
    if (kind == "report") != (target == "costs"):
        fix = "use kind: report" if target == "costs" else "use kind: snapshot or kind: changes"
        raise MappingError(f"mapping: target {target} cannot be a {kind}; {fix}")
    columns = columns_of(given, target)
    names = {rule.name: rule for rule in columns}
    mapping = FileMapping(
        target=target,
        kind=kind,  # type: ignore[arg-type]  # checked against KINDS
        time_zone=_zone(given),
        columns=columns,
        revision=_revision(tree),
        table=given.text("table"),
        key=tuple(given.texts("key")),
        currency=given.text("currency"),
        format=given.choice("format", FORMATS),
        path=given.text("path"),
        files=given.text("files") or "**/*",
        encoding=given.parsed("encoding", _encoding, "utf-8, windows-1252 or utf-16") or "",
        delimiter=_delimiter(given),
        sheet=given.text("sheet"),
        header_row=given.parsed("header_row", _positive, "1, the first row") or 1,
        date_format=given.parsed("date_format", date_format, DATE_EXAMPLE) or "iso",
        decimal=given.choice("decimal", (".", ",")),
        ignore=frozenset(map(folded, given.texts("ignore"))),
        null_values=frozenset(given.texts("null_values"))
        if given.has("null_values")
        else NULL_VALUES,
        skip_rows=given.rules("skip_rows"),
        document_type=_document_types(given, target),
        pad_short_rows=given.truth("pad_short_rows"),
        allow_negative_prices=given.truth("allow_negative_prices"),
        tax_included=given.truth("tax_included") if given.has("tax_included") else None,
        carry_down=tuple(given.texts("carry_down")),
        totals=_totals(given, names),
        max_drop=_share(given),
        ready=given.choice("ready", READY) or "stable",
        settle_seconds=_settle(given),
        rules=names,
    )
    given.done()
    _refuse_unanswered(given)
    _check_whole(mapping, NEEDED[target], given.names())
    return mapping


def _refuse_unanswered(given: Tree) -> None:
    """A draft leaves empty what the file does not say; read as nothing, it would be a guess."""
    answers = {"date_format": "day_first or month_first", "decimal": "'.' or ','"}
    for key, answer in answers.items():
        if given.has(key) and not given.text(key):
            raise MappingError(
                f"mapping: {key} is empty; state {answer}, or leave the line out where no "
                "value needs it"
            )


def parse_json(text: str) -> FileMapping:
    """Like `parse`, from JSON text.

    Raises:
        MappingError: it is no JSON, or cannot work.
    """
    try:
        tree = json.loads(text)
    except ValueError as trouble:
        raise MappingError(f"the mapping is not JSON: {trouble}") from trouble
    return parse(tree)


def _document_types(given: Tree, target: str) -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    if not given.has("document_type"):
        return ()
    if target != "orders":
        raise MappingError("mapping: document_type is for orders only; leave it out")
    inner = given.inner("document_type")
    found = []
    for name in inner.names():
        if name not in DOCUMENT_TYPES:
            raise MappingError(f"{inner.where}: unknown {name!r}; use {', '.join(DOCUMENT_TYPES)}")
        found.append((name, inner.rules(name)))
    return tuple(found)


def _totals(given: Tree, names: Mapping[str, ColumnRule]) -> dict[str, str]:
    if not given.has("totals"):
        return {}
    inner = given.inner("totals")
    for name in inner.names():
        if name not in names or names[name].type not in {"number", "integer"}:
            raise MappingError(f"{inner.where}: {name!r} is no number under columns")
    return {name: inner.text(name, required=True) for name in inner.names()}


def _zone(given: Tree) -> str:
    name = given.text("time_zone")
    if not name:
        raise MappingError(
            "mapping: time_zone is missing; state where the file's clock hangs, such as "
            "time_zone: Europe/London (UTC if its times end in Z)"
        )
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise MappingError(
            f"mapping: unknown time_zone {name!r}; use an IANA name such as Europe/London"
        ) from None
    return name


def _delimiter(given: Tree) -> str:
    words = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "\\t": "\t"}
    found = given.raw("delimiter")
    found = words.get(found, found)
    if len(found) > 1 or found in {'"', "\n", "\r"}:
        raise MappingError(f"mapping: delimiter {found!r} is not one of {', '.join(words)}")
    return found


def _share(given: Tree) -> float:
    def share(text: str) -> float:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        if not 0 <= value <= 1:
            raise ValueError(text)
        return value

    found = given.parsed("max_drop", share, "30% (a list may lose at most that share of its rows)")
    return 0.3 if found is None else found


def _settle(given: Tree) -> float:
    def seconds(text: str) -> float:
        value = float(text)
        if not 0 <= value <= 3600:
            raise ValueError(text)
        return value

    found = given.parsed("settle_seconds", seconds, "5 (0 to 3600)")
    return 5.0 if found is None else found


def _positive(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1000:
        raise ValueError(text)
    return value


def _encoding(text: str) -> str:
    try:
        "".encode(text)
    except (LookupError, UnicodeError) as trouble:
        raise ValueError(text) from trouble
    return text


def _revision(tree: Any) -> str:
    """Digest of what decides how rows are read."""
    about_rows = {k: v for k, v in dict(tree).items() if k not in _NOT_ABOUT_ROWS}
    canonical = json.dumps(about_rows, sort_keys=True, default=str)
    return hashlib.sha256(f"{READER_VERSION} {canonical}".encode()).hexdigest()[:16]


def _check_whole(mapping: FileMapping, needed: Sequence[str], given: Collection[str]) -> None:
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
    check_path(mapping.path)
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
