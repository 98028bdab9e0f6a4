"""Rest.li 2.0: lists and records in a raw query string, whose values are decoded after splitting.

https://linkedin.github.io/rest.li/spec/protocol describes the syntax: `List(a,b)`, `(key:value)`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, unquote_plus

_ENDS = ",)"
_RESERVED = "(:'"


def parameters(query: str) -> dict[str, Any]:
    """Returns the parameters of a query string; a structure that cannot be read is None."""
    found: dict[str, Any] = {}
    for part in filter(None, query.split("&")):
        name, _, text = part.partition("=")
        structured = text.startswith(("(", "List("))
        found[unquote(name)] = _structure(text) if structured else unquote_plus(text)
    return found


def _structure(text: str) -> Any:
    try:
        value, end = _value(text, 0)
    except (IndexError, ValueError):
        return None
    return value if end == len(text) else None


def _value(text: str, at: int) -> tuple[Any, int]:
    """Returns the value that begins at a place, and where it ends."""
    if text.startswith("List(", at):
        items, at = [], at + len("List(")
        while text[at] != ")":
            item, at = _value(text, at)
            items.append(item)
            at += text[at] == ","
        return items, at + 1
    if text[at] == "(":
        record, at = {}, at + 1
        while text[at] != ")":
            colon = text.index(":", at)
            record[unquote(text[at:colon])], at = _value(text, colon + 1)
            at += text[at] == ","
        return record, at + 1
    end = at
    while text[end] not in _ENDS:
        if text[end] in _RESERVED:
            raise ValueError("reserved characters must be encoded inside a value")
        end += 1
    return unquote(text[at:end]), end
