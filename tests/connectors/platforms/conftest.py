"""Settings of the tests of the platforms, and a stream read from made-up answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.extraction import extract
from connectors.core.platform import Platform
from connectors.core.window import Window


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the person who runs the tests must not leak into them."""
    for name in ("TRIBUTARY_NOW", "TRIBUTARY_SANDBOX", "TRIBUTARY_RETRY_BASE"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Read:
    """What a stream made of the answers: its rows, what it rejected, and what it asked for."""

    rows: list[dict[str, Any]]
    rejected: list[str]
    asked: list[Any]


@pytest.fixture
def read(kit: Any) -> Callable[..., Read]:
    """Reads a stream of a platform; a handler answers each request but those for a token."""

    def call(
        platform: Platform,
        stream: str,
        handler: Callable[[Any], Any],
        window: Window | None = None,
        **more: Any,
    ) -> Read:
        server = kit.server(
            lambda asked: kit.token if asked.path.endswith("Token") else handler(asked)
        )
        account = Account(platform.account_ids.example)
        credential = {one.name: f"{one.name}-0123456789" for one in platform.credential_fields}
        client = kit.client(
            server, platform=platform, account=account, credential=credential, **more
        )
        pages = list(extract(platform, platform.stream(stream), account, window, client))
        return Read(
            [row for page in pages for row in page.batch.to_pylist()],
            [one.reason for page in pages for one in page.rejected],
            [one for one in server.asked if not one.path.endswith("Token")],
        )

    return call


@dataclass
class Api:
    """A platform that answers by path: what is called, or answers in their order.

    Of answers in their order the last one stays.
    """

    kit: Any
    platform: Platform
    account: Account
    credential: Mapping[str, str]
    otherwise: Any
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    def __call__(self, request: Any) -> Any:
        self.asked.append(request)
        found = self.answers.get(request.path, self.otherwise)
        if callable(found):
            return found(request)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    def rows(self, stream: str, window: Window | None = None) -> list[dict[str, Any]]:
        """Returns the rows of a stream, of which none was set aside; a token is `<value>`."""
        client = self.kit.client(
            self.kit.server(self),
            platform=self.platform,
            account=self.account,
            credential=self.credential,
        )
        declared = self.platform.stream(stream)
        asked = (self.platform, declared, self.account, window, client, lambda value: f"<{value}>")
        pages = list(extract(*asked))
        assert [one.rejected for one in pages if one.rejected] == []
        return [row for page in pages for row in page.batch.to_pylist()]


@pytest.fixture
def answering(kit: Any) -> Callable[..., Api]:
    """Makes platforms that answer by path; what has no answer gets the one given last."""
    return lambda platform, account, credential, otherwise=None: Api(
        kit, platform, account, credential, otherwise
    )
