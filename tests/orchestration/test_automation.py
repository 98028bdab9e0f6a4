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


class _Run:
    """What the daemon asks for in one tick, run for real: one step of the models, then publishing.

    As dbt does, the step leaves out what lies below a failed table, and fails.
    """

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.instance = dg.DagsterInstance.ephemeral()
        self.cursor: dg.AssetDaemonCursor | None = None
        names = {"fact": [raw_stats.key], "mart": ["fact"], "total": ["mart", raw_list.key]}

        @dg.multi_asset(
            specs=[
                dg.AssetSpec(name, deps=deps, automation_condition=when_inputs_land())
                for name, deps in names.items()
            ],
            can_subset=True,
        )
        def transform(context: dg.AssetExecutionContext):  # type: ignore[no-untyped-def]
            asked = {key.to_user_string() for key in context.selected_asset_keys}
            skipped = set(self.broken)
            for name, deps in names.items():
                skipped |= {name} if skipped & {str(d) for d in deps} else set()
                if name in asked - skipped:
                    yield dg.MaterializeResult(name)
            if asked & self.broken:
                raise dg.Failure("a model failed")

        @dg.asset(deps=["total", "fact"], automation_condition=when_inputs_land())
        def released() -> None: ...

        self.assets = [raw_stats, raw_list, transform, released]
        self.defs = dg.Definitions(assets=self.assets)

    def land(self, *assets: dg.AssetsDefinition) -> None:
        for asset in assets:
            partition = "2026-11-01" if asset is raw_stats else None
            self.instance.report_runless_asset_event(
                dg.AssetMaterialization(asset.key, partition=partition)
            )

    def tick(self) -> set[str]:
        result = dg.evaluate_automation_conditions(
            defs=self.defs, instance=self.instance, cursor=self.cursor
        )
        self.cursor = result.cursor
        asked = [
            dg.AssetKey(name)
            for name in ("fact", "mart", "total", "released")
            if result.get_num_requested(dg.AssetKey(name))
        ]
        if asked:
            job = self.defs.resolve_implicit_global_asset_job_def()
            job.execute_in_process(
                instance=self.instance, asset_selection=asked, raise_on_error=False
            )
        return {key.to_user_string() for key in asked}


def test_nothing_below_a_failed_table_is_asked_for_in_a_hundred_ticks() -> None:
    run = _Run()
    run.tick()
    run.land(raw_list, raw_stats)
    assert run.tick() == {"fact", "mart", "total", "released"}
    for _ in range(3):
        run.tick()
    run.broken = {"fact"}
    run.land(raw_stats)
    asked = [run.tick()]
    for number in range(99):
        if number % 20 == 10:
            run.land(raw_list)  # another input of a table far below moves on
        asked.append(run.tick())
    assert asked[0] == {"fact", "mart", "total", "released"}
    assert set().union(*asked[1:]) == set()
    # Mended: what had waited comes with it, and readers get their release.
    run.broken = set()
    run.land(raw_stats)
    assert run.tick() == {"fact", "mart", "total", "released"}
