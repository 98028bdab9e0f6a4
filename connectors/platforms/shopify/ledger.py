"""An order's ledger: what was sold and taken back in it, each on the day on which it happened.

A line has no date: one that was added by an edit looks like the others. The shop's ledger
(`agreements` with their `sales`) has the dates. It is a third level of connections, which no bulk
operation takes, so it comes with the refunds.
https://shopify.dev/docs/api/admin-graphql/2026-10/interfaces/SalesAgreement
"""

from __future__ import annotations

from typing import Any

from connectors.core.errors import ShapeChanged
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.graph import Graph, connection, vanished

SALES = 50
"""Sales of one agreement that are asked for at once, where they did not fit beside others."""


def has_changed(order: dict[str, Any]) -> bool:
    """Returns whether anything was added to an order or taken off it after it was placed."""
    lines, _ = connection(order, "lineItems")
    return (
        order.get("edited") is True
        or order.get("returnStatus") not in (None, "NO_RETURN")
        or any(
            line.get("currentQuantity", each) != each
            for line in lines
            for each in [line.get("quantity")]
        )
    )


def ledger_of(graph: Graph, order_id: str, found: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Returns all agreements of an order with all their sales; None where the API has no ledger.

    Args:
        graph: the shop.
        order_id: the order's global id.
        found: what the API said of it; asked again, agreement by agreement, if it did not fit.

    Raises:
        ShapeChanged: the ledger is no list.
        Transient: the order has vanished meanwhile; the chunk starts again.
    """
    if "agreements" not in found:
        return None
    agreements, more = connection(found, "agreements")
    if more or any(connection(each, "sales")[1] for each in agreements):
        agreements = _one_by_one(graph, order_id)
    return [{**each, "sales": {"nodes": connection(each, "sales")[0]}} for each in agreements]


def _one_by_one(graph: Graph, order_id: str) -> list[dict[str, Any]]:
    agreements: list[dict[str, Any]] = []
    after: str | None = None
    before: str | None = None
    more = True
    while more:
        each: dict[str, Any] = {}
        sales: list[dict[str, Any]] = []
        following: str | None = None
        more_sales = True
        while more_sales:
            page = _asked(graph, order_id, after, following)
            nodes, more = connection(page, "agreements")
            if not nodes:
                return agreements
            each = nodes[0]
            found, more_sales = connection(each, "sales")
            sales.extend(found)
            before, following = following, each["sales"]["pageInfo"].get("endCursor")
            if more_sales and following in (None, before):
                raise ShapeChanged(f"sales of {order_id}: there is more, but no cursor to it")
        agreements.append({**each, "sales": {"nodes": sales}})
        before, after = after, page["agreements"]["pageInfo"].get("endCursor")
        if more and after in (None, before):
            raise ShapeChanged(f"agreements of {order_id}: there is more, but no cursor to it")
    return agreements


def _asked(graph: Graph, order_id: str, after: str | None, sales_after: str | None) -> Any:
    variables = {"id": order_id, "after": after, "first": SALES, "salesAfter": sales_after}
    found = graph.ask(queries.agreement(), variables).data["data"].get("order")
    if found is None:
        raise vanished(order_id)
    return found
