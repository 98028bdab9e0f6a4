"""A list that changes while it is read: nothing is lost, and nothing comes twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connectors.core.window import Window

START = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=1))


def order(id_: int, seconds: int, **more: Any) -> dict[str, Any]:
    at = (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    made = {"date_created": at, "date_created_gmt": at, "date_modified_gmt": at}
    return {"id": id_, "status": "processing", "total": "1", **made, **more}


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [int(one["order_id"]) for one in rows]


@pytest.mark.parametrize("is_edited", [True, False])
def test_what_changes_meanwhile_takes_no_other_with_it(site: Any, is_edited: bool) -> None:
    site.size = 3
    site.lists["orders"] = [order(one, one) for one in range(1, 11)]
    site.lists["orders"][9]["status"] = "trash"

    def busy(_: Any, request: int) -> None:
        held = site.lists["orders"]
        if is_edited:
            # It moves to the end, and all behind it one place forward.
            held[request - 1] = order(request, 1_000 + request)
            return
        held.append(order(100 + request, 2_000 + request))
        if held[0]["id"] == request:
            del held[0]

    site.between = busy
    found = ids(site.rows("orders", WINDOW))
    assert set(range(1, 11)) <= set(found)
    # Twice comes only what changed twice.
    assert len(found) - len(set(found)) <= (len(site.asked) if is_edited else 0)


def test_what_lies_in_the_bin_comes_too(site: Any) -> None:
    site.lists["orders"] = [order(1, 5), order(2, 6, status="trash")]
    found = {one["order_id"]: one["status"] for one in site.rows("orders", WINDOW)}
    assert found == {"1": "processing", "2": "trash"}


def test_the_bounds_of_a_window_touch_those_of_the_next(site: Any) -> None:
    site.lists["orders"] = [order(1, 0), order(2, 3_599), order(3, 3_600)]
    assert ids(site.rows("orders", WINDOW)) == [1, 2]
    after = Window(WINDOW.end, START + timedelta(hours=2))
    assert ids(site.rows("orders", after)) == [3]


def test_a_day_of_states_is_the_shops_own(site: Any) -> None:
    site.lists["orders"] = [order(1, 5), order(2, 86_400), order(3, 7, status="trash")]
    found = site.rows("order_states", Window(date(2026, 11, 1), date(2026, 11, 2)))
    assert {(one["order_id"], one["status"], str(one["date"])) for one in found} == {
        ("1", "processing", "2026-11-01"),
        ("3", "trash", "2026-11-01"),
    }
