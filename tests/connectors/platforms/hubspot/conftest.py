"""An account that answers like HubSpot, and makers of what it answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.platforms import get

_PAGES = Path(__file__).parent / "pages"
OBJECTS = "/crm/objects/2026-09/"


class Made:
    """Makers of answers (helpers cannot be imported between test modules)."""

    objects = OBJECTS

    @staticmethod
    def recorded(name: str) -> Any:
        """Returns a recorded page."""
        return json.loads((_PAGES / f"{name}.json").read_text("utf-8"))

    @staticmethod
    def page(*rows: Any, after: str | None = None) -> dict[str, Any]:
        """Returns an answer with a list."""
        return {"results": list(rows), **({"paging": {"next": {"after": after}}} if after else {})}

    @staticmethod
    def record(id_: int, updated: str = "2026-11-02T00:00:00.000Z", **said: Any) -> dict[str, Any]:
        """Returns a record."""
        times = {"createdAt": "2026-10-01T08:00:00Z", "updatedAt": updated, "archived": False}
        return {"id": str(id_), "properties": said, **times}


@pytest.fixture
def made() -> type[Made]:
    return Made


@pytest.fixture
def api(answering: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    account = Account("48120003", time_zone="Asia/Kolkata")
    secrets = {"access_token": "pat-eu1-0123456789"}
    return answering(get("hubspot"), account, secrets, Made.page())
