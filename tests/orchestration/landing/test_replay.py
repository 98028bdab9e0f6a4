"""A replay where the order of loading says which version of a record is the newest."""

from __future__ import annotations

from datetime import date

import dagster as dg
import pytest
import typer
from landing_home import CUSTOMERS, LandingHome

from connectors import platforms
from orchestration.commands import files as commands
from orchestration.commands import run as run_command
from orchestration.defs import tags
from orchestration.defs.partitions import account_dates
from orchestration.defs.raw import raw_asset
from orchestration.defs.resources import WorkspaceResource
from orchestration.landed_files import file_states, mark_for_replay
from orchestration.run_records import RunRequest, RunResult
from orchestration.run_scope import scope_of
from orchestration.runs import _tags
from warehouse.sync_log import SyncLog

ORDERS = """
target: orders
kind: changes
time_zone: UTC
currency: EUR
columns: {order_id: id, ordered_at: at, quantity: n}
"""
HEADER = "id,at,n\n"


def newest(house: LandingHome) -> object:
    rows = [row for row in house.rows("orders") if row["order_id"] == "1"]
    loads = sorted(
        (one.fetch_started_at, one.sync_id, one.chunk_id)
        for one in SyncLog(house.space.home).rows("files", "orders")
    )
    order = [load[1:] for load in loads]
    return max(rows, key=lambda row: order.index((row["_sync_id"], row["_chunk_id"])))["quantity"]


@pytest.mark.parametrize("name", [None, "a.csv"])
def test_later_files_come_too_so_that_old_orders_stay_old(
    house: LandingHome, name: str | None
) -> None:
    connection = house.add("shop", ORDERS)
    house.drop("shop", "before.csv", HEADER + "1,2026-10-31,9\n", age=120)
    house.drop("shop", "a.csv", HEADER + "1,2026-11-01,1\n2,never,1\n", age=90)
    house.drop("shop", "b.csv", HEADER + "1,2026-11-01,2\n", age=60)
    house.pull("orders")
    assert newest(house) == 2
    assert mark_for_replay(house.space, connection, name) == ["a.csv", "b.csv"]
    assert [row.object_name for row in house.pull("orders", "again").rows] == ["a.csv", "b.csv"]
    assert newest(house) == 2
    assert list(house.pull("orders", "last").rows) == []


def test_the_order_is_that_of_loading_not_that_of_the_files(house: LandingHome) -> None:
    connection = house.add("shop", ORDERS)
    house.drop("shop", "b.csv", HEADER + "1,2026-11-01,2\n2,never,1\n", age=60)
    house.pull("orders")
    house.drop("shop", "late.csv", HEADER + "1,2026-11-01,3\n", age=90)
    house.pull("orders", "run2")
    assert mark_for_replay(house.space, connection) == ["b.csv", "late.csv"]
    assert [row.object_name for row in house.pull("orders", "again").rows] == ["b.csv", "late.csv"]
    assert newest(house) == 3


def test_files_that_tell_their_versions_are_replayed_alone(house: LandingHome) -> None:
    connection = house.add("shop", ORDERS.replace("quantity: n", "quantity: n, updated_at: at"))
    house.drop("shop", "a.csv", HEADER + "1,2026-11-01,1\n2,never,1\n", age=90)
    house.drop("shop", "b.csv", HEADER + "1,2026-11-02,2\n", age=60)
    house.pull("orders")
    assert mark_for_replay(house.space, connection) == ["a.csv"]


def test_a_replay_loads_what_it_was_asked_to_and_nothing_else(
    house: LandingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_versions = ORDERS.replace("quantity: n", "quantity: n, updated_at: at")
    connection, other = house.add("shop", with_versions), house.add("other", with_versions)
    house.add("crm", CUSTOMERS)
    broken = house.add("broken", with_versions)
    house.drop("shop", "a.csv", HEADER + "1,2026-11-01,1\n2,never,1\n", age=90)
    house.pull("orders")
    house.drop("shop", "new.csv", HEADER + "3,2026-11-02,2\n")
    house.drop("other", "due.csv", HEADER + "4,2026-11-02,2\n")
    house.drop("crm", "due.csv", "id;E-Mail;country\n1;a@b.de;DE\n")
    # A source that cannot be read is none of this run's business.
    house.space.registry.change_settings(broken.connection_id, {"mapping": '{"target":"orders"}'})
    asked: list[RunRequest] = []

    def run(_space: object, request: RunRequest) -> RunResult:
        asked.append(request)
        return RunResult("run", True)

    monkeypatch.setattr(run_command, "run_with_progress", run)
    with pytest.raises(typer.Exit):
        commands.replay("acme/shop")
    # The run as `tributary files replay` asks for it, as far as the raw assets.
    platform = platforms.get("files")
    instance = dg.DagsterInstance.ephemeral()
    scope = scope_of(house.space, asked[0])
    run_tags = {tags.MODE: "incremental", **_tags(house.space, asked[0], scope)}
    for stream in ("orders", "customers"):
        result = dg.materialize(
            [raw_asset(platform, platform.stream(stream), account_dates(date(2026, 10, 1)))],
            instance=instance,
            resources={"workspace": WorkspaceResource()},
            tags=run_tags,
            raise_on_error=False,
        )
        assert not [e for e in result.all_events if e.is_step_failure]
    rows = [r for r in SyncLog(house.space.home).rows() if r.platform == "files"]
    loaded = [(row.connection_id, row.object_name) for row in rows]
    assert loaded == [(connection.connection_id, "a.csv")] * 2
    states = {s.name: s.state for s in file_states(house.space, connection)}
    assert states == {"a.csv": "loaded", "new.csv": "due"}
    assert [s.state for s in file_states(house.space, other)] == ["due"]


def test_where_the_order_counts_what_is_due_before_a_new_file_comes_too(house: LandingHome) -> None:
    connection = house.add("shop", ORDERS)
    house.drop("shop", "a.csv", HEADER + "1,2026-11-01,1\n", age=90)
    house.drop("shop", "b.csv", HEADER + "1,2026-11-01,2\n", age=60)
    house.drop("shop", "c.csv", HEADER + "1,2026-11-01,3\n", age=30)
    assert mark_for_replay(house.space, connection, "b.csv", "word") == ["a.csv", "b.csv"]
    rows = house.pull("orders", connection=connection.connection_id, replay="word").rows
    assert [row.object_name for row in rows] == ["a.csv", "b.csv"]
    assert newest(house) == 2
    house.pull("orders", "rest")
    assert newest(house) == 3
