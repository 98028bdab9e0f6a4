"""A first mapping for a file that somebody brings: what its header and cells give away."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from connectors.platforms.files.guess import column_type
from connectors.platforms.files.mapping import NEEDED, FileMapping, parse
from connectors.platforms.files.reading import format_of, open_rows
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.texts import as_text

_WORDS: dict[str, tuple[str, ...]] = {
    "order_id": ("order id", "order no", "order number", "order", "invoice no", "invoiceno",
                 "invoice", "document no", "bestellnummer"),
    "line_no": ("line no", "line", "line number", "position"),
    "ordered_at": ("ordered at", "order date", "invoice date", "invoicedate", "date", "created at",
                   "bestelldatum", "datum"),
    "paid_at": ("paid at", "payment date"),
    "updated_at": ("updated at", "modified at", "last modified", "changed at"),
    "status": ("status", "state"),
    "customer_id": ("customer id", "customerid", "customer no", "client id", "id", "kundennummer"),
    "customer_email": ("customer email", "email", "e-mail", "mail"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address"),
    "phone": ("phone", "telephone", "mobile", "telefon"),
    "product_id": ("product id", "stock code", "stockcode", "item id", "article no", "id",
                   "artikelnummer"),
    "sku": ("sku",),
    "product_name": ("product name", "product", "description", "item", "title"),
    "name": ("name", "title", "product name", "product"),
    "category": ("category", "kategorie"),
    "product_type": ("kind", "type", "product type"),
    "quantity": ("quantity", "qty", "menge", "units"),
    "unit_price": ("unit price", "unitprice", "price", "einzelpreis", "preis"),
    "price": ("price", "list price", "unit price", "preis"),
    "unit_cost": ("unit cost", "cost price", "cogs"),
    "discount": ("line discount", "lineitem discount", "item discount"),
    "tax": ("line tax", "item tax"),
    "shipping": ("line shipping", "item shipping"),
    "total": ("line total", "item total", "line amount"),
    "order_total": ("order total", "grand total", "total", "total price", "gesamt"),
    "order_shipping": ("order shipping", "shipping", "shipping cost", "delivery", "versand"),
    "order_tax": ("order tax", "tax", "taxes", "vat", "mwst"),
    "order_discount": ("order discount", "discount", "discount amount", "rabatt"),
    "currency_code": ("currency", "currency code", "währung"),
    "country": ("country", "country code", "land"),
    "channel": ("channel", "platform", "kanal", "medium"),
    "campaign": ("campaign", "campaign name", "kampagne"),
    "date": ("date", "day", "datum", "tag"),
    "cost": ("cost", "spend", "amount", "amount spent", "kosten"),
    "impressions": ("impressions", "views"),
    "clicks": ("clicks", "klicks"),
    "conversions": ("conversions", "results"),
    "conversion_value": ("conversion value", "revenue"),
    "source": ("source", "quelle"),
    "tags": ("tags",),
    "accepts_marketing": ("accepts marketing", "newsletter", "opt in"),
    "created_at": ("created at", "created", "signup date"),
    "is_deleted": ("is deleted", "deleted"),
    "is_active": ("is active", "active"),
    "refunded_amount": ("refunded amount", "refund"),
    "refunded_at": ("refunded at", "refund date"),
    "utm_source": ("utm source",),
    "utm_medium": ("utm medium",),
    "utm_campaign": ("utm campaign",),
}  # fmt: skip
_OF_LINES = {f"order_{name}": name for name in ("total", "shipping", "tax", "discount")}
"""Amounts that may be of the whole order or of the line: the rows of an order say which."""
_GUESSED = tuple(name for name, needed in NEEDED.items() if needed)
_PERSONAL = re.compile(
    r"name|address|street|city|zip|postcode|birth|phone|mail|vorname|nachname|straße|adresse", re.I
)
_DAYS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}")


def draft(path: Path, target: str = "") -> str:
    """Returns a mapping as YAML, with a question where the file does not give the answer.

    Args:
        path: the file.
        target: what it holds; empty to guess.

    Raises:
        ShapeChanged: the file cannot be read.
    """
    form = format_of(path.name)
    # Any mapping that reads the file will do: what its columns mean is what is looked for.
    reader = parse({"target": "records", "kind": "snapshot", "table": "draft", "key": ["x"],
                    "time_zone": "UTC", "columns": {"x": "x"}, "pad_short_rows": "true",
                    "format": form})  # fmt: skip
    with path.open("rb") as file:
        source = open_rows(file, path.name, os.path.getsize(path), reader)
        batch = next(iter(source))
        header = source.header
    found = target or max(_GUESSED, key=lambda name: _score(name, header))
    if not target and _score(found, header) == 0:
        found = "records"
    columns = _columns(found, header, batch.columns)
    return "\n".join([*_head(path, found, form, batch.columns), *columns]) + "\n"


def _score(target: str, header: Sequence[str]) -> float:
    matched = _matched(target, header)
    if not set(NEEDED[target]) <= set(matched):
        return 0
    return len(matched) + len(matched) / 100


def _matched(
    target: str, header: Sequence[str], columns: Mapping[str, Sequence[Any]] | None = None
) -> dict[str, str]:
    """Our column -> the file's, each of the file's once; with the cells, by what they show."""
    plain = {re.sub(r"[\s_]+", " ", name).strip().lower(): name for name in header}
    matched: dict[str, str] = {}
    for column in TARGETS.get(target, ()):
        for word in _WORDS.get(column.name, ()):
            if word in plain and plain[word] not in matched.values():
                matched[column.name] = plain[word]
                break
    orders = (columns or {}).get(matched.get("order_id", ""), ())
    for of_order, of_line in _OF_LINES.items():
        source = matched.get(of_order)
        if source and of_line not in matched and columns and _differs(orders, columns[source]):
            matched[of_line] = matched.pop(of_order)
    return matched


def _differs(orders: Sequence[Any], cells: Sequence[Any]) -> bool:
    """Whether the rows of one order have different values: then each is of its line."""
    first: dict[Any, Any] = {}
    pairs = zip(orders, map(as_text, cells), strict=True)
    return any(first.setdefault(order, value) != value for order, value in pairs if value)


def _carried(columns: Mapping[str, Sequence[Any]], matched: Mapping[str, str]) -> list[str]:
    """Our columns that stand on the first row of an order only, where orders have several."""
    key = columns.get(matched.get("order_id", ""), ())
    texts = [as_text(cell) for cell in key]
    carried = ["order_id"] if texts and texts[0] and None in texts else []
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
            carried.append(name)
    return carried


def _head(path: Path, target: str, form: str, columns: dict[str, Sequence[Any]]) -> list[str]:
    matched = _matched(target, list(columns))
    kind = "report # the file replaces the dates it covers" if target == "costs" else (
        "snapshot # the file is the whole list; or changes: it holds what changed"
    )  # fmt: skip
    lines = [f"# Drafted from {json.dumps(path.name)}: check every line.", f"target: {target}",
             f"kind: {kind}"]  # fmt: skip
    if form:
        lines.append(f"format: {form}")
    # No file says these; left empty, the mapping is refused until somebody has stated them.
    lines.append("time_zone: # required: where the file's clock hangs, such as Europe/London")
    if target in {"orders", "costs", "products"} and "currency_code" not in matched:
        lines.append("currency: # required: of the amounts, such as EUR; no column says it")
    if target == "records":
        lines += ["table: my_table # its name", "key: [] # the columns that tell rows apart"]
    dates = [name for name, cells in columns.items() if column_type(cells) in {"date", "time"}]
    form_of_dates = _date_format([cell for name in dates for cell in columns[name][:1000]])
    if form_of_dates:
        lines.append(form_of_dates)
    if _has_decimal_comma(columns):
        lines.append("decimal: ','")
    return lines


def _columns(target: str, header: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> list[str]:
    matched = _matched(target, header, columns)
    lines = ["columns:"]
    if target == "records":
        names = {re.sub(r"\W+", "_", name.lower()).strip("_") or "x": name for name in header}
        matched = {name: source for name, source in names.items() if name[0].isalpha()}
    lines += [f"  {ours}: {json.dumps(theirs, ensure_ascii=False)}"
              + (" # of the whole order; of the line? Then " + _OF_LINES[ours]
                 if ours in _OF_LINES else "")
              for ours, theirs in matched.items()]  # fmt: skip
    if target == "orders":
        if {"order_tax", "tax"} & set(matched):
            lines.append("tax_included: false # true when the prices hold the tax")
        if carried := _carried(columns, matched):
            lines.append(f"carry_down: [{', '.join(carried)}] # stand on an order's first row only")
    rest = [name for name in header if name not in matched.values()]
    personal = [name for name in rest if _PERSONAL.search(name)]
    if personal:
        lines.append("ignore: # names and addresses are dropped; what is not named stays as _extra")
        lines += [f"  - {json.dumps(name, ensure_ascii=False)}" for name in personal]
    others = [name for name in rest if name not in personal]
    if others:
        lines.append(f"# not mapped, kept as _extra: {', '.join(others)}")
    return lines


def _date_format(cells: Sequence[Any]) -> str:
    """The line that states how dates are written; empty for ISO 8601."""
    parts = [found for cell in cells if (found := _DAYS.match(as_text(cell) or ""))]
    if not parts:
        return ""
    if any(int(found[1]) > 12 for found in parts):
        return "date_format: day_first"
    if any(int(found[2]) > 12 for found in parts):
        return "date_format: month_first"
    return "date_format: day_first # or month_first? No date of the file tells: ask its author"


def _has_decimal_comma(columns: dict[str, Sequence[Any]]) -> bool:
    return any(
        type(cell) is str and re.fullmatch(r"-?[\d.]*\d,\d{1,2}\s?[€$£]?", cell.strip())
        for cells in columns.values()
        if column_type(cells) == "number"
        for cell in cells[:1000]
    )


def filled(text: str) -> tuple[FileMapping, list[str]]:
    """Returns a drafted mapping that can be tried, and what was assumed for its questions.

    Args:
        text: as `draft` returned it.

    Raises:
        MappingError: it lacks what cannot be assumed.
    """
    tree = yaml.load(text, yaml.BaseLoader)
    assumed = []
    if not tree.get("time_zone"):
        tree["time_zone"] = "UTC"
        assumed.append("time_zone UTC: the file does not say it")
    if "currency" in tree and not tree["currency"]:
        tree["currency"] = "XXX"
        assumed.append("currency XXX, which is none: the file does not say it")
    if tree.get("target") == "records" and not tree.get("key"):
        tree["key"] = [next(iter(tree["columns"]))]
        assumed.append(f"key: [{tree['key'][0]}]; state the columns that tell rows apart")
    if "date_format" in tree and not tree["date_format"]:
        del tree["date_format"]
    return parse(tree), assumed
