"""A site that answers like WooCommerce, from rows that change between two requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.window import Window
from connectors.platforms import get

PLATFORM = get("woocommerce")
_PAGES = Path(__file__).parent / "pages"
_PAIR = {"consumer_key": "ck_0123456789", "consumer_secret": "cs_9876543210"}
_TIMES = {
    "modified_after": "date_modified_gmt",
    "modified_before": "date_modified_gmt",
    "after": "date_created",
    "before": "date_created",
}


@dataclass
class Site:
    """Lists by their path; `between` is called before each answer but the first."""

    kit: Any
    answering: Any
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    between: Callable[[Site, int], None] = lambda *_: None
    size: int = 100
    asked: list[Any] = field(default_factory=list)

    def __call__(self, request: Any) -> Any:
        if self.asked:
            self.between(self, len(self.asked))
        self.asked.append(request)
        asked, path = request.params, request.path.removeprefix("/wp-json/wc/v3/")
        if path not in self.lists:
            said = {"code": "rest_no_route", "message": "No route.", "data": {"status": 404}}
            return self.kit.answer(said, status=404)
        rows = [one for one in self.lists[path] if _fits(one, asked)]
        by = {"modified": "date_modified_gmt", "date": "date_created"}.get(asked["orderby"], "id")
        rows.sort(key=lambda one: (one[by], one["id"]))
        first = (int(asked["page"]) - 1) * self.size
        pages = str(-(-len(rows) // self.size))
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": pages}
        return self.kit.answer(rows[first : first + self.size], headers=headers)

    def read(self, stream: str, window: Window | None = None) -> Any:
        """Returns what a stream makes of the lists."""
        return self.answering(PLATFORM, Account("shop.example.com"), _PAIR, self).read(
            stream, window
        )

    def rows(self, stream: str, window: Window | None = None) -> list[Any]:
        """Returns the rows of a stream, of which none was set aside."""
        found = self.read(stream, window)
        assert found.rejected == []
        return list(found.rows)


def _fits(row: dict[str, Any], asked: dict[str, str]) -> bool:
    in_bin = row.get("status") == "trash"
    if "status" in asked and in_bin != (asked["status"] == "trash"):
        return False
    bounds = {name: asked[name] for name in _TIMES if name in asked}
    return all(
        row[_TIMES[name]] > side if name.endswith("after") else row[_TIMES[name]] < side
        for name, side in bounds.items()
    )


@pytest.fixture
def site(kit: Any, answering: Any, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    return Site(kit, answering)


@pytest.fixture
def page() -> Callable[[str], list[dict[str, Any]]]:
    return lambda name: json.loads((_PAGES / f"{name}.json").read_text("utf-8"))
