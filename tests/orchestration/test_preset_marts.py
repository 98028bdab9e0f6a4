"""Exports of shops and ad platforms, from the draft of their mappings to the published tables."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from connectors.platforms.files.draft import draft
from orchestration.publishing import publish_build
from orchestration.workspace import open_workspace
from tests.orchestration.house import House
from tests.parsed_project import share_parsed_project
from warehouse.home import Home
from warehouse.registry_records import Organization

pytestmark = pytest.mark.long


EXPORTS = Path(__file__).with_name("landing") / "exports"
STATED = {"time_zone": "Europe/Berlin", "currency": "EUR"}
DOLLARS = "square"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables of a home with a source for each export."""
    folder = tmp_path_factory.mktemp("presets")
    share_parsed_project(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_HOME", str(folder / "home"))
        patch.setenv("TRIBUTARY_KEY_FILE", str(folder / "key"))
        patch.setenv("TRIBUTARY_NOW", "2026-11-29T12:00:00Z")
        patch.setenv("TRIBUTARY_DUCKDB_THREADS", "1")  # of so little data there is nothing to share
        for name in ("TRIBUTARY_DATABASE_URL", "TRIBUTARY_SANDBOX"):
            patch.delenv(name, raising=False)
        house = House(Home.open(folder / "home"))
        open_workspace().registry.add_organization(
            Organization("acme", "Acme", reporting_currency="EUR")
        )
        for export in sorted(EXPORTS.iterdir()):
            drop(house, export, folder)
        house.pull_and_build()
        publish_build(house.home)
        with duckdb.connect(str(house.home.published_db), read_only=True) as connection:
            yield connection


def drop(house: House, export: Path, folder: Path) -> None:
    """Adds the source of an export as a person does: drafts, states what is asked for, drops."""
    content = export.read_bytes()
    if export.stem == "linkedin_ads":
        content = content.decode().encode("utf-16")
    path = house.home.landing_dir("acme", export.stem) / export.name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - 60, time.time() - 60))
    tree: dict[str, Any] = yaml.load(draft(path), yaml.BaseLoader)
    stated = STATED | ({"currency": "USD"} if export.stem == DOLLARS else {})
    tree |= {key: stated[key] for key, value in tree.items() if value == ""}
    mapping = folder / f"{export.stem}.yaml"
    mapping.write_text(yaml.safe_dump(tree))
    added = house.tributary(
        *("connections", "add", "--organization", "acme", "--platform", "files"),
        *("--account", export.stem, "--mapping", str(mapping)),
    )
    assert added.returncode == 0, added.stdout + added.stderr


SPEND = {
    ("amazon_ads", "EUR"): "1072.95",
    ("google_ads", "EUR"): "1344.50",
    ("linkedin_ads", "EUR"): "1466.80",
    ("meta_ads", "EUR"): "310.55",
    ("microsoft_ads", "EUR"): "86.00",
    ("pinterest_ads", "EUR"): "61.50",
    ("tiktok_ads", "USD"): "235.00",
}
"""Added up by hand from the files."""
ORDERS = {
    ("amazon_orders", "EUR", "2"): ("55.00", "55.00"),
    ("crm_orders", "EUR", "2"): ("271.32", "228.00"),
    ("etsy", "USD", "2"): ("78.15", "65.55"),
    ("paypal", "EUR", "1"): ("1049.90", "1037.03"),
    ("shopify_orders", "EUR", "2"): ("69.90", "53.84"),
    ("square", "USD", "2"): ("1211.50", "1211.50"),
    ("stripe", "EUR", "1"): ("1200.00", "1200.00"),
    ("stripe", "USD", "1"): ("49.00", "49.00"),
    ("woocommerce_orders", "EUR", "2"): ("51.17", "38.00"),
}
"""Account, currency and number of orders: what the customers paid, and that less tax and shipping.
"""


def test_the_spend_is_that_of_the_exports(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.sql(
        "select account_id, currency_code, sum(spend) from fact_campaign_performance group by all"
    ).fetchall()
    assert {row[:2]: row[2] for row in rows} == {k: Decimal(v) for k, v in SPEND.items()}


def test_each_channel_is_known(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.sql("select distinct channel from dim_campaigns").fetchall()
    assert {channel for (channel,) in rows} == {
        *("paid_google", "paid_search", "paid_shopping", "paid_social"),
    }


def test_the_orders_are_those_of_the_exports(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.sql(
        "select account_id, currency_code, count(*), sum(total_amount), sum(net_amount)"
        " from fact_orders group by all"
    ).fetchall()
    assert {tuple(map(str, row[:3])): row[3:] for row in rows} == {
        key: (Decimal(total), Decimal(net)) for key, (total, net) in ORDERS.items()
    }
    refunds = published.sql("select account_id, refunded_amount from fact_refunds").fetchall()
    assert dict(refunds) == {
        "crm_orders": Decimal(20),
        "paypal": Decimal("49.90"),
        "shopify_orders": Decimal(20),
        "square": Decimal(24),
        "stripe": Decimal(49),
    }


def test_settlements_and_newsletters_are_records(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.sql(
        "select table_name, sum(coalesce(data ->> 'revenue', data ->> 'amount')::decimal(18, 2))"
        " from fact_file_records group by all"
    ).fetchall()
    assert dict(rows) == {
        "amazon_settlement": Decimal("22.41"),
        "klaviyo_campaigns": Decimal("5200.50"),
        "mailchimp_campaigns": Decimal(1190),
    }
