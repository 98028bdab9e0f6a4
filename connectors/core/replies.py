"""Answers of a platform, and the error that an answer amounts to when its platform says no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.core.bodies import parsed
from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    RateLimited,
    ServerTrouble,
    ShapeChanged,
)
from connectors.core.redaction import masked

Parser = Callable[[bytes], Any]
"""Reads a body. A ValueError means that it cannot be read; `EndsEarly` that it stops too soon."""

ErrorReader = Callable[["Reply"], ConnectorError | None]

_EXCERPT = 300
_LARGEST = 100_000
"""Bytes that an excerpt is made of: what no message shows need not be masked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        status: the HTTP status.
        headers: the response headers; look-up ignores case.
        body: the whole body, decompressed.
        data: the parsed body; of an error, its JSON, or None when it is not JSON.
        url: the redacted address.
        redact: masks the secrets of the client that asked.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    data: Any = field(repr=False)
    url: str = ""
    redact: Callable[[str], str] = field(default=masked, repr=False, compare=False)

    @property
    def excerpt(self) -> str:
        """The beginning of the body as text, for messages. Masked before it is cut."""
        whole = self.redact(self.body[:_LARGEST].decode("utf-8", "replace"))
        text = " ".join(whole.split())
        return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"


def number_in_header(reply: Reply, name: str) -> int | None:
    """Returns a whole number that stands in a header; None where there is none."""
    text = str(reply.headers.get(name, ""))
    return int(text) if text.isdecimal() else None


def json_or_none(body: bytes) -> Any:
    """Parses JSON; None when it is not JSON (an HTML page of a proxy, say)."""
    try:
        return parsed(body)
    except ValueError:
        return None


def status_error(reply: Reply) -> ConnectorError | None:
    """Returns the error that an HTTP status means in general; None for a success."""
    status = reply.status
    if status < 300:
        return None
    message = f"HTTP {status}: {reply.excerpt}" if reply.excerpt else f"HTTP {status}"
    if status == 429:
        return RateLimited(message)
    if status >= 500 or status in {408, 425}:
        return ServerTrouble(message)
    if status == 401:
        return AuthRejected(message, token_expired=True)
    if status == 403:
        return AuthRejected(message, remedy="Give the credential the permission that is missing.")
    if status < 400:
        return ShapeChanged(f"HTTP {status}: the platform redirects elsewhere")
    return BadRequest(message)


def oauth_error(reply: Reply) -> ConnectorError | None:
    """Reads an error of a token address (RFC 6749 §5.2); None when it is none."""
    if reply.status < 400 or reply.status == 429 or reply.status >= 500:
        return None
    code, text = "", reply.excerpt
    if isinstance(reply.data, dict):
        code = str(reply.data.get("error", ""))
        text = str(reply.data.get("error_description", "")) or code
    if code == "invalid_grant":
        remedy = "Connect the account again: the refresh token has expired or was revoked."
    elif code in {"invalid_client", "unauthorized_client"}:
        remedy = "Check client_id and client_secret; the refresh token must belong to that client."
    else:
        remedy = "Check the credential's client_id, client_secret and refresh_token."
    named = f" ({code})" if code else ""
    return AuthRejected(f"the token address refused the credential{named}: {text}", remedy=remedy)
