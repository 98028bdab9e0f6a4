"""A home with sources of files; the helpers of this folder are modules beside the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from landing_home import LandingHome

from orchestration.workspace import open_workspace


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LandingHome:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-21T12:00:00Z")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    return LandingHome(open_workspace())
