"""The one HTTP client: signing, pace, retries, circuit breaker and redaction in one place."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import orjson

from connectors.core import addresses
from connectors.core.auth import SHARED_TOKENS, TokensOf, TokenStore
from connectors.core.bodies import parsed
from connectors.core.breaker import COOL_DOWN_SECONDS, SHARED_BREAKERS, Breaker
from connectors.core.calls import FORM, JSON, Call
from connectors.core.errors import (
    ConnectorError,
    NetworkTrouble,
    RateLimited,
    ServerTrouble,
    Transient,
)
from connectors.core.pacing import (
    LONGEST_WAIT,
    MAX_RETRIES,
    SHARED_BUCKETS,
    Bucket,
    wait_before_retry,
    wait_scale,
)
from connectors.core.redaction import Redactor
from connectors.core.replies import Parser, Reply
from connectors.core.signing import Signer, token_of
from connectors.core.transport import Request, Transport
from connectors.core.usage import LONGEST_USE, Stats, took_too_long

if TYPE_CHECKING:
    import requests

    from connectors.core.accounts import Account
    from connectors.core.api import Api
    from connectors.core.columns import Column

_log = logging.getLogger(__name__)


class Client:
    """Talks to one platform for one account, with one credential.

    Args:
        platform: whom to talk to.
        credential: the values that the user supplied; never logged.
        account: for whom; None while accounts are being discovered.
        base_url: another address of the platform; default its own, or the sandbox's.
        session: a prepared `requests.Session`, e.g. with an adapter of a test.
        sleep: waits some seconds; tests replace it.
        tokens: where access tokens live; default the memory of this process.
        bucket: the pace; default the one that all clients of this account share.
        breaker: the circuit breaker; default the one that all clients of this platform share.
        now: a clock in seconds that never steps back; tests replace it.

    Attributes:
        stats: what this client has done so far.
        redact: masks this client's secrets in a text.
        left_out: columns that are not asked for, each with the field that the platform refused.

    Raises:
        ValueError: an address would carry credentials without https off this machine, or
            TRIBUTARY_SANDBOX or TRIBUTARY_RETRY_BASE is malformed.
    """

    def __init__(
        self,
        platform: Api,
        credential: Mapping[str, str],
        account: Account | None = None,
        *,
        base_url: str | None = None,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tokens: TokenStore | None = None,
        bucket: Bucket | None = None,
        breaker: Breaker | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.platform = platform
        self.credential = credential
        self.account = account
        self.stats = Stats()
        self.left_out: dict[str, str] = {}
        self.redact = Redactor(
            credential.get(f.name, "") for f in platform.credential_fields if f.secret
        )
        self._account_id = account.id if account else ""
        if base_url is None:
            self.base_url = addresses.base_url(
                platform.name,
                platform.base_url,
                self._account_id,
                stated=account.settings.get(platform.address_setting, "") if account else "",
                plain=platform.plain_http,
            )
        else:
            self.base_url = addresses.checked(base_url, plain=platform.plain_http)
        self._scale = wait_scale()
        self._sleep = sleep
        self._now, self._began = now, now()
        self._transport = Transport(self.base_url, session, self.redact)
        kept = TokensOf(SHARED_TOKENS if tokens is None else tokens, self.base_url)
        self._signer = Signer(platform, credential, kept, self.base_url, self.redact)
        place = f"{platform.name}@{self.base_url}"
        if bucket is None and self._scale > 0:
            pace = platform.requests_per_second / self._scale
            bucket = SHARED_BUCKETS.of(place, self._account_id, pace)
        self._bucket = bucket
        self._breaker = breaker or SHARED_BREAKERS.of(place)

    def get(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        parse: Parser = parsed,
        signed: bool = True,
    ) -> Reply:
        """Gets a path (or a whole address on the same host) and returns the parsed answer.

        One of a public page goes without the credential (`signed=False`).

        Raises:
            ConnectorError: what the platform answered, after the retries that could help.
        """
        query = urlencode(params) if params else ""
        joint = "&" if urlsplit(path).query else "?"
        whole = path + joint + query if query else path
        return self._call("GET", whole, None, headers, parse, signed=signed)

    def post(
        self,
        path: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        parse: Parser = parsed,
    ) -> Reply:
        """Posts JSON, or a form, and returns the parsed answer.

        Retried like `get`: what it asks for must do no harm when it is asked for twice.

        Raises:
            ConnectorError: what the platform answered, after the retries that could help.
        """
        if form is not None:
            sent, body = {"Content-Type": FORM}, urlencode(form).encode()
        else:
            sent = {"Content-Type": JSON}
            body = orjson.dumps({} if json is None else json)
        return self._call("POST", path, body, {**sent, **(headers or {})}, parse)

    def download(self, url: str, target: Path) -> int:
        """Saves a file that the platform keeps elsewhere, and returns its size in bytes.

        The address is its own ticket (it carries a signature): it may lie on any host, nothing
        that signs our requests goes there, and no message shows more of it than the host.

        Raises:
            ConnectorError: what went wrong, after the retries that could help.
        """
        self.redact.learn(url.partition("?")[2])
        trouble = self._transport.refusal(url)
        if trouble is not None:
            raise self._placed(trouble, url)
        self._answered(Call(Request("GET", url), lambda _: None, lambda _: None, False, target))
        return target.stat().st_size

    def exchange(self, token_url: str, form: Mapping[str, str]) -> Mapping[str, object]:
        """Posts a form to a token address, unsigned, and returns its answer."""
        return self._signer.exchange(self._answered, token_url, form)

    def asked(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Returns those columns of a stream that a question may ask for: see `left_out`."""
        return tuple(column for column in columns if column.name not in self.left_out)

    def wait(self, seconds: float) -> None:
        """Waits while the platform works on something, scaled like every other wait."""
        self.stats.waited += seconds
        if seconds * self._scale > 0:
            self._sleep(seconds * self._scale)

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.platform.name}, account={self._account_id!r})"

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        parse: Parser,
        *,
        signed: bool = True,
    ) -> Reply:
        url = self._transport.address(path)
        if isinstance(url, ConnectorError):
            raise self._placed(url, path)
        if self._now() - self._began > LONGEST_USE:
            raise self._placed(took_too_long(), url)
        wait = self._breaker.admit(self._account_id, COOL_DOWN_SECONDS * self._scale)
        if wait > 0:
            message = f"the circuit breaker spares the platform for {wait:.0f} s more"
            raise self._placed(ServerTrouble(message), url)
        request = Request(method, url, body, headers or {})
        try:
            call = Call(request, self.platform.read_error, parse, signed)
            outcome = self._with_retries(call)
        except BaseException:
            self._breaker.abandoned()
            raise
        if isinstance(outcome, ConnectorError) and outcome.less_may_help:
            # It may be up or down: a smaller question decides.
            self._breaker.abandoned()
        elif isinstance(outcome, (ServerTrouble, NetworkTrouble)) and not outcome.restart_chunk:
            self._breaker.failed(self._account_id)
        else:
            self._breaker.succeeded(self._account_id)
        if isinstance(outcome, ConnectorError):
            raise self._placed(outcome, url)
        return outcome

    def _answered(self, call: Call) -> Reply:
        outcome = self._with_retries(call)
        if isinstance(outcome, ConnectorError):
            raise self._placed(outcome, call.request.url)
        return outcome

    def _with_retries(self, call: Call) -> Reply | ConnectorError:
        """The one place of retries: at most MAX_RETRIES after the first attempt."""
        refused: str | None = None
        for attempt in range(1, MAX_RETRIES + 2):
            try:
                signature = self._signer.signature(self._answered, call, refused)
            except ConnectorError as trouble:
                # It has had its own retries at the token address.
                return trouble
            outcome = self._attempt(call, signature)
            if isinstance(outcome, Reply) or attempt > self._retries_after(outcome):
                return outcome
            if refused is None and call.signed and self._signer.is_stale(outcome):
                refused, wait = token_of(signature), 0.0
            elif isinstance(outcome, Transient) and not outcome.restart_chunk:
                asked = outcome.retry_after if isinstance(outcome, RateLimited) else None
                wait = wait_before_retry(attempt, asked) * self._scale
            else:
                return outcome
            self.stats.retries += 1
            place = f"{self.platform.name} {self._account_id}".strip()
            reason = f"{outcome.error_class}: {self.redact(outcome.message)}"
            _log.info("%s: retry %d of %d in %.1f s after %s", place, attempt, MAX_RETRIES, wait,
                         reason)  # fmt: skip
            if wait > 0:
                self._sleep(wait)
        raise AssertionError("the last attempt returns")

    def _attempt(self, call: Call, signature: Mapping[str, str]) -> Reply | ConnectorError:
        pause = self._bucket.reserve() if self._bucket else 0.0
        if pause > 0:
            self._sleep(pause)
        self.stats.requests += 1
        own = self.platform.headers if call.signed else {}
        headers = {**own, **call.request.headers, **signature}
        request = replace(call.request, headers=headers)
        if call.target is None:
            answer = self._transport.send(request)
        else:
            answer = self._transport.save(request.url, call.target)
        if isinstance(answer, ConnectorError):
            return answer
        self.stats.bytes += answer.size
        reply = call.reply(answer, self.redact)
        if isinstance(reply, ConnectorError):
            return reply
        if call.signed:
            self._heed_usage(reply)
        return call.error(reply) or reply

    def _retries_after(self, outcome: ConnectorError) -> int:
        """How often at most a call is tried again that ended like this."""
        own = self.platform.unreachable_retries
        unreachable = isinstance(outcome, NetworkTrouble) and outcome.unreachable
        return own if unreachable and own is not None else MAX_RETRIES

    def _heed_usage(self, reply: Reply) -> None:
        """Makes every client of the account wait as long as its usage, on errors too, asks for."""
        pause = self.platform.read_usage(reply) if self.platform.read_usage else 0.0
        if pause > 0 and self._bucket is not None:
            _log.info("%s %s: usage is high, waiting %.0f s", self.platform.name, self._account_id,
                      min(pause, LONGEST_WAIT))  # fmt: skip
            self._bucket.hold(min(pause, LONGEST_WAIT) * self._scale)

    def _placed(self, error: ConnectorError, url: str) -> ConnectorError:
        """Says where an error happened and takes every secret out of it."""
        error.message, error.remedy = self.redact(error.message), self.redact(error.remedy)
        error.args = (error.message,)
        return error.located(
            platform=self.platform.name, account=self._account_id, url=self.redact(url)
        )
