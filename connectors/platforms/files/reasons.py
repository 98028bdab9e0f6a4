"""Why rows were set aside, by kind: a file with a thousand bad rows has one or two reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.platforms.files.mapping import FileMapping
from connectors.platforms.files.texts import meanings
from connectors.platforms.files.totals import scalar

_ASKED = 1_000
"""So many rows of one reason are asked for the line that mends them."""
_ROW = re.compile(r"^row (\d+): ")
_MASKS = (
    # The file's own name of a column stays, what stands in its cells does not count.
    (re.compile(r"(?<!column )'(?:[^'\\]|\\.)*'(?=[\s;,):]|$)"), "…"),
    (re.compile(r"\(-?[\d.]+\)"), "(…)"),
    (re.compile(r"(?<=another row of order_id ).+?(?= cannot be read)"), "…"),
    (re.compile(r"(?<=another row of date ).+?(?= cannot be read)"), "…"),
    (re.compile(r"(?<=the currency )\S+(?= beside)"), "…"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "…"),
    (re.compile(r"\b\d[\d.,:/-]*\d(?:[T ]\d\d:\d\d\S*)?\b(?=.* (?:lies|does not exist))"), "…"),
)
_PATTERNS = tuple(
    f"{day}{time}"
    for day in ("%b %d, %Y", "%d %b %Y", "%d %b, %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y",
                "%d-%b-%y", "%a, %b %d, %Y", "%a %b %d %Y", "%d. %B %Y")
    for time in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %I:%M %p",
                 " %I:%M:%S %p %Z", " %H:%M:%S UTC")
)  # fmt: skip
"""Dates with a month in words."""
_ADVICE = re.compile(r"; (?:if it is one, )?state (?:skip_rows: .*?\}\] in the mapping)")


@dataclass(slots=True)
class ReasonGroup:
    """Rows that were set aside for the same reason.

    Attributes:
        reason: without what differs from row to row.
        rows: how many there are.
        first_row: number of the first one, as a spreadsheet shows it; 0 when it is not known.
        example: the reason of the first one.
        payload: JSON of its cells.
        numbers: of all its rows.
        reasons: of its first rows, as they are.
    """

    reason: str
    rows: int = 0
    first_row: int = 0
    example: str = ""
    payload: str = ""
    numbers: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def kind_of(reason: str) -> str:
    """Returns a reason without the row's number and what stands in its cells."""
    found = _ROW.sub("", reason)
    if not _ADVICE.search(found):
        for pattern, mask in _MASKS:
            found = pattern.sub(mask, found)
    return found


def grouped(rows: Iterable[tuple[str, str]]) -> list[ReasonGroup]:
    """Returns reasons with their payloads by kind, the most frequent first.

    Args:
        rows: reason and payload of each.
    """
    groups: dict[str, ReasonGroup] = {}
    for reason, payload in rows:
        kind = kind_of(reason)
        number = _ROW.match(reason)
        row = int(number[1]) if number else 0
        group = groups.get(kind)
        if group is None:
            plain = _ROW.sub("", reason)
            group = groups[kind] = ReasonGroup(kind, 0, row, plain, payload)
        group.rows += 1
        group.numbers.append(row)
        if group.rows <= _ASKED:
            group.reasons.append(reason)
    return sorted(groups.values(), key=lambda each: -each.rows)


def advice(examples: Iterable[str], mapping: FileMapping) -> list[str]:
    """Returns the lines that a mapping needs so that such rows are loaded, or left out knowingly.

    Args:
        examples: reasons of rows of one kind.
        mapping: as it is now.
    """
    lines: dict[str, None] = {}
    for example in examples:
        for pattern, write in _REMEDIES:
            if found := pattern.search(example):
                lines.setdefault(write(found, mapping))
    return [line for line in lines if line]


def _date_format(found: re.Match[str], _: FileMapping) -> str:
    first, second = int(found[1]), int(found[2])
    if first > 12:
        return "date_format: day_first"
    if second > 12:
        return "date_format: month_first"
    return "date_format: day_first   # or month_first: this date can be both, ask its author"


def _pattern(found: re.Match[str], _: FileMapping) -> str:
    """The pattern by which a date can be read; nothing for what is no date at all."""
    pattern = pattern_of(found[1])
    return f"date_format: {scalar(pattern)}" if pattern else ""


def pattern_of(text: str) -> str:
    """Returns the pattern of a date with a month in words; empty for what is none."""
    for pattern in _PATTERNS:
        try:
            datetime.strptime(text, pattern)
        except ValueError:
            continue
        return pattern
    return ""


def _signed(found: re.Match[str], mapping: FileMapping) -> str:
    name = found[1]
    source = mapping.rules[name].source if name in mapping.rules else "…"
    return (
        f"columns: {{{name}: {{column: {scalar(source)}, negate: true}}}}"
        "   # or negate: false, when the minus is meant"
    )


def _currency(found: re.Match[str], _: FileMapping) -> str:
    codes = [found[1]] if len(found[1]) == 3 and found[1].isalpha() else meanings(found[1])
    if not codes:
        return ""
    more = f"   # or {', '.join(codes[1:4])}: whichever {found[1]} is" if codes[1:] else ""
    return f"currency: {codes[0]}{more}"


def _skip_rows(found: re.Match[str], mapping: FileMapping) -> str:
    more = "   # beside the rules that stand there" if mapping.skip_rows else ""
    return f"skip_rows: [{found[1]}]{more}"


def _missing(found: re.Match[str], mapping: FileMapping) -> str:
    more = " beside the rules that stand there" if mapping.skip_rows else ""
    return f"skip_rows: [{{{found[1]}: {{is_empty: true}}}}]   # if such rows are no records{more}"


def _no_number(found: re.Match[str], _: FileMapping) -> str:
    return (
        f"null_values: [{scalar(found[1])}, '-', '--', N/A]   # if it means that there is nothing"
    )


_Write = Callable[[re.Match[str], FileMapping], str]
_REMEDIES: tuple[tuple[re.Pattern[str], _Write], ...] = (
    (re.compile(r"state skip_rows: \[(.*)\] in the mapping"), _skip_rows),
    (re.compile(r"'(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}[^']*' is not an ISO 8601"), _date_format),
    (re.compile(r"read as day_first is impossible"), lambda *_: "date_format: month_first"),
    (re.compile(r"read as month_first is impossible"), lambda *_: "date_format: day_first"),
    (re.compile(r"'([^']*[^\d\W][^']*)' is not an ISO 8601 date"), _pattern),
    (re.compile(r"if it is a spreadsheet's serial day, state (date_format: serial)"),
     lambda found, _: found[1]),
    (re.compile(r"a year of 2 digits"),
     lambda *_: "date_format: '%d/%m/%y'   # or '%m/%d/%y': two digits are the year"),
    (re.compile(r"has a decimal comma"), lambda *_: "decimal: ','"),
    (re.compile(r"has a decimal point, but"), lambda *_: "decimal: '.'"),
    (re.compile(r"'[^']*[.,]\d{3}' could be"),
     lambda *_: "decimal: '.'   # or ',': this number can be both, ask its author"),
    (re.compile(r"(\w+)(?: \(column '[^']*'\))? is negative \(\S+\); state under"), _signed),
    (re.compile(r"state (allow_negative_prices: true)"), lambda found, _: found[1]),
    (re.compile(r"state (pad_short_rows: true)"), lambda found, _: found[1]),
    (re.compile(r"such as (encoding: [\w-]+)"), lambda found, _: found[1]),
    (re.compile(r"has the currency (\S+) beside the number"), _currency),
    (re.compile(r"has the currency (\S+), but the mapping states"), _currency),
    (re.compile(r"'([^'\d]{1,20})' is not a number"), _no_number),
    (re.compile(r"(\w+)(?: \(column '[^']*'\))? is missing"), _missing),
)  # fmt: skip
