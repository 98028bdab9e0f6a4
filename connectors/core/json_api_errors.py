"""Refusals of JSON:API: what each status stands for, and which field or cursor is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from connectors.core.errors import (
    AuthRejected,
    BadRequest,
    ConnectorError,
    FieldRefused,
    QuotaSpent,
    RateLimited,
    ServerTrouble,
    VersionSunset,
)
from connectors.core.json_api import first_error
from connectors.core.pacing import LONGEST_WAIT, retry_after_seconds
from connectors.core.replies import Reply
from connectors.core.shapes import object_of

_AUTH_CODES = frozenset({"authentication_failed", "not_authenticated"})
_QUOTED = re.compile(r"'([\w.$-]+)'")


class Vanished(BadRequest):
    """What was asked for is not there, or no longer."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Reads the refusals of a platform; what it leaves out is read by its HTTP status.

    Attributes:
        key: what to do about a credential that is not accepted.
        scopes: what to do about one that may not read something.
        spent: what to know when the requests of a day are used up.
    """

    key: str
    scopes: str
    spent: str

    def __call__(self, reply: Reply) -> ConnectorError | None:
        """Returns the error that a reply holds."""
        if reply.status < 400 or reply.status >= 500:
            return None
        error, said = first_error(reply)
        if not error and reply.status == 403:
            # A challenge of the network before the platform: a page, and not for long.
            return ServerTrouble(f"HTTP 403 without an error of the platform: {reply.excerpt}")
        message = f"HTTP {reply.status}: {said or reply.excerpt}"
        is_unknown = error.get("code") in _AUTH_CODES or "api key" in said.lower()
        if reply.status == 429:
            return self._throttled(reply, message)
        if reply.status == 410:
            return VersionSunset(message)
        if reply.status == 401 or is_unknown:
            return AuthRejected(message, token_expired=True, remedy=self.key)
        if reply.status == 403:
            return AuthRejected(message, remedy=self.scopes)
        return Vanished(message) if reply.status == 404 else _refused(error, message)

    def _throttled(self, reply: Reply, message: str) -> ConnectorError:
        """The limit of a minute passes while one waits; that of a day does not."""
        seconds = retry_after_seconds(reply.headers)
        if seconds is None or seconds <= LONGEST_WAIT:
            return RateLimited(message, retry_after=seconds)
        hours = f"{seconds / 3600:.1f} hours"
        remedy = f"Nothing to do: the platform answers again in {hours}. {self.spent}"
        return QuotaSpent(message, remedy=remedy)


def _refused(error: dict[str, Any], message: str) -> ConnectorError:
    source = object_of(error, "source")
    where = str(source.get("parameter") or source.get("pointer") or "")
    if "cursor" in where:
        # The list is to be walked anew.
        return ServerTrouble(message, restart_chunk=True)
    if where.startswith("fields") or "statistics" in where:
        return FieldRefused(message, fields=_QUOTED.findall(message))
    return BadRequest(message)
