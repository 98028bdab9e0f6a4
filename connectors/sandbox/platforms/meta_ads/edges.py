"""Lists of nodes below a node: what is hidden unless asked for, conditions, and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.sandbox.platforms.meta_ads.errors import invalid
from connectors.sandbox.platforms.meta_ads.filters import Condition, read_conditions
from connectors.sandbox.platforms.meta_ads.node_fields import render, value_of
from connectors.sandbox.platforms.meta_ads.nodes import Node
from connectors.sandbox.platforms.meta_ads.parameters import (
    Field,
    read_enum,
    read_fields,
    read_number,
    read_texts,
)
from connectors.sandbox.wire.pages import Position, Signed

DEFAULT_LIMIT, MOST = 25, 5_000
_CURSOR, _CURSORS = "QVFI", Signed("cursors")
HIDDEN = ("ARCHIVED", "DELETED")
_STATUSES: dict[str, tuple[str, ...]] = {
    "campaign": ("ACTIVE", "ARCHIVED", "DELETED", "IN_PROCESS", "PAUSED", "WITH_ISSUES"),
}
_STATUSES["adset"] = (*_STATUSES["campaign"], "CAMPAIGN_PAUSED")
_STATUSES["ad"] = (
    *_STATUSES["adset"],
    "ADSET_PAUSED",
    "DISAPPROVED",
    "PENDING_BILLING_INFO",
    "PENDING_REVIEW",
    "PREAPPROVED",
)


def read_limit(params: Mapping[str, str]) -> int:
    """Reads `limit`; more than the platform gives in one page is cut down to that.

    Raises:
        GraphError: It is no number.
    """
    text = params.get("limit")
    return DEFAULT_LIMIT if text is None else min(MOST, read_number("limit", text, 1, 10**9))


def place(params: Mapping[str, str], now: datetime) -> Position:
    """Returns where the page that `after` asks for begins; the first page shows what is now.

    Raises:
        GraphError: The cursor cannot be read, or the page before one is asked for.
    """
    if params.get("before"):
        raise invalid("Pages are read forwards here: before is not served")
    text = params.get("after")
    if not text:
        return Position(now)
    try:
        return Position.read(_CURSORS.read("", text.removeprefix(_CURSOR)))
    except ValueError as trouble:
        raise invalid("Invalid cursors values: after") from trouble


def cursor(position: Position) -> str:
    """Returns the cursor of a position."""
    return _CURSOR + _CURSORS.write("", position.values())


def listed(nodes: list[Node], kind: str, params: Mapping[str, str]) -> list[Node]:
    """Returns the nodes that a list shows: archived and deleted ones only when asked for.

    Raises:
        GraphError: An unknown status, or a condition that cannot be met.
    """
    conditions = read_conditions(params.get("filtering"))
    asked = set(read_texts("effective_status", params.get("effective_status")))
    for status in asked:
        read_enum("effective_status", status, _STATUSES.get(kind, ()))
    by_condition = any(
        _own(one, kind).endswith(("effective_status", "delivery_info")) for one in conditions
    )
    shown = []
    for node in nodes:
        if kind in _STATUSES:
            status = node.effective_status
            if status not in asked and (asked or (status in HIDDEN and not by_condition)):
                continue
        if all(_said(one).holds(value_of(*_target(node, one, kind))) for one in conditions):
            shown.append(node)
    return shown


def fields_of(params: Mapping[str, str]) -> tuple[Field, ...]:
    """Reads `fields`; without it a node shows its id, and that of its account.

    Raises:
        GraphError: They cannot be read.
    """
    if params.get("fields"):
        return read_fields(params["fields"])
    return (Field("account_id"), Field("id"))


def rows(nodes: list[Node], params: Mapping[str, str]) -> list[dict[str, Any]]:
    """Renders nodes with the fields asked for.

    Raises:
        GraphError: A field that they do not have.
    """
    fields = fields_of(params)
    return [render(node, fields) for node in nodes]


def _said(condition: Condition) -> Condition:
    """Returns a condition on deliveries with the words of statuses: `active` is ACTIVE."""
    if not condition.field.endswith("delivery_info") or not isinstance(condition.value, list):
        return condition
    return replace(condition, value=[str(one).upper() for one in condition.value])


def _own(condition: Condition, kind: str) -> str:
    return condition.field.removeprefix(f"{kind}.")


def _target(node: Node, condition: Condition, kind: str) -> tuple[Node, str]:
    name = _own(condition, kind)
    if name.endswith("delivery_info"):
        # What the object is doing, in the words of its effective status, whatever their case.
        name = name.replace("delivery_info", "effective_status")
    if "." not in name:
        return node, name
    kind, _, name = name.partition(".")
    above = node.up(kind)
    if above is None:
        raise invalid(f"Filtering field {condition.field} is not supported on this edge")
    return above, name
