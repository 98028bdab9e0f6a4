"""Orders, customers, products, variants and events of a shop as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from connectors.sandbox.business.portfolio import Integers
from connectors.sandbox.business.shop_entities import (
    IDS_PER_CUSTOMER,
    IDS_PER_ORDER,
    first_customer_id,
    first_order_id,
)
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.platforms.shopify.entity_facts import product_updated, variant_updated
from connectors.sandbox.platforms.shopify.events import deletions
from connectors.sandbox.platforms.shopify.search_syntax import Search, search
from connectors.sandbox.platforms.shopify.view import VariantNode, View
from connectors.sandbox.tables.records import Records, Sorted

LISTS = {
    "orders": "Order",
    "customers": "Customer",
    "products": "Product",
    "productVariants": "ProductVariant",
    "events": "Event",
}
"""The type of the nodes of each root list."""
SCOPES = {
    "Order": "read_orders",
    "Customer": "read_customers",
    "Product": "read_products",
    "ProductVariant": "read_products",
    "Event": "read_products",
}
"""What a token must be allowed to read a type."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was asked for: the table, what a filter leaves of it, and in which order."""

    table: Records
    found: Search
    order: Sorted

    @property
    def subjects(self) -> Integers:
        """Its rows."""
        return self.order.rows


def listed(view: View, kind: str, arguments: Mapping[str, Any]) -> Listed:
    """Returns a root list as its arguments `query`, `sortKey` and `reverse` ask for it.

    Raises:
        GraphQLError: The filter has parts that are not served.
    """
    table = table_of(view, kind)
    found = search(table, arguments.get("query"), view.shop.time_zone)
    key, falling = str(arguments.get("sortKey")), bool(arguments.get("reverse"))
    return Listed(table, found, table.sorted(found.chosen, key, falling=falling))


def table_of(view: View, kind: str) -> Records:
    """Returns the table of one of the root lists' types."""
    return _TABLES[kind](view)


def _orders(view: View) -> Records:
    book, clock = view.book, view.clock
    ledger, shop = book.ledger, view.shop
    rows = np.arange(len(ledger.day), dtype=np.int64)
    ids = rows * IDS_PER_ORDER + first_order_id(shop)
    updated = book.updated(clock)
    customers = np.where(
        ledger.customer >= 0, ledger.customer * IDS_PER_CUSTOMER + first_customer_id(shop), 0
    )

    def of(read: Callable[[OrderState], set[str]]) -> Callable[[int], set[str]]:
        return lambda row: read(view.order(row))

    return Records(
        visible=book.visible(clock) & (ledger.created >= view.first_created),
        ids=ids,
        numbers={
            "created_at": ledger.created,
            "processed_at": ledger.processed,
            "updated_at": updated,
            "id": ids,
            "customer_id": customers,
        },
        texts={
            "status": of(_statuses),
            "financial_status": of(lambda one: {one.financial_status.lower(), "any"}),
            "fulfillment_status": of(_fulfillments),
            "test": lambda row: {"true" if ledger.test[row] else "false"},
            "name": lambda row: {f"#{row + 1001}", f"{row + 1001}"},
            "sku": of(lambda one: {line.sku.lower() for line in one.lines if line.sku}),
            "tag": of(lambda one: {tag.lower() for tag in one.tags}),
            "source_name": of(lambda one: {one.order.source}),
            "discount_code": of(lambda one: {code.lower() for code in one.order.codes}),
            "default": lambda row: {f"#{row + 1001}", f"{row + 1001}"},
        },
        sorts={
            "CREATED_AT": ledger.created,
            "PROCESSED_AT": ledger.processed,
            "UPDATED_AT": updated,
            "ORDER_NUMBER": rows,
        },
        node=view.order,
    )


def _statuses(one: OrderState) -> set[str]:
    if one.cancelled:
        return {"cancelled", "not_open", "any"}
    return {"closed", "any"} if one.closed is not None else {"open", "not_closed", "any"}


def _fulfillments(one: OrderState) -> set[str]:
    status = one.fulfillment_status.lower()
    return {status, "any", "shipped" if status == "fulfilled" else "unshipped"}


def _customers(view: View) -> Records:
    book, clock = view.book, view.clock
    created, updated = book.ledger.customer_created, book.customers_updated(clock)
    ids = np.arange(book.customers) * IDS_PER_CUSTOMER + first_customer_id(view.shop)
    return Records(
        visible=created <= clock,
        ids=ids,
        numbers={
            "created_at": created,
            "customer_date": created,
            "updated_at": updated,
            "id": ids,
        },
        texts={
            "email": lambda place: {book.customer(place).email.lower()},
            "state": lambda place: {book.customer(place).state.lower()},
            "tag": lambda place: {tag.lower() for tag in book.customer(place).tags.at(view.now)},
            "country": lambda place: {book.customer(place).country.lower()},
        },
        sorts={"CREATED_AT": created, "UPDATED_AT": updated},
        node=view.customer,
    )


def _products(view: View) -> Records:
    return _of_nodes(
        view.book.products,
        visible=lambda one: one.exists(view.now),
        numbers={
            "created_at": lambda one: one.title.created,
            "updated_at": lambda one: product_updated(one, view),
            "id": lambda one: one.id,
        },
        texts={
            "status": lambda one: [one.status.at(view.now)],
            "sku": lambda one: [variant.sku for variant in one.variants],
            "product_type": lambda one: [one.type],
            "vendor": lambda one: [one.vendor],
            "title": lambda one: [one.title.at(view.now)],
            "tag": lambda one: one.tags,
        },
    )


def _variants(view: View) -> Records:
    return _of_nodes(
        [
            VariantNode(product, variant, place + 1)
            for product in view.book.products
            for place, variant in enumerate(product.variants)
        ],
        visible=lambda one: one.product.exists(view.now),
        numbers={
            "created_at": lambda one: one.variant.price_cents.created,
            "updated_at": lambda one: variant_updated(one.variant, view),
            "id": lambda one: one.variant.id,
            "product_id": lambda one: one.product.id,
        },
        texts={
            "sku": lambda one: [one.variant.sku],
            "title": lambda one: [one.variant.title],
            "product_type": lambda one: [one.product.type],
            "vendor": lambda one: [one.product.vendor],
        },
    )


def _events(view: View) -> Records:
    return _of_nodes(
        deletions(view),
        visible=lambda _: True,
        numbers={"created_at": lambda one: one.at, "id": lambda one: one.id},
        texts={"subject_type": lambda one: [one.kind], "action": lambda _: ["destroy"]},
    )


def _of_nodes(
    nodes: Sequence[Any],
    visible: Callable[[Any], bool],
    numbers: Mapping[str, Callable[[Any], int | datetime]],
    texts: Mapping[str, Callable[[Any], Iterable[str]]],
) -> Records:
    """Returns a list of things that are few enough to be looked at one by one."""

    def column(read: Callable[[Any], int | datetime]) -> Integers:
        found = [read(one) for one in nodes]
        values = [int(one.timestamp()) if isinstance(one, datetime) else one for one in found]
        return np.array(values, dtype=np.int64)

    def lowered(read: Callable[[Any], Iterable[str]]) -> Callable[[int], set[str]]:
        return lambda row: {text.lower() for text in read(nodes[row])}

    columns = {name: column(read) for name, read in numbers.items()}
    return Records(
        visible=np.array([visible(one) for one in nodes], dtype=np.bool_),
        ids=columns["id"],
        numbers=columns,
        texts={name: lowered(read) for name, read in texts.items()},
        sorts={name.upper(): own for name, own in columns.items() if name.endswith("_at")},
        node=nodes.__getitem__,
    )


_TABLES: Mapping[str, Callable[[View], Records]] = {
    "Order": _orders,
    "Customer": _customers,
    "Product": _products,
    "ProductVariant": _variants,
    "Event": _events,
}
