"""What a home holds after syncs: its raw files, and the rows that a reader sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.lake import Outcome

OK = Outcome("succeeded")


def raw_files_of(home: Home, stream: str = "ad_stats") -> list[Path]:
    return sorted(home.raw_dir("google_ads", stream).rglob("*.parquet"))


def visible_rows(home: Home) -> list[tuple[Any, ...]]:
    """Rows by the truth rule, read the way dbt reads them."""
    raw = home.raw_dir("google_ads", "ad_stats") / "synced=*" / "*.parquet"
    log = home.syncs_dir / "*" / "*.parquet"
    return duckdb.sql(
        f"""
        select r._connection_id, r._chunk_id, r.date, r.campaign_id, r.clicks
        from read_parquet('{raw}', union_by_name = true, hive_partitioning = false) as r
        semi join read_parquet('{log}', union_by_name = true, hive_partitioning = false) as l
          on l.status = 'succeeded' and l.stream = 'ad_stats'
         and (l.sync_id, l.connection_id, l.chunk_id)
           = (r._sync_id, r._connection_id, r._chunk_id)
        order by all
        """
    ).fetchall()
