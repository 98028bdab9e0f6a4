"""A home whose clock stands where the signed times of the tests are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from orchestration.workspace import Workspace, open_workspace

sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TRIBUTARY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-01T00:00:00Z")
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)
    return open_workspace()


@pytest.fixture
def endpoint(space: Workspace) -> Iterator[Callable[..., object]]:
    """Connects one sender and serves it."""
    from receiving import Endpoint, add, receiving

    with ExitStack() as stack:

        def served(sender: str, **given: str) -> object:
            connection = add(space, sender, **given)
            address = stack.enter_context(receiving(space))
            return Endpoint(space, connection, address)

        yield served
