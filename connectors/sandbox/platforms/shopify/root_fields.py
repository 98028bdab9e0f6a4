"""The root fields of queries and mutations: lists, single things, bulk operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema

from connectors.sandbox.platforms.shopify.bulk import BulkOperations
from connectors.sandbox.platforms.shopify.errors import access_denied, bad_request
from connectors.sandbox.platforms.shopify.paging import Cursor, Page, page_of
from connectors.sandbox.platforms.shopify.root_tables import (
    LISTS,
    SCOPES,
    Listed,
    listed,
    table_of,
)
from connectors.sandbox.platforms.shopify.search_syntax import search
from connectors.sandbox.platforms.shopify.view import View
from connectors.sandbox.tables.results import Kept

_FAR = 2**62


@dataclass(slots=True)
class Query:
    """One query on its way.

    Attributes:
        view: The shop as of now, as the token sees it.
        version: The version that answers.
        schema: Its schema.
        bulk: The shop's bulk operations.
        lists: The lists of the shop that were asked for lately.
        base_url: Where the sandbox serves this shop.
        page_fault: `duplicate_page` or `empty_page`, if the answer is to show one.
        counts: How many nodes each root connection had, by its name in the answer.
        searches: Filters that were not wholly understood, by that name.
    """

    view: View
    version: str
    schema: GraphQLSchema
    bulk: BulkOperations
    lists: Kept[Listed]
    base_url: str
    page_fault: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    searches: dict[str, dict[str, Any]] = field(default_factory=dict)


def root_field(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Returns what a root field's answer is read from."""
    if isinstance(info.parent_type, GraphQLObjectType) and info.parent_type.name.startswith("__"):
        return getattr(source, info.field_name, None)
    query: Query = info.context
    name = info.field_name
    if name in LISTS:
        return _page(query, name, str(info.path.key), arguments)
    if name in ("shop", "currentAppInstallation"):
        return query.view
    if name == "nodes":
        return [_node(query, one) for one in arguments["ids"]]
    if name in ("node", "order", "customer", "product", "productVariant"):
        wanted = None if name == "node" else name[0].upper() + name[1:]
        return _node(query, arguments["id"], wanted)
    if name.endswith("Count"):
        return _count(query, name, arguments)
    return _bulk_field(query, name, arguments)


def _bulk_field(query: Query, name: str, arguments: dict[str, Any]) -> Any:
    bulk = query.bulk
    if name == "bulkOperationRunQuery":
        return bulk.run(
            query.view,
            query.version,
            query.schema,
            arguments["query"],
            grouped=arguments["groupObjects"],
            base_url=query.base_url,
        )
    if name == "bulkOperationCancel":
        return bulk.cancel(arguments["id"])
    if name == "currentBulkOperation":
        return bulk.current() if arguments["type"] == "QUERY" else None
    return bulk.find(arguments["id"])


def _page(query: Query, name: str, key: str, arguments: dict[str, Any]) -> Page:
    kind = LISTS[name]
    _may(query, name, kind)
    view, asked = query.view, [arguments.get(name) for name in ("query", "sortKey", "reverse")]
    shown = query.lists.find(
        (view.now, view.scopes, kind, *asked), lambda: listed(view, kind, arguments)
    )
    if shown.found.warnings:
        warned = {"path": [key], "query": shown.found.text, "warnings": shown.found.warnings}
        query.searches[key] = warned
    page = page_of(shown.order, arguments, shown.table.node)
    page = _faulty(page, arguments, query.page_fault)
    query.counts[key] = len(page.nodes)
    return page


def _faulty(page: Page, arguments: Mapping[str, Any], fault: str | None) -> Page:
    """Makes a page one that comes again, or an empty one before it; never twice in a row."""
    after = arguments.get("after")
    at = Cursor.read(after) if after else None
    if fault is None or not page.nodes:
        return page
    if at is not None and at.fault is not None:
        return page
    if at is None:
        edge = _FAR if arguments.get("reverse") else -_FAR
        at = Cursor(edge, edge)
    again = Cursor(at.value, at.id, fault).text()
    nodes = [] if fault == "empty_page" else page.nodes
    return Page(nodes, page.cursor, True, page.has_previous, end=again)


def _count(query: Query, name: str, arguments: Mapping[str, Any]) -> tuple[int, int]:
    kind = LISTS[name.removesuffix("Count")]
    _may(query, name, kind)
    view, limit = query.view, arguments.get("limit")
    found = search(table_of(view, kind), arguments.get("query"), view.shop.time_zone)
    return int(found.chosen.sum()), _FAR if limit is None else int(limit)


def _may(query: Query, name: str, kind: str) -> None:
    if SCOPES[kind] not in query.view.scopes:
        raise access_denied(name, SCOPES[kind])


def _node(query: Query, id_: str, wanted: str | None = None) -> Any:
    parts = id_.removeprefix("gid://shopify/").split("?")[0].split("/")
    if not id_.startswith("gid://shopify/") or len(parts) != 2 or not parts[1].isdigit():
        raise GraphQLError(f"Invalid global id '{id_}'", extensions={"code": "argumentLiterals"})
    kind, number = parts[0], int(parts[1])
    if wanted is not None and kind != wanted:
        raise bad_request(f"Invalid id: {id_}")
    if kind == "Shop":
        return query.view
    if kind == "BulkOperation":
        return query.bulk.find(id_)
    if kind not in SCOPES:
        return None
    _may(query, kind.lower(), kind)
    table = table_of(query.view, kind)
    row = table.row_of(number)
    return None if row is None else table.node(row)
