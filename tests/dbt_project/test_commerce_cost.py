"""Cost follows change for orders too: a build reads and rewrites what new chunks brought."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from built_home import DbtHome, named_in
from commerce_rows import line, shop, shop_order
from fixture_lake import Account, FixtureLake

from orchestration.dbt_tables import forget_tables
from warehouse.home import Home

pytestmark = pytest.mark.long
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
HISTORY = 30
PER_DAY = 20
MODELS = named_in(__file__)


def clock(day: int) -> datetime:
    return FIRST + timedelta(days=day)


def land(lake: FixtureLake, account: Account, day: int, rows: list[dict[str, Any]]) -> str:
    window = (clock(day).date(), clock(day + 1).date())
    return lake.pull(account, "orders", clock(day), rows, window, kind="changes")


def placed(day: int) -> list[dict[str, Any]]:
    """The orders of a day, all by different customers."""
    numbers = range(day * PER_DAY, (day + 1) * PER_DAY)
    return [shop_order(n, clock(day), customer=str(n)) for n in numbers]


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixtureLake, DbtHome, Account]:
    """A shop with a month of daily chunks, built."""
    path = tmp_path_factory.mktemp("commerce_cost") / "home"
    path.mkdir()
    lake = FixtureLake(path)
    lake.organization("acme")
    days = [clock(n).date() for n in range(HISTORY + 5)]
    lake.pull_rates(FIRST, (days[0], days[-1]), {day: {"USD": "1.1"} for day in days})
    account = shop("acme")
    lake.connection(account)
    for day in range(HISTORY):
        land(lake, account, day, placed(day))
    home = DbtHome(path)
    home.build(models=MODELS)
    return lake, home, account


def test_a_build_with_nothing_new_rewrites_nothing(
    warm: tuple[FixtureLake, DbtHome, Account],
) -> None:
    _, home, _ = warm
    before = home.rewrites()
    # Tables that stand would not even be looked at.
    forget_tables(Home.open(home.path))
    home.build(models=MODELS)
    assert home.rewrites() == before


def test_one_changed_order_rewrites_its_own_day(
    warm: tuple[FixtureLake, DbtHome, Account],
) -> None:
    lake, home, account = warm
    number, day = 7 * PER_DAY, 7
    changed = shop_order(
        number, clock(day), [line(1, "50")], updated_at=clock(HISTORY), customer=str(number)
    )
    land(lake, account, HISTORY, [changed, *placed(HISTORY)])
    before = home.rewrites()
    home.build(models=MODELS)
    rewritten = {row[1]: row[3:] for row in home.rewrites() if row not in before}
    new = PER_DAY + 1
    # (dirty keys, rows deleted, rows inserted)
    assert rewritten["int_record_versions"] == (1, 0, new)
    assert rewritten["stg_shopify__orders"] == (new, 1, new)
    assert rewritten["int_order_lines_unioned"] == (new, 1, new)
    assert rewritten["fact_orders"] == (2, PER_DAY, 2 * PER_DAY)
    assert rewritten["dim_customers"] == (new, 1, new)
    assert rewritten["mart_shop_daily_summary"] == (2, 1, 2)
    assert rewritten["mart_monthly_aggregates"][0] == 1
    assert not {"stg_shopify__customers", "int_product_versions", "fact_refunds"} & set(rewritten)


@pytest.mark.parametrize("model", ["int_record_versions", "stg_shopify__orders"])
def test_only_the_files_of_new_chunks_are_scanned(
    warm: tuple[FixtureLake, DbtHome, Account], model: str
) -> None:
    """The dirty chunks are pushed into the Parquet scan as a filter on ``_sync_id``."""
    _, home, _ = warm
    (path,) = (home.path / "target" / "compiled").rglob(f"{model}.sql")
    keys = {
        "int_record_versions": "connection_id, stream, sync_id, chunk_id",
        "stg_shopify__orders": "connection_id, record_id as order_id",
    }[model]
    first = "select min(sync_id) from build.int_record_versions"
    dirty = f"select {keys} from build.int_record_versions where sync_id = ({first})"
    sql = re.sub(
        r"/\*fingerprints:\*/.*/\*:fingerprints\*/",
        "select * from dirty",
        path.read_text(),
        flags=re.DOTALL,
    )
    with home.reading() as query:
        query(f"use build; create temp table dirty as select distinct * from ({dirty})")
        ((_, profile),) = query(f"explain (analyze, format json) {sql}")
    scanned = [scan["operator_cardinality"] for scan in _scans(json.loads(profile))]
    # The rows of one chunk, not those of the month; the other streams have none at all.
    assert sum(scanned) == PER_DAY, scanned


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The Parquet scans of a query's profile."""
    if node.get("extra_info", {}).get("Function") == "READ_PARQUET":
        yield node
    for child in node.get("children", []):
        yield from _scans(child)
