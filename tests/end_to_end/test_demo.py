"""The demo as a user sees it: every table filled, a second run quiet, every instant remembered."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.commands.demo import CLOCKS
from tests.end_to_end.conftest import Demo
from tests.end_to_end.tables import contents, differences

pytestmark = pytest.mark.xdist_group("demo")

DIMENSIONS = ["organizations", "platforms", "connections", "campaigns", "ad_groups", "ads"]
TABLES = [
    *(f"dim_{name}" for name in [*DIMENSIONS, "date", "time"]),
    "fact_campaign_performance",
    "fact_campaign_performance_hourly",
    "fact_ad_group_performance",
    "fact_ad_creative_performance",
    "fact_exchange_rates",
    "fact_restatements",
    "fact_syncs",
    "mart_campaign_daily_summary",
    "mart_platform_comparison",
    "mart_hourly_aggregates",
    "mart_daily_aggregates",
    "mart_organization_daily_metrics",
    "mart_reconciliation",
    "mart_data_freshness",
    "docs_tables",
    "docs_columns",
]
DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_table_has_rows(demo: Demo) -> None:
    with demo.release(-1) as release:
        for table in TABLES:
            (count,) = release.execute(f"select count(*) from {table}").fetchone()
            assert count > 0, table


def test_no_staging_and_no_state_is_published(demo: Demo) -> None:
    with demo.release(-1) as release:
        schemas = release.execute("select distinct schema_name from duckdb_tables()").fetchall()
        names = release.execute("select table_name from duckdb_tables()").fetchall()
    assert schemas == [("main",)]
    assert not [name for (name,) in names if name.startswith(("stg_", "int_"))]


def test_a_second_demo_pulls_nothing_and_changes_no_total(demo: Demo) -> None:
    assert "pulled 0 rows" in demo.printed_again
    releases = sorted((demo.home / "published" / "releases").glob("*.duckdb"))
    before, after = contents(releases[len(CLOCKS) - 1]), contents(releases[-1])
    assert differences(before, after) == {}


def test_as_known_on_any_earlier_sync(demo: Demo) -> None:
    """The documented query on the newest release gives what each earlier release said."""
    text = (DOCS / "questions.md").read_text()
    (query,) = re.findall(r"<!-- as known on -->\s*```sql\n(.*?)```", text, re.DOTALL)
    measures = ["impressions", "clicks", "spend", "conversions", "conversion_value"]
    for index, moment in enumerate(CLOCKS):
        with demo.release(-1) as newest:
            known = newest.execute(query.replace("2026-11-09 06:00:00+00", moment.isoformat()))
            names = [column[0] for column in known.description]
            rows = [dict(zip(names, row, strict=True)) for row in known.fetchall()]
        ours = {
            (row["campaign_key"], row["date_day"]): [Decimal(row[m]) for m in measures]
            for row in rows
            if any(row[m] for m in measures)
        }
        with demo.release(index) as then:
            listed = then.execute(
                f"select campaign_key, date_day, {', '.join(measures)} "
                "from fact_campaign_performance"
            ).fetchall()
        truth = {(r[0], r[1]): [Decimal(v) for v in r[2:]] for r in listed if any(r[2:])}
        assert ours == truth, moment


def test_status_is_green_and_query_answers(demo: Demo) -> None:
    status = demo.tributary("status", "--json")
    assert status.returncode == 0, status.stderr
    assert {row["state"] for row in json.loads(status.stdout)} == {"ok"}
    asked = demo.tributary("query", "select count(*) as n from dim_campaigns", "-f", "json")
    assert json.loads(asked.stdout)[0]["n"] > 30


def test_no_secret_anywhere_on_disk(demo: Demo) -> None:
    """Neither a refresh token nor a client secret is in any file, in clear."""
    secrets = re.findall(
        r"(?:refresh_token|client_secret): *\"?([^\s\",}]+)", demo.sandbox.connections_yaml()
    )
    assert secrets
    for path in demo.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, path
