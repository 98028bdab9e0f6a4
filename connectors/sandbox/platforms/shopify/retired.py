"""Fields that a version of the API no longer has, on request, and how a query of one is refused."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    visit,
)

from connectors.sandbox.platforms.shopify.errors import of_query
from connectors.sandbox.platforms.shopify.schema import schema_of
from connectors.sandbox.wire.lifecycle import Refusal


def refuse_retired(version: str, body: Mapping[str, Any], retired: Set[str]) -> dict[str, Any]:
    """Refuses a query that names a retired field.

    Args:
        version: The version that is asked.
        body: `query` and `variables`.
        retired: Such as `Order.returnStatus`.

    Returns:
        The answer to the start of a bulk operation whose own query names one; empty otherwise.

    Raises:
        Refusal: The query itself names one.
    """
    if not retired:
        return {}
    error = _first(version, body.get("query"), retired)
    if error:
        raise Refusal(200, {"errors": [error]})
    inner = _first(version, (body.get("variables") or {}).get("q"), retired)
    if not inner or "bulkOperationRunQuery" not in str(body.get("query")):
        return {}
    fault = {
        "field": ["query"],
        "message": f"Invalid bulk query: {inner['message']}",
        "code": "INVALID",
    }
    shown = {"bulkOperation": None, "userErrors": [fault]}
    return {"data": {"bulkOperationRunQuery": shown}}


def _first(version: str, text: object, retired: Set[str]) -> dict[str, Any]:
    if not isinstance(text, str):
        return {}
    try:
        document = parse(text)
    except GraphQLSyntaxError:
        return {}
    seen = _Seen(TypeInfo(schema_of(version)), retired)
    visit(document, TypeInfoVisitor(seen.types, seen))
    return of_query(seen.error, document) if seen.error else {}


class _Seen(Visitor):
    """Keeps the first retired field that it meets."""

    def __init__(self, types: TypeInfo, retired: Set[str]) -> None:
        super().__init__()
        self.types, self._retired = types, retired
        self.error: GraphQLError | None = None

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self.types.get_parent_type()
        if parent is None or self.error:
            return
        name = node.name.value
        if f"{parent.name}.{name}" in self._retired:
            message = f"Cannot query field '{name}' on type '{parent.name}'."
            self.error = GraphQLError(message, nodes=[node])
