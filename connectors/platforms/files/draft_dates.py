"""The lines of a draft that say how dates are written."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.platforms.files.column_rules import type_of
from connectors.platforms.files.evidence import DateForm, date_form
from connectors.platforms.files.sampling import texts
from connectors.platforms.files.totals import scalar

_DAY_FIRST = re.compile(r"datum|fecha", re.IGNORECASE)
"""Headers in languages that write the day before the month."""


def date_lines(
    target: str, rules: dict[str, dict[str, Any]], columns: Mapping[str, Sequence[Any]]
) -> list[str]:
    """Returns the line for all dates; columns that are written otherwise get their own format.

    Args:
        target: of the mapping.
        rules: our column -> what the mapping says of it; formats are added.
        columns: cells by the file's columns.
    """
    forms = {}
    for ours, rule in rules.items():
        kind = type_of(target, ours) or rule.get("type", "text")
        if kind in {"date", "time"} and "column" in rule:
            cells = columns[rule["column"]]
            if texts(cells):
                forms[ours] = date_form(cells)
        if forms.get(ours) and forms[ours].choices and _DAY_FIRST.search(rule["column"]):
            forms[ours] = DateForm(forms[ours].choices[0])
    sure = Counter(form.form for form in forms.values() if form.form)
    for ours, form in forms.items():
        # A file is written by one program: what one of its columns shows is so in all.
        shown = [choice for choice in form.choices if choice in sure]
        if len(shown) == 1:
            forms[ours] = DateForm(shown[0])
    unsure = [form for form in forms.values() if form.choices and not form.form]
    unknown = [ours for ours, form in forms.items() if not form.form and not form.choices]
    default = "" if unsure else next((name for name, _ in sure.most_common(1)), "iso")
    for ours, form in forms.items():
        if form.form and form.form != default:
            rules[ours]["date_format"] = form.form
    if unsure:
        first, second = unsure[0].choices
        return [
            f"date_format: # required: {scalar(first)} or {scalar(second)}? "
            f"{json.dumps(unsure[0].example)} can be read in both ways, and no date of the file "
            "is later than the 12th: ask its author"
        ]
    lines = [] if default == "iso" else [f"date_format: {scalar(default)}"]
    for ours in unknown:
        example = texts(columns[rules[ours]["column"]])[0]
        lines.append(
            f"# how {ours} is written ({json.dumps(example[:40])}) is not known: state "
            f"{{column: …, date_format: <a pattern such as %d.%m.%Y>}}"
        )
    return lines
