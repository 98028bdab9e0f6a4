"""Reading request bodies with a bound, as a server that faces strangers would."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

_MOST_BYTES = 4 * 1024 * 1024


async def read_body(request: Request) -> bytes:
    """Returns the body, read once and kept on the request.

    Raises:
        HTTPException: 413, the body is larger than any request of these APIs.
    """
    kept: bytes | None = getattr(request.state, "body", None)
    if kept is not None:
        return kept
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > _MOST_BYTES:
            raise HTTPException(413, "request body too large")
        pieces.append(piece)
    request.state.body = body = b"".join(pieces)
    return body


async def read_form(request: Request) -> dict[str, str]:
    """Returns a form-encoded body; the last value of a repeated name counts."""
    body = await read_body(request)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
