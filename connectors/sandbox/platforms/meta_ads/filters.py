"""`filtering`: conditions on the fields of nodes and on the figures of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sandbox.platforms.meta_ads.errors import invalid
from connectors.sandbox.platforms.meta_ads.parameters import read_json

Test = Callable[[Any], bool]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda value, given: bool(value == given),
    "NOT_EQUAL": lambda value, given: bool(value != given),
    "GREATER_THAN": lambda value, given: bool(value > given),
    "GREATER_THAN_OR_EQUAL": lambda value, given: bool(value >= given),
    "LESS_THAN": lambda value, given: bool(value < given),
    "LESS_THAN_OR_EQUAL": lambda value, given: bool(value <= given),
    "IN": lambda value, given: value in given,
    "NOT_IN": lambda value, given: value not in given,
    "CONTAIN": lambda value, given: str(given).lower() in str(value).lower(),
    "NOT_CONTAIN": lambda value, given: str(given).lower() not in str(value).lower(),
}
_OF_LISTS = ("IN", "NOT_IN")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its field, its operator, and what the field is held against."""

    field: str
    operator: str
    value: Any

    def holds(self, value: object) -> bool:
        """Says whether a value keeps the condition; numbers and times are compared as such."""
        given = [_like(value, one) for one in _listed(self.value)]
        if self.operator in _OF_LISTS:
            return _OPERATORS[self.operator](_plain(value), given)
        return _OPERATORS[self.operator](_plain(value), given[0])


def read_conditions(text: str | None) -> tuple[Condition, ...]:
    """Reads `filtering`.

    Raises:
        GraphError: It is no list of conditions, or an operator or its value is wrong.
    """
    if not text:
        return ()
    values = read_json("filtering", text)
    if not isinstance(values, list):
        raise invalid("Param filtering must be an array")
    return tuple(_condition(number, one) for number, one in enumerate(values))


def _condition(number: int, one: object) -> Condition:
    if not isinstance(one, dict) or not {"field", "operator", "value"} <= set(one):
        raise invalid(f"Param filtering[{number}] must have field, operator and value")
    operator = str(one["operator"])
    if operator not in _OPERATORS:
        raise invalid(
            f"Param filtering[{number}][operator] must be one of {{{', '.join(_OPERATORS)}}}"
        )
    value = one["value"]
    if operator in _OF_LISTS and not isinstance(value, list):
        raise invalid(f"Param filtering[{number}][value] must be an array for {operator}")
    if operator not in _OF_LISTS and isinstance(value, list | dict):
        raise invalid(f"Param filtering[{number}][value] must be a single value for {operator}")
    return Condition(str(one["field"]), operator, value)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _plain(value: object) -> object:
    return value.timestamp() if isinstance(value, datetime) else value


def _like(value: object, given: object) -> object:
    if isinstance(value, int | float | datetime):
        try:
            return float(str(given))
        except ValueError as trouble:
            raise invalid(f"filtering value {given!r} must be a number") from trouble
    return str(given)
