"""The two usual streams: a whole list of entities, and what was or happened on each day."""

from __future__ import annotations

from collections.abc import Set

from connectors.core.columns import Column
from connectors.core.stream import Pages, Stream

_A_MONTH = 31


def entities(
    name: str, what: str, columns: tuple[Column, ...], pages: Pages, ignored: Set[str]
) -> Stream:
    """Returns the stream of a whole list, whose key is the first of its columns.

    Args:
        name: its name.
        what: what one record is.
        columns: its columns.
        pages: fetches the list.
        ignored: fields that are known and dropped.
    """
    key = (columns[0].name,)
    return Stream(
        name, "snapshot", what, columns, pages, key_columns=key, ignored=frozenset(ignored)
    )


def daily(
    name: str,
    what: str,
    columns: tuple[Column, ...],
    pages: Pages,
    lookback: tuple[int, str],
    ignored: Set[str],
) -> Stream:
    """Returns the stream of a report by day, a month of which is a chunk.

    Args:
        name: its name.
        what: what one row is.
        columns: its columns.
        pages: fetches the days of a window.
        lookback: how many days are pulled again, and why.
        ignored: fields that are known and dropped.
    """
    rest = (*lookback, _A_MONTH)
    return Stream(
        name, "report", what, columns, pages, *rest, grain="day", ignored=frozenset(ignored)
    )
