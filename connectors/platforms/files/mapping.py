"""The mapping of a file source: which of its columns are which of ours, and how they are written.

It is given as YAML (or JSON): a tree of mappings, lists and texts. Every complaint says which key
is wrong and what to write instead.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.platforms.files.column_rules import (
    DATE_EXAMPLE,
    ColumnRule,
    date_format,
)
from connectors.platforms.files.column_rules import columns as columns_of
from connectors.platforms.files.rules import Rule
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.tree import MappingError, Tree, folded
from connectors.platforms.files.whole import check_whole

__all__ = ["ColumnRule", "FileMapping", "MappingError", "parse"]

KINDS = ("snapshot", "changes", "report")
FORMATS = ("csv", "tsv", "ndjson", "parquet", "xlsx")
READY = ("stable", "marker", "manifest")
DOCUMENT_TYPES = ("sale", "return", "adjustment", "write_off")
READER_VERSION = "3"
"""Raised when files must be read again because the reader understands them otherwise now."""

NULL_VALUES = frozenset(
    {"-", "--", "---", "–", "—", "N/A", "n/a", "N.A.", "n.a.", "Not Available", "Not available",
     "not available", "NULL", "Null", "null", "\\N"}
)  # fmt: skip
"""What exports write into a cell that holds nothing, where the mapping states nothing else."""

_NOT_ABOUT_ROWS = frozenset({"path", "files", "ready", "settle_seconds", "max_drop", "totals"})
NEEDED = {
    "orders": ("order_id", "ordered_at"),
    "customers": ("customer_id",),
    "products": ("product_id",),
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
    check_whole(mapping, NEEDED[target], given.names())
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
