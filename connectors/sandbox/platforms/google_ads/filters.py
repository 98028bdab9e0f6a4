"""Conditions of WHERE on values: attributes, hours, devices and metrics."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from connectors.sandbox.platforms.google_ads.errors import query_error
from connectors.sandbox.platforms.google_ads.fields import ATTRIBUTES, SEGMENTS
from connectors.sandbox.platforms.google_ads.gaql import Condition
from connectors.sandbox.platforms.google_ads.metrics import METRICS
from connectors.sandbox.platforms.google_ads.subjects import Subject

Test = Callable[[Any], bool]
_EQUALITY = {"=": operator.eq, "!=": operator.ne}
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


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
    how = condition.operator
    wanted = [_typed(condition.field, value) for value in condition.values]
    if how == "IN":
        return lambda value: value in wanted
    if how == "NOT IN":
        return lambda value: value not in wanted
    if how == "BETWEEN":
        return lambda value: value is not None and wanted[0] <= value <= wanted[1]
    if how in _EQUALITY:
        return lambda value: bool(_EQUALITY[how](value, wanted[0]))
    if how in _ORDER:
        return lambda value: value is not None and bool(_ORDER[how](value, wanted[0]))
    raise query_error(
        "OPERATOR_FIELD_MISMATCH",
        f"Error in query: {how} cannot be used with '{condition.field}'.",
    )


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
