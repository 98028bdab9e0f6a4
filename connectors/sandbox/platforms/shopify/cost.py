"""What a query costs, and the bucket that it is paid from.

A scalar costs nothing, an object one point, a mutation ten. A connection costs two points and what
one of its nodes costs, times a factor that grows with the logarithm of `first`: the platform tells
only that it is scaled; this curve gives what its documents show for a page of 50 orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields
from graphql.execution.values import get_argument_values

DEAREST = 1_000
_MUTATION = 10
_RATES = {
    "Basic": 100.0,
    "Advanced": 200.0,
    "Shopify Plus": 1_000.0,
    "Commerce Components": 2_000.0,
}
_SECONDS_OF_BUCKET = 20
# Of REST: calls, and how many flow back by the second.
_CALLS = {"Basic": (40.0, 2.0), "Advanced": (80.0, 4.0)}
_MANY_CALLS = (400.0, 20.0)


@dataclass(slots=True)
class Bucket:
    """Points, or calls, that flow back by the second.

    Attributes:
        rate: How many flow back.
        maximum: How many it holds.
        available: How many were in it when it was last seen.
        seen: When that was, in monotonic seconds.
    """

    rate: float
    maximum: float
    available: float
    seen: float

    @classmethod
    def of_points(cls, plan: str, now: float) -> Bucket:
        """Returns a full bucket of the points of a plan."""
        size = _RATES[plan] * _SECONDS_OF_BUCKET
        return cls(_RATES[plan], size, size, now)

    @classmethod
    def of_calls(cls, plan: str, now: float) -> Bucket:
        """Returns a full bucket of the calls of REST that a plan has."""
        size, rate = _CALLS.get(plan, _MANY_CALLS)
        return cls(rate, size, size, now)

    def take(self, points: int, now: float) -> bool:
        """Takes points out, if they are there."""
        self.available = min(self.maximum, self.available + (now - self.seen) * self.rate)
        self.seen = now
        if points > self.available:
            return False
        self.available -= points
        return True

    def give_back(self, points: int) -> None:
        """Puts back what a query was charged beyond its actual cost."""
        self.available = min(self.maximum, self.available + points)

    def as_json(self) -> dict[str, float | int]:
        """Returns the `throttleStatus`."""
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.available),
            "restoreRate": self.rate,
        }


def too_expensive(cost: int) -> GraphQLError:
    """Returns the refusal of a query that no bucket could ever pay."""
    return GraphQLError(
        f"Query cost is {cost}, which exceeds the single query max cost limit ({DEAREST}). See "
        "https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost "
        "of a query is calculated.",
        extensions={
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": DEAREST,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    )


class Costs:
    """Adds up what the fields of one query cost, before and after it has run."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        variables: dict[str, Any],
    ) -> None:
        self._schema, self._fragments, self._variables = schema, fragments, variables

    def of_operation(
        self, operation: OperationDefinitionNode, counts: Mapping[str, int] | None = None
    ) -> int:
        """Returns the cost of an operation.

        Args:
            operation: What is asked.
            counts: How many nodes each root connection had, by its name in the answer: the actual
                cost. None for the requested cost.
        """
        root = self._schema.get_root_type(operation.operation)
        assert root is not None
        fields = collect_fields(
            self._schema, self._fragments, self._variables, root, operation.selection_set
        )
        mutation = operation.operation.value == "mutation"
        total = 0.0
        for key, nodes in fields.items():
            count = None if counts is None else counts.get(key, 1)
            total += _MUTATION if mutation else self._field(root, nodes, count)
        return round(total)

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode], count: int | None) -> float:
        name = nodes[0].name.value
        if name.startswith("__") or nodes[0].selection_set is None:
            return 0.0
        definition = parent.fields[name]
        type_ = get_named_type(definition.type)
        arguments = get_argument_values(definition, nodes[0], self._variables)
        size = arguments.get("first") or 1
        if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection"):
            if count is not None:
                size = min(size, count)
            each = self._inside_connection(type_, nodes, actual=count is not None)
            return 2.0 + each * _factor(size)
        inner = self._inside(type_, nodes, actual=count is not None)
        return 1.0 + inner

    def _inside_connection(
        self, type_: GraphQLObjectType, nodes: list[FieldNode], *, actual: bool
    ) -> float:
        total = 0.0
        for group in self._sub_fields(type_, nodes).values():
            if group[0].name.value in ("nodes", "edges"):
                inner = get_named_type(type_.fields[group[0].name.value].type)
                edge = cast(GraphQLObjectType, inner)
                if group[0].name.value == "edges":
                    for below in self._sub_fields(edge, group).values():
                        if below[0].name.value == "node":
                            node = get_named_type(edge.fields["node"].type)
                            total = max(total, 1.0 + self._inside(node, below, actual=actual))
                else:
                    total = max(total, 1.0 + self._inside(edge, group, actual=actual))
        return total

    def _inside(self, type_: Any, nodes: list[FieldNode], *, actual: bool) -> float:
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            kinds = self._schema.get_possible_types(type_)
            return max(self._inside(kind, nodes, actual=actual) for kind in kinds)
        count = 1 if actual else None
        return sum(
            self._field(type_, group, count) for group in self._sub_fields(type_, nodes).values()
        )

    def _sub_fields(
        self, type_: GraphQLObjectType, nodes: list[FieldNode]
    ) -> dict[str, list[FieldNode]]:
        return collect_sub_fields(self._schema, self._fragments, self._variables, type_, nodes)


def _factor(size: int) -> float:
    return 0.0 if size <= 0 else max(1.0, log10(2 * size))
