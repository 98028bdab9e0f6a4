"""A build makes what is below what changed, and all tables are as if it had made every one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from built_home import DbtHome, differences, parsed_project, twin_of
from commerce_rows import line, shop, shop_order
from fixture_lake import Account, FixtureLake, campaign_row
from meta_streams import insight, listed
from scenarios import at, march, window

from orchestration.dbt_tables import forget_tables
from warehouse.home import Home

CLOCKS = {"mart_active_sessions", "mart_data_freshness", "mart_kpi_summary", "release_info"}
OF_ANY_SYNC = {"stg_lake__syncs", "int_report_winners", "fact_syncs", "dim_connections"}
SALES = {"stg_shopify__orders", "int_orders_unioned", "int_record_versions", "fact_orders"}
CAMPAIGNS = {"fact_campaign_performance", "mart_campaign_daily_summary"}
MONEY = {"int_exchange_rates_crossed", "fact_exchange_rates", "fact_refunds", *CAMPAIGNS}
REGISTRY = {"dim_organizations", "dim_connections", "mart_organization_daily_metrics", *MONEY}


@dataclass(frozen=True)
class Two:
    """Two homes of one lake: one leaves out what stands, its twin builds everything each time."""

    lake: FixtureLake
    home: DbtHome
    twin: DbtHome
    meta: Account
    google: Account
    shop: Account

    def build(self, as_of: str = "2026-03-20T06:00:00Z") -> set[str]:
        """Builds both, which must agree; returns the tables that the one made."""
        nodes = parsed_project().dictionary["nodes"].values()
        tables = {node["name"] for node in nodes if _is_table(node)}
        made = tables - set(self.home.tables_to_build().standing())
        before = self.twin.rewrites()
        self.home.build(as_of=as_of)
        forget_tables(Home.open(self.twin.path))
        self.twin.build(as_of=as_of)
        assert differences(self.home, self.twin) == {}
        rewritten = {row[1] for row in self.twin.rewrites() if row not in before}
        assert rewritten <= made - self.home.unread
        return made


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    root = tmp_path_factory.mktemp("skips")
    (root / "home").mkdir()
    lake, home = FixtureLake(root / "home"), DbtHome(root / "home")
    meta = Account("acme", "1", "EUR", "Europe/Berlin", "meta_ads")
    google, sales = Account("acme", "2", "SEK"), shop("acme")
    twin = twin_of(home, root / "twin")
    found = Two(lake, home, twin, meta, google, sales)
    lake.organization("acme")
    for account in (meta, google, sales):
        lake.connection(account)
    _rates(lake, 5, "1.1")
    lake.pull(meta, "campaigns", at(4), [listed("11")])
    lake.pull(meta, "campaign_insights", at(4), [insight(march(3), "11")], window(3, 3))
    lake.pull(google, "campaign_stats", at(4), [campaign_row(march(3), "21")], window(3, 3))
    _ads(found, 4, "1.00")
    _order(found, 4)
    home.build()
    for file in home.path.glob("*.duckdb"):
        shutil.copy(file, twin.path)
    twin.views.update(home.views)
    return found


def _rates(lake: FixtureLake, day: int, dollars: str) -> None:
    rates = {march(n): {"USD": dollars, "SEK": "11"} for n in (2, 3, 4)}
    lake.pull_rates(at(day), window(1, 4), rates)


def _ads(two: Two, day: int, spend: str) -> None:
    rows = [insight(march(3), "11", spend, ad_set_id="21", ad_id="31")]
    two.lake.pull(two.meta, "ad_insights", at(day), rows, window(3, 3))


def _order(two: Two, day: int) -> None:
    rows = [shop_order(day, at(day - 1), [line(day)])]
    two.lake.pull(two.shop, "orders", at(day), rows, window(day - 1, day), kind="changes")


def _registry(two: Two) -> None:
    two.lake.organization("acme", "EUR")
    two.lake.own_rate("SEK", "10", "EUR", march(1))
    two.lake.connection(two.google, "removed")


def _below(two: Two, source: str) -> set[str]:
    """The tables that read a source, themselves or through others, as dbt has the graph."""
    nodes = parsed_project().dictionary["nodes"]
    found, grown = {source}, True
    while grown:
        below = {k for k, node in nodes.items() if found & set(node["depends_on"].get("nodes", []))}
        grown = not below <= found
        found |= below
    return {nodes[key]["name"] for key in found & nodes.keys() if _is_table(nodes[key])}


def _is_table(node: dict[str, Any]) -> bool:
    return node["resource_type"] == "model" and node["config"]["materialized"] != "view"


def test_when_only_the_clock_moved_what_reads_it_is_made(two: Two) -> None:
    code = "select * from build.state.versions union all select * from serve.state.versions"
    before = sorted(two.home.query(code))
    assert two.build(as_of="2026-03-21T06:00:00Z") == CLOCKS
    # The clock is no code: nothing below is made anew, nor the file of each organization.
    assert sorted(two.home.query(code)) == before


def test_new_rows_of_one_stream_make_what_is_below_it(two: Two) -> None:
    _ads(two, 6, "2.00")
    made = two.build()
    assert made == _below(two, "source.tributary.meta_ads.ad_insights") | OF_ANY_SYNC | CLOCKS
    assert "fact_ad_creative_performance" in made
    assert not made & (CAMPAIGNS - {"mart_campaign_daily_summary"})
    # The names of ads are those that they were: nothing is asked of the orders that they brought.
    assert two.home.unread >= {"fact_orders", "mart_attribution"}
    assert not two.home.unread & {"fact_ad_creative_performance", "mart_creative_ranking"}


@pytest.mark.parametrize(
    ("land", "made", "standing"),
    [
        pytest.param(
            lambda two: _order(two, 8),
            SALES,
            {"fact_campaign_performance", "dim_campaigns"},
            marks=pytest.mark.long,
        ),
        pytest.param(
            lambda two: _rates(two.lake, 9, "1.2"),
            MONEY,
            {"stg_shopify__orders", "dim_date"},
            marks=pytest.mark.long,
        ),
        pytest.param(
            _registry,
            REGISTRY,
            {"stg_lake__syncs", "int_report_winners", "stg_shopify__orders"},
            marks=pytest.mark.long,
        ),
        pytest.param(
            lambda two: two.lake.uncommit(two.meta, "ad_insights", at(6)),
            {"fact_ad_creative_performance", *OF_ANY_SYNC},
            {"fact_campaign_performance", "stg_shopify__orders"},
            marks=pytest.mark.long,
        ),
    ],
    ids=["order", "rate", "registry", "uncommitted"],
)
def test_what_changed_makes_what_reads_it(
    two: Two, land: Callable[[Two], None], made: set[str], standing: set[str]
) -> None:
    land(two)
    found = two.build()
    assert made <= found
    assert not standing & found
