"""The lists of a shop that were asked for, filtered and sorted, so that they can be paged."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.platforms.shopify.root_tables import table_of
from connectors.sandbox.platforms.shopify.search_syntax import Search
from connectors.sandbox.platforms.shopify.tables import Integers, Table
from connectors.sandbox.platforms.shopify.view import View

_MOST_LISTS = 6


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
