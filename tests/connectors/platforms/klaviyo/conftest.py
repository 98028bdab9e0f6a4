"""An account that answers like Klaviyo, and makers of what it answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.platforms import get
from connectors.sandbox.wire.json_api import entity

_METRICS = Path(__file__).parent / "pages" / "metrics.json"


def page(*data: Any, included: Any = (), after: str | None = None) -> dict[str, Any]:
    """Returns an answer with a list."""
    following = f"https://a.klaviyo.com/api/{after}" if after else None
    return {"data": list(data), "included": list(included), "links": {"next": following}}


def metric(id_: str, name: str, integration: str, category: str = "Internal") -> Any:
    """Returns a metric."""
    said = {"name": name, "integration": {"name": integration, "category": category}}
    return entity("", "metric", id_, said)


class Made:
    """Makers of answers (helpers cannot be imported between test modules)."""

    page, metric = staticmethod(page), staticmethod(metric)

    @staticmethod
    def entity(type_: str, id_: str, related: Any = None, **said: Any) -> Any:
        """Returns an object; a relation leads to one `(type, id)`, or to a list of them."""
        return entity("", type_, id_, said, related)


@pytest.fixture
def made() -> type[Made]:
    return Made


@pytest.fixture
def api(answering: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    account = Account("AbC123", time_zone="Europe/Berlin")
    found = answering(get("klaviyo"), account, {"private_key": "pk_0123456789"}, page())
    found.answers["/api/metrics"] = json.loads(_METRICS.read_text("utf-8"))
    return found
