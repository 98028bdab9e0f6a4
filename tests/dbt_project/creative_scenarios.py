"""Ads by week: which work best, and which people are tired of."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from typing import Any

from fixture_lake import FixtureLake, campaign_row
from scenarios import Scenario, at, march, start, window

WEEKS = {
    "1": [(1000, 100), (1000, 100), (1000, 60)],
    "2": [(1000, 100), (1000, 100), (1000, 90)],
    "3": [(100_000, 10_000), (100_000, 10_000), (100_000, 9_000)],
    "4": [(999, 900), (1000, 40), (1000, 50)],
    "5": [(1000, 0), (1000, 0), (1000, 0)],
}
"""Ad -> impressions and clicks of the weeks from the 2nd of March, a Monday."""


def _rows(weeks: dict[str, list[tuple[int, int]]]) -> list[dict[str, Any]]:
    """A week's numbers on its Monday, and a Sunday on which nobody saw the ad."""
    found = []
    for ad, pairs in weeks.items():
        for number, (impressions, clicks) in enumerate(pairs):
            monday = march(2) + timedelta(weeks=number)
            place = {"ad_group_id": "1", "ad_id": ad}
            found.append(campaign_row(monday, "1", impressions, clicks, **place))
            sunday = monday + timedelta(days=6)
            found.append(campaign_row(sunday, "1", 0, 0, "0", 0.0, 0.0, **place))
    return found


def ads_that_tire(lake: FixtureLake) -> Scenario:
    """An ad tires when it is clicked much less than at first and not by chance."""
    account = start(lake, "tired", reporting_currency="EUR")
    lake.pull(account, "ad_stats", at(24), _rows(WEEKS), window(2, 22))
    built = yield
    shown = "ad_id, rank_by_ctr, fatigue"
    third = "organization_id = 'tired' and date_week = '2026-03-16'"
    assert built(f"select {shown} from mart_creative_ranking where {third} order by 1") == [
        ("1", 3, "fatigued"),
        ("2", 1, "steady"),
        ("3", 1, "declining"),
        ("4", 4, "new"),
        ("5", 5, "unknown"),
    ]
    ((change, z),) = built(
        f"select ctr_change, ctr_change_z from mart_creative_ranking where {third} and ad_id = '1'"
    )
    assert round(change, 9) == -0.4
    pooled = 260 / 3000
    assert round(z, 9) == round(-0.04 / sqrt(pooled * (1 - pooled) * (1 / 1000 + 1 / 2000)), 9)
    of_four = built(
        "select is_ranked, ads_ranked, week_number, impressions_to_date, days_with_data, fatigue "
        "from mart_creative_ranking where organization_id = 'tired' and ad_id = '4' "
        "order by date_week"
    )
    assert of_four == [
        (False, 4, 1, 999, 2, "too_few_impressions"),
        (True, 5, 2, 1999, 2, "new"),
        (True, 5, 3, 2999, 2, "new"),
    ]
    # The platform corrects a week, and the ad gets a name: all later weeks are compared anew.
    corrected = {**WEEKS, "1": [(1000, 60), (1000, 60), (1000, 60)]}
    lake.pull(account, "ad_stats", at(25), _rows(corrected), window(2, 22))
    named = {"ad_id": "1", "ad_group_id": "1", "campaign_id": "1", "name": "Kites"}
    lake.pull(account, "ads", at(25), [named | {"status": "ENABLED", "type": "VIDEO_AD"}])
    built = yield
    found = built(
        f"select ad_name, creative_type, fatigue from mart_creative_ranking "
        f"where {third} and ad_id = '1'"
    )
    assert found == [("Kites", "video", "steady")]


def ads_of_days_that_are_alike(lake: FixtureLake) -> Scenario:
    """An even number of days of one sync, with the same rate: when that changes, all of them do."""
    account = start(lake, "same_days", reporting_currency="EUR")
    rows = [
        campaign_row(march(day), "1", 10, 1, "10", ad_group_id="1", ad_id="1") for day in (2, 3)
    ]
    lake.pull(account, "ad_stats", at(6), rows, window(2, 5))
    columns = "reporting_currency, spend_reporting"
    shown = f"select {columns} from mart_creative_ranking where organization_id = 'same_days'"
    built = yield
    assert built(shown) == [("EUR", 20)]
    # A currency that no rate is known of.
    lake.organization("same_days", reporting_currency="XPF")
    built = yield
    assert built(shown) == [("XPF", None)]
    lake.organization("same_days", reporting_currency="XAF")
    built = yield
    assert built(shown) == [("XAF", None)]


SCENARIOS = (ads_that_tire, ads_of_days_that_are_alike)
