"""A first mapping for a file that somebody brings: what its header and cells give away.

What no cell says is asked for, never guessed: the mapping is refused until somebody has stated it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from connectors.platforms.files import matching
from connectors.platforms.files.draft_dates import date_lines
from connectors.platforms.files.draft_head import head_lines
from connectors.platforms.files.drafting import Drafting, begin
from connectors.platforms.files.evidence import tax_included
from connectors.platforms.files.leftovers import Leftovers, leftovers
from connectors.platforms.files.mapping import NEEDED, FileMapping
from connectors.platforms.files.mapping_parser import parse
from connectors.platforms.files.presets import Preset, place, preset, recognised
from connectors.platforms.files.sampling import Sample, sample
from connectors.platforms.files.schema import TARGETS
from connectors.platforms.files.texts import as_text
from connectors.platforms.files.tree import MappingError, folded
from connectors.platforms.files.words import ENDS

_MONEY = frozenset({"total", "order_total", "unit_price"})
_MADE = frozenset({"source_row", "table_name", "row_key", "data", "document_type", "is_deleted",
                   "tax_included"})  # fmt: skip


def draft(
    path: Path, target: str = "", preset_name: str = "", header_row: int = 0, sheet: str = ""
) -> str:
    """Returns a mapping as YAML, with a question where the file does not give the answer.

    Args:
        path: the file.
        target: what it holds; empty to guess.
        preset_name: the layout that it has; empty to recognise it.
        header_row: where its header stands; 0 to look for it.
        sheet: of a workbook with several.

    Raises:
        ShapeChanged: the file cannot be read.
        MappingError: there is no such preset, or the file is not of it.
    """
    stated = preset(preset_name) if preset_name else None
    found = sample(
        path, lambda header: _is_of(header, stated, by_itself=not preset_name), header_row, sheet
    )
    if stated is not None and not stated.fits(found.header):
        raise _another(path, stated, found)
    layout = stated or recognised(found.header)
    if stated is None and layout is not None and target not in {"", layout.target}:
        layout = None
    made = begin(path, found, layout, target)
    left = leftovers(found, made.sources, made.decimal)
    lines = [*head_lines(made, sheet), *date_lines(made.target, made.rules,
             found.columns), *_columns(made), *_rows(made, left), *_rest(made, left)]  # fmt: skip
    return "\n".join(lines) + "\n"


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
        tree["currency"] = "USD" if "the cells have $" in text else "XXX"
        assumed.append(
            "currency USD: the cells have $, which can be another"
            if tree["currency"] == "USD"
            else "currency XXX, the code for no currency: the file does not say it"
        )
    if tree.get("target") == "records" and not tree.get("key"):
        tree["key"] = [next(iter(tree["columns"]))]
        assumed.append(f"key: [{tree['key'][0]}]; state the columns that identify a row")
    for key in ("date_format", "decimal"):
        if key in tree and not tree[key]:
            del tree[key]
            assumed.append(f"no {key}: the file can be read in two ways, and the draft asks for it")
    return parse(tree), assumed


def _is_of(header: Sequence[str], stated: Preset | None, *, by_itself: bool) -> bool:
    if stated is not None:
        return stated.fits(header)
    return by_itself and recognised(header) is not None


def _another(path: Path, stated: Preset, found: Sample) -> MappingError:
    missing = [group for group in stated.needs if place(group, found.header) is None]
    wanted = "; ".join(" or ".join(map(repr, group)) for group in missing)
    return MappingError(
        f"{path.name} is not of the preset {stated.name} ({stated.title}): it has no column "
        f"{wanted}; its columns are {', '.join(map(repr, found.header))}. Leave --preset out, or "
        "state --header-row where the header stands"
    )


def _columns(made: Drafting) -> list[str]:
    lines = ["columns:"]
    if made.target == "costs":
        made.undecided |= _no_day(made)
    for name in NEEDED[made.target]:
        if name not in made.rules:
            made.undecided.setdefault(name, "no column of the file could be recognised as it")
    for ours, why in made.undecided.items():
        lines.append(f"  {ours}: # required: {why}")
    for ours, rule in made.rules.items():
        if ours in made.undecided:
            continue
        value = json.dumps(rule["column"], ensure_ascii=False) if set(rule) == {"column"} else (
            "{" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}"
                            for key, value in rule.items()) + "}"
        )  # fmt: skip
        of_line = matching.OF_LINES.get(ours) if made.preset is None else None
        question = f" # of the whole order; of the line? Then {of_line}" if of_line else ""
        lines.append(f"  {ours}: {value}{question}")
    return lines


def _no_day(made: Drafting) -> dict[str, str]:
    """What to say of a report whose rows cover more than a day."""
    until = place([*(made.preset.until if made.preset else ()), *ENDS], made.sample.header)
    if "date" not in made.sources:
        why = "the file has no column with the day; export it again with the day as a breakdown"
        return {"date": why} if made.preset else {}
    if until is None or until == made.rules["date"]["column"]:
        return {}
    pairs = zip(made.cells("date"), made.sample.columns[until], strict=True)
    for day, end in pairs:
        first, last = as_text(day), as_text(end)
        if first and last and first != last:
            return {"date": f"a row covers {first} to {last}, not a day; export it again by day. "
                    f"With {json.dumps(made.rules['date']['column'])} all of it counts on its "
                    "first day"}  # fmt: skip
    return {}


def _rows(made: Drafting, left: Leftovers) -> list[str]:
    lines = []
    more = made.preset.more if made.preset else {}
    if made.target == "orders":
        lines += _of_orders(made, more, left.records(made.sample))
    rules = {
        rule: ""
        for given in more.get("skip_rows", ())
        if (rule := _rule(given, made.sample.header))
    }
    if rules := {**rules, **left.rules}:
        lines.append("skip_rows: # rows that are no records")
        lines += [f"  - {rule}" + (f" # {why}" if why else "") for rule, why in rules.items()]
    totals = {ours: name for ours, names in more.get("totals", {}).items()
              if ours in made.rules and (name := place(names, made.sample.header))}  # fmt: skip
    if totals:
        stated = ", ".join(f"{ours}: {json.dumps(name)}" for ours, name in totals.items())
        lines.append(f"totals: {{{stated}}} # where a row that is left out states the sum")
    if left.pads:
        lines.append("pad_short_rows: true # such rows have fewer cells than the header")
    return lines


def _of_orders(
    made: Drafting, more: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
) -> list[str]:
    lines = []
    cells = {name: columns[source] for name, source in made.sources.items()}
    holds = tax_included(cells, made.decimal)
    if holds is not None:
        lines.append(
            f"tax_included: {str(holds).lower()} # so the orders' lines add up to the total"
        )
    elif {"order_tax", "tax"} & set(made.rules):
        lines.append("tax_included: false # unsure: true when the prices hold the tax")
    carry = more.get("carry_down") or matching.carried(columns, made.sources)
    if carry := [name for name in carry if name in made.sources]:
        lines.append(f"carry_down: [{', '.join(carry)}] # stand on an order's first row only")
    kinds = []
    for name, given in more.get("document_type", {}).items():
        found = [rule for each in given if (rule := _rule(each, made.sample.header))]
        kinds += [f"  {name}:", *(f"    - {rule}" for rule in found)] if found else []
    return [*lines, *(["document_type:", *kinds] if kinds else [])]


def _rule(given: Mapping[str, Any], header: Sequence[str]) -> str:
    """A rule of a preset in the file's own words; empty when the file has no such column."""
    tests = {k: v for k, v in given.items() if k not in {"column", "and_column", "and"}}
    found = {place(given["column"], header): tests}
    if "and_column" in given:
        found[place(given["and_column"], header)] = given["and"]
    return "" if None in found else json.dumps(found, ensure_ascii=False)


def _rest(made: Drafting, left: Leftovers) -> list[str]:
    """What is ignored, and as comments what was not found, not used and cannot be carried."""
    header = made.sample.header
    hours = {rule["time_column"] for rule in made.rules.values() if "time_column" in rule}
    used = {*made.sources.values(), *hours}
    named = {folded(name) for name in (made.preset.more.get("ignore", ()) if made.preset else ())}
    others = [name for name in header if name not in used]
    personal = [name for name in others if folded(name) in named or matching.is_personal(name)]
    lines = []
    if personal:
        lines.append("ignore: # names and addresses are dropped; what is not named stays as _extra")
        lines += [f"  - {json.dumps(name, ensure_ascii=False)}" for name in personal]
    lacking = [column.name for column in TARGETS[made.target]
               if column.name not in {*made.rules, *_MADE}]  # fmt: skip
    if made.target == "records":
        lacking = []
    if lacking:
        lines.append(f"# not found in the file: {', '.join(lacking)}")
    if made.target == "orders" and not _MONEY & {*made.rules, *made.undecided}:
        lines.append(
            "#   no amount: without total, order_total or unit_price they are worth nothing"
        )
    if "channel" in lacking and made.target == "costs":
        lines.append("#   a channel for the whole file: channel: {constant: radio}, under columns")
    if kept := [name for name in others if name not in personal]:
        lines.append(f"# not mapped, kept as _extra: {', '.join(kept)}")
    if left.ragged:
        lines.append(f"# row {left.ragged[0].number} and {len(left.ragged) - 1} more have another "
                     "number of cells than the header: see `tributary files try`")  # fmt: skip
    if made.preset is not None:
        lines += [f"# note: {note}" for note in made.preset.notes]
    return lines
