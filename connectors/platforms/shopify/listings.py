"""Lists of objects, with what hangs on them: page by page, or by a bulk operation.

A window of `BULK_DAYS` or more (a first load, a backfill) is a bulk operation from the start. A
shorter one is paged; if it holds more than `WALK_MOST` objects the rest is a bulk operation too:
pages cost points, and Shopify ends every walk at 25,000 objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.core.accounts import Account
from connectors.core.errors import ShapeChanged
from connectors.core.http import Client
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.platforms.shopify import queries
from connectors.platforms.shopify.bulk import bulk_objects
from connectors.platforms.shopify.costs import PageSize
from connectors.platforms.shopify.graph import Graph, Question, connection, rest_of
from connectors.platforms.shopify.refunds import Refunds, undated
from connectors.platforms.shopify.visits import reduce_addresses

BULK_DAYS = 7
WALK_MOST = 1000
"""At 40 points an order and 100 points a second, this many take seven minutes."""


@dataclass(frozen=True, slots=True)
class Span:
    """What changed in [start, end): whole seconds in UTC."""

    start: datetime
    end: datetime

    @property
    def search(self) -> str:
        """The span as Shopify's search has it."""
        return queries.updated_between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Children:
    """A connection on every object of a list.

    Attributes:
        name: the connection, e.g. `lineItems`.
        kind: what they are in global ids, e.g. `LineItem`.
        parent: the root field that returns one object, e.g. `order`.
        fields: what is asked of each.
        size: the variable that says how many come with the object.
        first: how many come with the object; the rest is fetched through `parent`.
    """

    name: str
    kind: str
    parent: str
    fields: str
    size: str
    first: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that a shop offers.

    Attributes:
        name: the root connection, e.g. `orders`.
        paged: the query of a page.
        bulk: makes the query of a bulk operation from a search.
        first: objects of the first page; later ones follow the cost.
        children: what hangs on each object; in a bulk file what has no id is of the last.
        refunds: whether the objects have refunds.
    """

    name: str
    paged: str
    bulk: Callable[[str], str]
    first: int
    children: tuple[Children, ...] = ()
    refunds: bool = False

    def changed(self, client: Client, _account: Account, window: Window | None) -> Iterator[Page]:
        """Yields what was modified in a window, each object whole."""
        span = _in_seconds(window)
        if span is None:
            return
        reader = _Reader(self, Graph(client))
        if span.end - span.start >= timedelta(days=BULK_DAYS):
            yield from reader.in_bulk(span, set())
        else:
            yield from reader.paged(span)

    def all(self, client: Client, _account: Account, _window: Window | None) -> Iterator[Page]:
        """Yields the whole list."""
        yield from _Reader(self, Graph(client)).paged(None)


class _Reader:
    """Reads one chunk of one list."""

    def __init__(self, listing: Listing, graph: Graph) -> None:
        self._listing, self._graph = listing, graph
        self._refunds = Refunds(graph) if listing.refunds else None
        nested = {child.size: child.first for child in listing.children}
        self._size = PageSize(first=listing.first, nested=nested)

    def paged(self, span: Span | None) -> Iterator[Page]:
        """Yields the list page by page, and from `WALK_MOST` objects on by a bulk operation."""
        seen: set[str] = set()
        name = self._listing.name
        for records, reply, more in self._graph.walk(
            name, lambda size, after: self._question(span, size, after), self._size
        ):
            _check(records, span, name)
            for record in records:
                self._complete_children(record)
                reduce_addresses(record)
            seen.update(_version(record, span) for record in records)
            yield self._page(records, len(reply.body))
            if more and len(seen) + self._size.first > WALK_MOST:
                yield from self.in_bulk(span, seen)
                return

    def in_bulk(self, span: Span | None, seen: set[str]) -> Iterator[Page]:
        """Yields the list by a bulk operation, without the versions that were seen already."""
        kinds = {child.kind: child.name for child in self._listing.children}
        inner = self._listing.bulk(span.search if span else "")
        for found, size in bulk_objects(self._graph, inner, kinds):
            _check(found, span, self._listing.name)
            records = [record for record in found if _version(record, span) not in seen]
            for record in records:
                reduce_addresses(record)
            yield self._page(records, size)

    def _question(self, span: Span | None, size: PageSize, after: str | None) -> Question:
        variables: dict[str, Any] = {"first": size.first, "after": after, **size.nested}
        if span:
            variables["q"] = span.search
        return self._listing.paged, variables

    def _complete_children(self, record: dict[str, Any]) -> None:
        """Fetches the children that did not fit on the page."""
        for hang in self._listing.children:
            if hang.name not in record and hang is not self._listing.children[0]:
                continue  # A version of the API that no longer has it; its column is null.
            nodes, more = connection(record, hang.name)
            if more:
                after = record[hang.name]["pageInfo"].get("endCursor")
                text = queries.children(hang.parent, hang.name, hang.fields)
                rest = rest_of(
                    self._graph,
                    text,
                    {"id": record["id"]},
                    lambda data, hang=hang: data.get(hang.parent),  # type: ignore[misc]
                    hang.name,
                    after,
                )
                record[hang.name]["nodes"] = [*nodes, *rest]

    def _page(self, records: list[dict[str, Any]], size: int) -> Page:
        """Completes orders with their refunds."""
        if self._refunds is None:
            return Page(records, size)
        size += self._refunds.complete(records)
        return Page(records, size, undated(records))


def _in_seconds(window: Window | None) -> Span | None:
    """Cuts the ends to whole seconds, as Shopify keeps time; None when nothing is left.

    Both ends are cut, so windows that touched still do.
    """
    if window is None:
        raise TypeError("what has changed is asked for by a window")
    start, end = _second(window.start), _second(window.end)
    return Span(start, end) if start < end else None


def _second(side: date) -> datetime:
    if not isinstance(side, datetime):
        raise TypeError("what has changed is asked for by a window of instants")
    return side.astimezone(UTC).replace(microsecond=0)


def _version(record: dict[str, Any], span: Span | None) -> str:
    """What tells a row of the chunk apart: one version of an object, or the object itself."""
    return f"{record.get('id')} {record.get('updatedAt') if span else ''}"


def _check(records: list[dict[str, Any]], span: Span | None, name: str) -> None:
    """Makes sure that the filter was obeyed: one that Shopify cannot read returns the whole table.

    An object may be newer than the window: it was modified while it was being read.

    Raises:
        ShapeChanged: an object is older than the window.
    """
    for record in records if span else ():
        try:
            updated = datetime.fromisoformat(str(record.get("updatedAt")))
        except ValueError:
            continue  # The row is rejected further down, with its reason.
        if span and updated < span.start:
            raise ShapeChanged(
                f"{name}: asked for what changed since {span.start.isoformat()} and got "
                f"{record.get('id')} of {updated.isoformat()}: Shopify ignores the filter"
            )
