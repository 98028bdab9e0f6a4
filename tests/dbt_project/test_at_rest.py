"""What happens to the files of real builds: compaction moves no number, no file leaks a tenant.

The histories are generated as those of ``test_histories``, one organization each.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from built_home import DbtHome, differences, twin_of
from campaign_histories import DAYS, CampaignHistories
from commerce_histories import CommerceHistories
from fixture_lake import FixtureLake, campaign_row, listed_campaign
from generated import STEPS, GeneratedRates

from warehouse.compaction import compact, plan_compaction
from warehouse.home import Home
from warehouse.log_compaction import compact_log
from warehouse.organization_files import publish_organizations, read_organizations
from warehouse.organization_fingerprints import organization_fingerprints
from warehouse.publishing import publish

pytestmark = pytest.mark.long


class Histories:
    """A lake of generated histories, a home that is built step by step, and one built anew."""

    def __init__(self, root: Path) -> None:
        (root / "home").mkdir()
        self.lake = FixtureLake(root / "home")
        self.files = Home.open(root / "home")
        self.home = DbtHome(root / "home")
        self.twin = twin_of(self.home, root / "twin")
        self._campaigns = CampaignHistories(self.lake, 6)
        self._shops = CommerceHistories(self.lake, 3)
        self._rates = GeneratedRates(self.lake)
        self.organizations = sorted((*self._campaigns.accounts, *self._shops.accounts))
        self.account = self._campaigns.accounts["campaigns_00"][0]

    def land(self, step: int) -> datetime:
        """Lands the events of a step; returns its clock."""
        now = self._campaigns.land(step)
        self._shops.land(step)
        self._rates.land(step, now)
        self._repeat_and_return(step, now)
        return now

    def _repeat_and_return(self, step: int, now: datetime) -> None:
        """What is certain to be in each lake: a number that stays, and one that comes back."""
        rows = [
            campaign_row(DAYS[0], "stays", spend="3.00"),
            campaign_row(DAYS[0], "returns", spend="4.00" if step % 2 else "5.00"),
        ]
        self.lake.pull(self.account, "campaign_stats", now, rows, (DAYS[0], DAYS[1]))
        self.lake.pull(self.account, "campaigns", now, [listed_campaign("stays")])

    def compact(self, today: date) -> int:
        """Compacts lake and log; returns how many files became how many fewer."""
        done = list(compact(self.files, today, memory_limit="1GB"))
        return sum(len(merged.group.files) for merged in done) + compact_log(self.files, today)

    def rewrites_of_tables(self) -> list[tuple[Any, ...]]:
        """What was rewritten, the kept copy of the log aside: it follows the log's files."""
        return [row for row in self.home.rewrites() if row[1] != "stg_lake__syncs"]


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Histories:
    return Histories(tmp_path_factory.mktemp("at_rest"))


def test_compaction_changes_no_number_and_dirties_nothing(histories: Histories) -> None:
    for step in range(STEPS):
        now = histories.land(step)
        histories.home.build()
        before = histories.rewrites_of_tables()
        # Days close first, and their files go into those of the month at the end.
        today = now.date() + timedelta(days=1) if step < STEPS - 1 else date(2026, 6, 1)
        assert histories.compact(today) > 0
        assert plan_compaction(histories.files, today) == []
        histories.home.build()
        assert histories.rewrites_of_tables() == before
    histories.twin.build("--full-refresh")
    assert differences(histories.home, histories.twin) == {}
    raw = histories.files.lake / "raw" / "google_ads" / "campaign_stats"
    assert {path.parent.name for path in raw.rglob("*.parquet")} == {
        "synced=1970-01-01",
        "compacted=1970-01-01",
        "compacted=2026-03",
    }
    assert histories.home.query(
        "select value from fact_restatements where campaign_id = 'returns' and metric = 'spend' "
        "order by known_at"
    ) == [(Decimal(value),) for value in ("5", "4", "5")]
    # A sync after it is read with what was merged.
    late = datetime(2026, 3, 20, tzinfo=UTC)
    rows = [campaign_row(DAYS[3], "1", spend="8.00")]
    histories.lake.pull(histories.account, "campaign_stats", late, rows, (DAYS[2], DAYS[4]))
    histories.home.build()
    histories.twin.build("--full-refresh")
    assert differences(histories.home, histories.twin) == {}


def test_a_row_that_a_kill_left_in_two_files_counts_once(histories: Histories) -> None:
    """Even if nobody ended the exchange: staging drops repeated rows of a sync."""
    raw = histories.files.lake / "raw" / "google_ads"
    copies = []
    for path in list(raw.rglob("compacted=2026-03/*.parquet")):
        copy = path.with_name("copy.parquet")
        copy.write_bytes(path.read_bytes())
        copies.append(copy)
    assert copies
    try:
        histories.twin.build("--full-refresh")
        assert differences(histories.home, histories.twin) == {}
    finally:
        for copy in copies:
            copy.unlink()


def _publish(histories: Histories, at: datetime) -> None:
    fingerprints = organization_fingerprints(histories.files.serve_db)
    publish(histories.files, at, schema_version="1.0", organizations=fingerprints)


def test_every_table_of_every_file_holds_one_tenant(histories: Histories) -> None:
    _publish(histories, datetime(2026, 3, 21, tzinfo=UTC))
    done = publish_organizations(histories.files)
    names = histories.organizations
    assert done.written == names
    with duckdb.connect() as connection:
        connection.execute(f"attach '{histories.files.published_db}' as published (read_only)")
        tables = dict(
            connection.execute(
                "select table_name, list(column_name) from duckdb_columns() "
                "where database_name = 'published' group by 1"
            ).fetchall()
        )
        tenants = [table for table, columns in tables.items() if "organization_id" in columns]
        assert len(tenants) > 15
        held = dict.fromkeys(tables, 0)
        for name in names:
            path = histories.files.organization_db(name)
            connection.execute(f"attach '{path}' as own (read_only)")
            for table in tables:
                only = f"where organization_id = '{name}'" if table in tenants else ""
                own, published = f"from own.{table}", f"from published.{table} {only}"
                for one, other in ((own, published), (published, own)):
                    query = f"select count(*) from ({one} except all {other})"
                    assert connection.execute(query).fetchall() == [(0,)], (name, table)
                [(count,)] = connection.execute(f"select count(*) {own}").fetchall()
                held[table] += count
            connection.execute("detach own")
            content = path.read_bytes()
            for other in set(names) - {name}:
                # Neither as an id nor as a name, also in blocks that no table uses.
                assert other.encode() not in content
                assert other.title().encode() not in content
        # The comparison is of something.
        for table in (
            "fact_campaign_performance",
            "fact_orders",
            "fact_syncs",
            "dim_campaigns",
            "dim_date",
        ):
            assert held[table] > 0


def test_one_tenants_new_numbers_write_one_file(histories: Histories) -> None:
    at = datetime(2026, 3, 20, 7, tzinfo=UTC)
    rows = [campaign_row(DAYS[3], "1", spend="9.00")]
    histories.lake.pull(histories.account, "campaign_stats", at, rows, (DAYS[2], DAYS[4]))
    histories.home.build()
    _publish(histories, datetime(2026, 3, 21, 1, tzinfo=UTC))
    assert publish_organizations(histories.files).written == [histories.account.organization]
    # A rebuild from nothing has the same content, so no file is written.
    histories.home.build("--full-refresh")
    _publish(histories, datetime(2026, 3, 21, 2, tzinfo=UTC))
    done = publish_organizations(histories.files)
    assert done.written == []
    releases = {entry.release for entry in read_organizations(histories.files).values()}
    assert len(releases) == 2
