"""Relay connections: pages of a list or of a sorted table, with cursors that survive changes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from graphql import GraphQLError

Integers = npt.NDArray[np.int64]
LARGEST_PAGE = 250
DEEPEST = 25_000


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
        body: dict[str, Any] = {"last_id": self.id, "last_value": self.value}
        if self.fault is not None:
            body["again"] = self.fault
        return base64.b64encode(orjson.dumps(body)).decode()

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Reads a cursor.

        Raises:
            GraphQLError: It is none of ours.
        """
        try:
            body = orjson.loads(base64.b64decode(text, validate=True))
            return cls(int(body["last_value"]), int(body["last_id"]), body.get("again"))
        except (binascii.Error, ValueError, KeyError, TypeError) as trouble:
            raise refused(f"Invalid cursor for current pagination sort: {text}") from trouble


def refused(message: str) -> GraphQLError:
    """Returns the error for arguments that make no sense."""
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def size_of(arguments: Mapping[str, Any]) -> int:
    """Returns how many nodes a connection is asked for.

    Raises:
        GraphQLError: No number, two numbers, or one out of its range.
    """
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None:
        raise refused("you must provide one of first or last")
    if first is not None and last is not None:
        raise refused("providing both first and last is not supported")
    name, size = ("last", int(last or 0)) if first is None else ("first", int(first))
    if size < 0:
        raise refused(f"{name} cannot be negative")
    if size > LARGEST_PAGE:
        raise refused(f"{name} cannot exceed {LARGEST_PAGE}")
    return size


def page_of_list(nodes: Sequence[Any], arguments: Mapping[str, Any]) -> Page:
    """Returns a page of a list whose order never changes."""
    places = np.arange(len(nodes), dtype=np.int64)
    rows, cursors = _cut(places, places, arguments)
    chosen = [nodes[row] for row in rows]
    return Page(chosen, lambda at: cursors[at].text(), *_around(rows, len(nodes), arguments))


def page_of_table(
    rows: Integers,
    values: Integers,
    ids: Integers,
    arguments: Mapping[str, Any],
    node: Callable[[int], Any],
) -> Page:
    """Returns a page of a sorted table.

    Args:
        rows: The table's rows in the order asked for, already reversed if that was asked.
        values: Of each of those what it is sorted by.
        ids: Of each of those its id.
        arguments: Of the field.
        node: Makes what the node's fields are read from out of a row.

    Raises:
        GraphQLError: The page lies deeper than the platform goes.
    """
    start, stop = _bounds(values, ids, arguments)
    if stop > DEEPEST and stop > start:
        raise refused(
            f"Pagination is limited to {DEEPEST} objects. Use a filter or a bulk operation."
        )
    chosen = [node(row) for row in rows[start:stop].tolist()]

    def cursor(at: int) -> str:
        return Cursor(int(values[start + at]), int(ids[start + at])).text()

    return Page(chosen, cursor, stop < len(rows), start > 0)


def _cut(
    values: Integers, ids: Integers, arguments: Mapping[str, Any]
) -> tuple[list[int], list[Cursor]]:
    if arguments.get("reverse"):
        values, ids = values[::-1], ids[::-1]
    start, stop = _bounds(values, ids, arguments)
    rows = ids[start:stop].tolist()
    return rows, [Cursor(row, row) for row in rows]


def _around(rows: list[int], count: int, arguments: Mapping[str, Any]) -> tuple[bool, bool]:
    if not rows:
        return False, bool(arguments.get("after")) and count > 0
    ends = (0, count - 1)
    first, last = (ends[1], ends[0]) if arguments.get("reverse") else ends
    return rows[-1] != last, rows[0] != first


def _bounds(values: Integers, ids: Integers, arguments: Mapping[str, Any]) -> tuple[int, int]:
    """Returns from where to where a page goes, in the order asked for."""
    size, falling = size_of(arguments), bool(arguments.get("reverse"))
    low, high = 0, len(values)
    if arguments.get("after"):
        low = _behind(values, ids, Cursor.read(arguments["after"]), falling)
    if arguments.get("before"):
        at = Cursor.read(arguments["before"])
        high = _behind(values, ids, at, falling)
        found = high > 0 and values[high - 1] == at.value and ids[high - 1] == at.id
        high -= 1 if found else 0
    high = max(low, high)
    if arguments.get("first") is not None:
        return low, min(high, low + size)
    return max(low, high - size), high


def _behind(values: Integers, ids: Integers, at: Cursor, falling: bool) -> int:
    """Returns how many rows lie before or at a cursor."""
    if falling:
        passed = (values > at.value) | ((values == at.value) & (ids >= at.id))
    else:
        passed = (values < at.value) | ((values == at.value) & (ids <= at.id))
    return int(np.count_nonzero(passed))
