"""How complete a day is by its age, learnt from restatements, and what follows for a day."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from built_home import DbtHome, differences, twin_of
from fixture_lake import Account, FixtureLake
from settling import LOOKBACK, clock, days_from, pull_daily, shown

pytestmark = pytest.mark.xdist_group("dbt_settlement")

FIRST = date(2026, 1, 5)
LEARNT = 40
"""Days of the account that are past their lookback; the last of them was fetched today."""
TODAY = FIRST + timedelta(days=LEARNT + LOOKBACK)
FEW = Account("few", "1")
MANY = Account("many", "1")
MODELS = (
    "mart_settlement",
    "mart_campaign_daily_summary",
    "mart_platform_comparison",
    "mart_organization_daily_metrics",
    "mart_kpi_daily",
)
FINAL = 100


def share(day: date, age: int) -> float:
    """Of 40 days 40 shares at each age, in no order; all of the number is known from age 5 on."""
    place = (7 * (day - FIRST).days) % LEARNT
    return 1.0 if age >= 5 else (60 + place / 2 + 4 * age) / 100


@dataclass(frozen=True)
class Built:
    """A lake and two homes over it: one is built again after each sync, one whole."""

    lake: FixtureLake
    home: DbtHome
    twin: DbtHome

    def row(self, sql: str) -> Any:
        (found,) = self.home.query(sql)
        return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    path = tmp_path_factory.mktemp("settlement") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    for account in (MANY, FEW):
        lake.organization(account.organization, "EUR")
        lake.connection(account)
    pull_daily(lake, MANY, FIRST, TODAY, lambda day, age: shown(day, FINAL * share(day, age)))
    _pull_what_teaches_nothing(lake)
    late = TODAY - timedelta(days=LOOKBACK + 18)
    pull_daily(lake, FEW, late, TODAY, lambda day, age: shown(day, FINAL * share(day, age)))
    home = DbtHome(path)
    home.build(models=MODELS)
    return Built(lake, home, twin_of(home, path.parent / "twin"))


def _pull_what_teaches_nothing(lake: FixtureLake) -> None:
    """What failed, what is of other numbers and what left its days as they were: no calls count."""
    at = clock(FIRST + timedelta(days=LEARNT))
    window = (FIRST + timedelta(days=10), FIRST + timedelta(days=LEARNT - 10))
    left = days_from(window[0], (window[1] - window[0]).days)
    lake.pull(MANY, "campaign_stats", at + timedelta(hours=1), (), window, status="failed")
    lake.pull(MANY, "ad_stats", at + timedelta(hours=2), (), window)
    lake.pull(MANY, "campaign_stats", at + timedelta(hours=3), (), window, left_days=left)


def settled(built: Built, organization: str, metric: str, age: int, columns: str) -> Any:
    return built.row(
        f"select {columns} from mart_settlement where organization_id = '{organization}' "
        f"and metric = '{metric}' and age_days = {age}"
    )


@pytest.mark.parametrize("age", range(5))
def test_quantiles_are_those_of_the_days_that_passed_their_lookback(built: Built, age: int) -> None:
    shares = [share(day, age) for day in days_from(FIRST, LEARNT)]
    (low, *_, high) = quantiles = statistics.quantiles(shares, n=20)
    columns = "days, completeness_low, completeness_median, completeness_high"
    found = settled(built, "many", "conversions", age, columns)
    assert found[0] == LEARNT
    assert found[1:] == pytest.approx((low, quantiles[9], high))


def test_too_few_days_teach_nothing(built: Built) -> None:
    for metric in ("conversions", "spend"):
        columns = "days, completeness_low, completeness_median, completeness_high, final_factor"
        assert settled(built, "few", metric, 3, columns) == (18, None, None, None, None)
        columns = "is_settled, settled_from_age_days, suggested_lookback_days"
        assert settled(built, "few", metric, 3, columns) == (False, LOOKBACK + 1, LOOKBACK)


def test_a_metric_is_settled_from_the_age_on_which_nothing_changes_later(built: Built) -> None:
    columns = "is_settled, settled_from_age_days, suggested_lookback_days"
    assert settled(built, "many", "conversions", 4, columns) == (False, 5, 4)
    assert settled(built, "many", "conversions", 5, columns) == (True, 5, 4)
    assert settled(built, "many", "spend", 0, columns) == (True, 0, 4)


def test_the_calls_that_a_shorter_lookback_spares(built: Built) -> None:
    """A day is pulled at ages 0 to 31 by calls for 32 days each; ages 6 to 31 would be spared."""
    columns = "requests_spared_per_day"
    days = days_from(FIRST, LEARNT)
    pulled = [[day + timedelta(days=age) for age in range(6, LOOKBACK + 2)] for day in days]
    spared = sum(1 / min((at - FIRST).days + 1, 32) for ats in pulled for at in ats) / LEARNT
    assert settled(built, "many", "spend", 0, columns) == (pytest.approx(spared),)
    assert settled(built, "few", "spend", 0, columns) == (0,)


@pytest.mark.parametrize(
    ("organization", "age", "is_settled"),
    [
        ("many", 4, False),
        ("many", 5, True),
        ("few", 5, False),
        ("few", 30, False),
        ("few", 31, True),
    ],
)
def test_a_day_is_settled_as_was_learnt_or_by_its_lookback(
    built: Built, organization: str, age: int, is_settled: bool
) -> None:
    of_day = f"organization_id = '{organization}' and date_day = '{TODAY - timedelta(days=age)}'"
    for mart in MODELS[1:]:
        assert built.row(f"select is_settled from {mart} where {of_day}") == (is_settled,), mart


def test_the_expected_final_number_and_its_interval(built: Built) -> None:
    day = TODAY - timedelta(days=2)
    known = Decimal(str(FINAL * share(day, 2)))
    low, median, high = settled(
        built, "many", "conversions", 2, "final_factor_low, final_factor, final_factor_high"
    )
    columns = ", ".join(f"expected_final_conversions{end}" for end in ("_low", "", "_high"))
    of_day = f"from mart_platform_comparison where date_day = '{day}' and organization_id ="
    found = built.row(f"select {columns} {of_day} 'many'")
    assert found == tuple(pytest.approx(known * factor) for factor in (low, median, high))
    assert low < median < high
    assert built.row(f"select {columns} {of_day} 'few'") == (None, None, None)
    spend = "expected_final_spend_reporting_low, expected_final_spend_reporting_high"
    assert built.row(f"select {spend} {of_day} 'many'") == (10, 10)


def test_what_is_past_its_lookback_is_expected_to_stay(built: Built) -> None:
    day = TODAY - timedelta(days=LOOKBACK + 1)
    columns = "conversions, expected_final_conversions, expected_final_conversions_high"
    sql = f"select {columns} from mart_platform_comparison where date_day = '{day}'"
    assert set(built.home.query(sql)) == {(FINAL, FINAL, FINAL)}


@pytest.mark.long
def test_another_hour_of_today_teaches_nothing_and_another_day_does(built: Built) -> None:
    """The marts are then as a full refresh makes them."""
    lake, home = built.lake, built.home
    before = home.rewrites()
    day = TODAY - timedelta(days=1)
    lake.pull(
        MANY, "campaign_stats", clock(TODAY) + timedelta(hours=6), [shown(day, 3)], (day, TODAY)
    )
    home.build(models=MODELS)
    rewritten = {row[1] for row in home.rewrites() if row not in before}
    assert "mart_platform_comparison" in rewritten
    assert not rewritten & {"mart_settlement", "int_settlement_days"}

    tomorrow = TODAY + timedelta(days=1)
    days = days_from(TODAY - timedelta(days=LOOKBACK), LOOKBACK + 2)
    rows = [shown(one, FINAL * share(one, (tomorrow - one).days)) for one in days]
    window = (days[0], tomorrow + timedelta(days=1))
    lake.pull(FEW, "campaign_stats", clock(tomorrow), rows, window)
    before = home.rewrites()
    home.build(models=MODELS)
    rewritten = {row[1]: row[3] for row in home.rewrites() if row not in before}
    assert rewritten["mart_settlement"] == 1
    assert rewritten["int_settlement_days"] == 1
    assert settled(built, "few", "conversions", 3, "days, completeness_low is null") == (19, False)
    assert settled(built, "few", "spend", 0, "settled_from_age_days") == (0,)
    built.twin.build("--full-refresh", models=MODELS)
    assert differences(home, built.twin) == {}
