"""Lists of JSON:API: what a page includes is its own, the next address is followed as it is."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.core.errors import ShapeChanged
from connectors.core.json_api import Listing, plain


def row(id_: str, **related: Any) -> dict[str, Any]:
    relations = {name: {"data": one, "links": {"self": "/x"}} for name, one in related.items()}
    more = {"links": {"self": "/x"}, "relationships": {**relations, "unread": {"links": {}}}}
    return {"type": "pin", "id": id_, "attributes": {"name": id_}, **more}


def test_pages_are_read_with_what_each_includes(kit: Any) -> None:
    board = {"type": "board", "id": "B"}
    pages = {
        "": {"data": [row("1", board=board)], "included": [{**board, "attributes": {"n": 1}}]},
        "c=2": {"data": [row("2", board=board)], "included": [{**board, "attributes": {"n": 2}}]},
        "c=3": {"data": [row("3", board=board)]},
    }
    following = {"": "https://api.example/pins?c=2", "c=2": "https://api.example/pins?c=3"}

    def handler(asked: Any) -> Any:
        if asked.path == "/token":
            return kit.token
        query = asked.url.partition("?")[2]
        cursor = "" if query == "size=2" else query
        return {**pages[cursor], "links": {"next": following.get(cursor)}}

    def read(one: dict[str, Any], included: Any) -> dict[str, Any]:
        held = included.get(("board", one["relationships"]["board"]["data"]["id"]), {})
        return {**plain(one), "n": held.get("attributes", {}).get("n")}

    client = kit.client(kit.server(handler))
    found = [one for page in Listing("/pins", {"size": "2"}, read)(client) for one in page.records]
    related = {"relationships": {"board": {"id": "B"}}}
    # The third page includes nothing: what the one before did is not its own.
    assert found == [
        {"id": str(number), "attributes": {"name": str(number)}, **related, "n": n}
        for number, n in ((1, 1), (2, 2), (3, None))
    ]


def test_a_relation_to_many_is_a_list_of_ids_and_one_that_leads_nowhere_is_left_out() -> None:
    many = [{"type": "tag", "id": "a"}, {"type": "tag", "id": "b"}]
    assert plain(row("1", tags=many, board=None))["relationships"] == {
        "tags": [{"id": "a"}, {"id": "b"}],
        "board": None,
    }
    assert "relationships" not in plain(row("1"))


def test_an_answer_without_a_list_is_another_shape(kit: Any) -> None:
    def handler(asked: Any) -> Any:
        return kit.token if asked.path == "/token" else {"data": {"type": "pin"}}

    with pytest.raises(ShapeChanged, match="no list data"):
        list(Listing("/pins")(kit.client(kit.server(handler))))
