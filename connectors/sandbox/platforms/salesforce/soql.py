"""The part of SOQL that clients use: fields or a count, conditions joined by AND, order, limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.platforms.salesforce.sign_in import refusal

Row = dict[str, Any]
_QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<object>\w+)(?:\s+WHERE\s+(?P<where>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>.+?))?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"([\w.]+)\s*(>=|<=|!=|=|<|>|\bIN\b)\s*(.+)", re.IGNORECASE | re.DOTALL)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]00:?00)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    ">=": lambda value, wanted: value is not None and value >= wanted,
    "<=": lambda value, wanted: value is not None and value <= wanted,
    ">": lambda value, wanted: value is not None and value > wanted,
    "<": lambda value, wanted: value is not None and value < wanted,
    "IN": lambda value, wanted: value in wanted,
}


@dataclass(frozen=True)
class Query:
    """A query that was understood.

    Attributes:
        object: the object's name.
        fields: what is asked for; none of a count.
        conditions: field, comparison and value.
        order: fields, each with whether it descends.
        limit: rows at most.
    """

    object: str
    fields: tuple[str, ...]
    conditions: tuple[tuple[str, str, Any], ...]
    order: tuple[tuple[str, bool], ...]
    limit: int | None

    def named(self) -> set[str]:
        """Returns all fields that the query names."""
        return {*self.fields, *(one[0] for one in self.conditions), *(one[0] for one in self.order)}

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Returns the rows that fit, in the order that is asked for."""
        found = [
            row
            for row in rows
            if all(_COMPARE[by](row[name], wanted) for name, by, wanted in self.conditions)
        ]
        for name, descends in reversed(self.order):
            found.sort(key=lambda row: (row[name] is not None, row[name]), reverse=descends)
        return found[: self.limit]


def parsed(text: str) -> Query:
    """Returns a query.

    Raises:
        Refusal: it is none.
    """
    found = _QUERY.fullmatch(text)
    if found is None:
        raise refusal(400, "MALFORMED_QUERY", "unexpected token")
    names = [one.strip() for one in found["fields"].split(",")]
    return Query(
        found["object"],
        () if [one.lower() for one in names] == ["count()"] else tuple(names),
        tuple(map(_condition, re.split(r"\s+AND\s+", found["where"] or "", flags=re.IGNORECASE)))
        if found["where"]
        else (),
        tuple(map(_ordered, (found["order"] or "").split(","))) if found["order"] else (),
        int(found["limit"]) if found["limit"] else None,
    )


def _ordered(text: str) -> tuple[str, bool]:
    name, _, way = text.strip().partition(" ")
    return name, way.strip().upper().startswith("DESC")


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
    known = {"true": True, "false": False, "null": None}
    if text.lower() in known:
        return known[text.lower()]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    try:
        return float(text)
    except ValueError:
        raise refusal(400, "MALFORMED_QUERY", f"unexpected token: '{text}'") from None
