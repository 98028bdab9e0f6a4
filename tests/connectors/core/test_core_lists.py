"""Lists that are cut without a word, and lists that say how many records they have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.core.capped import within_cap
from connectors.core.errors import ServerTrouble, TooHeavy
from connectors.core.shifting import Listed, by_total

_START = datetime(2026, 11, 15, tzinfo=UTC)
_DAY = timedelta(days=1)


def rows_at(*seconds: int) -> list[dict[str, Any]]:
    return [
        {"id": number, "at": _START + timedelta(seconds=at)} for number, at in enumerate(seconds)
    ]


class Cut:
    """A list that shows at most three rows of what is asked for."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows, self.asked = rows, 0

    def __call__(self, start: datetime, end: datetime) -> tuple[list[dict[str, Any]], int]:
        self.asked += 1
        return [one for one in self.rows if start <= one["at"] < end][:3], 10


@pytest.mark.parametrize("count", [0, 2, 3, 4, 50])
def test_what_an_answer_cuts_is_found_in_halves(count: int) -> None:
    cut = Cut(rows_at(*(number * 700 for number in range(count))))
    found = [
        one["id"] for page in within_cap(cut, _START, _START + _DAY, 3) for one in page.records
    ]
    assert sorted(found) == list(range(count))
    # A full answer may have been cut, so only less than that is the whole.
    assert (cut.asked == 1) == (count < 3)


def test_a_second_that_is_full_is_said() -> None:
    cut = Cut(rows_at(*[5] * 4))
    with pytest.raises(TooHeavy, match="3 rows"):
        list(within_cap(cut, _START, _START + _DAY, 3))


def pages_of(*pages: list[int], total: int | None) -> Any:
    def ask(number: int) -> Listed:
        shown = pages[number - 1] if number <= len(pages) else []
        return Listed([{"id": one} for one in shown], False, total, 10)

    return ask


@pytest.mark.parametrize(
    "pages",
    [([1, 2], [3]), ([1, 2], [1, 2], [3]), ([], [1, 2], [], [3]), ([1, 2], [2, 3])],
    ids=["plain", "one twice", "empty ones", "a row that moved"],
)
def test_a_list_is_read_until_all_its_records_were_seen(pages: tuple[list[int], ...]) -> None:
    found = by_total(pages_of(*pages, total=3), lambda one: one["id"])
    assert [one["id"] for page in found for one in page.records] == [1, 2, 3]


def test_a_list_of_nothing_is_one_page() -> None:
    assert [page.records for page in by_total(pages_of([], total=0), lambda one: one["id"])] == [[]]


def test_a_list_that_ends_too_soon_is_begun_again() -> None:
    with pytest.raises(ServerTrouble, match="a list of 4 records shows 3") as met:
        list(by_total(pages_of([1, 2], [3], total=4), lambda one: one["id"]))
    assert met.value.restart_chunk
