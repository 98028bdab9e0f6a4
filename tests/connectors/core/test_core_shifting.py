"""Lists that change while they are read: nothing is lost, and nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.errors import ServerTrouble, ShapeChanged
from connectors.core.shifting import Listed, by_id, in_time

START = datetime(2026, 11, 1)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass
class Table:
    """Records by id, each with its second; `between` happens before each answer but the first."""

    seconds: dict[int, int]
    size: int
    between: Callable[[Table], None] = lambda _: None
    asked: list[tuple[Any, int]] = field(default_factory=list)

    def page(self, since: datetime | None, number: int) -> Listed:
        if self.asked:
            self.between(self)
        self.asked.append((since, number))
        kept = {one: n for one, n in self.seconds.items() if since is None or at(n) > since}
        rows = sorted(kept, key=(lambda one: (kept[one], one)) if since else lambda one: one)
        first = (number - 1) * self.size
        shown = [{"id": one, "at": kept[one]} for one in rows[first : first + self.size]]
        return Listed(shown, first + self.size < len(rows), len(rows), 0)

    def in_time(self, start: datetime = START) -> list[tuple[int, int]]:
        pages = in_time(self.page, lambda one: at(one["at"]), start)
        return [(one["id"], one["at"]) for page in pages for one in page.records]

    def by_id(self) -> list[int]:
        pages = by_id(lambda number: self.page(None, number), "things")
        return [one["id"] for page in pages for one in page.records]


@given(
    seconds=st.lists(st.integers(0, 90), min_size=1, max_size=30, unique=True),
    size=st.integers(2, 7),
    moves=st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["edit", "go"])), max_size=12),
)
def test_what_happens_meanwhile_takes_nothing_else_with_it(
    seconds: list[int], size: int, moves: list[tuple[int, str]]
) -> None:
    touched: set[int] = set()
    later = iter(range(100, 1_000))

    def move(table: Table) -> None:
        if moves:
            id_, what = moves.pop()
            touched.add(id_)
            table.seconds.pop(id_, None)
            if what == "edit":
                table.seconds[id_] = next(later)

    table = Table(dict(enumerate(seconds)), size, move)
    found = table.in_time()
    # Of what moved itself, the list may have what it was, what it is, or both; all else it has.
    assert {one for one in enumerate(seconds) if one[0] not in touched} <= set(found)
    assert len(found) == len(set(found))


def test_only_a_page_of_one_second_goes_on_with_the_next_page() -> None:
    table = Table(dict.fromkeys(range(1, 8), 5), 2)
    assert table.in_time() == [(one, 5) for one in range(1, 8)]
    apart = Table({one: one for one in range(1, 8)}, 2)
    apart.in_time()
    assert {number for _, number in apart.asked} == {1}


def test_pages_of_one_second_are_read_until_they_bring_nothing_new() -> None:
    table = Table(dict.fromkeys(range(1, 8), 5), 2)

    def edit(table: Table) -> None:
        table.seconds[1] = 50  # All behind it move one place forward, once.

    table.between = edit
    assert {id_ for id_, _ in table.in_time()} == set(range(1, 8))


def test_a_record_that_is_older_means_that_the_filter_is_ignored() -> None:
    table = Table({1: -86_400}, 2)
    with pytest.raises(ShapeChanged, match="ignores the filter"):
        list(in_time(lambda *_: table.page(at(-90_000), 1), lambda one: at(one["at"]), START))


def test_a_list_by_id_that_gets_longer_is_whole_and_one_that_gets_shorter_begins_again() -> None:
    longer = Table(dict.fromkeys(range(1, 6), 0), 2)
    longer.between = lambda table: table.seconds.update({len(table.asked) + 10: 0})
    assert set(range(1, 6)) < set(found := longer.by_id())
    assert len(found) == len(set(found))
    shorter = Table(dict.fromkeys(range(1, 6), 0), 2)
    shorter.between = lambda table: table.seconds.pop(next(iter(table.seconds)))
    with pytest.raises(ServerTrouble, match="gone") as met:
        shorter.by_id()
    assert met.value.restart_chunk
