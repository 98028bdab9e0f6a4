"""Lists without pages: an answer has so many rows at most, and nothing says that it was cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from connectors.core.errors import TooHeavy
from connectors.core.stream import Page

_SECOND = timedelta(seconds=1)


def within_cap(
    ask: Callable[[datetime, datetime], tuple[list[dict[str, Any]], int]],
    start: datetime,
    end: datetime,
    cap: int,
) -> Iterator[Page]:
    """Yields what there is between two instants, in halves for as long as an answer is full.

    Args:
        ask: gets the rows from an instant up to another (not included), and their bytes.
        start: the first instant, in whole seconds.
        end: the end, in whole seconds.
        cap: rows of an answer at most; one that has so many may have been cut.

    Raises:
        TooHeavy: an answer about one second is full.
    """
    rows, size = ask(start, end)
    if len(rows) < cap:
        yield Page(rows, size)
        return
    half = (end - start) // 2
    middle = start + timedelta(seconds=half // _SECOND)
    if middle <= start:
        raise TooHeavy(f"the platform shows {cap} rows of {start.isoformat()} and no more")
    yield from within_cap(ask, start, middle, cap)
    yield from within_cap(ask, middle, end, cap)
