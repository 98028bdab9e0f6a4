"""One request from its arrival to its answer, alike for every platform.

The order: the version, the fault that the request meets, the answer, and the cut of a body that is
to break off. A platform says what it checks first, in which words it refuses, and how it answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from connectors.sandbox.wire.bodies import read_body
from connectors.sandbox.wire.faults import FaultPlan, Faults
from connectors.sandbox.wire.transport import Reset, Truncated

JSON_TYPE = "application/json; charset=utf-8"
ON_ANY = frozenset({"429", "429_retry_after", "500", "503", "reset", "truncated", "slow"})
"""The faults that any request can meet."""
WITH_TOKEN = ON_ANY | {"expired_token"}
REFUSED = ("429", "429_retry_after", "500", "503")
"""The faults that are refusals."""


@dataclass(slots=True)
class Call:
    """One request on its way.

    Attributes:
        request: What was asked.
        id: Its number among the platform's.
        body: What was sent.
        fault: What its answer is to show; None for most.
        plan: The faults of the moment.
    """

    request: Request
    id: str
    body: bytes
    plan: FaultPlan
    fault: str | None = None

    def note(self, **made: Any) -> None:
        """Records what the platform made of the request: see `app.Recorded`."""
        for name, value in made.items():
            setattr(self.request.state, name, value)

    def day(self, name: str, wrong: Refusal) -> date:
        """Returns a date of the query string.

        Raises:
            Refusal: The one that is given: it is no date, or not there.
        """
        try:
            return date.fromisoformat(self.request.query_params.get(name, ""))
        except ValueError as trouble:
            raise wrong from trouble

    def number(self, name: str, usual: int, most: int, wrong: Refusal) -> int:
        """Returns a number of the query string, from 1; the usual one where it is not there.

        Raises:
            Refusal: The one that is given: it is none, or larger than the most.
        """
        text = self.request.query_params.get(name) or str(usual)
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise wrong
        return int(text)

    def list_key(self, page: str) -> bytes:
        """Returns what makes a list this one: all that is asked for but its page."""
        asked = sorted(one for one in self.request.query_params.items() if one[0] != page)
        return f"{self.request.url.path} {asked}".encode()

    def note_query(self, *secrets: str) -> None:
        """Records the parameters of the query string, but for secrets."""
        asked = self.request.query_params.items()
        shown = {name: value for name, value in asked if name not in secrets}
        self.note(query=orjson.dumps(shown).decode())


@dataclass
class Refusal(Exception):
    """What a platform answers in place of data.

    Attributes:
        status: The HTTP status.
        body: The body: JSON values, or a text.
        headers: More headers.
    """

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_fault(cls, call: Call, body: Callable[[HTTPStatus], Any]) -> Refusal:
        """Returns what HTTP has for a fault: its status, and the delay that goes with it.

        Args:
            call: It meets one of `REFUSED`.
            body: From the status to the body.
        """
        status = HTTPStatus(int(str(call.fault)[:3]))
        again = {"Retry-After": f"{call.plan.retry_after:g}"}
        return cls(status, body(status), again if call.fault == "429_retry_after" else {})

    def response(self, _: Call) -> Response:
        """Returns the answer."""
        if isinstance(self.body, str):
            kind = "html" if self.body.startswith("<") else "plain"
            answer = Response(self.body, self.status, media_type=f"text/{kind}")
        else:
            answer = json_response(self.status, self.body)
        answer.headers.update(self.headers)
        return answer


Run = Callable[[Call], Response]
Possible = frozenset[str] | Callable[[Call], frozenset[str]]
Endpoint = Callable[[Request], Awaitable[Response]]


class Endings(Protocol):
    """The tokens that a fault can end before their time: `Tokens`, or a platform's own."""

    def can_end(self, text: str | None, plan: FaultPlan) -> bool:
        """Says whether a fault may end a token."""
        ...

    def end(self, text: str | None, plan: FaultPlan) -> None:
        """Ends a token."""
        ...


def nothing(_: Call) -> None:
    """Checks nothing."""


def path_and_body(call: Call) -> bytes:
    """Returns what makes a request this one, for faults: its method, path, query and body."""
    url = call.request.url
    asked = f"{url.path}?{url.query}" if url.query else url.path
    return b"\x1f".join([call.request.method.encode(), asked.encode(), call.body])


@dataclass(frozen=True)
class Lifecycle:
    """The way of one platform's requests.

    Attributes:
        faults: What goes wrong.
        refuse: From a call that meets one of `REFUSED` to the refusal in the platform's words.
        check: What is checked before all else, usually the version; raises a `Refusal`.
        headers: What stands in the header of every answer.
        tokens: The access tokens that a fault can end; None where there are none.
        token_of: From a request to its access token.
        identity: From a call to what makes it this one.
    """

    faults: Faults
    refuse: Callable[[Call], Refusal]
    check: Callable[[Call], None] = nothing
    headers: Callable[[Call], Mapping[str, str]] = lambda _: {}
    tokens: Endings | None = None
    token_of: Callable[[Request], str | None] = lambda _: None
    identity: Callable[[Call], bytes] = path_and_body
    _answered: list[int] = field(default_factory=lambda: [0])

    def endpoint(self, run: Run, possible: Possible = WITH_TOKEN) -> Endpoint:
        """Returns an endpoint.

        Args:
            run: Answers a call that has got through; may raise a `Refusal`.
            possible: The faults that make sense for it, or how they follow from a call.
        """

        async def serve(request: Request) -> Response:
            return await self.answer(request, run, possible)

        return serve

    async def answer(self, request: Request, run: Run, possible: Possible) -> Response:
        """Answers a request, or refuses it, or lets it break off."""
        self._answered[0] += 1
        number = f"sandbox-{self._answered[0]:08d}"
        call = Call(request, number, await read_body(request), self.faults.plan)
        fault = None
        try:
            self.check(call)
            fault = self._meet(call, possible(call) if callable(possible) else possible)
            if fault == "reset":
                return Reset()
            if fault in REFUSED:
                raise self.refuse(call)
            if fault == "slow":
                await asyncio.sleep(call.plan.slow_seconds)
            response = run(call)
        except Refusal as refusal:
            response, fault = refusal.response(call), None
        for name, value in self.headers(call).items():
            response.headers.setdefault(name, value)
        return await _cut(response) if fault == "truncated" else response

    def _meet(self, call: Call, possible: frozenset[str]) -> str | None:
        """Lets a call meet its fault; a token that it ends is found to be over by the sign-in."""
        token = self.token_of(call.request)
        if self.tokens is None or not self.tokens.can_end(token, call.plan):
            possible = possible - {"expired_token"}
        call.fault = self.faults.meet(self.identity(call), possible)
        if call.fault == "expired_token" and self.tokens is not None:
            self.tokens.end(token, call.plan)
        call.note(fault=call.fault)
        return call.fault


def json_response(status: int, body: Any) -> Response:
    """Returns a JSON response."""
    return Response(orjson.dumps(body), status_code=status, media_type=JSON_TYPE)


async def _cut(response: Response) -> Response:
    """Returns a response that breaks off half way."""
    if not isinstance(response, StreamingResponse):
        return Truncated(response.body, response.status_code, dict(response.headers))
    pieces: AsyncIterator[Any] = aiter(response.body_iterator)
    first = await anext(pieces)
    headers = {**response.headers, "transfer-encoding": "chunked"}
    cut = Truncated(bytes(first), headers=headers)
    del cut.headers["content-length"]
    return cut
