"""What came incomplete replaces nothing; rates reach back to what files bring."""

from __future__ import annotations

from datetime import date

import pytest
from landing_home import LandingHome

from connectors import platforms
from orchestration import feeds
from orchestration.due.loads import schema_of
from orchestration.first_days import ensure_feed
from orchestration.landed_files import file_states
from orchestration.replacements import replacements

COSTS = """
target: costs
kind: report
time_zone: UTC
currency: EUR
columns: {date: day, channel: channel, cost: amount}
"""
ORDERS = """
target: orders
kind: changes
time_zone: UTC
currency: EUR
columns: {order_id: id, ordered_at: at, unit_price: price}
"""


def test_a_day_with_an_unreadable_row_is_left_as_it_was(house: LandingHome) -> None:
    house.add("brand", COSTS)
    house.drop(
        "brand", "a.csv", "day,channel,amount\n2026-11-01,tv,5\n2026-11-02,tv,abc\n"
        "2026-11-02,radio,7\n2026-11-03,tv,6,8\n2026-11-04,tv,9\n",
    )  # fmt: skip
    (row,) = house.pull("costs").rows
    assert (row.status, row.rejected_rows) == ("succeeded", 2)
    assert schema_of(row)["left_days"] == ["2026-11-02", "2026-11-03"]
    assert (row.window_from.date(), row.window_to.date()) == (  # type: ignore[union-attr]
        date(2026, 11, 1), date(2026, 11, 5),
    )  # fmt: skip


def test_a_report_with_a_row_of_no_day_replaces_nothing(house: LandingHome) -> None:
    house.add("brand", COSTS)
    house.drop("brand", "a.csv", "day,channel,amount\n2026-11-01,tv,5\n2026-13-01,tv,6\n")
    (row,) = house.pull("costs").rows
    assert (row.status, row.rows, row.rejected_rows) == ("succeeded", 1, 1)
    assert schema_of(row)["left_days"] == ["2026-11-01"]
    # A row of sums is of no day, and hides none.
    house.drop("brand", "b.csv", "day,channel,amount\n2026-11-01,tv,5\nTotal,,5\n")
    loaded = [one for one in house.pull("costs").rows if one.object_name == "b.csv"]
    assert [(one.status, one.rejected_rows) for one in loaded] == [("succeeded", 1)]
    assert "left_days" not in schema_of(loaded[0])


def test_an_order_with_an_unreadable_line_is_left_as_it_was(house: LandingHome) -> None:
    house.add("shop", ORDERS)
    house.drop(
        "shop", "a.csv", "id,at,price\n1,2026-11-01,5\n2,2026-11-01,6\n1,2026-11-01,x\n"
        "2,2026-11-01,7\n3,2026-11-01,8\n3,2026-11-01,8,9\n",
    )  # fmt: skip
    (row,) = house.pull("orders").rows
    assert (row.rows, row.rejected_rows) == (2, 4)
    assert [(one["order_id"], one["unit_price"]) for one in house.rows("orders")] == [
        ("2", 6), ("2", 7),
    ]  # fmt: skip
    reasons = {one["reason"].split(": ", 1)[1] for one in house.quarantine("orders")}
    assert "another row of order_id 1 cannot be read" in reasons
    assert "another row of order_id 3 cannot be read" in reasons


def test_rates_reach_back_to_the_first_day_of_a_file(
    house: LandingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = platforms.get("exchange_rates")
    asked: list[date] = []
    monkeypatch.setattr(
        feeds, "pull", lambda _job, sources: asked.extend(one.start_date for one in sources)
    )
    house.add("brand", COSTS)
    house.add("shop", ORDERS)
    ensure_feed(house.space, rates)
    assert feeds.reach_back(house.space, "run") == []
    house.drop("brand", "a.csv", "day,channel,amount\n2021-02-03,tv,5\n")
    house.pull("costs")
    assert feeds.reach_back(house.space, "run") == ["exchange_rates"]
    house.drop("shop", "a.csv", "id,at,price\n1,2020-02-03,5\n")
    house.pull("orders")
    assert feeds.reach_back(house.space, "run") == ["exchange_rates"]
    assert feeds.reach_back(house.space, "run") == []
    assert asked == [date(2021, 1, 24), date(2020, 1, 24)]


def test_a_report_says_which_rows_of_another_it_replaced(house: LandingHome) -> None:
    connection = house.add("brand", COSTS)
    header = "day,channel,amount\n"
    house.drop(
        "brand", "brand.csv", f"{header}2026-11-01,tv,5\n2026-11-02,tv,6\n2026-11-02,ooh,7\n",
        age=90,
    )  # fmt: skip
    assert replacements(house.space.home, house.pull("costs").rows) == []
    house.drop("brand", "more.csv", f"{header}2026-11-02,tv,8\n2026-11-03,tv,9\n", age=80)
    assert replacements(house.space.home, house.pull("costs").rows) == [
        "acme/brand: more.csv replaced 2 rows of brand.csv"
    ]
    # A day that is left as it was is not replaced.
    house.drop("brand", "last.csv", f"{header}2026-11-01,tv,8\n2026-11-02,tv,x\n", age=70)
    assert replacements(house.space.home, house.pull("costs").rows) == [
        "acme/brand: last.csv replaced 1 row of brand.csv"
    ]
    assert [(one.name, one.note) for one in file_states(house.space, connection)] == [
        ("brand.csv", ""),
        ("more.csv", "replaced 2 rows of brand.csv"),
        (
            "last.csv",
            "left 2026-11-02 as it was: a row of it could not be read; replaced 1 row of brand.csv",
        ),
    ]
