"""A field that a platform has taken out of its API costs its column, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.sandbox.server import SandboxClient, SandboxProcess
from orchestration.defs.raw import health, raw_key, unhealthy
from orchestration.freshness import connection_states
from orchestration.pull import Pull, Receipt, pull, whole_days
from orchestration.sources import select_sources
from tests.referees.pulls import NOW, Puller, connected, pointed

LATER = "2026-11-15T06:00:01Z"
"""A list that was pulled at the same instant is not due again."""
DAYS = ("2026-11-12", "2026-11-14")


@dataclass(frozen=True)
class House:
    """A sandbox and a home that is connected to it."""

    sandbox: SandboxClient
    puller: Puller

    def pull(
        self, name: str, account: str, now: str = NOW, days: tuple[str, str] = DAYS
    ) -> Receipt:
        """Pulls one stream of one account; our clock may stand later than the platform's."""
        platform_name, stream_name = name.split("/")
        platform = self.puller.space.platforms[platform_name]
        stream = platform.stream(stream_name)
        window = None if stream.kind == "snapshot" else whole_days(*map(date.fromisoformat, days))
        job = Pull(self.puller.space.home, platform, stream, "run", window)
        with pointed(self.puller.at(now).environment):
            sources = select_sources(
                self.puller.space, platform, stream_name, run_id=f"{name} {account} {now}"
            )
            return pull(job, [one for one in sources if one.account.id == account])

    def rows(self, receipt: Receipt) -> list[dict[str, Any]]:
        """What a pull brought."""
        folder = self.puller.space.home.raw_dir(receipt.platform, receipt.stream)
        files = sorted(folder.rglob(f"{receipt.sync_id}*.parquet"))
        return [row for file in files for row in pq.read_table(file).to_pylist()]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--seed", "3", "--days", "40", "--end", "2026-11-15", now=NOW) as running:
        yield running


@pytest.fixture
def house(sandbox: SandboxProcess, tmp_path: Path) -> Iterator[House]:
    sandbox.set_faults()
    yield House(sandbox, connected(sandbox, tmp_path, NOW))
    sandbox.set_faults()


CASES = [
    ("google_ads/campaign_stats", "metrics.video_trueview_views", "video_trueview_views"),
    ("google_ads/campaigns", "campaign_budget.delivery_method", "budget_delivery_method"),
    ("meta_ads/campaign_insights", "frequency", "frequency"),
    ("meta_ads/campaigns", "buying_type", "buying_type"),
    ("shopify/orders", "Order.returnStatus", "return_status"),
    ("shopify/orders", "CustomerJourneySummary.ready", "is_journey_ready"),
    ("shopify/products", "Product.productType", "product_type"),
]


def _account(house: House, name: str) -> str:
    platform = name.split("/")[0]
    found = house.puller.space.registry.connections(platform=platform)
    return min(one.account_id for one in found)


@pytest.mark.parametrize(("name", "field", "column"), CASES)
def test_a_retired_field_costs_its_column_alone(
    house: House, name: str, field: str, column: str
) -> None:
    account = _account(house, name)
    before = house.rows(house.pull(name, account))
    assert any(row[column] is not None for row in before), "there is something to lose"
    house.sandbox.set_faults(retired_fields=[field])
    receipt = house.pull(name, account, LATER)
    assert [(row.status, row.missing_fields) for row in receipt.rows] == [
        ("succeeded", f'["{column}"]')
    ]
    after = house.rows(receipt)
    kept = [name for name in before[0] if not name.startswith("_") and name != column]
    assert [[r[k] for k in kept] for r in after] == [[r[k] for k in kept] for r in before]
    assert {row[column] for row in after} == {None}
    space = house.puller.space
    platform = space.platforms[receipt.platform]
    stream = platform.stream(receipt.stream)
    check = health(raw_key(platform, stream), unhealthy(space, platform, stream))
    assert not check.passed
    assert f"without {column}" in (check.description or "")
    with pointed(house.puller.environment):
        state = {s.connection.account_id: s for s in connection_states(space)}[account]
    assert (state.state, state.missing_fields) == ("incomplete", (f"{stream.name}.{column}",))


def test_a_bulk_operation_is_started_again_without_a_retired_field(house: House) -> None:
    account = _account(house, "shopify/orders")
    house.sandbox.set_faults(retired_fields=["Order.returnStatus"])
    receipt = house.pull("shopify/orders", account, days=("2026-10-20", "2026-11-14"))
    assert {(row.status, row.missing_fields) for row in receipt.rows} == {
        ("succeeded", '["return_status"]')
    }
    rows = house.rows(receipt)
    assert {row["return_status"] for row in rows} == {None}
    assert len(rows) > 100


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("google_ads/campaign_stats", "metrics.cost_micros"),
        ("google_ads/campaign_stats", "campaign.id"),
        ("meta_ads/campaign_insights", "spend"),
        ("shopify/orders", "Order.totalPriceSet"),
    ],
)
def test_money_and_keys_are_never_left_out(house: House, name: str, field: str) -> None:
    house.sandbox.set_faults(retired_fields=[field])
    rows = house.pull(name, _account(house, name)).rows
    assert [(row.status, row.error_class) for row in rows] == [("failed", "FieldRefused")]
    assert "Update Tributary" in (rows[0].error_message or "")
