"""Rows of sums: what exports write into the row that adds up the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from connectors.platforms.files.guess import column_type
from connectors.platforms.files.texts import as_text

_LABEL = re.compile(
    r"(?:(?:grand|sub|overall|report|account|page)[ -]?)?-?\s?totals?"
    r"(?:\s?[:(].*|\s+[-–—]\s.*|\s+(?:for|of)\b.*)?"
    r"|totals? (?:account|campaigns?|ad groups?|ads|general|g[ée]n[ée]ral):?"
    r"|(?:sum|summe|somme|suma|totale|totaal|gesamt|gesamtsumme|gesamtergebnis|insgesamt)"
    r"(?:\s?:.*)?"
    r"|(?:results?|ergebnisse?) (?:from|aus|for) [\d.,]+ .*"
    r"|[∑Σ].*",
    re.IGNORECASE,
)
_LONGEST = 80


def label_of_total(cells: Iterable[Any]) -> str | None:
    """Returns what a row of sums is called in its file; None for another row.

    Its first text is a word for it: `Total: Account`, `Results from 12 campaigns`.
    """
    texts = (as_text(cell) or "" for cell in cells if column_type([cell]) == "text")
    first = next((text for text in texts if not is_nothing(text)), "")
    return first if is_label(first) else None


def is_label(text: str) -> bool:
    """Tells whether a text is a word for a row of sums."""
    return len(text) <= _LONGEST and _LABEL.fullmatch(text.strip()) is not None


def is_nothing(text: str) -> bool:
    """Tells whether a text is one of the marks for an empty cell."""
    return not text.strip(" -–—")


def rule_of(column: str, label: str) -> str:
    """Returns the rule that leaves out a row of sums, as a mapping writes it.

    Args:
        column: in which its label stands.
        label: as the file has it; a number in it is another one in the next export.
    """
    number = re.search(r"\d", label)
    if number and label[: number.start()].strip():
        return f"{{{column}: {{starts_with: {scalar(label[: number.start()].strip())}}}}}"
    return f"{{{column}: {scalar(label)}}}"


def scalar(text: str) -> str:
    """Returns a text as a value of YAML, in quotes where it needs them."""
    is_plain = re.fullmatch(r"[^\W\d_][\w .+-]*", text) is not None
    is_word = text.lower() in {"true", "false", "yes", "no", "null", "on", "off", "y", "n"}
    return text if is_plain and not is_word else json.dumps(text, ensure_ascii=False)
