"""What the referees share: one sandbox, and one home whose pulls are held against them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shopify

from connectors.sandbox.server import SandboxClient, SandboxProcess
from tests.referees.pulls import NOW, Puller, connected
from tests.referees.shopify_sdk import FROM, TO, activate, rest_all


@pytest.fixture(scope="session")
def running() -> Iterator[SandboxClient]:
    # Shopify's SDK takes 8 ms for an order: a short business that has every case.
    with SandboxProcess("--days", "60", now=NOW) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: SandboxClient) -> Iterator[SandboxClient]:
    """The running sandbox; faults and a clock that a test asked for end with it."""
    yield running
    running.set_faults()
    running.set_clock(None)


@pytest.fixture(scope="session")
def puller(running: SandboxClient, tmp_path_factory: pytest.TempPathFactory) -> Puller:
    return connected(running, tmp_path_factory.mktemp("referees"), NOW)


@pytest.fixture
def session(sandbox: SandboxClient) -> Iterator[SandboxClient]:
    """The sandbox, with Shopify's SDK signed in to the shop."""
    activate(sandbox)
    yield sandbox
    shopify.ShopifyResource.clear_session()


@pytest.fixture(scope="session")
def days_of_orders(running: SandboxClient) -> tuple[dict[int, dict[str, Any]], int]:
    """What REST has of the orders of a few days, by id, and on how many pages."""
    activate(running)
    asked = {"limit": 50, "status": "any", "order": "updated_at asc"}
    return rest_all(shopify.Order, updated_at_min=FROM, updated_at_max=TO, **asked)
