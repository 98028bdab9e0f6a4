"""One request: verified, taken apart, stored; answered when it is on the disk and not before."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from connectors.platforms.webhooks.events import Event, Malformed, events_of
from connectors.platforms.webhooks.handshakes import HANDSHAKES, Answer
from connectors.platforms.webhooks.received import Received
from connectors.platforms.webhooks.records import line_of
from orchestration.webhooks.endpoints import Endpoint, Endpoints
from warehouse.delivery_journal import Journal

_log = logging.getLogger(__name__)

BODY_SECONDS = 10.0
"""How long a body may take to arrive."""
MOST_PASSED_OVER = 16 * 2**20
"""Bytes of a refused body that are read to its end."""
PASS_OVER_SECONDS = 2.0
MOST_WAITING = 64 * 2**20
"""Bytes that may wait for the disk."""
FULL_SECONDS = 60
BUSY_SECONDS = 1
_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


class Refused(Exception):
    """A request that is answered without being stored.

    Attributes:
        status: of the answer.
        reason: for the counts; nothing of the request is in it.
        retry_after: seconds, 0 for none.
        is_unread: the body, or the rest of it, was not read.
    """

    def __init__(
        self, status: int, reason: str, retry_after: int = 0, *, is_unread: bool = False
    ) -> None:
        super().__init__(reason)
        self.status, self.reason, self.retry_after = status, reason, retry_after
        self.is_unread = is_unread


class Receiver:
    """Takes the requests of all endpoints.

    Args:
        endpoints: who may call.
        now: the clock.
        public_url: the address as senders call it, without the path.
    """

    def __init__(
        self, endpoints: Endpoints, now: Callable[[], datetime], public_url: str = ""
    ) -> None:
        self._endpoints, self._now = endpoints, now
        self._public_url = public_url.rstrip("/")
        self._journal: Journal | None = None
        self._pending: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._waiting = 0
        self.counts: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.is_failing = False

    def start(self, journal: Callable[..., Journal] = Journal) -> None:
        """Opens the journal; call it in the loop that answers."""
        loop = asyncio.get_running_loop()

        def settled(tokens: Sequence[Any], trouble: OSError | None) -> None:
            loop.call_soon_threadsafe(self._settle, tokens, trouble)

        self._journal = journal(settled, self._now)

    def stop(self) -> None:
        """Writes what waits, and closes the files."""
        if self._journal is not None:
            self._journal.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        endpoint = self._endpoints.find(scope["path_params"]["id"])
        headers: list[tuple[bytes, bytes]] = []
        try:
            if endpoint is None:
                raise Refused(404, "no such address")
            answer = await self._answer(endpoint, scope, receive)
            self.counts["answered"] += 1
        except Refused as refusal:
            self.counts["refused"] += 1
            self.refused[endpoint.label if endpoint else "", refusal.reason] += 1
            answer = Answer(refusal.status)
            if refusal.retry_after:
                headers.append((b"retry-after", str(refusal.retry_after).encode()))
            if refusal.is_unread:
                await _pass_over(receive)
                headers.append((b"connection", b"close"))
        except Exception as trouble:
            # Its text may be a part of the body: only what it is goes to the log.
            _log.error("a request could not be handled: %s", type(trouble).__name__)
            answer = Answer(500)
        headers += [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, endpoint: Endpoint, scope: Scope, receive: Receive) -> Answer:
        sender, method = endpoint.sender, scope["method"]
        if method == "HEAD":
            return Answer(200)
        if not endpoint.bucket.take():
            raise Refused(429, "too many requests", BUSY_SECONDS, is_unread=True)
        received = await self._received(sender.largest, scope, receive)
        now = self._now()
        secrets = endpoint.valid_secrets(now)
        if answer := HANDSHAKES[sender.handshake](received, secrets, endpoint.verify):
            if answer.status >= 400:
                raise Refused(answer.status, "wrong handshake")
            return answer
        if method not in sender.methods:
            raise Refused(405, "wrong method")
        if refusal := sender.proof.refusal(received, secrets, now.timestamp()):
            raise Refused(401, refusal)
        try:
            events = events_of(sender.events, received)
        except Malformed:
            raise Refused(400, "malformed body") from None
        await self._store(endpoint, events, now)
        if method == "GET" and b"image/" in _accepted(scope):
            return Answer(200, _PIXEL, "image/gif")
        return Answer(200, b"ok")

    async def _received(self, largest: int, scope: Scope, receive: Receive) -> Received:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        for name, value in headers:
            if name == b"content-encoding" and value.strip().lower() != b"identity":
                raise Refused(415, "compressed body", is_unread=True)
            if name == b"content-length" and int(value) > largest:
                raise Refused(413, "large body", is_unread=True)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(largest, receive)
        except TimeoutError:
            raise Refused(408, "slow body") from None
        query = scope["query_string"].decode("latin-1")
        path = scope["raw_path"].decode("latin-1")
        url = f"{self._public_url}{path}" + (f"?{query}" if query else "")
        return Received(scope["method"], url, query, headers, body)

    async def _store(self, endpoint: Endpoint, events: Sequence[Event], now: datetime) -> None:
        """Returns once all events are on the disk.

        Raises:
            Refused: they are not: the disk is full, or too much waits for it.
        """
        new: dict[str, Event] = {}
        others: list[asyncio.Future[None]] = []
        for event in events:
            pending = self._pending.get((endpoint.label, event.id))
            if pending is not None:
                # A repetition of what is not yet on the disk: it must not be answered before that.
                others.append(pending)
            elif event.id in new or event.id in endpoint.known:
                self.counts["repeated"] += 1
            else:
                new[event.id] = event
        if new:
            others.append(self._write(endpoint, new, now))
        for future in others:
            try:
                await asyncio.shield(future)
            except OSError:
                raise Refused(503, "could not be stored", FULL_SECONDS) from None

    def _write(
        self, endpoint: Endpoint, events: dict[str, Event], now: datetime
    ) -> asyncio.Future[None]:
        lines = b"".join(line_of(endpoint.sender_name, one, now) for one in events.values())
        if self._journal is None or self._waiting + len(lines) > MOST_WAITING:
            raise Refused(503, "too much waits for the disk", BUSY_SECONDS)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        keys = [(endpoint.label, record_id) for record_id in events]
        self._pending |= dict.fromkeys(keys, future)
        self._waiting += len(lines)
        self._journal.append(endpoint.folder, lines, (future, endpoint, keys, len(lines), now))
        return future

    def _settle(self, tokens: Sequence[Any], trouble: OSError | None) -> None:
        self.is_failing = trouble is not None
        if trouble is not None:
            _log.error("deliveries could not be stored: %s", trouble.strerror)
        for future, endpoint, keys, size, now in tokens:
            self._waiting -= size
            for key in keys:
                self._pending.pop(key, None)
                if trouble is None:
                    endpoint.known.add(key[1], now.timestamp())
                    self.counts["stored"] += 1
            if future.done():
                continue
            if trouble is None:
                future.set_result(None)
            else:
                future.set_exception(trouble)
                future.exception()  # it is no surprise when its request is gone

    def health(self) -> tuple[int, bytes]:
        """Returns the status and the JSON of the health page: counts, and nothing of a sender."""
        by_reason: Counter[str] = Counter()
        for (_, reason), count in self.refused.items():
            by_reason[reason] += count
        found = {
            "status": "failing to store" if self.is_failing else "ok",
            "endpoints": len(self._endpoints),
            **{name: self.counts[name] for name in ("answered", "stored", "repeated", "refused")},
            "refused_because": dict(by_reason),
            "bytes_waiting": self._waiting,
        }
        return 503 if self.is_failing else 200, orjson.dumps(found)


async def _body(largest: int, receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "connection lost")
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            raise Refused(413, "large body", is_unread=True)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _pass_over(receive: Receive) -> None:
    """Reads what a sender is still sending: one that is cut off sees no answer."""
    left = MOST_PASSED_OVER
    with suppress(TimeoutError):
        async with asyncio.timeout(PASS_OVER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return


def _accepted(scope: Scope) -> bytes:
    return b",".join(value for name, value in scope["headers"] if name == b"accept")
