"""The demo as a user sees it: every table filled, a second run quiet, every instant remembered."""

import json
import re
import socket
import subprocess
import time
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from orchestration.commands.demo import CLOCKS
from tests.end_to_end.conftest import TRIBUTARY, Demo
from tests.end_to_end.tables import differences
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.xdist_group("demo")

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_table_has_rows(demo: Demo) -> None:
    with demo.release(-1) as release:
        tables = [
            name for (name,) in release.execute("select table_name from duckdb_tables()").fetchall()
        ]
        counts = {
            table: release.execute(f"select count(*) from {table}").fetchone()[0]
            for table in tables
        }
    assert len(tables) > 35
    # The demo's business drops no files of its own, nobody posts to it, and the ECB has a rate of
    # each of its currencies.
    empty = {table for table, count in counts.items() if not count}
    assert empty == {
        "fact_file_records",
        "fact_webhook_deliveries",
        "mart_unconverted_amounts",
    }


_UNKNOWN_PLACE = {"country_code", "region_code", "city"}

UNFILLED = {
    # It has no database of places, no postbacks, no event that somebody has decided on, and its
    # addresses have the three usual parameters.
    "fact_events": {
        *_UNKNOWN_PLACE,
        *("class_confidence", "class_reason", "class_author", "conversion_id", "goal_id"),
        *("affiliate_network", "affiliate_confidence", "utm_term", "utm_content", "utm_id"),
    },
    "fact_sessions": {
        *_UNKNOWN_PLACE,
        *("affiliate_network", "utm_term", "utm_content", "utm_id"),
    },
    "mart_active_sessions": {"country_code", "city"},
    # The ECB has a rate of each of its currencies.
    "fact_exchange_rates": {"own_rate_from"},
    # Its ad platforms have targeting below the campaign, or in lists that are not pulled.
    "dim_campaigns": {"targeting"},
    # Its ad groups have budgets by the day; for the whole run campaigns have one.
    "dim_ad_groups": {"total_budget"},
    # No platform of the demo reports it, or not at this grain; files may.
    "fact_ad_group_performance": {
        "mobile_impressions",
        "desktop_impressions",
        "tablet_impressions",
        "quality_score",
        "relevance_score",
        "demographics",
    },
    "fact_campaign_performance": {"quality_score", "relevance_score"},
    "fact_campaign_performance_hourly": {
        "view_through_conversions",
        "video_completions",
        "mobile_impressions",
        "desktop_impressions",
        "tablet_impressions",
    },
    # No address or number of it is shared by too many.
    "fact_identity_links": {"ignored_reason"},
    # Nobody posts the forms of its ads.
    "fact_leads": {"form_id", "form_lead_id"},
    # The connection to its system for sales declares no properties of its own.
    "fact_deals": {"custom_properties"},
    # Nothing fails or is removed in it, it has no second year, and all its money has a rate.
    "dim_connections": {
        "removed_at",
        "last_failure_at",
        "last_error_class",
        "last_error_message",
    },
    "fact_syncs": {"error_class", "error_message"},
    "mart_data_freshness": {"last_failure_at", "last_error_class", "last_error_message"},
    "mart_shop_daily_summary": {"orders_hidden_before"},
    # Nobody acknowledges an alert in it.
    "mart_alerts": {"acknowledged_at", "acknowledged_by", "acknowledgement_note"},
    # Four pulls show each age of a day once or twice; an interval takes 19 days.
    "mart_settlement": {
        "completeness_low",
        "completeness_median",
        "completeness_high",
        "final_factor",
        "final_factor_low",
        "final_factor_high",
    },
    # Its tags name campaigns, or nothing that is like the name of one.
    "mart_campaign_match": {
        "suggested_campaign_key",
        "suggested_campaign_name",
        "suggestion_likeness",
    },
    # Of its properties' reports only that of items is sampled.
    **{
        f"fact_web_{name}": {"samples_read_count", "sampling_space_size"}
        for name in (
            "traffic",
            "daily",
            "source_daily",
            "channel_daily",
            "device_daily",
            "event_daily",
            "conversions",
        )
    },
}


def test_every_column_holds_something(demo: Demo) -> None:
    """But what the demo's business has nothing of: a column lost on the way would show here."""
    unfilled: dict[str, set[str]] = {}
    with demo.release(-1) as release:
        columns = release.execute(
            "select table_name, list(column_name) from duckdb_columns() "
            "where not internal group by 1"
        ).fetchall()
        for table, names in columns:
            counts = release.execute(
                f"select count(*), {', '.join(f'count({name})' for name in names)} from {table}"
            ).fetchone()
            if counts[0]:
                unfilled[table] = {
                    name for name, count in zip(names, counts[1:], strict=True) if not count
                }
    of_a_year_before = ("_previous_year", "_year_before")
    found = {
        table: {
            name
            for name in names
            if not name.endswith(of_a_year_before) and not name.startswith("unconverted")
        }
        for table, names in unfilled.items()
    }
    assert {table: names for table, names in found.items() if names} == UNFILLED


def test_no_staging_and_no_state_is_published(demo: Demo) -> None:
    with demo.release(-1) as release:
        schemas = release.execute("select distinct schema_name from duckdb_tables()").fetchall()
        names = release.execute("select table_name from duckdb_tables()").fetchall()
    assert schemas == [("main",)]
    assert not [name for (name,) in names if name.startswith(("stg_", "int_"))]


def test_a_second_demo_pulls_nothing_and_changes_no_total(demo: Demo) -> None:
    assert "nothing is due and nothing is behind" in demo.printed_again
    releases = sorted((demo.home / "published" / "releases").glob("*.duckdb"))
    assert differences(releases[len(CLOCKS) - 1], releases[-1]) == {}


def test_as_known_on_any_earlier_sync(demo: Demo) -> None:
    """The documented query on the newest release gives what each earlier release said."""
    text = (DOCS / "questions.md").read_text()
    (query,) = re.findall(r"<!-- as known on -->\s*```sql\n(.*?)```", text, re.DOTALL)
    measures = ["impressions", "clicks", "spend", "conversions", "conversion_value"]
    for index, moment in enumerate(CLOCKS):
        with demo.release(-1) as newest:
            at = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
            assert "2026-11-09 06:00:00" in query
            known = newest.execute(query.replace("2026-11-09 06:00:00", at))
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


def test_the_dagster_page_opens(demo: Demo) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [TRIBUTARY, "dev", "--port", str(port)],
        env=demo.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        found = _assets_of_the_page(f"http://127.0.0.1:{port}/graphql", process)
    finally:
        process.terminate()
        # To the end of what it prints: each of its processes could print more.
        process.communicate(timeout=PATIENCE_SECONDS)
    assert {"raw/shopify/orders", "published/tributary"} <= found.keys()
    # A view is as fresh as what it shows, made anew or not; a second demo starts no run.
    assert found["int_orders_unioned"] == found["fact_orders"] == len(CLOCKS)


def _assets_of_the_page(url: str, process: subprocess.Popen[bytes]) -> dict[str, int]:
    """Waits until the page shows assets; returns how often each was materialized."""
    asked = {"query": "{assetNodes {assetKey {path} assetMaterializations {runId}}}"}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended by itself"
        try:
            nodes = requests.post(url, json=asked, timeout=PATIENCE_SECONDS).json()["data"][
                "assetNodes"
            ]
        except requests.ConnectionError:
            nodes = []
        if nodes:
            return {
                "/".join(node["assetKey"]["path"]): len(node["assetMaterializations"])
                for node in nodes
            }
        time.sleep(0.5)
    raise AssertionError("no asset ever came")


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
