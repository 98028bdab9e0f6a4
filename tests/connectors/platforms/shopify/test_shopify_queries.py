"""The queries are GraphQL, hold together, and keep to what the platform offers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.platforms.shopify import hooks, queries, schema

graphql = pytest.importorskip("graphql", reason="graphql-core comes with the Dagster UI")

_TEXTS = {
    "shop": queries.SHOP,
    "account": queries.ACCOUNT,
    "scopes": queries.SCOPES,
    "orders": queries.ORDERS,
    "customers": queries.CUSTOMERS,
    "products": queries.PRODUCTS,
    "start": queries.START_BULK,
    "poll": queries.POLL_BULK,
    "bulk orders": queries.bulk_orders("updated_at:>='2026-11-01T00:00:00Z'"),
    "bulk customers": queries.bulk_customers("updated_at:>='2026-11-01T00:00:00Z'"),
    "bulk products": queries.bulk_products(""),
    "lines": queries.children("order", "lineItems", queries.LINE_FIELDS),
    "refunds": queries.refunded(3),
    "heads": queries.refund_heads(),
    "refund lines": queries.refund_parts("refundLineItems", queries.REFUND_LINE_FIELDS),
}


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_a_query_is_graphql_and_uses_every_variable(text: str) -> None:
    document = graphql.parse(text)
    operation, *_ = document.definitions
    declared = {each.variable.name.value for each in operation.variable_definitions}
    used: set[str] = set()

    class Visitor(graphql.Visitor):
        def enter_variable_definition(self, *_: Any) -> Any:
            return graphql.SKIP

        def enter_variable(self, node: Any, *_: Any) -> None:
            used.add(node.name.value)

    graphql.visit(document, Visitor())
    assert declared == used


@pytest.mark.parametrize("name", ["bulk orders", "bulk customers", "bulk products"])
def test_a_bulk_query_keeps_to_the_rules(name: str) -> None:
    """At most five connections, two deep, none of them inside a list, `id` on every node."""
    depths: list[int] = []
    inside: list[str] = []

    def look(node: Any) -> None:
        fields = node.selection_set.selections if node.selection_set else ()
        names = {each.name.value for each in fields if hasattr(each, "name")}
        if "edges" in names:
            depths.append(len([each for each in inside if each == "edges"]) + 1)
            assert "refunds" not in inside
        if inside and inside[-1] == "edges":
            assert node.name.value == "node"
            assert "id" in names
        for each in fields:
            inside.append(node.name.value if hasattr(node, "name") and node.name else "")
            look(each)
            inside.pop()

    look(graphql.parse(_TEXTS[name]).definitions[0])
    assert 1 <= len(depths) <= 5
    assert max(depths) <= 2


@pytest.mark.parametrize(
    ("text", "columns", "root"),
    [
        (queries.ORDERS, schema.ORDERS, "orders"),
        (queries.CUSTOMERS, schema.CUSTOMERS, "customers"),
        (queries.PRODUCTS, schema.PRODUCTS, "products"),
        (queries.SHOP, schema.SHOPS, "shop"),
    ],
    ids=lambda value: value if isinstance(value, str) and "{" not in value else "",
)
def test_every_column_is_asked_for(text: str, columns: Any, root: str) -> None:
    def named(node: Any, name: str) -> Any:
        return next(e for e in node.selection_set.selections if e.name.value == name)

    found = named(graphql.parse(text).definitions[0], root)
    place = found if root == "shop" else named(found, "nodes")
    for column in columns:
        if column.name == "agreements":
            assert "agreements(" in queries.refunded(1)  # With the refunds, of changed orders.
            continue
        node = place
        for name in column.asked_as.split("."):
            node = named(node, name)


def test_no_name_and_no_address_is_ever_asked_for() -> None:
    for text in _TEXTS.values():
        for name in ("firstName", "lastName", "displayName ", "address1", "city", "zip", "note"):
            assert name not in text


def test_instants_are_utc_and_quoted() -> None:
    start = datetime(2026, 11, 1, 1, tzinfo=UTC)
    text = queries.updated_between(start, start.replace(hour=2))
    assert text == "updated_at:>='2026-11-01T01:00:00Z' AND updated_at:<'2026-11-01T02:00:00Z'"
    assert hooks.ORDERS.bulk(text).count(text) == 1
