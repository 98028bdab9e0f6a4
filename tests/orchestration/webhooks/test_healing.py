"""WooCommerce posts once and never again: what was refused is there after the next pull."""

from __future__ import annotations

import errno
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from receiving import Endpoint

from connectors import platforms
from connectors.core import clock
from connectors.core.extraction import extract
from connectors.core.window import Window
from connectors.sandbox.business import Parameters
from connectors.sandbox.posting import signing
from connectors.sandbox.server import sandbox_thread
from orchestration.pull import Pull, pull
from orchestration.signals import signals
from orchestration.sources import Source, select_sources
from orchestration.workspace import Workspace
from warehouse import apply_file, delivery_journal

Served = Callable[..., Endpoint]
BEFORE, AFTER = "2026-11-14T06:00:00Z", "2026-11-15T06:00:00Z"


def test_an_order_whose_delivery_was_refused_comes_with_the_next_pull(
    space: Workspace, endpoint: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sandbox_thread(Parameters(days=3)) as sandbox:
        monkeypatch.setenv("TRIBUTARY_SANDBOX", sandbox.url)
        declared = apply_file.parse_text(sandbox.connections_yaml(), space.credential_fields())
        apply_file.apply(space.registry, declared)
        monkeypatch.setenv("TRIBUTARY_NOW", BEFORE)
        sandbox.set_clock(BEFORE)
        shop = _shop(space)
        _pull(space, shop)
        known = _orders(space)
        monkeypatch.setenv("TRIBUTARY_NOW", AFTER)
        sandbox.set_clock(AFTER)
        order = min(_shown(shop) - known)

        hook = endpoint("woocommerce", pulls=f"woocommerce/{shop.account.id}")
        with monkeypatch.context() as patch:
            patch.setattr(delivery_journal.os, "fdatasync", _full)
            assert hook.status(signing.woocommerce(b'{"id":%d}' % int(order))) == 503
        assert hook.stored() == []
        assert signals(space) == [], "nobody knows of it, and nobody will say it again"
        _pull(space, shop)
        assert order in _orders(space)


def _full(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _shop(space: Workspace) -> Source:
    found = select_sources(space, platforms.get("woocommerce"), "orders", run_id=uuid.uuid4().hex)
    return found[0]


def _pull(space: Workspace, shop: Source) -> None:
    stream = shop.platform.stream("orders")
    receipt = pull(Pull(space.home, shop.platform, stream, uuid.uuid4().hex), [shop])
    assert not receipt.failures


def _orders(space: Workspace) -> set[str]:
    """The orders that were pulled."""
    folder = space.home.raw_dir("woocommerce", "orders")
    tables = [pq.read_table(path) for path in folder.rglob("*.parquet")]
    return {row for table in tables for row in table.column("order_id").to_pylist()}


def _shown(shop: Source) -> set[str]:
    """The orders that the shop has now."""
    window = Window(datetime(2026, 11, 1, tzinfo=UTC), clock.now())
    account, stream = shop.describe(), shop.platform.stream("orders")
    pages = extract(shop.platform, stream, account, window, shop.client(), shop.hash_pii)
    return {row for page in pages for row in page.batch.column("order_id").to_pylist()}
