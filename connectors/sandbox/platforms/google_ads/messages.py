"""Reading and writing the JSON messages of the Google Ads endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from connectors.sandbox.bodies import read_body
from connectors.sandbox.platforms.google_ads.errors import (
    GoogleAdsError,
    request_error,
    unknown_json_name,
)
from connectors.sandbox.transport import Truncated

JSON_TYPE = "application/json; charset=UTF-8"


def quota_error(code: str, delay: float | None) -> GoogleAdsError:
    """Returns a 429, with a `retryDelay` and a Retry-After header if there is a delay."""
    if delay is None:
        return GoogleAdsError(429, "quotaError", code, "Too many requests.")
    seconds = f"{delay:g}s"
    details = {
        "quotaErrorDetails": {
            "rateScope": "ACCOUNT",
            "rateName": "Requests per account",
            "retryDelay": seconds,
        }
    }
    message = f"Too many requests. Retry in {delay:g} seconds."
    return GoogleAdsError(
        429, "quotaError", code, message, details, headers={"Retry-After": f"{delay:g}"}
    )


async def identity(request: Request) -> bytes:
    """Returns what makes a request this one, for faults: its method, path and body."""
    body = await read_body(request)
    return b"\x1f".join([request.method.encode(), request.url.path.encode(), body])


async def read_json(request: Request, known: set[str]) -> dict[str, Any]:
    """Returns a JSON object from a request's body.

    Raises:
        GoogleAdsError: It is none, or has a key that the message does not know.
    """
    try:
        body = orjson.loads(await read_body(request) or b"{}")
    except orjson.JSONDecodeError as trouble:
        raise GoogleAdsError(400, "", "", f"Invalid JSON payload received. {trouble}.") from trouble
    if not isinstance(body, dict):
        raise GoogleAdsError(400, "", "", "Invalid JSON payload received. Expected an object.")
    for name in body:
        if name not in known:
            raise unknown_json_name(name)
    return body


def query_text(body: dict[str, Any]) -> str:
    """Returns the query of a body.

    Raises:
        GoogleAdsError: There is none.
    """
    query = body.get("query")
    if not isinstance(query, str) or not query.strip():
        raise request_error("REQUIRED_FIELD_MISSING", "The required field 'query' was missing.")
    return query


def json_response(status: int, body: Any) -> Response:
    """Returns a JSON response."""
    return Response(orjson.dumps(body), status_code=status, media_type=JSON_TYPE)


async def json_array(chunks: Iterator[bytes], request_id: str) -> AsyncIterator[bytes]:
    """Wraps the chunks of a stream in one JSON array, each with the request's id."""
    # Asynchronous, though nothing waits: a plain iterator would be run in another thread, and the
    # business is not made for two.
    tail = b',"requestId":' + orjson.dumps(request_id) + b"}"
    before = b"["
    for chunk in chunks:
        yield before + chunk[:-1] + tail
        before = b","
        await asyncio.sleep(0)
    yield b"]"


async def cut(response: Response) -> Response:
    """Returns a response that breaks off half way."""
    if not isinstance(response, StreamingResponse):
        return Truncated(response.body, response.status_code, dict(response.headers))
    pieces: AsyncIterator[Any] = aiter(response.body_iterator)
    first = await anext(pieces)
    headers = {"content-type": JSON_TYPE, "transfer-encoding": "chunked"}
    cut = Truncated(bytes(first), headers=headers)
    del cut.headers["content-length"]
    return cut
