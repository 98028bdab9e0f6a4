"""Filters of a report, as trees: by the text of a dimension, or by the number of a metric."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from connectors.sandbox.platforms.ga4.errors import error

_KEYS = {"andGroup", "orGroup", "notExpression", "filter"}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "EXACT": lambda text, value: text == value,
    "BEGINS_WITH": str.startswith,
    "ENDS_WITH": str.endswith,
    "CONTAINS": lambda text, value: value in text,
    "FULL_REGEXP": lambda text, value: re.fullmatch(value, text) is not None,
    "PARTIAL_REGEXP": lambda text, value: re.search(value, text) is not None,
}
_NUMBERS: dict[str, Callable[[float, float], bool]] = {
    "EQUAL": lambda found, value: found == value,
    "LESS_THAN": lambda found, value: found < value,
    "LESS_THAN_OR_EQUAL": lambda found, value: found <= value,
    "GREATER_THAN": lambda found, value: found > value,
    "GREATER_THAN_OR_EQUAL": lambda found, value: found >= value,
}
Values = Callable[[str], Any]
"""From the name of a field to what a row has of it."""


def word(value: Any, words: Iterable[str], usual: str = "") -> str:
    """Returns the word of an enum, which may come as its number, from 1; not given, the usual."""
    if isinstance(value, int) and value > 0:
        return list(words)[value - 1]
    return str(value or usual)


def fields_of(expression: dict[str, Any] | None) -> list[str]:
    """Returns the fields that a filter names."""
    if not expression:
        return []
    kind, held = _only(expression)
    if kind == "filter":
        return [str(held.get("fieldName", ""))]
    inner = [held] if kind == "notExpression" else held.get("expressions", [])
    return [name for one in inner for name in fields_of(one)]


def passes(expression: dict[str, Any] | None, values: Values) -> bool:
    """Returns whether a row passes a filter."""
    if not expression:
        return True
    kind, held = _only(expression)
    if kind == "notExpression":
        return not passes(held, values)
    if kind == "filter":
        return _is_met(held, values(str(held.get("fieldName", ""))))
    found = (passes(one, values) for one in held.get("expressions", []))
    return all(found) if kind == "andGroup" else any(found)


def _only(expression: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    held = [(key, value) for key, value in expression.items() if key in _KEYS]
    if len(held) != 1 or not isinstance(held[0][1], dict):
        raise error(400, "A filter expression must have exactly one of its fields set.")
    return held[0]


def _is_met(condition: dict[str, Any], found: Any) -> bool:
    if "stringFilter" in condition:
        asked = condition["stringFilter"]
        text, value = str(found), str(asked.get("value", ""))
        if not asked.get("caseSensitive"):
            text, value = text.lower(), value.lower()
        return _TEXTS[word(asked.get("matchType"), _TEXTS, "EXACT")](text, value)
    if "inListFilter" in condition:
        asked = condition["inListFilter"]
        alike = str if asked.get("caseSensitive") else str.lower
        return alike(str(found)) in {alike(one) for one in asked.get("values", [])}
    if "numericFilter" in condition:
        asked = condition["numericFilter"]
        value = asked.get("value", {})
        number = float(value.get("int64Value", value.get("doubleValue", 0)))
        return _NUMBERS[word(asked.get("operation"), _NUMBERS, "EQUAL")](float(found), number)
    if "emptyFilter" in condition:
        return found in ("", "(not set)")
    raise error(400, "This filter is not supported.")
