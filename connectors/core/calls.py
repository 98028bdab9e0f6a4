"""Calls: a request with what it takes to understand its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson

from connectors.core.errors import ConnectorError, NetworkTrouble, RateLimited
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
        read_error: finds the error that an answer tells of in the platform's own words.
        parse: reads the body of a success.
        signed: whether the request goes out with the credential.
        target: the file that takes the body; None when the body is the answer.
    """

    request: Request
    read_error: ErrorReader
    parse: Parser = orjson.loads
    signed: bool = True
    target: Path | None = None

    def reply(self, answer: Answer, redact: Redactor) -> Reply | ConnectorError:
        """Reads an answer; an error is one of its body, not one that the platform tells of."""
        try:
            data = json_or_none(answer.body) if answer.status >= 300 else self.parse(answer.body)
        except ConnectorError as trouble:
            return trouble
        except ValueError as trouble:
            reason = redact(str(trouble))
            size = len(answer.body)
            return NetworkTrouble(f"the body of {size} bytes is cut short or garbled: {reason}")
        return Reply(answer.status, answer.headers, answer.body, data, redact(self.request.url))

    def error(self, reply: Reply) -> ConnectorError | None:
        """Returns the error that a reply tells of; None for a success."""
        error = self.read_error(reply) or status_error(reply)
        if isinstance(error, RateLimited) and error.retry_after is None:
            error.retry_after = retry_after_seconds(reply.headers)
        return error
