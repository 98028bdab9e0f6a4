"""Cursors and pages: opaque texts that carry the clock of the first page and a position."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from connectors.sandbox.platforms.meta_ads.errors import invalid


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins.

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

    def repeated(self) -> Position:
        """Returns the same position, marked as shown once more."""
        return replace(self, repeats=self.repeats + 1)

    def text(self) -> str:
        """Returns the cursor."""
        body = orjson.dumps([self.clock.isoformat(), self.offset, self.repeats])
        return "QVFI" + base64.urlsafe_b64encode(body).decode().rstrip("=")


def read_cursor(name: str, text: str) -> Position:
    """Reads a cursor.

    Raises:
        GraphError: It is none of ours.
    """
    encoded = text.removeprefix("QVFI").rstrip("=")
    try:
        clock, offset, repeats = orjson.loads(
            base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        )
        return Position(datetime.fromisoformat(clock), int(offset), int(repeats))
    except (ValueError, TypeError) as trouble:
        raise invalid(f"Invalid cursors values: {name}") from trouble
