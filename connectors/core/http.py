"""The one HTTP client: what can be asked, and the circuit breaker before it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import orjson

from connectors.core import addresses
from connectors.core.auth import SHARED_TOKENS, TokensOf, TokenStore
from connectors.core.bodies import parsed
from connectors.core.breaker import COOL_DOWN_SECONDS, SHARED_BREAKERS, Breaker
from connectors.core.calls import FORM, JSON, Call
from connectors.core.errors import ConnectorError, NetworkTrouble, ServerTrouble
from connectors.core.pacing import SHARED_BUCKETS, Bucket, wait_scale
from connectors.core.redaction import Redactor, secret_parts
from connectors.core.replies import Parser, Reply
from connectors.core.retries import Caller
from connectors.core.signing import Signer
from connectors.core.transport import Request, Transport
from connectors.core.usage import LONGEST_USE, took_too_long

if TYPE_CHECKING:
    import requests

    from connectors.core.accounts import Account
    from connectors.core.api import Api
    from connectors.core.columns import Column


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
        self.left_out: dict[str, str] = {}
        self.redact = Redactor(
            part
            for f in platform.credential_fields
            if f.secret
            for part in secret_parts(credential.get(f.name, ""))
        )
        self._account_id = account.id if account else ""
        if base_url is None:
            own = platform.base_url
            if platform.place_of is not None:
                own = addresses.placed(own, platform.place_of(credential))
            self.base_url = addresses.base_url(
                platform.name,
                own,
                self._account_id,
                stated=account.settings.get(platform.address_setting, "") if account else "",
                plain=platform.plain_http,
            )
        else:
            self.base_url = addresses.checked(base_url, plain=platform.plain_http)
        self._now, self._began = now, now()
        kept = TokensOf(SHARED_TOKENS if tokens is None else tokens, self.base_url)
        place, scale = f"{platform.name}@{self.base_url}", wait_scale()
        paces: dict[str, Bucket] = {}
        if bucket is None and scale > 0:
            pace = platform.requests_per_second / scale
            bucket = SHARED_BUCKETS.of(place, self._account_id, pace)
            paces = {
                part: SHARED_BUCKETS.of(f"{place}{part}", self._account_id, rate / scale)
                for part, rate in platform.paces.items()
            }
        self._caller = Caller(
            platform=platform,
            account_id=self._account_id,
            transport=Transport(self.base_url, session, self.redact, platform.beside),
            signer=Signer(platform, credential, kept, self.base_url, self.redact),
            bucket=bucket,
            paces=paces,
            redact=self.redact,
            scale=scale,
            sleep=sleep,
        )
        self.stats = self._caller.stats
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
        """Gets a path and returns the parsed answer.

        It may be a whole address: on the same host, or on one that the platform declares.

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

    def patch(self, path: str, json: object) -> Reply:
        """Changes what lies at a path, by JSON; retried like `post`.

        Raises:
            ConnectorError: what the platform answered, after the retries that could help.
        """
        return self._call("PATCH", path, orjson.dumps(json), {"Content-Type": JSON}, parsed)

    def delete(self, path: str) -> None:
        """Deletes what lies at a path of the platform: what we made there ourselves.

        Raises:
            ConnectorError: what the platform answered, after the retries that could help.
        """
        self._call("DELETE", path, None, None, lambda _: None)

    def download(self, url: str, target: Path) -> int:
        """Saves a file that the platform keeps elsewhere, and returns its size in bytes.

        The address is its own ticket (it carries a signature): it may lie on any host, nothing
        that signs our requests goes there, and no message shows more of it than the host.

        Raises:
            ConnectorError: what went wrong, after the retries that could help.
        """
        self.redact.learn(url.partition("?")[2])
        trouble = self._caller.transport.refusal(url)
        if trouble is not None:
            raise self._caller.placed(trouble, url)
        self._caller.answered(
            Call(Request("GET", url), lambda _: None, lambda _: None, False, target)
        )
        return target.stat().st_size

    def exchange(self, token_url: str, form: Mapping[str, str]) -> Mapping[str, object]:
        """Posts a form to a token address, unsigned, and returns its answer."""
        return self._caller.signer.exchange(self._caller.answered, token_url, form)

    def asked(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Returns those columns of a stream that a question may ask for: see `left_out`."""
        return tuple(column for column in columns if column.name not in self.left_out)

    def wait(self, seconds: float) -> None:
        """Waits while the platform works on something, scaled like every other wait."""
        self.stats.waited += seconds
        self._caller.wait(seconds)

    def close(self) -> None:
        """Closes the connections."""
        self._caller.transport.close()

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
        own = self.platform
        path = addresses.of_platform(path, own.base_url, self.base_url, own.beside)
        url = self._caller.transport.address(path)
        if isinstance(url, ConnectorError):
            raise self._caller.placed(url, path)
        if self._now() - self._began > LONGEST_USE:
            raise self._caller.placed(took_too_long(), url)
        wait = self._breaker.admit(self._account_id, COOL_DOWN_SECONDS * self._caller.scale)
        if wait > 0:
            message = f"the circuit breaker spares the platform for {wait:.0f} s more"
            raise self._caller.placed(ServerTrouble(message), url)
        request = Request(method, url, body, headers or {})
        try:
            call = Call(request, self.platform.read_error, parse, signed)
            outcome = self._caller.outcome(call)
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
            raise self._caller.placed(outcome, url)
        return outcome
