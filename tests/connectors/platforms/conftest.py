"""Settings of the tests of the platforms, and a stream read from made-up answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.arrow import PageTyper
from connectors.core.extraction import extract
from connectors.core.platform import Platform
from connectors.core.stream import Page
from connectors.core.window import Window
from connectors.sandbox.wire.json_api import entity

_SENT = Path(__file__).resolve().parents[4] / "shared/data/recorded"
"""Rows that other connectors were really sent, by platform."""


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

    @classmethod
    def of(cls, pages: list[Any], asked: list[Any]) -> Read:
        return cls(
            [row for page in pages for row in page.batch.to_pylist()],
            [one.reason for page in pages for one in page.rejected],
            asked,
        )


@pytest.fixture
def read(kit: Any) -> Callable[..., Read]:
    """Reads a stream of a platform; a handler answers each request but those for a token."""

    def call(
        platform: Platform,
        stream: str,
        handler: Callable[[Any], Any],
        window: Window | None = None,
        account: Account | None = None,
        hash_pii: Callable[[str], str] | None = None,
        **more: Any,
    ) -> Read:
        server = kit.server(
            lambda asked: kit.token if asked.path.endswith("Token") else handler(asked)
        )
        account = account or Account(platform.account_ids.example)
        credential = {one.name: f"{one.name}-0123456789" for one in platform.credential_fields}
        client = kit.client(
            server, platform=platform, account=account, credential=credential, **more
        )
        asked = (platform, platform.stream(stream), account, window, client, hash_pii)
        pages = list(extract(*asked))
        return Read.of(pages, [one for one in server.asked if not one.path.endswith("Token")])

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

    def read(self, stream: str, window: Window | None = None) -> Read:
        """Returns what a stream makes of the answers; a token is `<value>`."""
        client = self.kit.client(
            self.kit.server(self),
            platform=self.platform,
            account=self.account,
            credential=self.credential,
        )
        declared = self.platform.stream(stream)
        asked = (self.platform, declared, self.account, window, client, lambda value: f"<{value}>")
        return Read.of(list(extract(*asked)), self.asked)

    def rows(self, stream: str, window: Window | None = None) -> list[dict[str, Any]]:
        """Returns the rows of a stream, of which none was set aside."""
        found = self.read(stream, window)
        assert found.rejected == []
        return found.rows


@pytest.fixture
def answering(kit: Any) -> Callable[..., Api]:
    """Makes platforms that answer by path; what has no answer gets the one given last."""
    return lambda platform, account, credential, otherwise=None: Api(
        kit, platform, account, credential, otherwise
    )


@dataclass
class Recorded:
    """Rows that real accounts have sent, what they became, and the fields that no column names."""

    sent: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    unknown: Set[str]


@pytest.fixture
def recorded() -> Callable[..., Recorded]:
    """Types the rows recorded of a stream, of which none may be set aside; personal ones hashed."""

    def call(
        platform: Platform,
        stream: str,
        name: str,
        read: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> Recorded:
        file = _SENT / platform.name / "expected_records.jsonl"
        if not file.exists():
            pytest.skip(f"{file} is not there: rows that accounts have sent")
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        sent = [one["data"] for one in lines if one["stream"] == name]
        typer = PageTyper(platform.stream(stream), _hashed)
        page = typer.type(Page([read(one) for one in sent], 0))
        assert (page.rejected, page.batch.num_rows, bool(sent)) == ((), len(sent), True)
        return Recorded(sent, page.batch.to_pylist(), page.unknown_fields)

    return call


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class JsonApi:
    """Makers of what a service of JSON:API answers."""

    @staticmethod
    def page(*data: Any, included: Any = (), after: str | None = None) -> dict[str, Any]:
        """Returns an answer with a list, and the address of the next."""
        return {"data": list(data), "included": list(included), "links": {"next": after}}

    @staticmethod
    def entity(type_: str, id_: str, related: Any = None, **said: Any) -> Any:
        """Returns an object; a relation leads to one `(type, id)`, or to a list of them."""
        return entity("", type_, id_, said, related)


@pytest.fixture
def made() -> type[JsonApi]:
    return JsonApi
