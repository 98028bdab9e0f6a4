"""Settings of the tests of the platforms."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the person who runs the tests must not leak into them."""
    for name in ("TRIBUTARY_NOW", "TRIBUTARY_SANDBOX", "TRIBUTARY_RETRY_BASE"):
        monkeypatch.delenv(name, raising=False)
