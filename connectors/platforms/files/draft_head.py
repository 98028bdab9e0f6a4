"""The lines of a draft above its columns: what the file is, its layout, its amounts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from connectors.platforms.files import currencies
from connectors.platforms.files.drafting import NO_MONEY, Drafting
from connectors.platforms.files.guess import column_type
from connectors.platforms.files.presets import place
from connectors.platforms.files.sampling import texts
from connectors.platforms.files.words import ZONES


def head_lines(made: Drafting, sheet: str) -> list[str]:
    """Returns the lines that say what a file is, how it is laid out and what its amounts are.

    Args:
        made: what is known of it.
        sheet: of a workbook, where it was stated.
    """
    sheets = [f"sheet: {json.dumps(sheet, ensure_ascii=False)}"] if sheet else []
    return [*_head(made), *sheets, *_layout(made), *_amounts(made)]


def _head(made: Drafting) -> list[str]:
    layout = made.preset
    kind = layout.kind if layout else ("report" if made.target == "costs" else "snapshot")
    about = {
        "report": "the file replaces the dates it covers",
        "snapshot": "the file is the whole list; or changes: it holds what changed",
        "changes": "it holds what changed; or snapshot: the file is the whole list",
    }
    lines = [f"# Drafted from {json.dumps(made.path.name)}: check every line."]
    if layout is not None:
        lines.append(f"# Its layout is that of the preset {layout.name}: {layout.title}.")
    return [*lines, f"target: {made.target}", f"kind: {kind} # {about[kind]}"]


def _layout(made: Drafting) -> list[str]:
    found, more = made.sample, dict(made.preset.more) if made.preset else {}
    lines = []
    if found.form:
        lines.append(f"format: {found.form}")
    if found.encoding:
        lines.append(
            f"encoding: {found.encoding} # it is no UTF-8: look at its umlauts and accents"
        )
    if found.header_row > 1:
        lines.append(f"header_row: {found.header_row} # lines of titles stand above")
    if made.target == "records":
        lines.append(f"table: {more.get('table', 'my_table')} # its name")
        key = more.get("key") or _key(made)
        lines.append(f"key: [{', '.join(key)}] # the columns that identify a row")
    return [*lines, _zone(made, more)]


def _key(made: Drafting) -> list[str]:
    """Returns the first column where it is an id: each row has its own."""
    first = next(iter(made.sources), "")
    cells = made.cells(first) if first else []
    found = texts(cells)
    is_id = column_type(cells) in {"text", "integer"} and 1 < len(cells) == len(set(found))
    return [first] if is_id else []


def _zone(made: Drafting, more: Mapping[str, Any]) -> str:
    named = [made.rules[name]["column"] for name in made.of_type("date", "time")]
    if any(re.search(r"\((?:in )?UTC\)$", name) for name in named):
        return "time_zone: UTC # from the header"
    if "time_zone" in more:
        return f"time_zone: {more['time_zone']} # {more['time_zone_reason']}"
    if more.get("zoned"):
        return ("time_zone: # required: of the shop; its times have a zone of their own, this one "
                "says which day they are of")  # fmt: skip
    if zone := _stated_zone(made):
        return (
            f"time_zone: {zone[1]} # the column {json.dumps(zone[0], ensure_ascii=False)} says it"
        )
    said = next((title for title in made.sample.titles if "time zone" in title.casefold()), "")
    example = f"; the file says {json.dumps(said)}" if said else ""
    return f"time_zone: # required: where the file's clock hangs, such as Europe/London{example}"


def _stated_zone(made: Drafting) -> tuple[str, str] | None:
    """Returns the column that names the zone of every row, and the zone; None without one."""
    column = place(ZONES, made.sample.header)
    found = set(texts(made.sample.columns[column])) if column else set()
    zone = found.pop() if len(found) == 1 else ""
    if column is None or zone not in available_timezones() or not re.search(r"/|^UTC$", zone):
        return None
    return column, zone


def _amounts(made: Drafting) -> list[str]:
    lines = []
    if made.decimal:
        lines.append(f"decimal: '{made.decimal}'")
    elif made.odd_number:
        lines.append(
            f"decimal: # required: '.' or ','? {json.dumps(made.odd_number)} can be read in both "
            "ways"
        )
    has_column = "currency_code" in made.rules
    if made.target in {"orders", "costs", "products"} and not has_column:
        lines.insert(0, _currency(made))
    return lines


def _currency(made: Drafting) -> str:
    if made.currency:
        return f"currency: {made.currency} # the file's column says it of all rows"
    money = [name for name in made.of_type("number") if name not in NO_MONEY]
    headers = [made.rules[name]["column"] for name in money]
    named = {code for name in headers if (code := currencies.of_header(name)[1])}
    if len(named) == 1:
        return f"currency: {named.pop()} # from the header"
    beside = set().union(*(currencies.of_cells(made.cells(name)) for name in money))
    if len(beside) == 1 and "$" not in beside:
        return f"currency: {beside.pop()} # from the cells"
    for title in made.sample.titles:
        said = re.search(r"currency\W+([A-Z]{3})\b", title, re.IGNORECASE)
        if said and said[1].upper() in currencies.CODES:
            return f"currency: {said[1].upper()} # from the lines above the header"
    more = "; no column says it"
    if beside == {"$"}:
        more = "; the cells have $, which can be USD, CAD, AUD or another"
    elif named or beside:
        more = f"; the file has several: {', '.join(sorted(named | beside))}"
    return f"currency: # required: of the amounts, such as EUR{more}"
