"""The search syntax of `query` arguments: terms, all of which must hold.

A filter that cannot be read is left out, not refused: the list comes back as if it had not been
asked, with a warning beside it. That is what the platform does. OR, NOT and parentheses, which it
has too, are refused here, for to leave them out would be to answer another question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from connectors.sandbox.platforms.shopify.errors import bad_request
from connectors.sandbox.tables.records import Records
from connectors.sandbox.tables.results import Flags

_TERM = re.compile(
    r"""\s*(?:
        (?P<and>AND\b)
        |(?P<refused>OR\b|NOT\b|[()])
        |(?P<minus>-?)(?P<field>[A-Za-z_][A-Za-z_.]*)\s*:\s*(?P<how>>=|<=|>|<)?\s*
            (?P<value>'[^']*'|"[^"]*"|[^\s()'"]+)
        |(?P<word>'[^']*'|"[^"]*"|[^\s()]+)
    )""",
    re.VERBOSE,
)
_DAY = 86_400


@dataclass(slots=True)
class Search:
    """A filter as it was understood.

    Attributes:
        text: As it was asked.
        chosen: The rows that it leaves.
        warnings: What was left out, as the platform words it.
    """

    text: str
    chosen: Flags
    warnings: list[dict[str, str]] = field(default_factory=list)

    def warn(self, name: str, message: str, code: str) -> None:
        """Adds a warning about a field."""
        self.warnings.append({"field": name, "message": message, "code": code})


def search(records: Records, text: str | None, time_zone: str) -> Search:
    """Returns what a filter leaves of the rows that are there; all of them without one.

    Args:
        records: The list.
        text: The filter.
        time_zone: The shop's: a date is its midnight, a time without offset its clock's.

    Raises:
        GraphQLError: It has parts that are not served here.
    """
    found = Search(text or "", records.visible)
    place = 0
    while match := _TERM.match(found.text, place):
        place = match.end()
        if match["refused"]:
            raise bad_request(f"{match['refused']} is not served here in a search")
        if not match["and"]:
            _add(records, found, match, ZoneInfo(time_zone))
    if found.text[place:].strip():
        found.warn("", "Query could not be parsed.", "invalid_query")
    return found


def _add(records: Records, found: Search, match: re.Match[str], zone: ZoneInfo) -> None:
    name, value = match["field"] or "default", match["value"] or match["word"]
    if name not in records.numbers and name not in records.texts:
        found.warn(name, "Invalid search field for this query.", "invalid_field")
        return
    # The colon separates tokens: without quotes the value ends at its first one.
    quoted = value[0] in "'\""
    value = value.strip("'\"")
    held = None
    if quoted or ":" not in value or match["word"]:
        held = _holding(records, name, match["how"] or "=", value, zone)
    if held is None:
        found.warn(name, f"Input `{value}` is not an accepted value.", "invalid_value")
        return
    found.chosen = found.chosen & (~held if match["minus"] else held)


def _holding(records: Records, name: str, how: str, text: str, zone: ZoneInfo) -> Flags | None:
    """Returns the rows for which a term holds; None where its value makes no sense."""
    if name in records.texts:
        wanted = None if text == "*" else {text.lower()}
        return records.having(name, wanted, records.visible)
    value = _instant(text, zone) if name.endswith("_at") else _number(text)
    if value is None:
        return None
    if how == "=" and name.endswith("_at") and len(text) == len("2026-11-15"):
        after = records.compared(name, "<", value + _DAY)
        return np.asarray(records.compared(name, ">=", value) & after)
    return records.compared(name, how, value)


def _instant(text: str, zone: ZoneInfo) -> int | None:
    try:
        if len(text) == len("2026-11-15"):
            at = datetime.combine(date.fromisoformat(text), time(0), zone)
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())


def _number(text: str) -> int | None:
    digits = text.rsplit("/", 1)[-1]
    return int(digits) if digits.isascii() and digits.isdigit() else None
