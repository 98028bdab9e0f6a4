"""Lists of nodes below a node: what is hidden unless asked for, conditions, and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from connectors.sandbox.platforms.meta_ads.cursors import Position, read_cursor
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

DEFAULT_LIMIT, MOST = 25, 5_000
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


@dataclass(frozen=True, slots=True)
class Window:
    """One page's place in a list.

    Attributes:
        first, last: Positions of its rows, half-open.
        position: Where it begins.
        more: Whether rows follow.
    """

    first: int
    last: int
    position: Position
    more: bool


def read_limit(params: Mapping[str, str]) -> int:
    """Reads `limit`; more than the platform gives in one page is cut down to that.

    Raises:
        GraphError: It is no number.
    """
    text = params.get("limit")
    return DEFAULT_LIMIT if text is None else min(MOST, read_number("limit", text, 1, 10**9))


def place(params: Mapping[str, str], start: Position, count: int) -> Window:
    """Returns the page that `after`, `before` and `limit` ask for.

    Args:
        params: The request's.
        start: The beginning of the list.
        count: How long it is.

    Raises:
        GraphError: A cursor or the limit cannot be read.
    """
    limit = read_limit(params)
    if params.get("before"):
        end = read_cursor("before", params["before"])
        first = max(0, end.offset - limit)
        return Window(first, end.offset, end.at(first), end.offset < count)
    position = read_cursor("after", params["after"]) if params.get("after") else start
    last = min(count, position.offset + limit)
    return Window(position.offset, last, position, last < count)


def start_of(params: Mapping[str, str], now: Position) -> Position:
    """Returns the beginning of the list whose page is asked for, at the clock of its first page.

    Raises:
        GraphError: A cursor cannot be read.
    """
    for name in ("after", "before"):
        if params.get(name):
            return read_cursor(name, params[name]).at(0)
    return now


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
    above, _, name = name.partition(".")
    if above not in node.up:
        raise invalid(f"Filtering field {condition.field} is not supported on this edge")
    return node.up[above], name
