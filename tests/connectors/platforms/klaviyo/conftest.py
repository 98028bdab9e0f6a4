"""An account that answers like Klaviyo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.platforms import get

_METRICS = Path(__file__).parent / "pages" / "metrics.json"


@pytest.fixture
def api(answering: Any, made: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-15T06:00:00Z")
    account = Account("AbC123", time_zone="Europe/Berlin")
    found = answering(get("klaviyo"), account, {"private_key": "pk_0123456789"}, made.page())
    found.answers["/api/metrics"] = json.loads(_METRICS.read_text("utf-8"))
    return found
