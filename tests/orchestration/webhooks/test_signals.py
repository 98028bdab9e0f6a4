"""What senders signal is pulled: exactly those streams of that account, in one run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from receiving import Endpoint, add

from connectors import platforms
from connectors.sandbox.posting import signing
from orchestration.arrivals import MOST_ATTEMPTS
from orchestration.defs import tags
from orchestration.defs.signal_sensor import signal_sensor
from orchestration.signals import signals
from orchestration.workspace import Workspace
from warehouse.lake import ChunkInfo, Outcome, SyncWriter
from warehouse.registry_records import Connection
from warehouse.sync_ids import SyncIds
from warehouse.sync_rows import Status

Served = Callable[..., Endpoint]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


class _Daemon:
    """Ticks the sensor and remembers its cursor, as the daemon does."""

    def __init__(self) -> None:
        self.instance = dg.DagsterInstance.ephemeral()
        self.cursor: str | None = None
        self.sensor = signal_sensor(dg.define_asset_job("pull", dg.AssetSelection.all()))

    def tick(self) -> list[dg.RunRequest]:
        context = dg.build_sensor_context(self.instance, cursor=self.cursor)
        data = self.sensor.evaluate_tick(context)
        self.cursor = data.cursor
        return list(data.run_requests or [])

    def launch(self, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
        run_id = dg._core.utils.make_new_run_id()
        tags_of = dict(request.tags)
        self.instance.add_run(dg.DagsterRun("pull", run_id=run_id, status=status, tags=tags_of))


@pytest.fixture
def shop(space: Workspace, endpoint: Served) -> Endpoint:
    found = endpoint("shopify", pulls="shopify/acme")
    space.registry.add_credential("acme.shopify", "shopify", {"access_token": "x"}, "acme")
    for name in ("acme", "other"):
        space.registry.add_connection("acme", "shopify", name, "acme.shopify")
    return found


def pulled(space: Workspace, stream: str, at: datetime, status: Status) -> None:
    """Writes down that a stream of the account was asked for."""
    declared, account = platforms.get("shopify").stream(stream), account_of(space)
    sync_id, _ = SyncIds(lambda: at, None).next()
    with SyncWriter(
        space.home, "shopify", stream, declared.arrow_schema, sync_id, at, "run", now=lambda: at
    ) as writer:
        chunk = ChunkInfo(
            "acme",
            account.connection_id,
            "acme",
            "changes",
            0,
            "incremental",
            at,
            NOW - timedelta(days=1),
            at,
        )
        writer.begin_chunk(chunk)
        writer.finish_chunk(Outcome(status))


def account_of(space: Workspace, name: str = "acme") -> Connection:
    found = space.registry.connections(platform="shopify")
    return next(one for one in found if one.account_id == name)


def test_a_hundred_events_ask_for_one_run_of_that_stream_and_account(
    shop: Endpoint, space: Workspace
) -> None:
    daemon = _Daemon()
    assert daemon.tick() == []
    for number in range(100):
        assert shop.status(signing.shopify(b'{"id":1}', number=number)) == 200
    (request,) = daemon.tick()
    assert request.asset_selection == [dg.AssetKey(["raw", "shopify", "orders"])]
    assert request.tags[tags.CONNECTION] == account_of(space).connection_id
    assert request.tags[tags.MODE] == "incremental"
    daemon.launch(request, dg.DagsterRunStatus.STARTED)
    assert shop.status(signing.shopify(b'{"id":1}', number=200)) == 200
    assert daemon.tick() == [], "while it is on its way, nothing more is asked for"


@pytest.mark.parametrize("status", ["succeeded", "failed"])
def test_what_was_asked_for_since_is_not_due(
    shop: Endpoint, space: Workspace, monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    shop.status(signing.shopify(b"{}", number=1))
    (found,) = signals(space)
    assert (found.streams, found.newest) == (("orders",), NOW)
    pulled(space, "customers", NOW + timedelta(seconds=1), "succeeded")
    assert len(signals(space)) == 1, "another stream"
    pulled(space, "orders", NOW - timedelta(seconds=1), "succeeded")
    assert len(signals(space)) == 1, "before the event"
    pulled(space, "orders", NOW + timedelta(seconds=1), status)
    assert signals(space) == []
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-11-01T00:00:02Z")
    shop.status(signing.shopify(b"{}", number=2))
    (found,) = signals(space)
    assert found.newest == NOW + timedelta(seconds=2)


def test_an_endpoint_of_no_account_or_of_a_paused_one_asks_for_nothing(
    shop: Endpoint, space: Workspace
) -> None:
    shop.status(signing.shopify(b"{}"))
    assert len(signals(space)) == 1
    space.registry.pause(account_of(space).connection_id)
    assert signals(space) == []
    space.registry.resume(account_of(space).connection_id)
    add(space, "shopify", pulls="shopify/nobody")
    assert signals(space) == []


def test_a_topic_of_nothing_that_is_pulled_asks_for_nothing(
    shop: Endpoint, space: Workspace
) -> None:
    sent = signing.shopify(b"{}")
    sent.headers["X-Shopify-Topic"] = "app/uninstalled"
    assert shop.status(sent) == 200
    assert signals(space) == []


def test_runs_that_die_without_a_word_are_asked_for_a_few_times(shop: Endpoint) -> None:
    shop.status(signing.shopify(b"{}"))
    daemon = _Daemon()
    for _ in range(MOST_ATTEMPTS):
        (request,) = daemon.tick()
        daemon.launch(request, dg.DagsterRunStatus.FAILURE)
    assert daemon.tick() == [], "then it is left to the schedule"


def test_what_senders_make_due_is_there() -> None:
    from connectors.platforms.webhooks.senders import SENDERS

    known = platforms.load()
    found = 0
    for sender in SENDERS.values():
        if sender.platform in known:
            streams = {one.name for one in known[sender.platform].streams}
            named = {stream for due in sender.due.values() for stream in due}
            assert named <= streams, sender.label
            found += len(named)
    assert found > 8
