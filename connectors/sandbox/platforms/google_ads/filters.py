"""Conditions of WHERE on values: attributes, hours, devices and metrics."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from connectors.sandbox.platforms.google_ads.errors import query_error
from connectors.sandbox.platforms.google_ads.fields import ATTRIBUTES, SEGMENTS
from connectors.sandbox.platforms.google_ads.gaql import Condition
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.platforms.google_ads.subjects import Subject

Test = Callable[[Any], bool]


def subject_filter(conditions: tuple[Condition, ...]) -> Callable[[Subject], bool]:
    """Returns a test of whole rows by the conditions on attributes."""
    tests = [
        (ATTRIBUTES[one.field].read, value_test(one))
        for one in conditions
        if one.field in ATTRIBUTES
    ]
    return lambda subject: all(test(read(subject)) for read, test in tests)


def value_test(condition: Condition) -> Test:
    """Returns a test of single values of the condition's field.

    Raises:
        GoogleAdsError: A value of the condition is not of the field's type.
    """
    operator = condition.operator
    if operator == "IS NULL":
        return lambda value: value is None
    if operator == "IS NOT NULL":
        return lambda value: value is not None
    wanted = [_typed(condition.field, value) for value in condition.values]
    if operator in ("LIKE", "NOT LIKE"):
        wanted_pattern = pattern(condition.values[0])
        negated = operator == "NOT LIKE"
        return lambda value: value is not None and bool(wanted_pattern.fullmatch(value)) != negated
    if operator == "IN":
        return lambda value: value in wanted
    if operator == "NOT IN":
        return lambda value: value not in wanted
    if operator == "BETWEEN":
        return lambda value: value is not None and wanted[0] <= value <= wanted[1]
    if operator == "DURING":
        raise query_error(
            "OPERATOR_FIELD_MISMATCH",
            f"Error in query: DURING cannot be used with '{condition.field}'.",
        )
    return _comparison(operator, wanted[0])


def _comparison(operator: str, wanted: Any) -> Test:
    comparisons: dict[str, Test] = {
        "=": lambda value: value == wanted,
        "!=": lambda value: value != wanted,
        "<": lambda value: value is not None and value < wanted,
        "<=": lambda value: value is not None and value <= wanted,
        ">": lambda value: value is not None and value > wanted,
        ">=": lambda value: value is not None and value >= wanted,
    }
    return comparisons[operator]


def _typed(field: str, text: str) -> str | int | float | bool:
    data_type = "DOUBLE"
    if field not in METRICS:
        data_type = SEGMENTS.get(field) or ATTRIBUTES[field].data_type
    try:
        if data_type in ("INT64", "INT32"):
            return int(text)
        if data_type == "DOUBLE":
            return float(text)
    except ValueError as trouble:
        raise query_error("BAD_NUMBER", f"Error in query: '{text}' is no number.") from trouble
    if data_type == "BOOLEAN":
        if text.upper() not in ("TRUE", "FALSE"):
            raise query_error("BAD_VALUE", f"Error in query: '{text}' is neither TRUE nor FALSE.")
        return text.upper() == "TRUE"
    return text


def pattern(text: str) -> re.Pattern[str]:
    """Returns a LIKE pattern (% any text, _ any character) as a regular expression."""
    parts = {"%": ".*", "_": "."}
    return re.compile("".join(parts.get(one, re.escape(one)) for one in text), re.IGNORECASE)
