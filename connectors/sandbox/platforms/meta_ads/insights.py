"""Pages of insights: results are kept a while, so that their next pages cost nothing twice."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from connectors.sandbox.platforms.meta_ads.asked import Asked, read
from connectors.sandbox.platforms.meta_ads.errors import too_much_data
from connectors.sandbox.platforms.meta_ads.nodes import Node
from connectors.sandbox.platforms.meta_ads.periods import Calendar
from connectors.sandbox.platforms.meta_ads.rendering import Renderer
from connectors.sandbox.platforms.meta_ads.result import Found
from connectors.sandbox.tables.results import Kept

# What a call can answer at once: the platform names no figures of its own.
SYNC_ROWS = 10_000
SYNC_DAYS_OF_BREAKDOWNS = 93
# What the entries of actions can be split by here, and into what.
_SPLIT_BY = {
    "action_device": "mobile_app",
    "action_destination": "104000000000017",
    "action_target_id": "104000000000017",
    "conversion_destination": "website",
}


class Insights:
    """Answers questions about insights, page by page."""

    def __init__(self) -> None:
        self._kept: Kept[Renderer] = Kept()

    def asked(self, node: Node, params: Mapping[str, str]) -> Asked:
        """Reads a question on a node.

        Raises:
            GraphError: It breaks a rule.
        """
        today = node.clock.astimezone(node.zone).date()
        return read(params, node.kind, Calendar(today, node.business.parameters.first_day))

    def estimate(self, node: Node, asked: Asked) -> int:
        """Returns how many rows a question can come to at most.

        Raises:
            GraphError: A condition cannot be met.
        """
        return self._rendered(node, asked).found.estimate()

    def check_size(self, node: Node, asked: Asked) -> None:
        """Refuses what is too much for an answer at once.

        Raises:
            GraphError: Code 100 with subcode 1487534.
        """
        days = sum((last - first).days + 1 for first, last in asked.periods)
        too_long = bool(asked.breakdowns) and days > SYNC_DAYS_OF_BREAKDOWNS
        if too_long or self.estimate(node, asked) > SYNC_ROWS:
            raise too_much_data()

    def page(self, node: Node, asked: Asked, first: int, count: int) -> tuple[list[str], bool]:
        """Returns so many rows from a position on as JSON texts, and whether more follow."""
        texts, more = self._rendered(node, asked).rows(first, count)
        if asked.action_breakdowns:
            texts = [broken_down(row, asked.action_breakdowns) for row in texts]
        return texts, more

    def _rendered(self, node: Node, asked: Asked) -> Renderer:
        key = (node.id, node.clock, repr(asked))
        return self._kept.find(key, lambda: Renderer(Found(node, asked)))


def broken_down(row: str, names: tuple[str, ...]) -> str:
    """Adds what its entries of actions are split by to a row.

    This business knows one device and one place to which its ads lead, so that no entry is divided;
    of all else an entry has nothing.
    """
    shown = {name: _SPLIT_BY[name] for name in names if name in _SPLIT_BY}
    read = orjson.loads(row)
    for value in read.values():
        for entry in value if isinstance(value, list) else ():
            if isinstance(entry, dict) and "action_type" in entry:
                entry |= shown
    return orjson.dumps(read).decode()


def split_actions(row: str) -> str:
    """Puts the first entry of each list of actions in two, as if something had divided it."""
    read = orjson.loads(row)
    for value in read.values():
        entry = value[0] if isinstance(value, list) and value else None
        if isinstance(entry, dict) and str(entry.get("value", "")).isdigit():
            whole = int(entry["value"])
            rest = {**entry, "value": str(whole - whole // 2)}
            value[:1] = [{**entry, "value": str(whole // 2)}, rest]
    return orjson.dumps(read).decode()


def with_unknown_fields(row: str) -> str:
    """Adds what no version of the API knows to a row, as a newer one would."""
    return f'{{"sandbox_metric":"7","sandbox_detail":{{"depth":1}},{row[1:]}'
