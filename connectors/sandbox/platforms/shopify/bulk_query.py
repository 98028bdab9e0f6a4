"""What a bulk operation writes: one JSON object a line, children with the id of their parent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionNode,
    get_named_type,
    get_operation_ast,
)

from connectors.sandbox.platforms.shopify.nested_fields import EVERYTHING, FACTORIES
from connectors.sandbox.platforms.shopify.projection import Projections, type_name
from connectors.sandbox.platforms.shopify.root_tables import LISTS, SCOPES, listed
from connectors.sandbox.platforms.shopify.selections import Selections, fragments_of
from connectors.sandbox.platforms.shopify.view import View

_MOST_CONNECTIONS = 5
_ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Slice:
    """Some lines of a result: the bytes, and how many objects and roots they hold."""

    lines: bytes
    objects: int
    roots: int


@dataclass(frozen=True, slots=True)
class _Child:
    """A connection that hangs on an object: how to list its nodes, and what each kind comes to."""

    nodes: Callable[[Any], Any]
    node: Callable[[Any], _Node]


@dataclass(frozen=True, slots=True)
class _Node:
    """One kind of object: how to write it, its id, and the connections that hang on it."""

    write: Callable[[Any], dict[str, Any]]
    id: Callable[[Any], str] | None
    children: tuple[_Child, ...]


class BulkQuery:
    """A query for a bulk operation, checked.

    Raises:
        ValueError: The query is none that bulk operations run; the text is for `userErrors`.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, view: View) -> None:
        operation = get_operation_ast(document)
        if operation is None or operation.operation.value != "query":
            raise ValueError("Bulk queries must be a single query operation.")
        query = schema.query_type
        assert query is not None
        self._query, self._schema, self._view = query, schema, view
        self._selections = Selections(schema, fragments_of(document), {})
        self._projections = Projections(self._selections, view)
        self._connections = 0
        self._roots = [_root_field(one) for one in operation.selection_set.selections]
        self._lists = [self._below(query, [node], lambda _: None) for node in self._roots]

    @property
    def scopes(self) -> set[str]:
        """The scopes that the query needs."""
        return {SCOPES[LISTS[node.name.value]] for node in self._roots}

    def slices(self, *, grouped: bool) -> Iterator[Slice]:
        """Runs the query; ungrouped, children come long after their parents."""
        for node, root in zip(self._roots, self._lists, strict=True):
            arguments = self._selections.arguments(self._query, node)
            shown = listed(self._view, LISTS[node.name.value], arguments)
            rows, of_row = shown.order.rows, shown.table.node
            late: list[bytes] = []
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                some = rows[start : start + _ROWS_AT_ONCE].tolist()
                slice_, late = _slice(root, [of_row(row) for row in some], late, grouped)
                yield slice_
            if late:
                yield Slice(b"".join(late), len(late), 0)

    def _below(
        self, parent: GraphQLObjectType, nodes: list[FieldNode], listed: Callable[[Any], Any]
    ) -> _Child:
        """Returns a connection: a field of its parent, and what lists its nodes."""
        name = nodes[0].name.value
        connection = cast(GraphQLObjectType, get_named_type(parent.fields[name].type))
        self._connections += 1
        if self._connections > _MOST_CONNECTIONS:
            raise ValueError("Bulk queries cannot contain more than 5 connections.")
        found = next(self._selections.nodes_of(connection, nodes), None)
        if found is None:
            raise ValueError("Bulk queries must select the nodes of every connection.")
        type_, asked = found
        if isinstance(type_, GraphQLObjectType):
            only = self._kind(type_, asked, name)
            return _Child(listed, lambda _: only)
        kinds, before, most = {}, self._connections, 0
        for kind in self._schema.get_possible_types(type_):
            # What hangs on one kind or another is one connection of the query.
            self._connections = before
            kinds[kind.name] = self._kind(kind, asked, name)
            most = max(most, self._connections)
        self._connections = most
        return _Child(listed, lambda source: kinds[type_name(source)])

    def _kind(
        self,
        type_: GraphQLObjectType,
        asked: list[FieldNode],
        name: str,
    ) -> _Node:
        """Returns how an object of a connection is written, and what hangs on it."""
        inner: list[list[FieldNode]] = []
        for group in self._selections.of(type_, asked).values():
            if _is_connection(type_, group[0]):
                inner.append(group)
            elif group[0].selection_set is not None:
                self._refuse_connections(type_, group)
        write = self._projections.of_object(
            type_, asked, without=lambda node: _is_connection(type_, node)
        )
        children = []
        for group in inner:
            field = group[0].name.value
            factory = FACTORIES[(type_.name, field)](self._view, {EVERYTHING: True})
            children.append(self._below(type_, group, factory))
        id_ = None
        if children:
            id_field = next(
                (
                    group[0]
                    for group in self._selections.of(type_, asked).values()
                    if group[0].name.value == "id"
                ),
                None,
            )
            if id_field is None:
                raise ValueError(
                    f"The parent 'node' field for a nested connection must select the 'id' field "
                    f"without an alias and must be of type 'ID!'. Connection fields without 'id': "
                    f"{name}."
                )
            id_ = self._projections.reader(type_, id_field)
        return _Node(write, id_, tuple(children))

    def _refuse_connections(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> None:
        """Refuses connections below a list or below another object."""
        definition = parent.fields[nodes[0].name.value].type
        plain = definition.of_type if isinstance(definition, GraphQLNonNull) else definition
        type_ = get_named_type(plain)
        if not isinstance(type_, GraphQLObjectType):
            return
        for group in self._selections.of(type_, nodes).values():
            if _is_connection(type_, group[0]):
                if isinstance(plain, GraphQLList):
                    raise ValueError(
                        "Queries that contain a connection field within a list field are not "
                        "currently supported."
                    )
                raise ValueError("Bulk queries cannot contain a connection below an object field.")
            if group[0].selection_set is not None:
                self._refuse_connections(type_, group)


def _root_field(node: SelectionNode) -> FieldNode:
    if not isinstance(node, FieldNode) or node.name.value not in LISTS:
        raise ValueError("Bulk queries must contain at least one connection.")
    return node


def _is_connection(type_: GraphQLObjectType, node: FieldNode) -> bool:
    definition = type_.fields.get(node.name.value)
    return definition is not None and get_named_type(definition.type).name.endswith("Connection")


def _slice(
    root: _Child, sources: list[Any], late: list[bytes], grouped: bool
) -> tuple[Slice, list[bytes]]:
    lines: list[bytes] = []
    children: list[bytes] = []
    for source in sources:
        node = root.node(source)
        lines.append(orjson.dumps(node.write(source)) + b"\n")
        _write_children(node, source, lines if grouped else children)
    lines += late
    return Slice(b"".join(lines), len(lines), len(sources)), children


def _write_children(parent: _Node, source: Any, lines: list[bytes]) -> None:
    for child in parent.children:
        assert parent.id is not None
        above = parent.id(source)
        for below in child.nodes(source).nodes:
            node = child.node(below)
            lines.append(orjson.dumps({**node.write(below), "__parentId": above}) + b"\n")
            _write_children(node, below, lines)
