"""Settings of the tests of the core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the person who runs the tests must not leak into them."""
    for name in ("TRIBUTARY_NOW", "TRIBUTARY_SANDBOX", "TRIBUTARY_RETRY_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def serve(kit: Any) -> Callable[..., Any]:
    """Makes a server from a list of answers (the last repeats); the token address always works."""

    def make(*answers: Any) -> Any:
        left = list(answers)

        def handler(asked: Any) -> Any:
            if asked.path == "/token":
                count = sum(each.path == "/token" for each in server.asked)
                return {"access_token": f"access-token-{count}", "expires_in": 3599}
            return left.pop(0) if len(left) > 1 else left[0]

        server = kit.server(handler)
        return server

    return make
