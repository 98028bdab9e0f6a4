"""Pages of a result: 10,000 rows each, with tokens that carry the clock of the first page.

A token names its query, its customer, the clock as of which the result was asked for, and where
the next page begins. So all pages of a result show one instant, however late they are fetched, the
server keeps nothing that it could lose, and a token of another query is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.sandbox.platforms.google_ads.errors import request_error
from connectors.sandbox.platforms.google_ads.result import Result, Rows
from connectors.sandbox.wire.pages import Signed

PAGE_ROWS = 10_000
_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins.

    Attributes:
        block: Number of the block.
        offset: Row inside the block.
        served: Rows before it, for LIMIT.
        repeats: How often faults have already shown this position once more or left it empty.
    """

    block: int = 0
    offset: int = 0
    served: int = 0
    repeats: int = 0

    def repeated(self) -> Position:
        """Returns the same position, marked as shown once more."""
        return replace(self, repeats=self.repeats + 1)


def page(
    result: Result, position: Position, rows: int = PAGE_ROWS
) -> tuple[list[Rows], Position | None]:
    """Returns a page's rows, in pieces of one block each, and where the next page begins."""
    limit = result.asked.query.limit
    wanted = rows if limit is None else min(rows, limit - position.served)
    pieces: list[Rows] = []
    block, offset, taken = position.block, position.offset, 0
    while block < result.blocks:
        drawn = result.block(block)
        if offset < len(drawn):
            if taken == wanted:
                break
            piece = drawn.take(slice(offset, offset + wanted - taken))
            pieces.append(piece)
            taken += len(piece)
            offset += len(piece)
        if offset >= len(drawn):
            block, offset = block + 1, 0
    served = position.served + taken
    if block >= result.blocks or (limit is not None and served >= limit):
        return pieces, None
    return pieces, Position(block, offset, served)


def all_pages(result: Result, rows: int = PAGE_ROWS) -> Iterator[list[Rows]]:
    """Yields the pages of a result from first to last; none for an empty result."""
    position: Position | None = Position()
    while position is not None:
        pieces, position = page(result, position, rows)
        if pieces:
            yield pieces


class PageTokens:
    """Writes and reads page tokens."""

    def __init__(self, seed: int) -> None:
        self._signed = Signed(f"page tokens of sandbox {seed}")

    def write(self, customer: str, query: str, clock: datetime, position: Position) -> str:
        """Returns the token of a position."""
        place = [position.block, position.offset, position.served, position.repeats]
        return self._signed.write(f"{customer} {query}", [clock.isoformat(), *place])

    def read(
        self, customer: str, query: str, token: str, now: datetime
    ) -> tuple[datetime, Position]:
        """Returns the clock and the position of a token.

        Raises:
            GoogleAdsError: The token is none of this query on this customer, or a day old.
        """
        try:
            clock, *place = self._signed.read(f"{customer} {query}", token)
        except ValueError as trouble:
            raise request_error("INVALID_PAGE_TOKEN", "Page token is invalid.") from trouble
        instant = datetime.fromisoformat(clock)
        if now - instant > _LIFETIME:
            raise request_error("EXPIRED_PAGE_TOKEN", "Expired page token.")
        return instant, Position(*place)
