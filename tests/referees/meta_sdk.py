"""Meta's own SDK, pointed at the sandbox by its one address."""

from __future__ import annotations

import time
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.api import FacebookAdsApi, FacebookSession

from connectors.sandbox.server import SandboxClient

ACME, KIWI, CHAI = "990000000000037", "990000007000056", "990000014000075"
TOKENS = {
    ACME: "EAAZsandboxAcmeoutdoor",
    KIWI: "EAAZsandboxKiwikitchen",
    CHAI: "EAAZsandboxChaihouse",
}


def sdk_account(
    sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch, account: str = ACME
) -> AdAccount:
    """An account that the SDK reads from the sandbox."""
    monkeypatch.setattr(FacebookSession, "GRAPH", f"{sandbox.url}/meta_ads")
    # The secret makes the SDK sign each call with appsecret_proof.
    session = FacebookSession("1784005561901", "5a4db0x5ec2e7", TOKENS[account])
    return AdAccount(f"act_{account}", api=FacebookAdsApi(session))


def finished(run: AdReportRun) -> list[tuple[str, int]]:
    """Waits for a report that is made in the background; returns the states on the way."""
    states = [_state(run)]
    while states[-1] != ("Job Completed", 100):
        assert len(states) < 20, states
        states.append(_state(run))
    return states


def _state(run: AdReportRun) -> tuple[str, int]:
    time.sleep(0.01)
    run.api_get()
    return run["async_status"], run["async_percent_completion"]


def plain(rows: Any) -> list[dict[str, Any]]:
    """The SDK's objects as it exports them itself, every page of them."""
    return [row.export_all_data() for row in rows]
