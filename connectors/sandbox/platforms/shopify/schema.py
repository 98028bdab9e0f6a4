"""The GraphQL schema of a version of the Admin API: `schema.graphql`, completed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    InterfaceTypeDefinitionNode,
    build_ast_schema,
    parse,
    validate,
)

_TEXT = Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8")
_PAGE = "first: Int, after: String, reverse: Boolean = false"
_CONNECTED = """
type {0}Edge {{ cursor: String! node: {0}! }}
type {0}Connection {{ edges: [{0}Edge!]! nodes: [{0}!]! pageInfo: PageInfo! }}
"""
_CONNECTION = "Connection"


@lru_cache(maxsize=64)
def schema_of(version: str, retired: frozenset[str] = frozenset()) -> GraphQLSchema:
    """Returns the schema of a version.

    Args:
        version: Such as `2026-10`.
        retired: Fields that it no longer has, such as `Order.returnStatus`.
    """
    document = parse(_TEXT, no_location=True)
    definitions: list[Any] = list(document.definitions)
    # What has fields: types, interfaces, and extensions of types.
    holders = [one for one in definitions if hasattr(one, "interfaces")]
    connected = {_connected(field) for one in holders for field in one.fields} - {None}
    shared = {
        one.name.value: one.fields
        for one in holders
        if isinstance(one, InterfaceTypeDefinitionNode)
    }
    for one in holders:
        above = [field for name in one.interfaces for field in shared[name.name.value]]
        named = {field.name.value: field for field in (*above, *one.fields)}
        kept = [field for name, field in named.items() if f"{one.name.value}.{name}" not in retired]
        one.fields = _living(kept, version)
        for field in one.fields:
            field.arguments = _living(field.arguments, version)
    for one in definitions:
        if hasattr(one, "values"):
            one.values = _living(one.values, version)
    made = "".join(_CONNECTED.format(name) for name in sorted(filter(None, connected)))
    whole = (*definitions, *parse(made, no_location=True).definitions)
    return build_ast_schema(DocumentNode(definitions=whole), assume_valid_sdl=True)


def _connected(field: FieldDefinitionNode) -> str | None:
    """Gives a connection the arguments of a page; returns what its nodes are, None for others."""
    type_: Any = field.type
    while not hasattr(type_, "name"):
        type_ = type_.type
    name = str(type_.name.value)
    if not name.endswith(_CONNECTION):
        return None
    page: Any = parse(f"type Any {{ page({_PAGE}): Any }}", no_location=True).definitions[0]
    field.arguments = (*page.fields[0].arguments, *field.arguments)
    return name.removesuffix(_CONNECTION)


def _living(nodes: Iterable[Any], version: str) -> tuple[Any, ...]:
    """Returns the fields, arguments or values that are there in a version."""
    return tuple(
        one
        for one in nodes
        if all(
            (version >= edge.arguments[0].value.value) == (edge.name.value == "since")
            for edge in one.directives
            if edge.name.value in ("since", "until")
        )
    )


@lru_cache(maxsize=256)
def parsed(
    schema: GraphQLSchema, text: str
) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Returns a query's document, or what is wrong with it."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as trouble:
        return None, (trouble,)
    return document, tuple(validate(schema, document))
