"""Salesforce of the sandbox, read by the connector: bulk jobs, and a field that is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import platforms
from connectors.core.accounts import Account
from connectors.core.breaker import Breaker
from connectors.core.errors import ReportNotReady
from connectors.core.extraction import extract
from connectors.core.http import Client
from connectors.core.tokens import MemoryTokens
from connectors.core.window import BEGINNING, Window
from connectors.platforms.salesforce.bulk import bulk
from connectors.sandbox.business import Parameters
from connectors.sandbox.server import SandboxClient, sandbox_thread
from connectors.sandbox.wire.faults import JOB_KINDS

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)
IMPORTED = 5_000
PLATFORM = platforms.get("salesforce")
SECRETS = {"my_domain": "kiwi", "client_id": "3MVG9sandbox"}
SECRETS["client_secret"] = "sandbox-salesforce-secret"
ACCOUNT = Account("00DRO00000000722AA")


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxClient]:
    size = Parameters(days=8, ads=2, imported_people=IMPORTED)
    with sandbox_thread(size) as sandbox, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
        patch.setenv("TRIBUTARY_NOW", NOW.isoformat())
        patch.setenv("TRIBUTARY_RETRY_BASE", "0")
        sandbox.set_clock(NOW)
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxClient) -> Iterator[SandboxClient]:
    running.forget_requests()
    yield running
    running.set_faults()


def rows(stream: str, client: Client | None = None) -> dict[str, dict[str, Any]]:
    tokens = MemoryTokens()
    client = client or Client(PLATFORM, SECRETS, ACCOUNT, tokens=tokens, breaker=Breaker())
    asked = PLATFORM, PLATFORM.stream(stream), ACCOUNT, Window(BEGINNING, NOW), client
    found: dict[str, dict[str, Any]] = {}
    for page in extract(*asked, hash_pii=str.upper):
        assert page.rejected == ()
        found |= {row["record_id"]: row for row in page.batch.to_pylist()}
    return found


def jobs(sandbox: SandboxClient) -> int:
    asked = sandbox.requests()["requests"]
    return sum(one["method"] == "POST" and "jobs" in one["path"] for one in asked)


def kept(sandbox: SandboxClient) -> list[dict[str, Any]]:
    """The jobs that the organization still has."""
    client = Client(PLATFORM, SECRETS, ACCOUNT, tokens=MemoryTokens(), breaker=Breaker())
    return list(client.get("/services/data/v67.0/jobs/query").data["records"])


def test_jobs_that_fail_half_way_change_nothing(sandbox: SandboxClient) -> None:
    """All were changed in one second: no job can be made smaller, so REST reads that second."""
    right = rows("leads")
    assert len(right) > IMPORTED
    assert jobs(sandbox) == 1
    sandbox.set_faults(rate=1, kinds=[JOB_KINDS[0]])
    assert rows("leads") == right
    assert jobs(sandbox) > 10
    assert kept(sandbox) == []


def test_a_job_that_we_leave_is_stopped_and_deleted(sandbox: SandboxClient) -> None:
    client = Client(PLATFORM, SECRETS, ACCOUNT, tokens=MemoryTokens(), breaker=Breaker())
    pages = bulk(client, "/services/data/v67.0", "SELECT Id FROM Lead")
    next(pages)
    assert [one["state"] for one in kept(sandbox)] == ["JobComplete"]
    pages.close()
    assert kept(sandbox) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("connectors.platforms.salesforce.bulk.MOST_LOOKS", 0)
        with pytest.raises(ReportNotReady):
            next(bulk(client, "/services/data/v67.0", "SELECT Id FROM Lead"))
    assert kept(sandbox) == []
    assert [one["method"] for one in sandbox.requests()["requests"]].count("PATCH") == 1


def test_a_hidden_field_costs_its_column(sandbox: SandboxClient) -> None:
    right = rows("accounts")
    assert any(row["industry"] for row in right.values())
    sandbox.set_faults(retired_fields=["Account.Industry", "Account.Website"])
    client = Client(PLATFORM, SECRETS, ACCOUNT, tokens=MemoryTokens(), breaker=Breaker())
    found = rows("accounts", client)
    assert client.left_out == {"industry": "Industry", "website": "Website"}
    assert found == {id_: {**row, "industry": None, "website": None} for id_, row in right.items()}
