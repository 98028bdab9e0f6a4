"""What a real build reads of the lake after one more sync of a week: that week, not the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.refresh import History

pytestmark = pytest.mark.xdist_group("dbt_cost")

DAYS, CAMPAIGNS = 40, 3
A_WEEK = 7 * CAMPAIGNS


def test_a_refresh_reads_the_raw_rows_of_its_own_days(tmp_path: Path) -> None:
    scanned = History(tmp_path, DAYS, CAMPAIGNS).refresh(1, profile=True).scanned
    rows = {
        name.split("/")[3]: count
        for name, count in scanned.items()
        if name.startswith("lake/raw/google_ads/")
    }
    assert rows["campaign_stats_hourly"] == 24 * A_WEEK
    assert rows["ad_group_stats"] == 2 * A_WEEK
    assert rows["ad_stats"] == 4 * A_WEEK
    # For the fact and for the reconciliation, and every earlier version for the restatements: the
    # week was pulled seven times before, its first day in all of them and its last in one.
    assert rows["campaign_stats"] == A_WEEK * 2 + CAMPAIGNS * sum(range(2, 9))
