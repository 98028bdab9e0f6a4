"""Relay connections: pages of a list or of a sorted table, with cursors that survive changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from connectors.sandbox.platforms.shopify.errors import bad_request
from connectors.sandbox.tables.records import Sorted
from connectors.sandbox.wire.pages import Signed

LARGEST_PAGE = 250
DEEPEST = 25_000
_CURSORS = Signed("cursors")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a connection.

    Attributes:
        nodes: What the nodes' fields are read from.
        cursor: The cursor of the node at a position of the page.
        has_next, has_previous: Whether there is more on either side.
        end: A cursor that stands for the last node's; None for that one.
    """

    nodes: Sequence[Any]
    cursor: Callable[[int], str]
    has_next: bool
    has_previous: bool
    end: str | None = None

    def end_cursor(self) -> str | None:
        """Returns the cursor to go on from."""
        if self.end is not None:
            return self.end
        return self.cursor(len(self.nodes) - 1) if self.nodes else None

    def start_cursor(self) -> str | None:
        """Returns the first node's cursor."""
        return self.cursor(0) if self.nodes else None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a sorted list: behind the row with this value and this id.

    Attributes:
        fault: Marks the place as one from which a fault has sent the client on, so that it meets
            none again.
    """

    value: int
    id: int
    fault: str | None = None

    def text(self) -> str:
        """Writes the cursor."""
        return _CURSORS.write("", [self.value, self.id, self.fault])

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Reads a cursor.

        Raises:
            GraphQLError: It is none of ours.
        """
        try:
            return cls(*_CURSORS.read("", text))
        except ValueError as trouble:
            raise bad_request(f"Invalid cursor for current pagination sort: {text}") from trouble


def size_of(arguments: Mapping[str, Any]) -> int:
    """Returns how many nodes a connection is asked for.

    Raises:
        GraphQLError: No number, or one out of its range.
    """
    size = arguments.get("first")
    if size is None:
        raise bad_request("you must provide one of first or last")
    if size < 0:
        raise bad_request("first cannot be negative")
    if size > LARGEST_PAGE:
        raise bad_request(f"first cannot exceed {LARGEST_PAGE}")
    return int(size)


def page_of_list(nodes: Sequence[Any], arguments: Mapping[str, Any]) -> Page:
    """Returns a page of a list whose order never changes."""
    falling, places = bool(arguments.get("reverse")), np.arange(len(nodes), dtype=np.int64)
    if falling:
        places = places[::-1]
    return page_of(Sorted(places, places, places, falling), arguments, nodes.__getitem__)


def page_of(found: Sorted, arguments: Mapping[str, Any], node: Callable[[int], Any]) -> Page:
    """Returns a page of sorted rows.

    Args:
        found: All of them, in the order that is asked for.
        arguments: Of the field.
        node: Makes what the node's fields are read from out of a row.

    Raises:
        GraphQLError: The page lies deeper than the platform goes.
    """
    size, start, count = size_of(arguments), 0, len(found.rows)
    if arguments.get("after"):
        after = Cursor.read(arguments["after"])
        start = found.behind(after.value, after.id)
    stop = min(count, start + size)
    if stop > DEEPEST and stop > start:
        raise bad_request(
            f"Pagination is limited to {DEEPEST} objects. Use a filter or a bulk operation."
        )

    def cursor(at: int) -> str:
        return Cursor(int(found.values[start + at]), int(found.ids[start + at])).text()

    nodes = [node(row) for row in found.rows[start:stop].tolist()]
    return Page(nodes, cursor, stop < count, start > 0)
