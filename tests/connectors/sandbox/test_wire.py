"""What all wires are made of: pages that add up, texts that are signed, tokens that end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from connectors.sandbox.wire.faults import FaultPlan, Faults
from connectors.sandbox.wire.pages import Page, Signed, page
from connectors.sandbox.wire.tokens import Tokens, bearer

NOW = datetime(2026, 11, 15, tzinfo=UTC)
ROWS = list(range(47))


def walk(faults: Faults, size: int) -> list[Page[int]]:
    first = page(faults, b"a list", ROWS, 1, size)
    return [page(faults, b"a list", ROWS, number, size) for number in range(1, first.pages + 1)]


@pytest.mark.parametrize("size", [1, 5, 46, 47, 48])
def test_pages_add_up_to_the_whole(size: int) -> None:
    pages = walk(Faults(), size)
    assert [row for one in pages for row in one.rows] == ROWS
    assert [one.more for one in pages] == [True] * (len(pages) - 1) + [False]
    assert {one.total for one in pages} == {47}


@pytest.mark.parametrize("kind", ["duplicate_page", "empty_page"])
def test_pages_that_are_put_in_stay_where_they_are(kind: str) -> None:
    faults = Faults()
    faults.put(FaultPlan(rate=0.5, kinds=(kind, "500")))
    pages = walk(faults, 5)
    assert pages == walk(faults, 5)
    odd = [one for one in pages if one.fault]
    assert 0 < len(odd) < len(pages) / 2
    assert len(pages) == 10 + len(odd)
    assert {len(one.rows) for one in odd} <= ({0} if kind == "empty_page" else {5, 2})
    seen = Counter(row for one in pages for row in one.rows)
    assert set(seen) == set(ROWS)
    assert (max(seen.values()) == 2) == (kind == "duplicate_page")


def test_a_page_beyond_the_last_is_empty() -> None:
    beyond = page(Faults(), b"a list", ROWS, 9, 10)
    assert (list(beyond.rows), beyond.pages, beyond.more) == ([], 5, False)
    assert page(Faults(), b"none", [], 1, 10).pages == 0


def test_a_signed_text_is_read_by_what_it_was_written_for() -> None:
    signed = Signed("cursors")
    text = signed.write("account 1", [3, "x"])
    assert signed.read("account 1", text) == [3, "x"]
    for wrong in (
        lambda: signed.read("account 2", text),
        lambda: Signed("y").read("account 1", text),
    ):
        with pytest.raises(ValueError, match="not signed"):
            wrong()
    with pytest.raises(ValueError):  # noqa: PT011  nothing but a ValueError is promised
        signed.read("account 1", "tea")


def test_a_token_lives_as_long_as_it_says_and_its_successor_is_spared() -> None:
    tokens: Tokens[str] = Tokens("t-")
    plan = FaultPlan(token_grace=2)
    first = tokens.issue("acme", "grant", NOW + timedelta(hours=1), plan)
    found = tokens.find(first)
    assert found is not None
    assert not found.is_over(NOW, plan)
    assert found.is_over(NOW + timedelta(hours=1), plan)
    assert tokens.can_end(first, plan)
    tokens.end(first, plan)
    assert found.is_over(NOW, FaultPlan()), "an issued one stays dead"
    second = tokens.issue("acme", "grant", NOW + timedelta(hours=1), plan)
    assert not tokens.can_end(second, plan)
    successor = tokens.find(second)
    assert successor is not None
    successor.served += 2
    assert tokens.can_end(second, plan)
    assert tokens.can_end(tokens.issue("kiwi", "other", NOW, plan), plan)


def test_a_lasting_token_ends_only_when_that_alone_is_asked_for() -> None:
    tokens: Tokens[str] = Tokens(lasting_can_end=True)
    tokens.keep("literal", "acme")
    alone, among = FaultPlan(kinds=("expired_token",)), FaultPlan(kinds=("expired_token", "slow"))
    assert tokens.can_end("literal", alone)
    assert not tokens.can_end("literal", among)
    assert not tokens.can_end("unknown", alone)
    tokens.end("literal", alone)
    found = tokens.find("literal")
    assert found is not None
    assert found.is_over(NOW, alone)
    assert not found.is_over(NOW, among), "another plan, another day"


def test_a_bearer_is_one() -> None:
    assert bearer("Bearer  abc") == "abc"
    assert [bearer(one) for one in (None, "", "Bearer", "Basic abc")] == [None] * 4
