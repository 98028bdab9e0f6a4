"""Budgets and what is spent of them, worked out by hand from what an account had on each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from built_home import Query
from fixture_lake import Account, FixtureLake, campaign_row, listed_campaign
from meta_streams import insight, listed
from scenarios import Scenario, at, march, start, window

D = Decimal
FIRST = date(2026, 2, 20)
LAST = march(10)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
ALL_DAYS = (FIRST, LAST + timedelta(days=1))


def _rows(built: Query, organization: str, columns: str, more: str = "true") -> Any:
    return built(
        f"select campaign_names, {columns} from mart_budget_pacing where {more} "
        f"and organization_id = '{organization}' order by date_month, campaign_names, budget_type"
    )


def a_month_of_budgets(lake: FixtureLake) -> Scenario:
    """Own, shared and total budgets: what is due, what is spent, and what is to be expected."""
    account = start(lake, "paced", reporting_currency="USD")
    shared: dict[str, Any] = {"budget_id": "both"}
    run = {
        "start_date_time": datetime(2026, 2, 20),
        "end_date_time": datetime(2026, 3, 31),
        "budget_period": "CUSTOM_PERIOD",
    }
    campaigns = {
        "even": listed_campaign("1", "even", budget="10"),
        "left": listed_campaign("2", "left", budget="20") | shared,
        "right": listed_campaign("3", "right", budget="20") | shared,
        "wild": listed_campaign("4", "wild", budget="10"),
        "whole": listed_campaign("5", "whole", budget="500") | run,
        "paused": listed_campaign("6", "paused", budget="10"),
        "endless": listed_campaign("7", "endless", budget="900") | run | {"end_date_time": None},
    }
    lake.pull(account, "campaigns", at(1), campaigns.values())
    campaigns["paused"]["status"] = "PAUSED"
    campaigns["even"]["budget_amount_micros"] = 20_000_000
    lake.pull(account, "campaigns", at(6), campaigns.values())
    spends = {"1": "18", "2": "6", "3": "9", "4": "40", "5": "12.5", "7": "1"}
    rows = [campaign_row(day, c, spend=spend) for day in DAYS for c, spend in spends.items()]
    rows += [campaign_row(day, "6", spend="10") for day in DAYS if day < march(6)]
    lake.pull(account, "campaign_stats", at(11), rows, ALL_DAYS)

    built = yield
    columns = (
        "held_by, budget_type, daily_budget, budget, spend_to_date, days_left, "
        "recent_daily_spend, expected_spend, pacing_status, pacing_reason"
    )
    of_march = "date_month = '2026-03-01'"
    below, within = ("at_risk", "expected_below_budget"), ("on_track", "within_tolerance")
    assert _rows(built, "paced", columns, of_march) == [
        ("endless", "campaign", "total", None, 900, 19, None, 1, None, "unknown", "no_end"),
        # Five days of 10, then 26 of 20.
        ("even", "budget", "daily", 20, 570, 180, 21, 18, 558, *within),
        ("left, right", "budget", "daily", 20, 620, 150, 21, 15, 465, *below),
        # Nothing is ahead of a campaign that is paused.
        ("paused", "budget", "daily", 10, 50, 50, 0, 10, 50, *within),
        ("whole", "campaign", "total", None, 500, D("237.5"), 21, D("12.5"), 500, *within),
        ("wild", "budget", "daily", 10, 310, 400, 21, 40, 1240, "over", "spent_more_than_budget"),
    ]
    shares = "spent_share, period_gone_share, budget_reporting, spend_to_date_reporting"
    assert _rows(built, "paced", shares, f"{of_march} and campaign_names in ('even', 'whole')") == [
        ("even", 180 / 570, 150 / 570, D("627.0"), D("198.0")),
        ("whole", 237.5 / 500, 19 / 40, D("550.0"), D("261.25")),
    ]
    # Of February the first 19 days were never pulled; what began with the first pulled day has all.
    of_february = "date_month = '2026-02-01' and campaign_names in ('even', 'whole')"
    columns = "period_start, period_end, through_day, missing_days, pacing_status, pacing_reason"
    end = date(2026, 2, 28)
    assert _rows(built, "paced", columns, of_february) == [
        ("even", date(2026, 2, 1), end, end, 19, "unknown", "days_missing"),
        ("whole", FIRST, march(31), end, 0, *within),
    ]

    # A day that is restated, and one that comes to it: the month it is of, and those after it.
    more = [campaign_row(march(11), "1", spend="0"), campaign_row(march(11), "5", spend="300")]
    lake.pull(account, "campaign_stats", at(12), more, (march(11), march(12)))
    lake.pull(account, "campaign_stats", at(12, 7), [], (march(4), march(5)))
    built = yield
    columns = "budget, spend_to_date, recent_daily_spend, expected_spend, pacing_reason"
    assert _rows(
        built, "paced", columns, f"{of_march} and campaign_names in ('even', 'whole')"
    ) == [
        # The last seven days are those from the 5th to the 11th.
        ("even", 570, 162, D("15.428571"), D("470.571429"), "expected_below_budget"),
        ("whole", 500, 525, D("53.571429"), D("1596.428571"), "spent_more_than_budget"),
    ]


def budgets_of_ad_groups(lake: FixtureLake) -> Scenario:
    """A campaign without a budget has those of its ad sets that run; two currencies have no sum."""
    account = _meta_account(lake)
    lake.pull(
        account,
        "campaigns",
        at(1),
        [listed("1", "sets", daily_budget=None), listed("2", "own", daily_budget=1000)],
    )
    sets = [_ad_set(n, "1", budget) for n, budget in enumerate([500, 700, None], 1)]
    # An ad set of a campaign with a budget of its own has a limit, not a budget.
    sets.append(_ad_set(4, "2", 300))
    lake.pull(account, "ad_sets", at(1), sets)
    sets[1] |= {"effective_status": "PAUSED"}
    lake.pull(account, "ad_sets", at(6), sets)
    rows = [insight(day, c, "8") for day in DAYS for c in ("1", "2")]
    lake.pull(account, "campaign_insights", at(11), rows, ALL_DAYS)
    built = yield
    columns = "held_by, daily_budget, budget, spend_to_date, expected_spend, pacing_reason"
    of_march = "date_month = '2026-03-01'"
    assert _rows(built, "setwise", columns, of_march) == [
        ("own", "campaign", 10, 310, 80, 248, "expected_below_budget"),
        # Five days of 5 and 7, then 26 of 5.
        ("sets", "ad_groups", 5, 190, 80, 248, "expected_above_budget"),
    ]
    lake.pull(account, "ad_sets", at(12), [one for one in sets if one["ad_set_id"] != "1"])
    more = [insight(march(day), "2", "0") for day in (11, 12)]
    lake.pull(account, "campaign_insights", at(13), more, (march(11), march(13)))
    built = yield
    # What is left of the first campaign's budget is that of eleven days.
    assert _rows(built, "setwise", columns, f"{of_march} and campaign_names = 'sets'") == [
        ("sets", "ad_groups", 5, 90, 80, 80, "spent_less_than_budget"),
    ]


def budgets_in_odd_money(lake: FixtureLake) -> Scenario:
    """Without a rate a budget is not converted; spend in two currencies has no sum."""
    account = start(lake, "oddly", "BRL")
    lake.pull(account, "campaigns", at(1), [listed_campaign("1", "one", budget="10")])
    rows = [campaign_row(march(day), "1", spend="10") for day in range(1, 11)]
    lake.pull(account, "campaign_stats", at(11), rows, window(1, 10))
    built = yield
    columns = (
        "currency_code, budget, budget_reporting, spend_to_date, spend_to_date_reporting, "
        "expected_spend, expected_spend_reporting, pacing_reason"
    )
    assert _rows(built, "oddly", columns) == [
        ("one", "BRL", 310, None, 100, None, 310, None, "within_tolerance")
    ]
    in_euro = replace(account, currency="EUR")
    lake.connection(in_euro)
    lake.pull(in_euro, "campaign_stats", at(12), [campaign_row(march(11), "1")], window(11, 11))
    built = yield
    assert _rows(built, "oddly", columns) == [
        ("one", "BRL", 310, None, None, None, None, None, "several_currencies")
    ]


def a_budget_that_is_used_up_is_still_in_use(lake: FixtureLake) -> Scenario:
    """TikTok says of what has spent its budget that it does not run; the next day it does."""
    lake.organization("usedup")
    account = Account("usedup", "1", platform="tiktok_ads")
    lake.connection(account)
    words = {"1": "BUDGET_EXCEED", "2": "BALANCE_EXCEED"}
    campaigns = [
        {"campaign_id": one, "name": one, "secondary_status": f"CAMPAIGN_STATUS_{word}"}
        for one, word in words.items()
    ]
    lake.pull(account, "campaigns", at(1), campaigns)
    budgets = {"11": "BUDGET_MODE_TOTAL", "12": "BUDGET_MODE_DAY"}
    ad_groups = [
        {
            "ad_group_id": one,
            "campaign_id": "1",
            "secondary_status": "ADGROUP_STATUS_CAMPAIGN_EXCEED",
            "budget": D(70),
            "budget_mode": mode,
        }
        for one, mode in budgets.items()
    ]
    lake.pull(account, "ad_groups", at(1), ad_groups)
    built = yield
    of_it = "where organization_id = 'usedup' order by 1"
    assert built(f"select campaign_id, status from dim_campaigns {of_it}") == [
        ("1", "ACTIVE"),
        ("2", "PAUSED"),
    ]
    shown = "ad_group_id, status, daily_budget, total_budget"
    assert built(f"select {shown} from dim_ad_groups {of_it}") == [
        ("11", "ACTIVE", None, 70),
        ("12", "ACTIVE", 70, None),
    ]


def _meta_account(lake: FixtureLake) -> Account:
    lake.organization("setwise")
    account = Account("setwise", "1", platform="meta_ads")
    lake.connection(account)
    return account


def _ad_set(number: int, campaign: str, cents: int | None) -> dict[str, Any]:
    return {
        "ad_account_id": "1",
        "campaign_id": campaign,
        "ad_set_id": str(number),
        "name": f"Set {number}",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "daily_budget": cents,
    }


SCENARIOS = (
    a_month_of_budgets,
    budgets_of_ad_groups,
    budgets_in_odd_money,
    a_budget_that_is_used_up_is_still_in_use,
)
