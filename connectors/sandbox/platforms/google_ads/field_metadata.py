"""`googleAdsFields:search`: what fields there are, and what can be selected with what."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.platforms.google_ads.errors import query_error
from connectors.sandbox.platforms.google_ads.fields import (
    ATTRIBUTES,
    RESOURCES,
    SEGMENTS,
    camel,
    resource_of,
)
from connectors.sandbox.platforms.google_ads.filters import pattern
from connectors.sandbox.platforms.google_ads.gaql import Condition, parse
from connectors.sandbox.platforms.google_ads.metrics import METRICS

_SERVED = (
    "name",
    "category",
    "data_type",
    "selectable",
    "filterable",
    "sortable",
    "is_repeated",
    "selectable_with",
    "attribute_resources",
    "metrics",
    "segments",
)


def search_fields(text: str) -> list[dict[str, Any]]:
    """Answers a query on field metadata, which has no FROM.

    Raises:
        GoogleAdsError: The query cannot be read, or names what fields do not have.
    """
    query = parse(text, from_clause=False)
    for name in (*query.select, *(one.field for one in query.where)):
        if name not in _SERVED:
            raise query_error("UNRECOGNIZED_FIELD", f"Error in query: unrecognized field '{name}'.")
    found = [one for one in _all() if all(_holds(one, test) for test in query.where)]
    rows = []
    for one in found[: query.limit]:
        row: dict[str, Any] = {"resourceName": f"googleAdsFields/{one['name']}"}
        row.update({camel(name): one[name] for name in query.select if name in one})
        rows.append(row)
    return rows


def _all() -> list[dict[str, Any]]:
    described = [_resource(name) for name in RESOURCES]
    for attribute in ATTRIBUTES.values():
        described.append(_field(attribute.name, "ATTRIBUTE", attribute.data_type))
        described[-1]["is_repeated"] = attribute.repeated
    described.extend(_field(name, "SEGMENT", kind) for name, kind in SEGMENTS.items())
    described.extend(_field(one.name, "METRIC", one.data_type) for one in METRICS.values())
    return sorted(described, key=lambda one: str(one["name"]))


def _resource(name: str) -> dict[str, Any]:
    resource = RESOURCES[name]
    return {
        "name": name,
        "category": "RESOURCE",
        "selectable": False,
        "filterable": False,
        "sortable": False,
        "attribute_resources": [part for part in resource.parts if part != name],
        "metrics": sorted(
            one.name
            for one in METRICS.values()
            if resource.metrics and one.resource in (None, name)
        ),
        "segments": sorted(resource.segments),
    }


def _field(name: str, category: str, data_type: str) -> dict[str, Any]:
    return {
        "name": name,
        "category": category,
        "data_type": data_type,
        "selectable": True,
        "filterable": True,
        "sortable": True,
        "is_repeated": False,
        "selectable_with": [one for one in RESOURCES if _selectable(one, name, category)],
    }


def _selectable(resource: str, name: str, category: str) -> bool:
    one = RESOURCES[resource]
    if category == "METRIC":
        return one.metrics and METRICS[name].resource in (None, resource)
    if category == "SEGMENT":
        return name in one.segments
    return resource_of(name) in one.parts


def _holds(described: dict[str, Any], condition: Condition) -> bool:
    value = str(described.get(condition.field, ""))
    if condition.operator == "=":
        return value.lower() == condition.values[0].lower()
    if condition.operator == "IN":
        return value in condition.values
    if condition.operator == "LIKE":
        return bool(pattern(condition.values[0]).fullmatch(value))
    raise query_error("BAD_OPERATOR", f"Error in query: bad operator '{condition.operator}'.")
