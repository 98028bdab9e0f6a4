"""Points: a query is sent when all it may cost is there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.platforms.shopify.costs import CEILING, Budget, PageSize


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _status(left: float, most: float = 1000, rate: float = 50) -> dict[str, Any]:
    return {"maximumAvailable": most, "currentlyAvailable": left, "restoreRate": rate}


def test_before_the_first_answer_nothing_waits() -> None:
    budget = Budget(_Clock())
    assert budget.reserve(900) == budget.reserve(900) == 0


def test_a_query_waits_until_its_points_are_there() -> None:
    clock = _Clock()
    budget = Budget(clock)
    budget.settle(budget.reserve(0), _status(100))
    assert budget.reserve(300) == pytest.approx(4.0)
    clock.now += 4
    budget.settle(300, _status(250))
    assert budget.reserve(200) == 0
    assert budget.reserve(150) == pytest.approx(2.0)


def test_others_on_their_way_are_counted() -> None:
    budget = Budget(_Clock())
    budget.settle(budget.reserve(0), _status(1000))
    budget.reserve(600)
    budget.reserve(300)
    # The first has come back; what it says does not know of the second yet.
    budget.settle(600, _status(500))
    assert budget.reserve(300) == pytest.approx(2.0)


def test_points_come_back_up_to_the_full_bucket_and_after_a_failure() -> None:
    clock = _Clock()
    budget = Budget(clock)
    budget.settle(budget.reserve(0), _status(0))
    clock.now += 1000
    assert budget.reserve(1000) == 0
    budget.settle(1000, {})
    assert budget.reserve(1000) == 0
    assert budget.reserve(50) == pytest.approx(1.0)


def test_more_than_a_full_bucket_waits_for_a_full_one_only() -> None:
    budget = Budget(_Clock())
    budget.settle(budget.reserve(0), _status(0, most=500))
    assert budget.reserve(900) == pytest.approx(10.0)


def test_a_pull_paces_itself(reader: Any, shop: Any, answered: Any) -> None:
    """The second page waits for its points, so that Shopify never has to throttle."""

    def orders(variables: Any) -> Any:
        more = {"hasNextPage": variables["after"] is None, "endCursor": "a"}
        data = {"orders": {"nodes": [], "pageInfo": more}}
        return answered(data, cost=variables["first"] * 100, left=300)

    shop.answers = {"orders(first": orders}
    reader.rows("orders")
    (wait,) = reader.sleeper.waits
    assert wait == pytest.approx(6.0, abs=0.1)


@given(st.floats(0.5, 400), st.integers(1, 250))
def test_a_page_fits_whatever_an_object_costs(each: float, first: int) -> None:
    size = PageSize(first, nested={"children": 10})
    for _ in range(12):
        cost = size.first * each
        if cost > CEILING:
            assert size.shrink(cost, CEILING)
        else:
            size.learn(cost)
    assert size.first * each <= CEILING
    assert size.first == size.most or (size.first + 1) * each > 0.9 * CEILING


def test_a_smaller_bucket_keeps_the_page_small() -> None:
    size = PageSize(10)
    assert size.shrink(900, 500)
    size.learn(size.first * 90)
    assert size.first * 90 <= 500
