"""A shop in process, as the platform document describes it, and readers of recorded pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.extraction import extract
from connectors.core.window import Window
from connectors.platforms import get
from connectors.platforms.shopify import costs

_PAGES = Path(__file__).parent / "pages"
_PLATFORM = get("shopify")
_FILES = "https://files.example/bulk.jsonl?X-Goog-Signature=abcdef0123456789"


def page(name: str) -> Any:
    return json.loads((_PAGES / f"{name}.json").read_text("utf-8"))


def answer(data: Any, cost: float = 10, left: float = 1990, **extensions: Any) -> dict[str, Any]:
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": left, "restoreRate": 100.0}
    told = {"requestedQueryCost": cost, "actualQueryCost": cost, "throttleStatus": status}
    return {"data": data, "extensions": {"cost": told, **extensions}}


@dataclass
class Shop:
    """Answers by what a query begins with; each test replaces what it is about."""

    answers: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)

    def __call__(self, request: Any) -> Any:
        self.requests.append(request)
        if not request.path.endswith("/graphql.json"):
            return self.answers["file"](request)
        text, variables = request.json["query"], request.json["variables"]
        name = next((n for n in self.answers if n in text), None)
        assert name, f"nobody answers {text}"
        self.asked.append((name, variables))
        return self.answers[name](variables)

    def count(self, name: str) -> int:
        return sum(asked == name for asked, _ in self.asked)


@dataclass
class Reader:
    """Reads streams of a shop."""

    kit: Any
    shop: Shop
    sleeper: Any
    server: Any

    def client(self, credential: Any = None, account: Any = None, **changes: Any) -> Any:
        return self.kit.client(
            self.server,
            platform=_PLATFORM,
            account=account or Account("acme-outdoor", granted=frozenset({"read_all_orders"})),
            credential=credential or {"access_token": "shpat_0123456789"},
            sleep=self.sleeper,
            **changes,
        )

    def typed(self, stream: str, *ends: str, client: Any = None) -> Iterator[Any]:
        declared = _PLATFORM.stream(stream)
        window = None
        if declared.kind == "changes":
            start, end = ends or ("2026-11-01T00:00:00", "2026-11-02T00:00:00")
            instants = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, end)]
            window = Window(*instants)
        client = client or self.client()
        return extract(_PLATFORM, declared, client.account, window, client, lambda v: f"<{v}>")

    def rows(self, stream: str, *ends: str, client: Any = None) -> list[dict[str, Any]]:
        pages = list(self.typed(stream, *ends, client=client))
        assert [each.rejected for each in pages if each.rejected] == []
        return [row for each in pages for row in each.batch.to_pylist()]


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def reader(kit: Any, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    # Budgets are shared by the process: every test has a shop of its own.
    costs.SHARED_BUDGETS._budgets.clear()
    sleeper = kit.sleeper()
    return Reader(kit, shop, sleeper, kit.server(shop))


@pytest.fixture(scope="session")
def pages() -> Callable[[str], Any]:
    return page


@pytest.fixture(scope="session")
def answered() -> Callable[..., dict[str, Any]]:
    return answer


@dataclass
class Bulk:
    """A bulk operation that runs for some looks and leaves a file."""

    kit: Any
    shop: Shop
    body: bytes | None
    statuses: list[dict[str, Any]]
    starts: list[Any] = field(default_factory=list)
    counts: dict[str, str] = field(default_factory=dict)

    def install(self) -> None:
        self.shop.answers["bulkOperationRunQuery"] = self._start
        self.shop.answers["bulkOperation("] = self._look
        self.shop.answers["file"] = lambda request: self.kit.answer(body=self.body)

    def _start(self, variables: Any) -> Any:
        if self.starts:
            return answer({"bulkOperationRunQuery": self.starts.pop(0)})
        made = {"id": "gid://shopify/BulkOperation/1", "status": "CREATED"}
        return answer({"bulkOperationRunQuery": {"bulkOperation": made, "userErrors": []}})

    def _look(self, variables: Any) -> Any:
        if self.statuses:
            return answer({"bulkOperation": self.statuses.pop(0)})
        lines = [line for line in (self.body or b"").splitlines() if line]
        roots = sum(b"__parentId" not in line for line in lines)
        done = {
            "id": variables["id"],
            "status": "COMPLETED",
            "errorCode": None,
            "objectCount": str(len(lines)),
            "rootObjectCount": str(roots),
            "fileSize": str(len(self.body)) if self.body else None,
            "url": _FILES if self.body else None,
            **self.counts,
        }
        return answer({"bulkOperation": done})


@pytest.fixture
def bulk(shop: Shop, kit: Any) -> Callable[..., Bulk]:
    def install(body: bytes | None = None, *statuses: dict[str, Any], **more: Any) -> Bulk:
        found = (_PAGES / "bulk_orders.jsonl").read_bytes() if body is None else body
        made = Bulk(kit, shop, found or None, list(statuses), **more)
        made.install()
        return made

    return install
