"""The one place of retries: a call is signed, paced, sent, and sent again where that may help."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.core.calls import Call
from connectors.core.errors import ConnectorError, NetworkTrouble, RateLimited, Transient
from connectors.core.pacing import LONGEST_WAIT, MAX_RETRIES, Bucket, wait_before_retry
from connectors.core.redaction import Redactor
from connectors.core.replies import Reply
from connectors.core.signing import Signer, token_of
from connectors.core.transport import Transport
from connectors.core.usage import Stats

if TYPE_CHECKING:
    from connectors.core.api import Api

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Caller:
    """Makes the calls of one client.

    Attributes:
        platform, account_id: whom it asks, and for whom.
        bucket: the pace; None for none.
        paces: of addresses that are counted apart, by a part of their path: the pace of each.
        scale: what every wait is multiplied by.
        sleep: waits some seconds.
        stats: what was done so far.
    """

    platform: Api
    account_id: str
    transport: Transport
    signer: Signer
    bucket: Bucket | None
    redact: Redactor
    scale: float
    sleep: Callable[[float], None]
    stats: Stats = field(default_factory=Stats)
    paces: Mapping[str, Bucket] = field(default_factory=dict)

    def wait(self, seconds: float) -> None:
        """Waits, scaled like every other wait."""
        if seconds * self.scale > 0:
            self.sleep(seconds * self.scale)

    def answered(self, call: Call) -> Reply:
        """Makes a call and returns its answer, or raises the error that it ended with."""
        found = self.outcome(call)
        if isinstance(found, ConnectorError):
            raise self.placed(found, call.request.url)
        return found

    def outcome(self, call: Call) -> Reply | ConnectorError:
        """Makes a call, with at most MAX_RETRIES after the first attempt."""
        refused: str | None = None
        for attempt in range(1, MAX_RETRIES + 2):
            try:
                signature = self.signer.signature(self.answered, call, refused)
            except ConnectorError as trouble:
                # It has had its own retries at the token address.
                return trouble
            outcome = self._attempt(call, signature)
            if isinstance(outcome, Reply) or attempt > self._retries_after(outcome):
                return outcome
            if refused is None and call.signed and self.signer.is_stale(outcome):
                refused, wait = token_of(signature), 0.0
            elif isinstance(outcome, Transient) and not outcome.restart_chunk:
                asked = outcome.retry_after if isinstance(outcome, RateLimited) else None
                wait = wait_before_retry(attempt, asked) * self.scale
            else:
                return outcome
            self.stats.retries += 1
            place = f"{self.platform.name} {self.account_id}".strip()
            reason = f"{outcome.error_class}: {self.redact(outcome.message)}"
            _log.info("%s: retry %d of %d in %.1f s after %s", place, attempt, MAX_RETRIES, wait,
                         reason)  # fmt: skip
            if wait > 0:
                self.sleep(wait)
        raise AssertionError("the last attempt returns")

    def _attempt(self, call: Call, signature: Mapping[str, str]) -> Reply | ConnectorError:
        bucket = self._pace_of(call)
        pause = bucket.reserve() if bucket else 0.0
        if pause > 0:
            self.sleep(pause)
        self.stats.requests += 1
        own = self.platform.headers if call.signed else {}
        headers = {**own, **call.request.headers, **signature}
        url = self.signer.placed(call.request.url) if call.signed else call.request.url
        request = replace(call.request, url=url, headers=headers)
        if call.target is None:
            answer = self.transport.send(request)
        else:
            answer = self.transport.save(request.url, call.target)
        if isinstance(answer, ConnectorError):
            return answer
        self.stats.bytes += answer.size
        reply = call.reply(answer, self.redact)
        if isinstance(reply, ConnectorError):
            return reply
        if call.signed:
            self._heed_usage(reply, bucket)
        return call.error(reply) or reply

    def _retries_after(self, outcome: ConnectorError) -> int:
        """How often at most a call is tried again that ended like this."""
        own = self.platform.unreachable_retries
        unreachable = isinstance(outcome, NetworkTrouble) and outcome.unreachable
        return own if unreachable and own is not None else MAX_RETRIES

    def _pace_of(self, call: Call) -> Bucket | None:
        path = urlsplit(call.request.url).path
        return next((one for part, one in self.paces.items() if part in path), self.bucket)

    def _heed_usage(self, reply: Reply, bucket: Bucket | None) -> None:
        """Makes every client of the account wait as long as its usage, on errors too, asks for."""
        pause = self.platform.read_usage(reply) if self.platform.read_usage else 0.0
        if pause > 0 and bucket is not None:
            _log.info("%s %s: usage is high, waiting %.0f s", self.platform.name, self.account_id,
                      min(pause, LONGEST_WAIT))  # fmt: skip
            bucket.hold(min(pause, LONGEST_WAIT) * self.scale)

    def placed(self, error: ConnectorError, url: str) -> ConnectorError:
        """Says where an error happened and takes every secret out of it."""
        error.message, error.remedy = self.redact(error.message), self.redact(error.remedy)
        error.args = (error.message,)
        return error.located(
            platform=self.platform.name, account=self.account_id, url=self.redact(url)
        )
