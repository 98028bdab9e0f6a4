"""Orders, customers and products as tables that can be filtered, sorted and paged."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from connectors.sandbox.business.shop_entities import (
    IDS_PER_CUSTOMER,
    IDS_PER_ORDER,
    first_customer_id,
    first_order_id,
)
from connectors.sandbox.business.shop_state import OrderState
from connectors.sandbox.shopify.entity_fields import product_updated, variant_updated
from connectors.sandbox.shopify.events import deletions
from connectors.sandbox.shopify.search_syntax import Condition, Group, Search, Term, read_search
from connectors.sandbox.shopify.view import VariantNode, View

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_MOST_LISTS = 6
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    ">": np.greater,
    "<": np.less,
    ">=": np.greater_equal,
    "<=": np.less_equal,
}


@dataclass(frozen=True, slots=True)
class Table:
    """A root list of the shop.

    Attributes:
        kind: The type of its nodes.
        visible: Of each row whether it is there.
        ids: Of each row its id.
        numbers: Searchable instants and ids; the instants' names end in `_at`.
        texts: Searchable texts of a row: all values that a filter may name.
        sorts: What each sort key goes by.
        node: What the fields of a row are read from.
    """

    kind: str
    view: View
    visible: Flags
    ids: Integers
    numbers: Mapping[str, Integers]
    texts: Mapping[str, Callable[[int], set[str]]]
    sorts: Mapping[str, Integers]
    node: Callable[[int], Any]

    @property
    def searchable(self) -> frozenset[str]:
        """The fields that a filter may name."""
        return frozenset({*self.numbers, *self.texts})

    def search(self, text: str | None) -> tuple[Flags, Search | None]:
        """Returns the rows that a filter leaves, and how it was understood."""
        if not text or not text.strip():
            return self.visible, None
        search = read_search(text, self.searchable)
        if search.condition is None:
            return self.visible, search
        return self.visible & self._holds(search.condition, search), search

    def sorted_rows(self, chosen: Flags, key: str, *, reverse: bool) -> Integers:
        """Returns the chosen rows, sorted by a key and then by id."""
        rows = np.flatnonzero(chosen)
        values = self.sorts.get(key, self.ids)
        order = np.lexsort((self.ids[rows], values[rows]))
        ordered = rows[order]
        return np.asarray(ordered[::-1] if reverse else ordered, dtype=np.int64)

    def _holds(self, condition: Condition, search: Search) -> Flags:
        if isinstance(condition, Group):
            parts = [self._holds(part, search) for part in condition.parts]
            combine = np.logical_and if condition.every else np.logical_or
            held = np.asarray(combine.reduce(parts))
        else:
            held = self._term(condition, search)
        return ~held if condition.negated else held

    def _term(self, term: Term, search: Search) -> Flags:
        column = self.numbers.get(term.field)
        if column is None:
            return self._text(term)
        value = self._instant(term.value) if term.field.endswith("_at") else _number(term.value)
        if value is None:
            search.warnings.append(
                {
                    "field": term.field,
                    "message": f"Input `{term.value}` is not an accepted value.",
                    "code": "invalid_value",
                }
            )
            # A condition that is left out excludes nothing.
            return np.full(len(self.ids), not term.negated)
        if term.how == "=" and term.field.endswith("_at") and len(term.value) == 10:
            return np.asarray((column >= value) & (column < value + 86_400))
        return np.asarray(_COMPARE[term.how](column, value))

    def _text(self, term: Term) -> Flags:
        read, wanted = self.texts[term.field], term.value.lower()
        held = np.zeros(len(self.ids), dtype=np.bool_)
        for row in np.flatnonzero(self.visible).tolist():
            values = read(row)
            held[row] = bool(values) if wanted == "*" else wanted in values
        return held

    def _instant(self, text: str) -> int | None:
        """Reads an instant; a date is midnight and a time without offset is of the shop's zone."""
        zone = ZoneInfo(self.view.shop.time_zone)
        try:
            if len(text) == 10:
                at = datetime.combine(date.fromisoformat(text), time(0), zone)
            else:
                at = datetime.fromisoformat(text)
        except ValueError:
            return None
        return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter has left of a table, sorted: rows, what they are sorted by, their ids."""

    table: Table
    rows: Integers
    values: Integers
    ids: Integers
    search: Search | None


class Lists:
    """The last lists of a shop that were asked for, so that a page costs only its own rows."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[Any, ...], Found] = OrderedDict()

    def find(self, view: View, kind: str, query: str | None, sort: str, *, reverse: bool) -> Found:
        """Returns a filtered and sorted table."""
        key = (view.now, view.scopes, kind, query, sort, reverse)
        found = self._found.get(key)
        if found is None:
            table = table_of(view, kind)
            chosen, search = table.search(query)
            rows = table.sorted_rows(chosen, sort, reverse=reverse)
            values = table.sorts.get(sort, table.ids)[rows]
            found = self._found[key] = Found(table, rows, values, table.ids[rows], search)
            if len(self._found) > _MOST_LISTS:
                self._found.popitem(last=False)
        self._found.move_to_end(key)
        return found


def table_of(view: View, kind: str) -> Table:
    """Returns the table of one of the root lists' types."""
    return _TABLES[kind](view)


def _number(text: str) -> int | None:
    digits = text.rsplit("/", 1)[-1]
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _orders(view: View) -> Table:
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

    return Table(
        kind="Order",
        view=view,
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


def _customers(view: View) -> Table:
    book, clock = view.book, view.clock
    created, updated = book.ledger.customer_created, book.customers_updated(clock)
    ids = np.arange(book.customers) * IDS_PER_CUSTOMER + first_customer_id(view.shop)
    return Table(
        kind="Customer",
        view=view,
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


def _products(view: View) -> Table:
    products = view.book.products

    def seconds(at: Callable[[Any], datetime]) -> Integers:
        return np.array([int(at(one).timestamp()) for one in products], dtype=np.int64)

    created = seconds(lambda one: one.title.created)
    updated = seconds(lambda one: product_updated(one, view))
    ids = np.array([one.id for one in products], dtype=np.int64)
    return Table(
        kind="Product",
        view=view,
        visible=np.array([one.exists(view.now) for one in products], dtype=np.bool_),
        ids=ids,
        numbers={"created_at": created, "updated_at": updated, "id": ids},
        texts={
            "status": lambda row: {products[row].status.at(view.now).lower()},
            "sku": lambda row: {variant.sku.lower() for variant in products[row].variants},
            "product_type": lambda row: {products[row].type.lower()},
            "vendor": lambda row: {products[row].vendor.lower()},
            "title": lambda row: {products[row].title.at(view.now).lower()},
            "tag": lambda row: {tag.lower() for tag in products[row].tags},
        },
        sorts={"CREATED_AT": created, "UPDATED_AT": updated},
        node=lambda row: products[row],
    )


def _variants(view: View) -> Table:
    nodes = [
        VariantNode(product, variant, place + 1)
        for product in view.book.products
        for place, variant in enumerate(product.variants)
    ]

    def seconds(at: Callable[[VariantNode], datetime]) -> Integers:
        return np.array([int(at(one).timestamp()) for one in nodes], dtype=np.int64)

    created = seconds(lambda one: one.variant.price_cents.created)
    updated = seconds(lambda one: variant_updated(one.variant, view))
    ids = np.array([one.variant.id for one in nodes], dtype=np.int64)
    return Table(
        kind="ProductVariant",
        view=view,
        visible=np.array([one.product.exists(view.now) for one in nodes], dtype=np.bool_),
        ids=ids,
        numbers={
            "updated_at": updated,
            "id": ids,
            "product_id": np.array([one.product.id for one in nodes], dtype=np.int64),
        },
        texts={
            "sku": lambda row: {nodes[row].variant.sku.lower()},
            "title": lambda row: {nodes[row].variant.title.lower()},
            "product_type": lambda row: {nodes[row].product.type.lower()},
            "vendor": lambda row: {nodes[row].product.vendor.lower()},
        },
        sorts={"CREATED_AT": created, "UPDATED_AT": updated},
        node=lambda row: nodes[row],
    )


def _events(view: View) -> Table:
    nodes = deletions(view)
    at = np.array([one.at for one in nodes], dtype=np.int64)
    ids = np.array([one.id for one in nodes], dtype=np.int64)
    return Table(
        kind="Event",
        view=view,
        visible=np.ones(len(nodes), dtype=np.bool_),
        ids=ids,
        numbers={"created_at": at, "id": ids},
        texts={
            "subject_type": lambda row: {nodes[row].kind.lower()},
            "action": lambda _: {"destroy"},
        },
        sorts={"CREATED_AT": at},
        node=lambda row: nodes[row],
    )


_TABLES: Mapping[str, Callable[[View], Table]] = {
    "Order": _orders,
    "Customer": _customers,
    "Product": _products,
    "ProductVariant": _variants,
    "Event": _events,
}
