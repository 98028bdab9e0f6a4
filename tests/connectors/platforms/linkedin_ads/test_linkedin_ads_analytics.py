"""Answers of adAnalytics, put together again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.core.errors import AccountGone, BadRequest, ShapeChanged, TooHeavy
from connectors.core.window import Window
from connectors.platforms import get

_PLATFORM = get("linkedin_ads")
_WINDOW = Window(date(2026, 1, 2), date(2026, 1, 4))
_ABOUT = {"dateRange", "pivotValues"}


def _elements() -> list[dict[str, Any]]:
    text = (Path(__file__).parent / "pages" / "analytics.json").read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text)["elements"]
    return found


def _analytics(elements: list[dict[str, Any]]) -> Callable[[Any], Any]:
    """Answers like LinkedIn: at most 20 fields, and no element that has nothing of them."""

    def handler(asked: Any) -> Any:
        fields = asked.params["fields"].split(",")
        assert set(fields) >= _ABOUT
        assert len(fields) <= 20
        metrics = set(fields) - _ABOUT
        shown = [
            {name: value for name, value in one.items() if name in {*fields, "odd"}}
            for one in elements
            if not metrics or any(one.get(name) for name in metrics)
        ]
        return {"elements": shown}

    return handler


def test_a_row_has_the_numbers_of_all_answers(read: Callable[..., Any]) -> None:
    found = read(_PLATFORM, "campaign_analytics", _analytics(_elements()), _WINDOW)
    first, second = sorted(found.rows, key=lambda row: row["date"])
    assert (first["date"], first["campaign_id"]) == (date(2026, 1, 2), "252074216")
    assert first["campaign_group_id"] == "615492066"
    assert (first["impressions"], first["clicks"], first["conversions"]) == (19090, 100, 4)
    assert (first["cost"], first["cost_usd"]) == (Decimal("193.12"), Decimal("107.53"))
    assert (first["likes"], first["video_views"]) == (3, 7)
    assert first["conversion_value"] is None, "named, and null"
    assert json.loads(first["_extra"]) == {"odd": "?"}
    assert (second["cost"], second["conversion_value"]) == (0, 150)
    assert (second["impressions"], second["clicks"]) == (0, None), "sent, and not sent"
    assert (first["opens"], second["opens"]) == (0, 0), "an answer that leaves a row out means 0"
    assert found.rejected == []


def _or_account(handler: Callable[[Any], Any], *accounts: Any) -> Callable[[Any], Any]:
    """Answers what an account is asked for by its id, and the rest by a handler."""
    return lambda asked: (
        {"elements": list(accounts)} if asked.path.endswith("adAccounts") else handler(asked)
    )


def test_what_is_asked(read: Callable[..., Any]) -> None:
    answers = _or_account(_analytics([]), {"id": 508720451})
    found = read(_PLATFORM, "creative_analytics", answers, _WINDOW)
    assert found.asked[0].url == (
        "https://api.linkedin.com/rest/adAnalytics?q=statistics"
        "&pivots=List(CAMPAIGN_GROUP,CAMPAIGN,CREATIVE)&timeGranularity=(value:DAILY)"
        "&dateRange=(start:(year:2026,month:1,day:2),end:(year:2026,month:1,day:3))"
        "&accounts=List(urn%3Ali%3AsponsoredAccount%3A508720451)&fields=dateRange,pivotValues"
    )
    assert found.rows == []
    assert len(found.asked) == 2, "where nothing happened, the account alone is asked for"


def test_nothing_is_no_answer_without_the_account(read: Callable[..., Any]) -> None:
    """An empty answer would empty the days that are known."""
    with pytest.raises(AccountGone, match="does not show the account 508720451"):
        read(_PLATFORM, "campaign_analytics", _or_account(_analytics([])), _WINDOW)


_METRICS = [
    one.source for one in _PLATFORM.stream("campaign_group_analytics").columns if one.additivity
]


@given(st.lists(st.dictionaries(st.sampled_from(_METRICS), st.integers(0, 2)), max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_element_and_no_number_is_lost(
    read: Callable[..., Any], numbers: list[dict[str, int]]
) -> None:
    day = {"year": 2026, "month": 1, "day": 2}
    elements = [
        {"dateRange": {"start": day}, "pivotValues": [f"urn:li:sponsoredCampaignGroup:{n}"], **one}
        for n, one in enumerate(numbers)
    ]
    stream = _PLATFORM.stream("campaign_group_analytics")
    answers = _or_account(_analytics(elements), {"id": 508720451})
    found = read(_PLATFORM, stream.name, answers, _WINDOW)
    rows = {row["campaign_group_id"]: row for row in found.rows}
    assert rows.keys() == {str(n) for n in range(len(numbers))}
    for n, one in enumerate(numbers):
        for column in stream.columns:
            if column.additivity:
                assert (rows[str(n)][column.name] or 0) == one.get(column.source, 0)


def test_an_answer_that_may_be_cut_is_asked_for_in_less(read: Callable[..., Any]) -> None:
    def full(asked: Any) -> Any:
        return {"elements": [_elements()[0]] * 15_000}

    with pytest.raises(TooHeavy, match="15000 elements") as refusal:
        read(_PLATFORM, "campaign_analytics", full, _WINDOW)
    assert refusal.value.less_may_help


@pytest.mark.parametrize(
    "broken",
    [
        "odd",
        {"pivotValues": ["urn:li:sponsoredCampaignGroup:1"]},
        {"pivotValues": [], "dateRange": {"start": {"year": 2026, "month": 1, "day": 2}}},
        {"pivotValues": ["1"], "dateRange": {"start": {"year": 2026, "month": 13, "day": 2}}},
        {"pivotValues": ["1"], "dateRange": {"start": {"year": 2026, "month": "1", "day": 2}}},
    ],
)
def test_an_element_that_is_about_nothing(read: Callable[..., Any], broken: Any) -> None:
    with pytest.raises(ShapeChanged, match="about nothing known"):
        read(_PLATFORM, "campaign_group_analytics", lambda _: {"elements": [broken]}, _WINDOW)


def test_a_number_that_is_none_costs_its_row_alone(read: Callable[..., Any]) -> None:
    elements = [_elements()[0], _elements()[1] | {"clicks": "many"}]
    found = read(_PLATFORM, "campaign_analytics", _analytics(elements), _WINDOW)
    assert [row["campaign_id"] for row in found.rows] == ["252074216"]
    assert found.rejected == ["clicks: 'many' is not a whole number of 64 bits"]


def test_a_metric_that_is_gone_costs_its_column_alone(kit: Any, read: Callable[..., Any]) -> None:
    def refusing(asked: Any) -> Any:
        if "opens" in asked.params["fields"]:
            details = {"inputErrors": [{"code": "FIELD_INVALID", "description": "no field opens"}]}
            data = {"status": 400, "message": "Invalid param.", "errorDetails": details}
            return kit.answer(data, status=400)
        return _analytics(_elements())(asked)

    found = read(_PLATFORM, "campaign_analytics", refusing, _WINDOW)
    assert [row["clicks"] for row in sorted(found.rows, key=lambda row: row["date"])] == [100, None]
    assert [row["opens"] for row in found.rows] == [None, None]
    with pytest.raises(BadRequest, match="clicks"):
        read(
            _PLATFORM,
            "campaign_analytics",
            lambda _: kit.answer({"message": "no field clicks"}, status=400),
            _WINDOW,
        )


def _members(asked: Any) -> Any:
    pivot = asked.params["pivot"].removeprefix("(value:").removesuffix(")")
    start = asked.params["dateRange"].partition(",end:")[0].partition("start:")[2]
    parts = dict(part.split(":") for part in start.strip("()").split(","))
    day = {name: int(value) for name, value in parts.items()}
    about = {"dateRange": {"start": day}, "pivotValues": [f"urn:li:{pivot.lower()}:1"]}
    return {"elements": [about | {"impressions": 6, "costInLocalCurrency": "1.5"}]}


def test_members_by_whole_months_up_to_today(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-03-16T17:00:00-08:00")  # in UTC it is the 17th
    window = Window(date(2026, 2, 15), date(2026, 3, 19))
    found = read(_PLATFORM, "member_demographics", _members, window)
    pivots = ["COMPANY_SIZE", "INDUSTRY", "SENIORITY", "JOB_FUNCTION", "COUNTRY_V2"]
    assert [(row["date"], row["pivot"]) for row in found.rows] == [
        (day, f"MEMBER_{pivot}")
        for day in (date(2026, 2, 28), date(2026, 3, 17))
        for pivot in pivots
    ]
    first = found.rows[0]
    assert first["member_value"] == "urn:li:member_company_size:1"
    assert (first["impressions"], first["cost"], first["clicks"]) == (6, Decimal("1.5"), None)
    assert [one.params["dateRange"] for one in found.asked[::5]] == [
        "(start:(year:2026,month:2,day:1),end:(year:2026,month:2,day:28))",
        "(start:(year:2026,month:3,day:1),end:(year:2026,month:3,day:17))",
    ]
    assert "&timeGranularity=(value:ALL)&" in found.asked[0].url


def test_members_of_days_in_the_middle_of_a_month_are_not_asked_for(
    read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUTARY_NOW", "2026-03-16T17:00:00Z")
    for begins, ends in [("2026-02-01", "2026-02-28"), ("2026-03-17", "2026-05-01")]:
        window = Window(date.fromisoformat(begins), date.fromisoformat(ends))
        assert read(_PLATFORM, "member_demographics", _members, window).asked == []


def test_numbers_of_members_never_add_up() -> None:
    metrics = [c for c in _PLATFORM.stream("member_demographics").columns if c.role == "metric"]
    assert {column.additivity for column in metrics} == {"none"}
