"""The filter of a report that is served: one dimension has exactly one text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.sandbox.wire.google_errors import error


def word(value: Any, words: Iterable[str], usual: str = "") -> str:
    """Returns the word of an enum, which may come as its number, from 1; not given, the usual."""
    if isinstance(value, int) and value > 0:
        return list(words)[value - 1]
    return str(value or usual)


def exactly(expression: dict[str, Any] | None) -> tuple[str, str] | None:
    """Returns the dimension and its text, in lower case; None without a filter.

    Raises:
        Refusal: it is another kind of filter, which the sandbox does not serve.
    """
    if not expression:
        return None
    asked = expression.get("filter") or {}
    how = asked.get("stringFilter") or {}
    if word(how.get("matchType"), ("EXACT",), "EXACT") != "EXACT" or not how.get("value"):
        raise error(400, "This filter is not supported.")
    return str(asked.get("fieldName", "")), str(how["value"]).lower()
