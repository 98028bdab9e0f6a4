"""Which of a file's columns are which of ours, as far as its header and cells give it away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from connectors.platforms.files.currencies import plain
from connectors.platforms.files.guess import column_type
from connectors.platforms.files.mapping import NEEDED
from connectors.platforms.files.presets import Preset, place
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.texts import as_text
from connectors.platforms.files.words import HOURS, KINDS, WORDS

OF_LINES = {f"order_{name}": name for name in ("total", "shipping", "tax", "discount")}
"""Amounts that may be of the whole order or of the line: the rows of an order say which."""
Columns = Mapping[str, Sequence[Any]]
_TIME = re.compile(r"\d{1,2}:\d{2}")
_LOOKED_AT = 1_000
_PERSONAL = re.compile(
    r"name|address|street|city|zip|postcode|birth|phone|mail|vorname|nachname|straße|adresse"
    r"|postleitzahl|\bplz\b|\bort\b|wohnort|telefon",
    re.I,
)
_ZIP = re.compile(r"zip|postcode|postal|postleitzahl|\bplz\b", re.I)
"""Digits that are no number: part of an address."""
_ID = re.compile(r"(?:\b|_)(?:id|nr|no|code|key)\.?$|nummer$|number$", re.I)
"""Digits that are no number: nobody adds them up."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_OF_THINGS = re.compile(
    r"^(?:campaign|ad|account|product|item|lineitem|tax|keyword|discount|category|brand|vendor|file"
    r"|payment|network|list|device)\b|^(?:kampagne|konto|produkt|artikel|anzeige|portfolio)", re.I
)  # fmt: skip
_TOKENS = {
    "email": (re.compile(r"mail", re.I), re.compile(r".+@.+")),
    "phone": (re.compile(r"phone|telefon|mobile", re.I), re.compile(r"[\d\s()+/.-]{7,}")),
}
"""Columns whose values become tokens: what they are called, and what stands in them."""


def guessed_target(header: Sequence[str]) -> str:
    """Returns what a file of such a header holds: `records` when nothing fits."""
    scores = {name: _score(name, header) for name, needed in NEEDED.items() if needed}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else "records"


def _score(target: str, header: Sequence[str]) -> int:
    matched = set(by_words(target, header))
    more = set(KINDS.get(target, matched))
    return len(matched) if set(NEEDED[target]) <= matched and more & matched else 0


def by_words(target: str, header: Sequence[str], columns: Columns | None = None) -> dict[str, str]:
    """Returns our column -> the file's, each of the file's once; with cells, by what they show."""
    spelled = {plain(name): name for name in reversed(header)}
    matched: dict[str, str] = {}
    for column in TARGETS.get(target, ()):
        for word in WORDS.get(column.name, ()):
            name = spelled.get(plain(word))
            if name is not None and name not in matched.values():
                matched[column.name] = name
                break
    orders = (columns or {}).get(matched.get("order_id", ""), ())
    for of_order, of_line in OF_LINES.items():
        source = matched.get(of_order)
        if source and of_line not in matched and columns and _differs(orders, columns[source]):
            matched[of_line] = matched.pop(of_order)
    return matched


def hours(header: Sequence[str], columns: Columns, day: str) -> str:
    """Returns the column with the times of day that belongs to one of days; empty without one."""
    name = place(HOURS, [each for each in header if each != day])
    if name is None or any(":" in (as_text(cell) or "") for cell in columns[day][:_LOOKED_AT]):
        return ""
    times = [text for cell in columns[name][:_LOOKED_AT] if (text := as_text(cell))]
    return name if times and all(_TIME.match(text) for text in times) else ""


def by_preset(preset: Preset, header: Sequence[str]) -> dict[str, dict[str, str]]:
    """Returns our column -> what a mapping says of it: `column`, and whatever the preset adds."""
    found: dict[str, dict[str, str]] = {}
    used: set[str] = set()
    for ours, given in preset.columns.items():
        rule = dict(given) if isinstance(given, Mapping) else {"column": given}
        if "constant" in rule:
            found[ours] = rule
            continue
        free = [name for name in header if name not in used]
        source = place(rule["column"], free)
        if source is None:
            continue
        rule["column"] = source
        used.add(source)
        if "time_column" in rule:
            hours = place(rule["time_column"], free)
            rule = {**rule, "time_column": hours} if hours else {"column": source}
            used |= {hours} if hours else set()
        found[ours] = rule
    return found


def records(header: Sequence[str], columns: Columns) -> dict[str, dict[str, str]]:
    """Returns a column for each of the file's, with the type that its cells have.

    What a mapping maps is published: names and addresses of people are left out.
    """
    found: dict[str, dict[str, str]] = {}
    for name in header:
        ours = re.sub(r"\W+", "_", _latin(name)).strip("_") or "x"
        ours = re.sub(r"[^a-z0-9_]", "", ours)[:60]
        if not ours or not ours[0].isalpha():
            continue
        kind = column_type(columns[name])
        personal = _token(name, columns[name])
        if is_personal(name) and not personal and (kind == "text" or _ZIP.search(name)):
            continue
        percent = any("%" in (as_text(cell) or "") for cell in columns[name][:100])
        typed = kind in {"number", "boolean"} or (kind == "integer" and not _ID.search(name))
        more = (
            {"personal": personal} if personal else {"type": kind} if typed and not percent else {}
        )
        found[ours] = {"column": name, **more}
    return found


def _latin(name: str) -> str:
    """Returns a header in small letters without marks: `Umsätze` is `umsaetze`, `Coût` `cout`."""
    spelled = unicodedata.normalize("NFC", name.lower()).translate(_UMLAUTS)
    parts = unicodedata.normalize("NFKD", spelled)
    return "".join(each for each in parts if not unicodedata.combining(each))


def _token(name: str, cells: Sequence[Any]) -> str:
    """Which kind of personal value a column holds; empty for none."""
    filled = [text for cell in cells[:_LOOKED_AT] if (text := as_text(cell))]
    for kind, (words, value) in _TOKENS.items():
        if words.search(name) and any(map(value.fullmatch, filled)):
            return kind
    return ""


def is_personal(name: str) -> bool:
    """Tells whether a column seems to hold names, addresses or numbers of people."""
    return bool(_PERSONAL.search(name)) and not _OF_THINGS.match(name)


def carried(columns: Columns, matched: Mapping[str, str]) -> list[str]:
    """Our columns that stand on the first row of an order only, where orders have several."""
    key = columns.get(matched.get("order_id", ""), ())
    texts = [as_text(cell) for cell in key]
    found = ["order_id"] if texts and texts[0] and None in texts else []
    number = {c.name for c in TARGETS["orders"] if pa.types.is_decimal(c.type)}
    for name, source in matched.items():
        if name in number or name == "order_id" or column_type(columns[source]) == "empty":
            continue
        order, later = None, []
        is_carried = True
        for text, cell in zip(texts, columns[source], strict=True):
            if text in (None, order) and order is not None:
                later.append(as_text(cell))
            else:
                order, is_carried = text, is_carried and as_text(cell) is not None
        if later and is_carried and not any(later):
            found.append(name)
    return found


def _differs(orders: Sequence[Any], cells: Sequence[Any]) -> bool:
    """Whether the rows of one order have different values: then each is of its line."""
    first: dict[Any, Any] = {}
    pairs = zip(orders, map(as_text, cells), strict=True)
    return any(first.setdefault(order, value) != value for order, value in pairs if value)
