"""What the referees share: one sandbox, and one home whose pulls are held against them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.sandbox.server import SandboxClient, SandboxProcess
from tests.referees.pulls import Puller, connected

NOW = "2026-11-15T06:00:00Z"


@pytest.fixture(scope="session")
def running() -> Iterator[SandboxClient]:
    # Shopify's SDK takes 8 ms for an order: a short business that has every case.
    with SandboxProcess("--days", "60", now=NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxClient) -> Iterator[SandboxClient]:
    """The running sandbox; faults that a test asked for end with it."""
    yield running
    running.set_faults()


@pytest.fixture(scope="session")
def puller(running: SandboxClient, tmp_path_factory: pytest.TempPathFactory) -> Puller:
    return connected(running, tmp_path_factory.mktemp("referees"), NOW)
