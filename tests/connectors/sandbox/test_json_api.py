"""JSON:API as the sandbox speaks it: filters, sparse fields, includes, cursors; and its limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.requests import Request

from connectors.sandbox.wire.faults import FaultPlan, Faults
from connectors.sandbox.wire.json_api import Listing, conditions
from connectors.sandbox.wire.lifecycle import Call, Refusal
from connectors.sandbox.wire.limits import MinuteLimits

BOARD = {"type": "board", "id": "B", "attributes": {"name": "Walls"}}
LISTING = Listing(
    most=2,
    usual=1,
    optional=frozenset({"secret"}),
    included={"board": lambda id_: {**BOARD, "id": id_}},
)


def call(query: str) -> Call:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/pins",
        "server": ("127.0.0.1", 80),
        "query_string": query.encode(),
        "headers": [],
    }
    return Call(Request(scope), "1", b"", FaultPlan())


def pin(number: int) -> dict[str, Any]:
    said = {"name": f"Pin {number}", "place": {"city": "Ulm", "zip": "89073"}, "secret": "s"}
    related = {"board": {"data": [{"type": "board", "id": "B"}], "links": {}}}
    return {"type": "pin", "id": str(number), "attributes": said, "relationships": related}


def answered(query: str) -> Any:
    return json.loads(LISTING.answer(Faults(), call(query), [1, 2, 3], pin).body)


def refused(query: str) -> Any:
    with pytest.raises(Refusal) as caught:
        answered(query)
    (error,) = caught.value.body["errors"]
    return error["source"]["parameter"]


def test_cursors_lead_through_the_list_and_belong_to_it() -> None:
    found, query = [], "page[size]=2&sort=name"
    while query:
        page = answered(query)
        found += [one["id"] for one in page["data"]]
        query = (page["links"]["next"] or "").partition("?")[2]
    assert found == ["1", "2", "3"]
    following = answered("page[size]=2&sort=name")["links"]["next"].partition("?")[2]
    assert refused(following.replace("sort=name", "sort=-name")) == "page[cursor]"
    assert refused("page[size]=3") == "page[size]"


def test_only_what_is_asked_for_comes() -> None:
    (plain,) = answered("")["data"]
    # Without `include` a relation to many is an address.
    assert (set(plain["attributes"]), plain["relationships"]) == (
        {"name", "place"},
        {"board": {"links": {}}},
    )
    (row,) = answered("fields[pin]=place.city&additional-fields[pin]=secret")["data"]
    assert row["attributes"] == {"place": {"city": "Ulm"}}
    assert "secret" in answered("additional-fields[pin]=secret")["data"][0]["attributes"]
    assert refused("fields[pin]=colour") == "fields[pin]"


def test_what_is_included_stands_once_beside_the_rows() -> None:
    page = answered("include=board&page[size]=2")
    assert page["included"] == [BOARD]
    assert page["data"][0]["relationships"]["board"]["data"] == [{"type": "board", "id": "B"}]
    assert "included" not in answered("")
    assert refused("include=wall") == "include"


def test_a_filter_is_read_or_refused() -> None:
    allowed = {"updated": ("greater-than", "less-than"), "kind": ("equals",)}
    joined = "filter=and(greater-than(updated,2026-11-01T00:00:00Z),equals(kind,'a b'))"
    for text in (joined, joined.replace("and(", "").replace("))", ")")):
        one, two = conditions(call(text), allowed)
        assert (one.operator, one.instant) == ("greater-than", 1_793_491_200)
        assert (two.name, two.value) == ("kind", "a b")
    for wrong in ("equals(updated,2026)", "equals(colour,'red')", "kind=a"):
        with pytest.raises(Refusal):
            conditions(call(f"filter={wrong}"), allowed)
    (late,) = conditions(call("filter=less-than(updated,soon)"), allowed)
    with pytest.raises(Refusal):
        _ = late.instant


def test_limits_count_down_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [600.0]
    monkeypatch.setattr("connectors.sandbox.wire.limits.time.time", lambda: now[0])
    limits = MinuteLimits({"reports": 2})
    left = [limits.headers("reports")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["1", "0", "0"]
    now[0] = 665.0
    shown = {"RateLimit-Limit": "2", "RateLimit-Remaining": "1", "RateLimit-Reset": "55"}
    assert limits.headers("reports") == shown
    assert limits.headers("other") == {}
