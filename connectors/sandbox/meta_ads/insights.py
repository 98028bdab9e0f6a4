"""Pages of insights: results are kept a while, so that their next pages cost nothing twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import orjson

from connectors.sandbox.meta_ads.asked import Asked, read
from connectors.sandbox.meta_ads.errors import GraphError, too_much_data
from connectors.sandbox.meta_ads.nodes import Node
from connectors.sandbox.meta_ads.periods import Calendar
from connectors.sandbox.meta_ads.rendering import Renderer
from connectors.sandbox.meta_ads.result import Result

# What a call can answer at once, and what a job can: the platform names no figures of its own.
SYNC_ROWS, ASYNC_ROWS = 10_000, 1_000_000
SYNC_DAYS_OF_BREAKDOWNS = 93
_KEPT = 24


class Insights:
    """Answers questions about insights, page by page."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, tuple[Result, Renderer]] = OrderedDict()

    def asked(self, node: Node, params: Mapping[str, str]) -> Asked:
        """Reads a question on a node.

        Raises:
            GraphError: It breaks a rule.
        """
        today = node.clock.astimezone(node.zone).date()
        return read(params, node.kind, Calendar(today, node.business.parameters.first_day))

    def result(self, node: Node, asked: Asked) -> tuple[Result, Renderer]:
        """Returns the rows of a question, and what renders them.

        Raises:
            GraphError: A condition cannot be met.
        """
        key = (node.id, node.clock, asked.level, asked.fields, asked.periods, asked.breakdowns)
        whole = (key, asked.windows, repr(asked.conditions), asked.sort)
        kept = self._kept.pop(whole, None)
        if kept is None:
            result = Result(node, asked)
            kept = (result, Renderer(result))
        self._kept[whole] = kept
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return kept

    def check_size(self, node: Node, asked: Asked) -> None:
        """Refuses what is too much for an answer at once.

        Raises:
            GraphError: Code 100 with subcode 1487534.
        """
        result, _ = self.result(node, asked)
        days = sum((last - first).days + 1 for first, last in asked.periods)
        too_long = bool(asked.breakdowns) and days > SYNC_DAYS_OF_BREAKDOWNS
        if too_long or result.estimate() > SYNC_ROWS:
            raise too_much_data()

    def job_trouble(self, node: Node, asked: Asked) -> GraphError | None:
        """Returns why a job would fail, None when it would not."""
        result, _ = self.result(node, asked)
        return too_much_data() if result.estimate() > ASYNC_ROWS else None

    def page(self, node: Node, asked: Asked, first: int, last: int) -> tuple[list[str], bool]:
        """Returns some rows as JSON texts, and whether more follow."""
        result, renderer = self.result(node, asked)
        rows, more = result.rows(first, last)
        return renderer.rows(rows), more


def with_unknown_fields(row: str) -> str:
    """Adds what no version of the API knows to a row, as a newer one would."""
    return f'{{"sandbox_metric":"7","sandbox_detail":{{"depth":1}},{row[1:]}'


def as_data(rows: list[str]) -> orjson.Fragment:
    """Returns rows as the value of `data`."""
    return orjson.Fragment(f"[{','.join(rows)}]".encode())
