"""What a query asks of an object: its selections, with fragments and conditions resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)
from graphql.execution.collect_fields import collect_sub_fields
from graphql.execution.values import get_argument_values

Fields = list[FieldNode]


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Returns a document's fragments by name."""
    return {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }


@dataclass(frozen=True, slots=True)
class Selections:
    """The selections of one query."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    def of(self, type_: GraphQLObjectType, nodes: Fields) -> dict[str, Fields]:
        """Returns the fields asked of an object by their names in the answer."""
        return collect_sub_fields(self.schema, self.fragments, self.variables, type_, nodes)

    def arguments(self, type_: GraphQLObjectType, node: FieldNode) -> Mapping[str, Any]:
        """Returns the arguments of a field of an object."""
        return get_argument_values(type_.fields[node.name.value], node, self.variables)

    def nodes_of(self, type_: GraphQLObjectType, nodes: Fields) -> Iterator[tuple[Any, Fields]]:
        """Yields the type of a connection's nodes and the fields that ask for them."""
        for group in self.of(type_, nodes).values():
            name = group[0].name.value
            if name in ("nodes", "edges"):
                inner: Any = get_named_type(type_.fields[name].type)
                if name == "nodes":
                    yield inner, group
                    continue
                for below in self.of(inner, group).values():
                    if below[0].name.value == "node":
                        yield get_named_type(inner.fields["node"].type), below
