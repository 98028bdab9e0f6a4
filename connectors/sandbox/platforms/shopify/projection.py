"""Selections made into functions: what a query asks of an object is worked out once, not per order.

`graphql-core` parses, validates and executes; below a root field it hands over to these functions,
which read the same schema and yield the same answer some fifty times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    is_leaf_type,
)

from connectors.sandbox.business.shop_entities import Product
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.agreements import FIELDS as LEDGER
from connectors.sandbox.platforms.shopify.agreements import Agreement, Sale
from connectors.sandbox.platforms.shopify.discounts import (
    Application,
    Fixed,
    Percentage,
    application_type,
)
from connectors.sandbox.platforms.shopify.entity_fields import fields_of
from connectors.sandbox.platforms.shopify.events import FIELDS, Deletion
from connectors.sandbox.platforms.shopify.nested_fields import FACTORIES
from connectors.sandbox.platforms.shopify.order_fields import LINE, MORE, ORDER, REFUND, REFUND_LINE
from connectors.sandbox.platforms.shopify.order_nodes import RefundNode
from connectors.sandbox.platforms.shopify.paging import Page
from connectors.sandbox.platforms.shopify.selections import Selections
from connectors.sandbox.platforms.shopify.unused_fields import TYPES, unused
from connectors.sandbox.platforms.shopify.view import CustomerNode, VariantNode, View

Getter = Callable[[Any], Any]
_CONNECTIONS: Mapping[str, Getter] = {
    "nodes": lambda page: page.nodes,
    "edges": lambda page: [(page, place) for place in range(len(page.nodes))],
    "pageInfo": lambda page: page,
}
_EDGES: Mapping[str, Getter] = {
    "cursor": lambda edge: edge[0].cursor(edge[1]),
    "node": lambda edge: edge[0].nodes[edge[1]],
}
_PAGE_INFO: Mapping[str, Getter] = {
    "hasNextPage": lambda page: page.has_next,
    "hasPreviousPage": lambda page: page.has_previous,
    "startCursor": Page.start_cursor,
    "endCursor": Page.end_cursor,
}
_BULK: Mapping[str, Getter] = {
    name: (lambda field: lambda one: one[field])(name)
    for name in (
        "id", "type", "status", "errorCode", "createdAt", "completedAt", "objectCount",
        "rootObjectCount", "fileSize", "url", "partialDataUrl", "query",
    )
}  # fmt: skip
_PAYLOAD: Mapping[str, Getter] = {
    name: (lambda field: lambda one: one[field])(name)
    for name in ("bulkOperation", "userErrors", "field", "message", "code")
}
_PLAIN: Mapping[str, Mapping[str, Getter]] = {
    **MORE,
    **LEDGER,
    "BasicEvent": FIELDS,
    "Order": ORDER,
    "LineItem": LINE,
    "Refund": REFUND,
    "RefundLineItem": REFUND_LINE,
    "PageInfo": _PAGE_INFO,
    "BulkOperation": _BULK,
    "BulkOperationRunQueryPayload": _PAYLOAD,
    "BulkOperationCancelPayload": _PAYLOAD,
    "BulkOperationUserError": _PAYLOAD,
    "UserError": _PAYLOAD,
}


class Projections:
    """Makes functions out of selections, for one query over one view."""

    def __init__(self, selections: Selections, view: View) -> None:
        self.selections, self._view = selections, view
        fields = {**_PLAIN, **fields_of(view)}
        self._fields = {name: unused(name) for name in TYPES}
        for name, known in fields.items():
            self._fields[name] = {**self._fields.get(name, {}), **known}

    def of_object(
        self,
        type_: GraphQLObjectType,
        nodes: list[FieldNode],
        without: Callable[[FieldNode], bool] | None = None,
    ) -> Getter:
        """Returns the function that makes an object's answer.

        Args:
            type_: The object's type.
            nodes: The fields of the query whose selections are asked of it.
            without: Fields that are left out; None for none.
        """
        fields = [
            (key, *self._field(type_, group))
            for key, group in self.selections.of(type_, nodes).items()
            if without is None or not without(group[0])
        ]

        def project(source: Any) -> dict[str, Any]:
            answer = {}
            for key, read, write in fields:
                value = read(source)
                answer[key] = value if write is None or value is None else write(value)
            return answer

        return project

    def reader(self, type_: GraphQLObjectType, node: FieldNode) -> Getter:
        """Returns what reads a field's raw value of an object."""
        name = node.name.value
        factory = FACTORIES.get((type_.name, name))
        if factory is not None:
            return factory(self._view, self.selections.arguments(type_, node))
        if type_.name.endswith("Connection"):
            return _CONNECTIONS[name]
        if type_.name.endswith("Edge"):
            return _EDGES[name]
        known = self._fields.get(type_.name)
        # Of a type without getters there is never anything to read.
        return (lambda _: None) if known is None else known[name]

    def _field(
        self, type_: GraphQLObjectType, nodes: list[FieldNode]
    ) -> tuple[Getter, Getter | None]:
        """Returns what reads a field's value, and what makes its answer of that, if it must."""
        name = nodes[0].name.value
        if name == "__typename":
            return (lambda _: type_.name), None
        return self.reader(type_, nodes[0]), self._value(type_.fields[name].type, nodes)

    def _value(self, type_: GraphQLOutputType, nodes: list[FieldNode]) -> Getter | None:
        """Returns what makes a value's answer; None for what is written as it is."""
        if isinstance(type_, GraphQLNonNull):
            return self._value(type_.of_type, nodes)
        if isinstance(type_, GraphQLList):
            inner = self._value(type_.of_type, nodes)
            return None if inner is None else lambda values: [inner(value) for value in values]
        if is_leaf_type(type_):
            return None
        if isinstance(type_, GraphQLObjectType):
            return self.of_object(type_, nodes)
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            return self._of_some(nodes)
        raise TypeError(f"{type_} has no value")

    def _of_some(self, nodes: list[FieldNode]) -> Getter:
        """Returns what makes an answer of an object whose type shows when it is there."""
        made: dict[str, Getter] = {}

        def project(source: Any) -> Any:
            name = type_name(source)
            if name not in made:
                kind = cast(GraphQLObjectType, self.selections.schema.type_map[name])
                made[name] = self.of_object(kind, nodes)
            return made[name](source)

        return project


def type_name(source: Any) -> str:
    """Returns the type of what an interface or a union holds."""
    if isinstance(source, Agreement | Sale):
        return source.kind
    if isinstance(source, Application):
        return application_type(source)
    return _NODES[type(source)]


_NODES: Mapping[type, str] = {
    OrderState: "Order",
    CustomerNode: "Customer",
    Product: "Product",
    VariantNode: "ProductVariant",
    View: "Shop",
    RefundNode: "Refund",
    Deletion: "BasicEvent",
    dict: "BulkOperation",
    Percentage: "PricingPercentageValue",
    Fixed: "MoneyV2",
}
