"""A platform made up for tests, and an in-process server behind a `requests` adapter."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pyarrow as pa
import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse

from connectors.core.accounts import Account
from connectors.core.auth import MemoryTokens, OAuth2Refresh
from connectors.core.breaker import Breaker
from connectors.core.columns import Column
from connectors.core.credentials import CredentialField
from connectors.core.http import Client
from connectors.core.pacing import Bucket
from connectors.core.platform import Platform
from connectors.core.replies import Reply
from connectors.core.stream import Page, Stream


@dataclass
class Answer:
    """What a handler answers: JSON data or raw bytes."""

    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass
class Asked:
    """A request as the server saw it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class Server(BaseAdapter):
    """Answers in process. `handler` gets each request; an exception it returns is raised."""

    def __init__(self, handler: Callable[[Asked], Any]) -> None:
        super().__init__()
        self.handler = handler
        self.asked: list[Asked] = []

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        body = request.body or b""
        asked = Asked(
            request.method or "",
            request.url or "",
            request.headers,
            body.encode() if isinstance(body, str) else body,
        )
        self.asked.append(asked)
        answer = self.handler(asked)
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, Answer):
            answer = Answer(answer)
        content = orjson.dumps(answer.data) if answer.body is None else answer.body
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response.url = asked.url
        response.request = request
        response.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
        return response

    def close(self) -> None:
        self.asked = list(self.asked)

    def session(self) -> requests.Session:
        session = requests.Session()
        session.mount("https://", self)
        session.mount("http://", self)
        return session


@dataclass
class Sleeper:
    """Notes the waits instead of waiting."""

    waits: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


COLUMNS = (
    Column("date", pa.date32(), "date", "dimension", "Day.", required=True),
    Column("thing_id", pa.string(), "thing.id", "dimension", "Thing.", required=True),
    Column("clicks", pa.int64(), "metrics.clicks", "metric", "Clicks.", "additive"),
    Column("share", pa.float64(), "metrics.share", "metric", "Share.", "none"),
    Column("spend", pa.decimal128(18, 4), "metrics.spend", "metric", "Spend.", "additive"),
)


def _no_pages(client: Client, account: Account, window: Any) -> Iterator[Page]:
    yield from ()


def make_stream(**changes: Any) -> Stream:
    """A daily report; every field can be changed."""
    values: dict[str, Any] = {
        "name": "things",
        "kind": "report",
        "description": "A thing on a day.",
        "columns": COLUMNS,
        "pages": _no_pages,
        "grain": "day",
        **changes,
    }
    return Stream(**values)


def make_platform(**changes: Any) -> Platform:
    """A platform with OAuth at https://api.example; every field can be changed."""
    values: dict[str, Any] = {
        "name": "example",
        "display_name": "Example",
        "category": "ads",
        "api_version": "v1",
        "api_sunset": None,
        "base_url": "https://api.example",
        "auth": OAuth2Refresh("https://login.example/token"),
        "requests_per_second": 1000.0,
        "streams": (make_stream(),),
        "credential_fields": (
            CredentialField("client_id", False, "Id."),
            CredentialField("client_secret", True, "Secret."),
            CredentialField("refresh_token", True, "Token."),
        ),
        "discover": lambda client: iter(()),
        "describe_account": lambda client, account: account,
        "read_error": lambda reply: None,
        **changes,
    }
    return Platform(**values)


CREDENTIAL = {
    "client_id": "client-7",
    "client_secret": "very/secret+value",
    "refresh_token": "refresh-me-0123456789",
}


def make_client(server: Server, **changes: Any) -> Client:
    """A client of its own: no shared tokens, pace or breaker, and no waiting."""
    values: dict[str, Any] = {
        "platform": make_platform(),
        "credential": CREDENTIAL,
        "account": Account("42"),
        "session": server.session(),
        "sleep": Sleeper(),
        "tokens": MemoryTokens(),
        "bucket": Bucket(1_000_000.0),
        "breaker": Breaker(),
        **changes,
    }
    platform, credential = values.pop("platform"), values.pop("credential")
    return Client(platform, credential, values.pop("account"), **values)


def make_reply(
    data: Any = None, status: int = 200, headers: Any = None, body: bytes = b""
) -> Reply:
    """A reply as a platform's error reader sees it."""
    content = body or orjson.dumps(data)
    return Reply(status, requests.structures.CaseInsensitiveDict(headers or {}), content, data)


@dataclass(frozen=True)
class Kit:
    """The makers above, for tests (helpers cannot be imported between test modules)."""

    server: Callable[..., Server] = Server
    answer: Callable[..., Answer] = Answer
    sleeper: Callable[..., Sleeper] = Sleeper
    stream: Callable[..., Stream] = make_stream
    platform: Callable[..., Platform] = make_platform
    client: Callable[..., Client] = make_client
    reply: Callable[..., Reply] = make_reply
    credential: Mapping[str, str] = field(default_factory=lambda: dict(CREDENTIAL))
    token: Mapping[str, Any] = field(
        default_factory=lambda: {"access_token": "access-abcdef", "expires_in": 3599}
    )


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Makers of a server, a platform, a stream, a client and a reply."""
    return Kit()
