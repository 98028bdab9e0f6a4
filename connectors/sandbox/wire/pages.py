"""Pages of a list, with duplicate and empty ones among them, that add up to the whole.

Where a fault puts a page in is drawn from the request alone. So the list looks the same from every
page of it, however often and in whatever order they are asked for, and a client that reads them all
has every row.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

import orjson

from connectors.sandbox.wire.faults import PAGE_KINDS, Faults
from connectors.sandbox.wire.lifecycle import Call

T = TypeVar("T")
_SIGNATURE_BYTES = 9


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page.

    Attributes:
        rows: What stands on it.
        number: Its place, from 1.
        pages: How many there are; 0 of an empty list.
        total: How many rows there are.
        fault: The fault that put it there; None for most.
    """

    rows: Sequence[T]
    number: int
    pages: int
    total: int
    fault: str | None = None

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.number < self.pages


def page(faults: Faults, key: bytes, rows: Sequence[T], number: int, size: int) -> Page[T]:
    """Returns a page of a list; one beyond the last is empty.

    Args:
        faults: What goes wrong.
        key: What makes the list this one: the request without its page.
        rows: The whole list.
        number: The page, from 1.
        size: Rows a page.
    """
    layout: list[tuple[int, str | None]] = []
    for start in range(0, len(rows), size):
        layout.append((start, None))
        kind = faults.inserted(b"%s page %d" % (key, start))
        if kind is not None:
            layout.append((start, kind))
    if number > len(layout):
        return Page((), number, len(layout), len(rows))
    start, kind = layout[number - 1]
    shown = () if kind == "empty_page" else rows[start : start + size]
    return Page(shown, number, len(layout), len(rows), kind)


def asked_page(
    faults: Faults,
    call: Call,
    rows: Sequence[dict[str, Any]],
    number: int,
    size: int,
    inside: str | None = None,
) -> Page[dict[str, Any]]:
    """Returns the page that a call asks for by the number in its `page`, and records it.

    Args:
        faults: What goes wrong.
        call: The call.
        rows: The whole list.
        number: The page, from 1.
        size: Rows a page.
        inside: As of `with_unknown_fields`.
    """
    shown = page(faults, call.list_key("page"), rows, number, size)
    call.note_query()
    call.note(page=number > 1, fault=shown.fault or call.fault)
    return replace(shown, rows=with_unknown_fields(shown.rows, call.fault, inside))


def tokened(
    faults: Faults, signed: Signed, key: str, rows: Sequence[T], token: str, size: int
) -> tuple[Page[T], str]:
    """Returns the page that a token leads to, and the token of the next; empty for the last.

    Args:
        faults: What goes wrong.
        signed: Writes and reads the tokens.
        key: What makes the list this one: the request without its token.
        rows: The whole list.
        token: Empty for the first page.
        size: Rows a page.

    Raises:
        ValueError: The token belongs to another list, or is none.
    """
    number = signed.read(key, token) if token else 1
    shown = page(faults, key.encode(), rows, number, size)
    return shown, signed.write(key, number + 1) if shown.more else ""


def with_unknown_fields(
    rows: Sequence[dict[str, Any]], fault: str | None, inside: str | None = None
) -> list[dict[str, Any]]:
    """Returns rows, every third with a field that no client knows if that is the fault.

    Args:
        rows: The rows of a page.
        fault: What its request meets.
        inside: The field whose object the unknown one stands in; None for the row itself.
    """
    shown = list(rows)
    if fault == "unknown_field":
        shown[::3] = [
            {**row, "sandbox_field": {"depth": 1}}
            if inside is None
            else {**row, inside: {**row[inside], "sandbox_metric": "7"}}
            for row in shown[::3]
        ]
    return shown


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a result begins, as a token carries it, so that the server keeps nothing.

    Attributes:
        clock: As of when the first page was asked for: all pages of a result show one instant.
        offset: How many rows come before.
        repeats: How often faults have already shown this position once more or left it empty.
    """

    clock: datetime
    offset: int = 0
    repeats: int = 0

    def at(self, offset: int) -> Position:
        """Returns another position of the same result."""
        return Position(self.clock, offset)

    def faulty(self, fault: str | None, rows: int) -> bool:
        """Whether a page of so many rows is one that a fault shows twice or, at first, empty."""
        return fault in PAGE_KINDS and self.repeats == 0 and rows > 0

    def repeated(self) -> Position:
        """Returns the same position, marked as shown once more."""
        return replace(self, repeats=self.repeats + 1)

    def values(self) -> list[Any]:
        """Returns the position as JSON values."""
        return [self.clock.isoformat(), self.offset, self.repeats]

    @classmethod
    def read(cls, values: Sequence[Any]) -> Position:
        """Returns the position of what `values` has made."""
        clock, offset, repeats = values
        return cls(datetime.fromisoformat(clock), offset, repeats)


class Signed:
    """Texts that carry values and cannot be made up: page tokens, cursors.

    Args:
        purpose: What they are for; a text of another purpose is not read.
    """

    def __init__(self, purpose: str) -> None:
        self._key = hashlib.sha256(purpose.encode()).digest()

    def write(self, bound: str, values: Any) -> str:
        """Returns the text of values that belong to something: a query, an account."""
        body = orjson.dumps(values)
        return base64.urlsafe_b64encode(self._sign(bound, body) + body).decode().rstrip("=")

    def read(self, bound: str, text: str) -> Any:
        """Returns the values of a text.

        Raises:
            ValueError: It is none, or belongs to something else.
        """
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        signature, body = data[:_SIGNATURE_BYTES], data[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(bound, body)):
            raise ValueError("not signed for this")
        return orjson.loads(body)

    def _sign(self, bound: str, body: bytes) -> bytes:
        signed = hmac.new(self._key, bound.encode() + b"\x1f" + body, hashlib.sha256)
        return signed.digest()[:_SIGNATURE_BYTES]
