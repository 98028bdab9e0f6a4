"""Calls: a request with what it takes to understand its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from connectors.core.bodies import EndsEarly, parsed
from connectors.core.errors import (
    ConnectorError,
    NetworkTrouble,
    RateLimited,
    ServerTrouble,
    ShapeChanged,
)
from connectors.core.pacing import retry_after_seconds
from connectors.core.redaction import Redactor
from connectors.core.replies import ErrorReader, Parser, Reply, json_or_none, status_error
from connectors.core.transport import Answer, Request

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request with what it takes to understand its answer.

    Attributes:
        request: what is asked, unsigned.
        read_error: finds the error that an answer reports in the platform's own words.
        parse: reads the body of a success.
        signed: whether the request goes out with the credential.
        target: the file that takes the body; None when the body is the answer.
    """

    request: Request
    read_error: ErrorReader
    parse: Parser = parsed
    signed: bool = True
    target: Path | None = None

    def reply(self, answer: Answer, redact: Redactor) -> Reply | ConnectorError:
        """Reads an answer; an error is one of its body, not one that the platform reports."""
        try:
            data = json_or_none(answer.body) if answer.status >= 300 else self.parse(answer.body)
        except ConnectorError as trouble:
            return trouble
        except ValueError as trouble:
            return _unreadable(answer, trouble, redact)
        url = redact(self.request.url)
        return Reply(answer.status, answer.headers, answer.body, data, url, redact)

    def error(self, reply: Reply) -> ConnectorError | None:
        """Returns the error that a reply reports; None for a success."""
        error = self.read_error(reply) or status_error(reply)
        if isinstance(error, RateLimited) and error.retry_after is None:
            error.retry_after = retry_after_seconds(reply.headers)
        return error


def _unreadable(answer: Answer, trouble: ValueError, redact: Redactor) -> ConnectorError:
    """Returns why a body could not be read; one that came whole is never taken for a cut one."""
    size, reason = len(answer.body), redact(str(trouble))
    if not answer.is_whole:
        return NetworkTrouble(f"the body of {size} bytes is cut short or garbled: {reason}")
    if not answer.body.strip():
        return ServerTrouble("the answer is empty")
    if answer.body.lstrip().startswith(b"<"):
        return ServerTrouble(
            f"a page of HTML of {size} bytes came in place of data",
            remedy="Look at this machine's proxy and at the platform's status page; the next sync "
            "tries again.",
        )
    if isinstance(trouble, EndsEarly):
        return ServerTrouble(
            f"the platform sent an answer of {size} bytes that ends too early: {reason}"
        )
    return ShapeChanged(f"the answer of {size} bytes came whole and cannot be read: {reason}")
