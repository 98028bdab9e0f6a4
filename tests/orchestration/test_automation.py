"""The refresh rule, tick by tick: first landing, a missing partition, a restated one, quiet."""

import dagster as dg
import pytest

from orchestration.defs.automation import when_inputs_land

DAYS = dg.DailyPartitionsDefinition("2026-11-01", end_date="2026-11-11")


@dg.asset(partitions_def=DAYS, backfill_policy=dg.BackfillPolicy.single_run())
def raw_stats() -> None: ...


@dg.asset
def raw_list() -> None: ...


@dg.asset(deps=[raw_stats, raw_list], automation_condition=when_inputs_land())
def model() -> None: ...


@dg.asset(deps=[model], automation_condition=when_inputs_land())
def published() -> None: ...


class _House:
    """A small graph with a memory of its ticks."""

    def __init__(self) -> None:
        self.instance = dg.DagsterInstance.ephemeral()
        self.defs = dg.Definitions(assets=[raw_stats, raw_list, model, published])
        self.cursor: dg.AssetDaemonCursor | None = None

    def land(self, asset: dg.AssetsDefinition, *partitions: str) -> None:
        for partition in partitions or (None,):
            self.instance.report_runless_asset_event(
                dg.AssetMaterialization(asset.key, partition=partition)
            )

    def tick(self) -> set[str]:
        result = dg.evaluate_automation_conditions(
            defs=self.defs, instance=self.instance, cursor=self.cursor
        )
        self.cursor = result.cursor
        requested = {
            key.to_user_string()
            for key in (model.key, published.key)
            if result.get_num_requested(key)
        }
        # The daemon would now run what it asked for.
        for asset in (model, published):
            if asset.key.to_user_string() in requested:
                self.land(asset)
        return requested


@pytest.fixture
def house() -> _House:
    return _House()


def test_first_landing_refreshes_although_partitions_are_missing(house: _House) -> None:
    house.tick()
    house.land(raw_list)
    house.land(raw_stats, "2026-11-01")
    assert house.tick() == {"model", "published"}


def test_a_quiet_tick_asks_for_nothing(house: _House) -> None:
    house.land(raw_list)
    house.land(raw_stats, "2026-11-01", "2026-11-02")
    house.tick()
    assert house.tick() == set()
    assert house.tick() == set()


def test_a_restated_old_partition_refreshes(house: _House) -> None:
    house.land(raw_list)
    house.land(raw_stats, *DAYS.get_partition_keys())
    house.tick()
    house.tick()
    house.land(raw_stats, "2026-11-01")
    assert house.tick() == {"model", "published"}
    assert house.tick() == set()


def test_a_hundred_landings_make_one_rebuild(house: _House) -> None:
    house.land(raw_list)
    for _ in range(10):
        house.land(raw_stats, *DAYS.get_partition_keys())
    house.tick()
    house.tick()
    for _ in range(10):
        house.land(raw_stats, *DAYS.get_partition_keys())
    assert house.tick() == {"model", "published"}
    assert house.tick() == set()
