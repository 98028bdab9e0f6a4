"""What every platform of the sandbox owes its connector, whichever it is; found by their folders.

Each is read by the real connector over a small business. A new folder is held to it by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from connectors import platforms
from connectors.core.accounts import Account
from connectors.core.breaker import Breaker
from connectors.core.errors import AccountGone, AuthRejected, Terminal
from connectors.core.extraction import extract
from connectors.core.http import Client
from connectors.core.platform import Platform
from connectors.core.stream import Stream
from connectors.core.tokens import MemoryTokens
from connectors.core.window import Window
from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from connectors.sandbox.service import services
from connectors.sandbox.wire.faults import KINDS, PAGE_KINDS

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)
DAYS = 3
SIZE = Parameters(days=8, organizations=3, ads=2)
ON_THE_WAY = tuple(
    kind for kind in KINDS if kind not in (*PAGE_KINDS, "unknown_field", "expired_token")
)
ASKED_BY_NAME = {"shopify"}
"""Whose answers have only what was asked for by name: GraphQL's."""
Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
PLATFORMS = [one.name for one in services() if one.name in platforms.load()]

each = pytest.mark.parametrize("name", PLATFORMS)


@dataclass
class Reader:
    """A connector, an account and its credential; tokens live as long as it."""

    platform: Platform
    account: Account
    secrets: dict[str, str]
    tokens: MemoryTokens = field(default_factory=MemoryTokens)

    def client(self) -> Client:
        """A client that no earlier trouble has slowed down."""
        return Client(
            self.platform, self.secrets, self.account, tokens=self.tokens, breaker=Breaker()
        )

    def described(self) -> Account:
        return self.platform.describe_account(self.client(), self.account)

    def read(self) -> Rows:
        """Returns the rows of every stream by their keys, and holds that nothing is set aside."""
        account = self.described()
        return {one.name: self._rows(one, account) for one in self.platform.streams}

    def _rows(self, stream: Stream, account: Account) -> dict[tuple[Any, ...], dict[str, Any]]:
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for window in _windows(stream):
            for page in extract(
                self.platform, stream, account, window, self.client(), hash_pii=_hashed
            ):
                assert page.rejected == (), stream.name
                for row in page.batch.to_pylist():
                    found[tuple(row[name] for name in stream.key)] = row
        return found


def _windows(stream: Stream) -> list[Window | None]:
    if stream.kind == "snapshot":
        return [None]
    if stream.kind == "changes":
        return [Window(NOW - timedelta(days=DAYS), NOW)]
    # Today belongs to it: some figures stand on the day of the pull.
    after = NOW.date() + timedelta(days=1)
    days = Window(after - timedelta(days=DAYS), after)
    return list(days.split(stream.max_window_days))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxClient]:
    with sandbox_thread(SIZE) as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
        patch.setenv("TRIBUTARY_NOW", NOW.isoformat())
        patch.setenv("TRIBUTARY_RETRY_BASE", "0")
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxClient) -> Iterator[SandboxClient]:
    """The running sandbox; faults that a test asked for end with it."""
    running.set_clock(NOW)
    running.forget_requests()
    yield running
    running.set_faults()


def readers(sandbox: SandboxClient, name: str) -> list[Reader]:
    """One reader for each organization on a platform; one for a feed that nobody owns."""
    platform, served = platforms.get(name), yaml.safe_load(sandbox.connections_yaml())
    if platform.shared:
        return [Reader(platform, one, {}) for one in platform.discover(Client(platform, {}))]
    secrets = {one["id"]: one["secrets"] for one in served["credentials"]}
    first: dict[str, Reader] = {}
    for one in served["connections"]:
        if one["platform"] == name:
            account = Account(id=one["account"])
            reader = Reader(platform, account, secrets[one["credential"]])
            first.setdefault(one["organization"], reader)
    return list(first.values())


@pytest.fixture(scope="module")
def whole(running: SandboxClient) -> dict[str, tuple[Rows, int]]:
    """What each platform's first account has and in how many requests; read when asked for."""
    return {}


@pytest.fixture
def right(whole: dict[str, tuple[Rows, int]], sandbox: SandboxClient, name: str) -> Rows:
    if name not in whole:
        rows = readers(sandbox, name)[0].read()
        whole[name] = rows, sandbox.requests()["count"]
        sandbox.forget_requests()
    return whole[name][0]


@pytest.fixture
def asked_again(
    whole: dict[str, tuple[Rows, int]], right: Rows, sandbox: SandboxClient, name: str
) -> Callable[[], bool]:
    """Whether there have been more requests than it takes when nothing goes wrong."""
    return lambda: sandbox.requests()["count"] > whole[name][1]


def _known(found: Rows) -> Rows:
    """The rows without what the schema does not know."""
    return {
        stream: {key: {**row, "_extra": None} for key, row in rows.items()}
        for stream, rows in found.items()
    }


def met(sandbox: SandboxClient, name: str) -> set[str]:
    asked = sandbox.requests()["requests"]
    return {one["fault"] for one in asked if one["platform"] == name and one["fault"]}


@each
def test_every_stream_has_rows_and_the_schema_knows_their_fields(right: Rows, name: str) -> None:
    assert all(right.values()), {stream: len(rows) for stream, rows in right.items()}
    assert {row["_extra"] for rows in right.values() for row in rows.values()} == {None}


@each
@pytest.mark.parametrize("kind", ON_THE_WAY)
def test_trouble_on_the_way_changes_nothing(
    sandbox: SandboxClient, right: Rows, asked_again: Callable[[], bool], name: str, kind: str
) -> None:
    sandbox.set_faults(rate=1, kinds=[kind], retry_after=0, slow_seconds=0)
    assert readers(sandbox, name)[0].read() == right
    assert met(sandbox, name) == {kind}
    assert asked_again() == (kind != "slow")


@each
def test_all_trouble_at_once_changes_nothing(
    sandbox: SandboxClient, right: Rows, name: str
) -> None:
    sandbox.set_faults(rate=0.7, seed=3, retry_after=0, slow_seconds=0, token_grace=1)
    found = readers(sandbox, name)[0].read()
    assert _known(found) == _known(right)


@each
def test_pages_that_come_twice_or_empty_add_up_to_the_whole(
    sandbox: SandboxClient, right: Rows, name: str
) -> None:
    sandbox.set_faults(rate=0.8, kinds=PAGE_KINDS)
    assert readers(sandbox, name)[0].read() == right
    assert met(sandbox, name) <= set(PAGE_KINDS)


@each
def test_fields_that_nobody_knows_are_kept_beside_the_others(
    sandbox: SandboxClient, right: Rows, name: str
) -> None:
    sandbox.set_faults(rate=1, kinds=["unknown_field"])
    found = readers(sandbox, name)[0].read()
    assert _known(found) == _known(right)
    extra = {row["_extra"] for rows in found.values() for row in rows.values()} - {None}
    surprised = bool(met(sandbox, name)) and name not in ASKED_BY_NAME
    assert any("sandbox" in one.lower() for one in extra) == surprised


@each
def test_a_version_that_is_over_ends_a_pull_for_good(sandbox: SandboxClient, name: str) -> None:
    reader = readers(sandbox, name)[0]
    sandbox.set_faults(sunset=True)
    if reader.platform.shared:
        pytest.skip("a file at a fixed address has no version")
    with pytest.raises(Terminal):
        reader.read()


@each
def test_access_that_was_taken_back_is_reported_as_such(sandbox: SandboxClient, name: str) -> None:
    reader = readers(sandbox, name)[0]
    if reader.platform.shared:
        pytest.skip("it asks for no access")
    sandbox.set_faults(revoked_accounts=[reader.account.id])
    with pytest.raises((AccountGone, AuthRejected)):
        reader.read()


@each
def test_a_token_that_ends_is_renewed_or_reported(
    sandbox: SandboxClient, right: Rows, asked_again: Callable[[], bool], name: str
) -> None:
    reader = readers(sandbox, name)[0]
    sandbox.set_faults(rate=1, kinds=["expired_token"], token_grace=3)
    try:
        assert reader.read() == right
        assert asked_again() == bool(met(sandbox, name))
    except AuthRejected:
        assert met(sandbox, name) == {"expired_token"}


@each
def test_a_credential_reaches_its_own_organization_alone(
    sandbox: SandboxClient, right: Rows, name: str
) -> None:
    mine, *others = readers(sandbox, name)
    if not others:
        pytest.skip("one organization is here alone")
    wrong = Reader(mine.platform, others[0].account, mine.secrets)
    with pytest.raises((AccountGone, AuthRejected)):
        wrong.read()
    others[0].read()
    assert mine.read() == right
    asked = {"platform": name, "account": others[0].account.id}
    levels = ("campaigns", "order", "accounts")
    truth = [row for level in levels for row in sandbox.truth(level, **asked)]
    theirs = {row.get("campaign_id") or row.get("order_id") or row["account_id"] for row in truth}
    assert theirs
    keys = {part for rows in right.values() for key in rows for part in key}
    assert not theirs & keys


@each
def test_no_secret_is_in_a_row_or_in_the_log_of_requests(
    sandbox: SandboxClient, right: Rows, name: str
) -> None:
    reader = readers(sandbox, name)[0]
    reader.read()
    shown = json.dumps(sandbox.requests()) + repr(right)
    fields = {one.name for one in reader.platform.credential_fields if one.secret}
    secrets = [value for field_, value in reader.secrets.items() if field_ in fields]
    assert [one for one in secrets if one in shown] == []
