"""The tables behind every network: rows drawn by period, in pages, in order; levels and parts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sandbox.business import Business
from connectors.sandbox.tables.levels import add_days, days_between, sums
from connectors.sandbox.tables.results import Kept, Result, Rows, drawn, ranks
from connectors.sandbox.tables.things import Thing, below, things
from connectors.sandbox.wire.pages import Position

NOW = datetime(2026, 11, 15, 6, tzinfo=UTC)


class Drawing:
    """Periods with so many rows each, whose figure is a number of its own; counts what is drawn."""

    def __init__(self, sizes: list[int]) -> None:
        self.sizes, self.drawn = sizes, Counter[int]()

    def draw(self, number: int) -> Rows:
        self.drawn[number] += 1
        first = sum(self.sizes[:number])
        figures = np.arange(first, first + self.sizes[number], dtype=np.int64)[None, :, None]
        return drawn(figures, np.ones(figures.shape[1:], dtype=np.bool_), number)

    def result(self, order: list[tuple[str, bool]], limit: int | None = None) -> Result:
        read = {
            "period": lambda rows: list(rows.period.tolist()),
            "odd": lambda rows: list((rows.measures[0] % 2).tolist()),
        }
        by = [(read[field], falling) for field, falling in order]
        return Result(len(self.sizes), self.draw, by, limit)


def shown(rows: Rows) -> list[int]:
    return list(rows.measures[0].tolist())


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=6),
    st.integers(1, 7),
    st.none() | st.integers(1, 20),
    st.sampled_from([[], [("odd", True)], [("period", True), ("odd", False)]]),
)
def test_pages_add_up_to_the_whole_in_order(
    sizes: list[int], size: int, limit: int | None, order: list[tuple[str, bool]]
) -> None:
    drawing = Drawing(sizes)
    result, pages, more = drawing.result(order, limit), [], True
    while more:
        assert len(pages) <= sum(sizes), "it comes to an end"
        rows, more = result.rows(size * len(pages), size)
        pages.append(shown(rows))
    period_of = [number for number, count in enumerate(sizes) for _ in range(count)]
    keys = {"odd": lambda one: one % 2, "period": lambda one: period_of[one]}
    whole = list(range(sum(sizes)))
    for field, falling in reversed(order):
        whole.sort(key=keys[field], reverse=falling)
    assert [one for page in pages for one in page] == whole[:limit]
    assert all(len(page) == size for page in pages[:-1]), "only the last page is short"
    assert pages[-1] or not whole, "no empty page after the last row"


def test_a_page_draws_its_own_periods_alone() -> None:
    for size in (3, 4):
        drawing = Drawing([size] * 4)
        result = drawing.result([])
        assert shown(result.rows(0, 4)[0]) == [0, 1, 2, 3]
        assert shown(result.rows(4, 4)[0]) == [4, 5, 6, 7]
        assert shown(result.rows(8, 4)[0]) == [8, 9, 10, 11]
        assert drawing.drawn == {0: 1, 1: 1, 2: 1, 3: 1}
    assert shown(result.rows(40, 4)[0]) == []


def test_unset_values_rank_before_all_others() -> None:
    assert ranks([3.0, float("nan"), 1.0, None, 3.0]).tolist() == [2, 0, 1, 0, 2]
    assert ranks(["b", "a", None]).tolist() == [2, 1, 0]


def test_the_last_results_are_kept_and_large_ones_crowd_out_others() -> None:
    kept: Kept[SimpleNamespace] = Kept()
    large = SimpleNamespace(subjects=range(300_000))
    assert kept.find("a", lambda: large) is large
    assert kept.find("a", lambda: SimpleNamespace(subjects=())) is large
    kept.find("b", lambda: SimpleNamespace(subjects=range(200_000)))
    assert kept.find("a", lambda: SimpleNamespace(subjects=())) is not large


def test_a_fault_repeats_a_position_once_and_no_empty_page() -> None:
    first = Position(NOW)
    assert first.faulty("empty_page", 5)
    assert not first.faulty("empty_page", 0)
    assert not first.faulty("unknown_field", 5)
    assert not first.repeated().faulty("duplicate_page", 5)
    second = first.repeated().at(5)
    assert (second.offset, second.repeats, second.clock) == (5, 0, NOW)
    assert Position.read(second.values()) == second


@pytest.mark.parametrize("level", ["account", "campaign", "ad_group", "ad"])
def test_levels_are_sums_of_what_is_below_them(business: Business, level: str) -> None:
    account = business.people.accounts_on("meta_ads")[0]
    portfolio, top = business.portfolio(account), Thing(NOW, account)
    days = days_between(business.parameters.end - timedelta(days=9), business.parameters.end)
    ads, own = sums(portfolio, top, "ad"), sums(portfolio, top, level)
    figures, whole = add_days(business, top, own, days), add_days(business, top, ads, days)
    assert figures is not None
    assert whole is not None
    expected = {one: np.zeros(len(portfolio.measures), dtype=np.int64) for one in own.subjects}
    for place, ad in enumerate(ads.subjects):
        expected[ad.above(level)] += whole[:, place]
    assert [one.path for one in own.subjects] == [one.path for one in expected]
    assert figures.T.tolist() == [one.tolist() for one in expected.values()]
    assert figures.any()


def test_a_level_of_some_units_has_their_subjects_alone(business: Business) -> None:
    account = business.people.accounts_on("meta_ads")[0]
    portfolio, top = business.portfolio(account), Thing(NOW, account)
    chosen = portfolio.campaigns[1]
    level = sums(portfolio, top, "ad_group", lambda ad: ad.campaign.id == chosen.id)
    assert [one.ad_group.id for one in level.subjects] == [one.id for one in chosen.ad_groups]


def test_what_lies_below_a_thing_is_of_its_kind_and_there_by_now(business: Business) -> None:
    account = business.people.accounts_on("google_ads")[0]
    early = datetime(2026, 7, 25, tzinfo=UTC)
    assert len(things(business, account, "campaign", early)) == 6, "one starts late"
    campaign = things(business, account, "campaign", NOW)[1]
    ads = below(business, campaign, "ad")
    assert {one.campaign.id for one in ads} == {campaign.campaign.id}
    assert len(ads) == sum(len(one.ads) for one in campaign.campaign.ad_groups) > 0
    assert below(business, campaign, "campaign") == [campaign]
