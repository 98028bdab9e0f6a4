"""The part of SOQL that clients use here: fields or a count, and conditions joined by AND."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.platforms.salesforce.lists import Row
from connectors.sandbox.platforms.salesforce.sign_in import refusal

_QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<object>\w+)(?:\s+WHERE\s+(?P<where>.+?))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"([\w.]+)\s*(>=|<|=|\bIN\b)\s*(.+)", re.IGNORECASE | re.DOTALL)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]00:?00)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: value == wanted,
    ">=": lambda value, wanted: value >= wanted,
    "<": lambda value, wanted: value < wanted,
    "IN": lambda value, wanted: value in wanted,
}


@dataclass(frozen=True)
class Query:
    """A query that was understood.

    Attributes:
        object: the object's name.
        fields: what is asked for; none of a count.
        conditions: field, comparison and value.
    """

    object: str
    fields: tuple[str, ...]
    conditions: tuple[tuple[str, str, Any], ...]

    def named(self) -> set[str]:
        """Returns all fields that the query names."""
        return {*self.fields, *(one[0] for one in self.conditions)}

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Returns the rows that fit."""
        return [
            row
            for row in rows
            if all(_COMPARE[by](row[name], wanted) for name, by, wanted in self.conditions)
        ]


def parsed(text: str) -> Query:
    """Returns a query.

    Raises:
        Refusal: it is none.
    """
    found = _QUERY.fullmatch(text)
    if found is None:
        raise refusal(400, "MALFORMED_QUERY", "unexpected token")
    names = tuple(one.strip() for one in found["fields"].split(","))
    parts = re.split(r"\s+AND\s+", found["where"], flags=re.IGNORECASE) if found["where"] else ()
    is_count = names[0].lower() == "count()"
    return Query(found["object"], () if is_count else names, tuple(map(_condition, parts)))


def _condition(text: str) -> tuple[str, str, Any]:
    found = _CONDITION.fullmatch(text.strip())
    if found is None:
        raise refusal(400, "MALFORMED_QUERY", f"unexpected token: '{text}'")
    name, by, value = found[1], found[2].upper(), found[3].strip()
    if by == "IN":
        return name, by, {_literal(one.strip()) for one in value.strip("()").split(",")}
    return name, by, _literal(value)


def _literal(text: str) -> Any:
    instant = _INSTANT.fullmatch(text)
    if instant is not None:
        return f"{instant[1]}.000+0000"
    if text.startswith("'") and text.endswith("'"):
        return text[1:-1]
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    raise refusal(400, "MALFORMED_QUERY", f"unexpected token: '{text}'")
