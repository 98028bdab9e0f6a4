"""What a query costs, and the bucket that it is paid from.

A scalar costs nothing, an object one point, a mutation ten. A connection costs two points and what
one of its nodes costs, times a factor that grows with the logarithm of `first`: the platform
says only that it is scaled; this curve gives what its documents show for a page of 50 orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.execution.collect_fields import collect_fields

from connectors.sandbox.platforms.shopify.selections import Selections

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


@dataclass(frozen=True, slots=True)
class Price:
    """What a root field costs: a connection by its nodes, anything else at once.

    Attributes:
        key: Its name in the answer.
        fixed: What it costs without a node.
        each: What one node costs.
        most: How many nodes it can have.
    """

    key: str
    fixed: float
    each: float = 0.0
    most: int = 0

    def of(self, count: int | None) -> float:
        """Returns what it costs with so many nodes; None for as many as it can have."""
        return self.fixed + self.each * _factor(
            self.most if count is None else min(self.most, count)
        )


class Costs:
    """Adds up what the fields of one query cost, before and after it has run.

    What does not depend on how many nodes there are is worked out once: a list's pages cost alike.
    """

    def __init__(self, selections: Selections, operation: OperationDefinitionNode) -> None:
        self._selections = selections
        self._requested = self._prices(operation, actual=False)
        self._actual = self._prices(operation, actual=True)

    @property
    def requested(self) -> int:
        """The cost before it runs."""
        return round(sum(one.of(None) for one in self._requested))

    def actual(self, counts: Mapping[str, int]) -> int:
        """Returns the cost after it has run: by the nodes that each root connection had."""
        return round(sum(one.of(counts.get(one.key, 1)) for one in self._actual))

    def _prices(self, operation: OperationDefinitionNode, *, actual: bool) -> list[Price]:
        asked = self._selections
        root = asked.schema.get_root_type(operation.operation)
        assert root is not None
        fields = collect_fields(
            asked.schema, asked.fragments, asked.variables, root, operation.selection_set
        )
        if operation.operation.value == "mutation":
            return [Price(key, _MUTATION) for key in fields]
        return [self._price(root, key, nodes, actual=actual) for key, nodes in fields.items()]

    def _price(
        self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode], *, actual: bool
    ) -> Price:
        name = nodes[0].name.value
        if name.startswith("__") or nodes[0].selection_set is None:
            return Price(key, 0.0)
        type_ = get_named_type(parent.fields[name].type)
        if not type_.name.endswith("Connection"):
            return Price(key, 1.0 + self._inside(type_, nodes, actual=actual))
        connection = cast(GraphQLObjectType, type_)
        each = max(
            (
                1.0 + self._inside(node, asked, actual=actual)
                for node, asked in self._selections.nodes_of(connection, nodes)
            ),
            default=0.0,
        )
        most = self._selections.arguments(parent, nodes[0]).get("first") or 1
        return Price(key, 2.0, each, most)

    def _inside(self, type_: Any, nodes: list[FieldNode], *, actual: bool) -> float:
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            kinds = self._selections.schema.get_possible_types(type_)
            return max(self._inside(kind, nodes, actual=actual) for kind in kinds)
        return sum(
            self._price(type_, key, group, actual=actual).of(1 if actual else None)
            for key, group in self._selections.of(type_, nodes).items()
        )


def _factor(size: int) -> float:
    return 0.0 if size <= 0 else max(1.0, log10(2 * size))
