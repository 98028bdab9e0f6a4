"""Reading and writing the JSON messages of the Google Ads endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson

from connectors.sandbox.platforms.google_ads.errors import (
    GoogleAdsError,
    request_error,
    unknown_json_name,
)


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


def read_json(sent: bytes, known: set[str]) -> dict[str, Any]:
    """Returns a JSON object from a request's body.

    Raises:
        GoogleAdsError: It is none, or has a key that the message does not know.
    """
    try:
        body = orjson.loads(sent or b"{}")
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
