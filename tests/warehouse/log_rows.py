"""Rows of the sync log as tests write them: a week of one account, changed as a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from warehouse.sync_rows import LogRow

START = datetime(2026, 11, 1)
NOON = datetime(2026, 11, 15, 12, tzinfo=UTC)
DAY = NOON.date()
NEXT_DAY = DAY + timedelta(days=1)


def row(sync_id: str, **changes: object) -> LogRow:
    base = LogRow(
        sync_id=sync_id,
        organization_id="acme",
        connection_id="a",
        platform="google_ads",
        account_id="1",
        stream="ad_stats",
        kind="report",
        chunk_id=0,
        window_from=START,
        window_to=START + timedelta(days=7),
        status="succeeded",
        mode="incremental",
        fetch_started_at=NOON,
        committed_at=NOON,
    )
    return replace(base, **changes)
