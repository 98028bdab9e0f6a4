"""All pages together are the list, whatever the way of paging."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.accounts import Account
from connectors.core.auth import NoAuth
from connectors.core.errors import ShapeChanged
from connectors.core.paginators import (
    LinkHeader,
    NextUrl,
    Offset,
    PageNumber,
    Paginator,
    Single,
    TokenInBody,
    TokenOrUrl,
)
from connectors.core.rest import Rest

_lists = st.lists(st.integers(0, 999), max_size=60)
_sizes = st.integers(1, 12)


def _walk(
    kit: Any, handler: Callable[[Any], Any], paginator: Paginator, records: str = "items"
) -> list[Any]:
    """Reads a whole list the way a declared stream does."""
    platform = kit.platform(auth=NoAuth())
    client = kit.client(kit.server(handler), platform=platform)
    pages = Rest("/list", records, lambda: paginator)(client, Account("42"))
    return [one for page in islice(pages, 200) for one in page.records]


@given(_lists, _sizes, st.booleans())
@settings(max_examples=40)
def test_token_in_body(kit: Any, items: list[int], size: int, empties: bool) -> None:
    """Empty pages in between do not end the list when they carry a token."""

    def handler(asked: Any) -> Any:
        start, _, empty = asked.params.get("after", "0").partition("-")
        if empties and not empty:
            return {"items": [], "paging": {"next": {"after": f"{start}-e"}}}
        stop = int(start) + size
        answer: dict[str, Any] = {"items": items[int(start) : stop]}
        if stop < len(items):
            answer["paging"] = {"next": {"after": str(stop)}}
        return answer

    assert _walk(kit, handler, TokenInBody("paging.next.after", "after")) == items


@given(_lists, _sizes)
@settings(max_examples=25)
def test_next_url(kit: Any, items: list[int], size: int) -> None:
    def handler(asked: Any) -> Any:
        start = int(asked.params.get("start", "0"))
        stop = start + size
        more = f"https://api.example/list?start={stop}" if stop < len(items) else None
        return {"items": items[start:stop], "next": more}

    assert _walk(kit, handler, NextUrl("next")) == items


@given(_lists, _sizes)
@settings(max_examples=25)
def test_link_header(kit: Any, items: list[int], size: int) -> None:
    def handler(asked: Any) -> Any:
        start = int(asked.params.get("start", "0"))
        stop = start + size
        links = ['<https://api.example/list?start=0>; rel="first"']
        if stop < len(items):
            links.append(f'<https://api.example/list?start={stop}&a=1,2>; rel="next"')
        return kit.answer(items[start:stop], headers={"Link": ", ".join(links)})

    assert _walk(kit, handler, LinkHeader(), records="") == items


@given(_lists, _sizes, st.booleans())
@settings(max_examples=40)
def test_page_number(kit: Any, items: list[int], size: int, totals: bool) -> None:
    def handler(asked: Any) -> Any:
        page = int(asked.params.get("page", "1"))
        answer: dict[str, Any] = {"items": items[(page - 1) * size : page * size]}
        if totals:
            answer["meta"] = {"pages": -(-len(items) // size)}
        return answer

    paginator = PageNumber("page", size, total_path="meta.pages" if totals else None)
    assert _walk(kit, handler, paginator) == items


@given(_lists, _sizes, st.booleans())
@settings(max_examples=40)
def test_offset(kit: Any, items: list[int], size: int, totals: bool) -> None:
    def handler(asked: Any) -> Any:
        start = int(asked.params.get("skip", "0"))
        answer: dict[str, Any] = {"items": items[start : start + size]}
        if totals:
            answer["total"] = len(items)
        return answer

    paginator = Offset("skip", size, total_path="total" if totals else None)
    assert _walk(kit, handler, paginator) == items


def test_single(kit: Any) -> None:
    assert _walk(kit, lambda asked: {"items": [1, 2]}, Single()) == [1, 2]


def test_a_page_that_is_served_twice_is_asked_for_again(kit: Any) -> None:
    """The platform answers the second page with the first one, once."""
    pages = [([1], "b"), ([1], "b"), ([2], None)]

    def handler(asked: Any) -> Any:
        items, token = pages.pop(0)
        return {"items": items, "next": token}

    assert _walk(kit, handler, TokenInBody("next", "after")) == [1, 1, 2]


@pytest.mark.parametrize(
    "written",
    ["{}", "https://api.example/list?after={}", "https://api.example/list?page[c]={}&x=1"],
)
def test_a_token_may_stand_in_an_address(kit: Any, written: str) -> None:
    def handler(asked: Any) -> Any:
        start = int(asked.params.get("after", "0"))
        return {"items": [start], "next": written.format(start + 1) if start < 2 else None}

    assert _walk(kit, handler, TokenOrUrl("next", "after", "page[c]")) == [0, 1, 2]


@pytest.mark.parametrize("tokens", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_a_circle_is_a_changed_shape(kit: Any, tokens: list[str]) -> None:
    count = [0]

    def handler(asked: Any) -> Any:
        count[0] += 1
        return {"items": [1], "next": tokens[count[0] % len(tokens)]}

    with pytest.raises(ShapeChanged, match="again and again"):
        _walk(kit, handler, TokenInBody("next", "after"))
    assert count[0] <= len(tokens) + 3


@pytest.mark.parametrize("token", [7, ["a"], {"a": 1}, True])
def test_a_token_that_is_no_text_is_a_changed_shape(kit: Any, token: Any) -> None:
    with pytest.raises(ShapeChanged, match="not text"):
        TokenInBody("next", "after").after(kit.reply({"next": token}), 1)


@pytest.mark.parametrize("data", [None, [], "text", {"paging": []}, {"paging": {"next": None}}])
def test_no_token_is_the_end(kit: Any, data: Any) -> None:
    assert TokenInBody("paging.next", "after").after(kit.reply(data), 0) is None


def test_an_empty_page_ends_an_offset_that_would_not_move(kit: Any) -> None:
    assert Offset("skip", 10, total_path="total").after(kit.reply({"total": 5}), 0) is None
