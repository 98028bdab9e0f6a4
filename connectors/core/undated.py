"""Reports that show all of a span together, without days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import Any

from connectors.core.stream import Page
from connectors.core.window import Window

Ask = Callable[[Window], Iterator[Page]]


def dated(
    ask: Ask,
    key_of: Callable[[dict[str, Any]], str],
    day_of: Callable[[str], str | None],
    window: Window,
    wanted: Set[str] | None = None,
) -> Iterator[Page]:
    """Yields the rows of a report with their days, as `date`.

    What has no known day within the span is found by asking for less: its day is the one whose
    report has it. That takes two questions for each halving, so it is for what is rare.

    Args:
        ask: gets the pages of a span.
        key_of: what a row is of.
        day_of: the day of that, where it is known.
        window: the span, of dates.
        wanted: what is looked for; None for all.
    """
    days, lost = set(map(str, window.days())), set()
    for page in ask(window):
        rows = []
        for row in page.records:
            key = key_of(row)
            if wanted is not None and key not in wanted:
                continue
            day = str(window.start) if len(days) == 1 else day_of(key)
            if day in days:
                rows.append({**row, "date": day})
            else:
                lost.add(key)
        yield Page(rows, page.bytes)
    if lost:
        for half in window.split((len(days) + 1) // 2):
            yield from dated(ask, key_of, lambda _: None, half, lost)
