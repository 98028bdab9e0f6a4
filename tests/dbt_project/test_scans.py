"""What a real build reads of the lake after one more sync of a week: that account's week alone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.refresh import History, Refresh
from tests.parsed_project import share_parsed_project

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("dbt_cost")]

DAYS, CAMPAIGNS = 20, 3
A_WEEK = 7 * CAMPAIGNS


def test_a_refresh_reads_the_raw_rows_of_its_own_days_and_connection(tmp_path: Path) -> None:
    """Those of another organization's account, which has the same days, stay in their files."""
    share_parsed_project(tmp_path / "home")
    history = History(tmp_path, DAYS, CAMPAIGNS, neighbors=1)
    rows = _raw_rows_read(history.refresh(1, profile=True))
    assert rows["campaign_stats_hourly"] == 24 * A_WEEK
    assert rows["ad_group_stats"] == 2 * A_WEEK
    assert rows["ad_stats"] == 4 * A_WEEK
    # For the fact and for the reconciliation, and every earlier version for the restatements: the
    # week was pulled seven times before, its first day in all of them and its last in one.
    assert rows["campaign_stats"] == A_WEEK * 2 + CAMPAIGNS * sum(range(2, 9))

    # Of a compacted lake it reads what was said of the week, each once, and who saw it when.
    assert history.compact("2026-12-01T08:00:00+00:00")["files_after"] > 0
    rows = _raw_rows_read(history.refresh(2, profile=True))
    pattern = tmp_path / "home/lake/raw/google_ads/campaign_stats/compacted=*/*.parquet"
    [(versions, sets)] = duckdb.sql(
        f"select count(*), count(_observations) from '{pattern}' "
        "where date >= '2026-11-09' and _organization_id = 'acme'"
    ).fetchall()
    assert A_WEEK < versions < CAMPAIGNS * sum(range(2, 10))
    assert sets < versions
    assert rows["campaign_stats"] == 3 * (A_WEEK + versions + sets)


def _raw_rows_read(refresh: Refresh) -> dict[str, int]:
    return {
        name.split("/")[3]: count
        for name, count in refresh.scanned.items()
        if name.startswith("lake/raw/google_ads/")
    }
