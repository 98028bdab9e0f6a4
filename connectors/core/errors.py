"""Everything that can go wrong between us and a platform.

    ConnectorError
    ├── Transient              worth another try
    │   ├── RateLimited        the platform asked us to slow down (retry_after, seconds)
    │   ├── ServerTrouble      5xx, or the circuit breaker is open
    │   ├── NetworkTrouble     reset, timeout, or a body that stopped half way
    │   └── ReportNotReady     an asynchronous report is still being made
    └── Terminal               trying again as we are cannot help
        ├── AuthRejected       the credential was refused
        ├── AccountGone        this account is closed or no longer ours to read
        ├── AccountSkipped     not asked: the account had been refused before in this run
        ├── BadRequest         the platform refused the question
        │   └── FieldRefused   it does not (or no longer) have a field that was asked for
        ├── TooHeavy           the question is too much at once: smaller pages or windows may do
        ├── QuotaSpent         the allowance of the day is used up
        ├── VersionSunset      this API version was switched off
        └── ShapeChanged       the answer is not in the shape that the connector knows

Messages and addresses are redacted before they get here (see `redaction`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, TypedDict, Unpack


class Place(TypedDict, total=False):
    """Where an error happened, and what to do about it; see `ConnectorError`."""

    remedy: str
    platform: str
    stream: str
    account: str
    window: str
    url: str


class ConnectorError(Exception):
    """The root of the tree: what happened, where, and what the user should do about it.

    Attributes:
        message: what happened, without the place.
        platform, stream, account, window: where; empty when not known (yet).
        url: the redacted address that was asked, or empty.
        remedy: what the user should do.
        less_may_help: a smaller question may pass: smaller pages, fewer days, or a report that is
            made in the background. See `extraction.halves`.
    """

    default_remedy = "Look at the message; run the sync again once the cause is gone."
    less_may_help = False

    def __init__(self, message: str, **place: Unpack[Place]) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = place.get("remedy") or self.default_remedy
        self.platform = place.get("platform", "")
        self.stream = place.get("stream", "")
        self.account = place.get("account", "")
        self.window = place.get("window", "")
        self.url = place.get("url", "")

    @property
    def error_class(self) -> str:
        """The name under which the sync log files this error."""
        return type(self).__name__

    def located(
        self,
        *,
        platform: str = "",
        stream: str = "",
        account: str = "",
        window: str = "",
        url: str = "",
    ) -> Self:
        """Fills in the places that are not known yet and returns the same error."""
        self.platform = self.platform or platform
        self.stream = self.stream or stream
        self.account = self.account or account
        self.window = self.window or window
        self.url = self.url or url
        return self

    def __str__(self) -> str:
        place = "/".join(part for part in (self.platform, self.stream) if part)
        if self.account:
            place += f" account {self.account}"
        if self.window:
            place += f" window {self.window}"
        lead = f"{place.strip()}: " if place.strip() else ""
        tail = f" [{self.url}]" if self.url else ""
        said = f"{lead}{self.message}{tail}"
        return f"{said}{'' if said.endswith('.') else '.'} Remedy: {self.remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.message, self.__dict__.copy())


class Transient(ConnectorError):
    """Worth another try.

    Attributes:
        restart_chunk: repeating the one request cannot help, but fetching the whole chunk again
            can (an expired page token); what the chunk has brought so far must be thrown away.
    """

    default_remedy = "Nothing to do: it is tried again by itself."

    def __init__(
        self, message: str, *, restart_chunk: bool = False, **place: Unpack[Place]
    ) -> None:
        super().__init__(message, **place)
        self.restart_chunk = restart_chunk


class RateLimited(Transient):
    """The platform asked us to slow down.

    Attributes:
        retry_after: seconds that the platform asked us to wait, or None when it did not say.
    """

    default_remedy = "Nothing to do: it waits and tries again. If it lasts, pull less often."

    def __init__(
        self, message: str, *, retry_after: float | None = None, **place: Unpack[Place]
    ) -> None:
        super().__init__(message, **place)
        self.retry_after = retry_after


class ServerTrouble(Transient):
    """The platform failed (5xx), or the circuit breaker spares it.

    With `less_may_help` it is an answer that a platform also gives to what is too much for it.
    """

    default_remedy = "Nothing to do: the next sync tries again. Look at the platform's status page."

    def __init__(
        self,
        message: str,
        *,
        less_may_help: bool = False,
        restart_chunk: bool = False,
        **place: Unpack[Place],
    ) -> None:
        super().__init__(message, restart_chunk=restart_chunk, **place)
        self.less_may_help = less_may_help


class NetworkTrouble(Transient):
    """The connection failed, or the body ended before it was complete.

    Attributes:
        unreachable: there was no connection at all: no such host, nobody listens, no answer.
    """

    unreachable = False
    default_remedy = "Check this machine's network and proxy; the next sync tries again."


class ReportNotReady(Transient):
    """An asynchronous report is still being made."""

    default_remedy = "Nothing to do: the next sync asks for the report again."


class Terminal(ConnectorError):
    """Trying again as we are cannot help."""


class AuthRejected(Terminal):
    """The credential was refused.

    Attributes:
        token_expired: the access token may merely be too old; the client refreshes it once.
    """

    default_remedy = "Connect the account again: the stored credential is no longer accepted."

    def __init__(
        self, message: str, *, token_expired: bool = False, **place: Unpack[Place]
    ) -> None:
        super().__init__(message, **place)
        self.token_expired = token_expired


class AccountGone(Terminal):
    """The account is closed, or the credential may no longer read it."""

    default_remedy = "Give the credential access to this account again, or remove the connection."


class AccountSkipped(Terminal):
    """A stream was not asked for, since its account as a whole had been refused in this run.

    The refusal itself is reported once, where it was met; this only says why a stream has nothing.
    """

    default_remedy = AccountGone.default_remedy

    @classmethod
    def because(cls, refusal: ConnectorError) -> AccountSkipped:
        """Returns the reason why the other streams of a refused account are skipped."""
        met = f" at {refusal.stream}" if refusal.stream else ""
        return cls(
            f"skipped: the account was refused{met}: {refusal.error_class}: {refusal.message}",
            remedy=refusal.remedy,
        )


class BadRequest(Terminal):
    """The platform refused the question."""

    default_remedy = "This is a fault of the connector: report it with this message."


class FieldRefused(BadRequest):
    """The platform does not (or no longer) have a field that the question names.

    A stream goes on without a field that it can do without: see `extraction`.

    Attributes:
        fields: names that the platform complains about, as it writes them.
    """

    default_remedy = "Update Tributary: the platform no longer has this field."

    def __init__(self, message: str, *, fields: Sequence[str] = (), **place: Unpack[Place]) -> None:
        super().__init__(message, **place)
        self.fields = tuple(fields)


class TooHeavy(Terminal):
    """The question is too much for the platform at once.

    Attributes:
        pages_help: smaller pages may do; otherwise only a smaller question does.
    """

    default_remedy = "Nothing to do: less is asked for at once. If it stays, report this message."
    less_may_help = True

    def __init__(self, message: str, *, pages_help: bool = False, **place: Unpack[Place]) -> None:
        super().__init__(message, **place)
        self.pages_help = pages_help


class QuotaSpent(Terminal):
    """The allowance of the day is used up."""

    default_remedy = "Wait for the platform's new day, or ask the platform for a higher allowance."


class VersionSunset(Terminal):
    """The API version was switched off."""

    default_remedy = "Update Tributary: this API version no longer answers."


class ShapeChanged(Terminal):
    """The answer is not in the shape that the connector knows."""

    default_remedy = "Update Tributary; if it stays, report it with this message."


def _rebuilt(kind: type[ConnectorError], message: str, state: dict[str, Any]) -> ConnectorError:
    error = kind(message)
    error.__dict__.update(state)
    return error
