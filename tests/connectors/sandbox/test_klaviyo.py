"""Klaviyo in the sandbox: an app's way to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.core.accounts import Account
from connectors.core.errors import AuthRejected
from connectors.core.http import Client
from connectors.core.tokens import MemoryTokens
from connectors.platforms import get
from connectors.sandbox.business import Parameters
from connectors.sandbox.platforms.klaviyo.sign_in import CLIENT, REFRESH_TOKEN
from connectors.sandbox.server import SandboxClient, sandbox_thread

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxClient]:
    with sandbox_thread(Parameters(days=8)) as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_SANDBOX", running.url)
        patch.setenv("TRIBUTARY_RETRY_BASE", "0")
        running.set_clock(NOW)
        yield running


def test_an_app_signs_in_by_http_basic_and_renews_its_token(sandbox: SandboxClient) -> None:
    secrets = dict(zip(("client_id", "client_secret"), CLIENT, strict=True))
    secrets["refresh_token"] = REFRESH_TOKEN.format("acme_outdoor")
    platform, account, tokens = get("klaviyo"), Account("Sand00"), MemoryTokens()
    client = Client(platform, secrets, account, tokens=tokens)
    assert platform.describe_account(client, account).time_zone == "Europe/Berlin"
    sandbox.set_clock(NOW + timedelta(hours=2))
    before = client.stats.requests
    platform.describe_account(client, account)
    # Refused, renewed and asked again: the sandbox's clock is not the one of this process.
    assert client.stats.requests == before + 3
    wrong = Client(platform, {**secrets, "client_secret": "no"}, account, tokens=MemoryTokens())
    with pytest.raises(AuthRejected, match="invalid_client"):
        platform.describe_account(wrong, account)
