"""Running a query: parse, validate, price, execute; the root fields and what they lead to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionContext,
    GraphQLSchema,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
)
from graphql.execution.values import get_variable_values

from connectors.sandbox.platforms.shopify.cost import DEAREST, Bucket, Costs, too_expensive
from connectors.sandbox.platforms.shopify.errors import of_query, throttled
from connectors.sandbox.platforms.shopify.projection import Projections, type_name
from connectors.sandbox.platforms.shopify.root_fields import Query, root_field
from connectors.sandbox.platforms.shopify.schema import parsed
from connectors.sandbox.platforms.shopify.selections import Selections, fragments_of
from connectors.sandbox.wire.lifecycle import Refusal

_MOST_COSTS = 1_000
_KNOWN: OrderedDict[tuple[Any, ...], Costs] = OrderedDict()


def answer(query: Query, body: Mapping[str, Any], bucket: Bucket, now: float) -> dict[str, Any]:
    """Returns the body of an answer.

    Args:
        query: The circumstances.
        body: `query`, `variables`, `operationName`.
        bucket: What the query is paid from.
        now: Monotonic seconds, for the bucket.

    Raises:
        Refusal: The query is not run: it is wrong, too dear, or the bucket is empty.
    """
    text = body.get("query")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(400, {"errors": {"query": "Required parameter missing or invalid"}})
    document, faults = parsed(query.schema, text)
    if document is None or faults:
        raise Refusal(200, {"errors": [of_query(fault, document) for fault in faults]})
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        raise Refusal(200, {"errors": [{"message": "An operation name is required"}]})
    variables = _variables(query.schema, operation, body.get("variables") or {})
    costs = _costs(query.schema, text, document, operation, variables)
    requested = costs.requested
    cost: dict[str, Any] = {"requestedQueryCost": requested, "actualQueryCost": None}
    if requested > DEAREST:
        error = too_expensive(requested)
        raise Refusal(200, {"errors": [error.formatted], "extensions": {"cost": cost}})
    if not bucket.take(requested, now):
        raise throttled({**cost, "throttleStatus": bucket.as_json()})
    done = execute_sync(
        query.schema,
        document,
        context_value=query,
        variable_values=dict(body.get("variables") or {}),
        operation_name=body.get("operationName"),
        field_resolver=root_field,
        type_resolver=lambda value, _, __: type_name(value),
        execution_context_class=_Projecting,
    )
    actual = min(requested, costs.actual(query.counts))
    bucket.give_back(requested - actual)
    cost |= {"actualQueryCost": actual, "throttleStatus": bucket.as_json()}
    result: dict[str, Any] = {"data": done.data, "extensions": {"cost": cost}}
    if done.errors:
        result["errors"] = [error.formatted for error in done.errors]
    if query.searches:
        result["extensions"]["search"] = list(query.searches.values())
    return result


def _costs(
    schema: GraphQLSchema,
    text: str,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: dict[str, Any],
) -> Costs:
    """Returns the costs of an operation, which are remembered."""
    # Sizes and conditions have a price; cursors and filters do not.
    shown = tuple((name, repr(one)) for name, one in variables.items() if type(one) is not str)
    key = (schema, text, operation.loc.start if operation.loc else 0, shown)
    if key not in _KNOWN:
        selections = Selections(schema, fragments_of(document), variables)
        _KNOWN[key] = Costs(selections, operation)
        if len(_KNOWN) > _MOST_COSTS:
            _KNOWN.popitem(last=False)
    return _KNOWN[key]


def _variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]
) -> dict[str, Any]:
    variables = get_variable_values(
        schema, operation.variable_definitions or (), dict(given), max_errors=5
    )
    if isinstance(variables, list):
        extensions = {"code": "INVALID_VARIABLE"}
        raise Refusal(
            200,
            {"errors": [{**error.formatted, "extensions": extensions} for error in variables]},
        )
    return variables


class _Projecting(ExecutionContext):
    """Executes root fields; what lies below them is written by functions made for the query."""

    _made: Projections | None = None

    def complete_object_value(
        self, return_type: Any, field_nodes: Any, info: Any, path: Any, result: Any
    ) -> Any:
        """Returns the answer of an object."""
        if return_type.name.startswith("__"):
            return super().complete_object_value(return_type, field_nodes, info, path, result)
        if self._made is None:
            asked = Selections(self.schema, self.fragments, self.variable_values)
            self._made = Projections(asked, self.context_value.view)
        return self._made.of_object(return_type, field_nodes)(result)
