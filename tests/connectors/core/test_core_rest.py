"""A stream that is declared: what it asks for, and what it makes of the answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connectors.core.accounts import Account
from connectors.core.auth import NoAuth
from connectors.core.errors import ShapeChanged
from connectors.core.paginators import NextUrl, PageNumber
from connectors.core.rest import Rest
from connectors.core.window import Window

_WINDOW = Window(date(2026, 1, 30), date(2026, 2, 2))


def _asked(kit: Any, rest: Rest, *answers: Any, window: Window | None = _WINDOW) -> Any:
    """Returns the requests that a stream made, and its pages."""
    left = list(answers)
    server = kit.server(lambda _: left.pop(0))
    client = kit.client(server, platform=kit.platform(auth=NoAuth()))
    pages = list(rest(client, Account("4/2"), window))
    return server.asked, pages


def test_the_account_and_the_window_stand_in_the_question(kit: Any) -> None:
    rest = Rest(
        "/v1/{account}/days?q=(id:{account})",
        "data",
        params={
            "since": "{start}",
            "until": "{last_day}",
            "before": "{end}",
            "who": '["{account}"]',
        },
        headers={"Finder": "yes"},
    )
    (asked,), _ = _asked(kit, rest, {"data": []})
    assert asked.path == "/v1/4%2F2/days"
    assert asked.params == {
        "q": "(id:4/2)",
        "since": "2026-01-30",
        "until": "2026-02-01",
        "before": "2026-02-02",
        "who": '["4/2"]',
    }
    assert asked.headers["Finder"] == "yes"


def test_a_query_that_is_encoded_already_stays_as_it_is(kit: Any) -> None:
    query = "search=(ids:List(urn%3Ali%3A1,urn%3Ali%3A2))"
    (asked,), _ = _asked(kit, Rest(f"/v1?{query}", "data", params={"a": "b c"}), {"data": []})
    assert asked.url.endswith(f"/v1?{query}&a=b+c")


def test_each_walk_begins_at_the_first_page_and_the_sizes_are_those_of_the_bodies(kit: Any) -> None:
    rest = Rest("/v1", "data.list", lambda: PageNumber("page", 1), {"size": "1"})
    answers = [{"data": {"list": [{"id": 1}]}}, {"data": {"list": []}}]
    for _ in range(2):
        asked, pages = _asked(kit, rest, *answers, window=None)
        assert [one.params.get("page") for one in asked] == [None, "2"]
        assert all(one.params["size"] == "1" for one in asked)
        assert [page.records for page in pages] == [[{"id": 1}], []]
        assert pages[0].bytes == len(b'{"data":{"list":[{"id":1}]}}')


def test_the_address_of_the_next_page_is_followed_without_further_parameters(kit: Any) -> None:
    rest = Rest("/v1", "data", lambda: NextUrl("next"), {"size": "1"})
    more = "https://api.example/v1?cursor=x"
    asked, _ = _asked(kit, rest, {"data": [], "next": more}, {"data": []})
    assert [one.params for one in asked] == [{"size": "1"}, {"cursor": "x"}]


def test_fields_that_a_platform_refused_are_not_named_again(kit: Any) -> None:
    columns = kit.stream().columns
    rest = Rest(
        "/v1",
        "data",
        columns=columns,
        named=lambda asked: {"fields": ",".join(column.name for column in asked)},
    )
    server = kit.server(lambda _: {"data": []})
    client = kit.client(server, platform=kit.platform(auth=NoAuth()))
    client.left_out["share"] = "metrics.share"
    list(rest(client, Account("42")))
    assert server.asked[0].params == {"fields": "date,thing_id,clicks,spend"}


def test_records_are_read_or_left_out_one_by_one(kit: Any) -> None:
    """What is no object goes on as it came: it is the typer that rejects it."""
    rest = Rest("/v1", "data", read=lambda one: None if one["test"] else one | {"read": True})
    records = [{"test": True}, "odd", {"test": False}]
    _, (page,) = _asked(kit, rest, {"data": records})
    assert page.records == ["odd", {"test": False, "read": True}]


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {}}, [], "no"])
def test_an_answer_without_its_list_is_a_changed_shape(kit: Any, answer: Any) -> None:
    with pytest.raises(ShapeChanged, match="holds no list data"):
        _asked(kit, Rest("/v1", "data"), answer)
