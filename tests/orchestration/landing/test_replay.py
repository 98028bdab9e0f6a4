"""A replay where the order of loading says which version of a record is the newest."""

from __future__ import annotations

import pytest
from landing_home import LandingHome

from orchestration.files import mark_for_replay
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
