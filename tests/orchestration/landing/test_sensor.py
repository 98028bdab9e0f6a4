"""Landed files start one run by themselves: none twice, none lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import dagster as dg
import pytest
from landing_home import CUSTOMERS, LandingHome

from orchestration.arrivals import MOST_ATTEMPTS
from orchestration.defs import tags
from orchestration.defs.raw import raw_assets
from orchestration.defs.sensors import landing_job, landing_sensor

LIST = "id;E-Mail;country\n1;a@b.de;DE\n"


class _Daemon:
    """Ticks the sensor and remembers its cursor, as the daemon does."""

    def __init__(self) -> None:
        self.instance = dg.DagsterInstance.ephemeral()
        self.cursor: str | None = None
        job = dg.define_asset_job("landed", dg.AssetSelection.all())
        self.sensor = landing_sensor(job)

    def tick(self) -> list[dg.RunRequest]:
        context = dg.build_sensor_context(self.instance, cursor=self.cursor)
        data = self.sensor.evaluate_tick(context)
        self.cursor = data.cursor
        return list(data.run_requests or [])

    def launch(self, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
        self.instance.add_run(
            dg.DagsterRun(
                "landed",
                run_id=dg._core.utils.make_new_run_id(),
                status=status,
                tags=dict(request.tags),
            )
        )


@pytest.fixture
def daemon(house: LandingHome) -> _Daemon:
    house.add("crm", CUSTOMERS)
    house.add("other", CUSTOMERS)
    return _Daemon()


def test_many_files_of_many_sources_make_one_run(house: LandingHome, daemon: _Daemon) -> None:
    assert daemon.tick() == []
    house.drop("crm", "a.csv", LIST)
    house.drop("other", "b.csv", LIST)
    house.drop("other", "c.csv", LIST + "2;b@b.de;DE\n", age=30)
    (request,) = daemon.tick()
    assert request.tags[tags.MODE] == "incremental"
    daemon.launch(request, dg.DagsterRunStatus.STARTED)
    assert daemon.tick() == []


def test_a_loaded_file_is_not_asked_for_again(house: LandingHome, daemon: _Daemon) -> None:
    house.drop("crm", "a.csv", LIST, age=90)
    (request,) = daemon.tick()
    daemon.launch(request, dg.DagsterRunStatus.SUCCESS)
    house.pull("customers")
    assert daemon.tick() == []
    house.drop("crm", "a.csv", LIST + "2;b@b.de;DE\n", age=60)
    assert len(daemon.tick()) == 1, "the same name with other content"


def test_a_file_that_is_still_being_written_waits(house: LandingHome, daemon: _Daemon) -> None:
    path = house.drop("crm", "a.csv", LIST, age=0)
    assert daemon.tick() == []
    house.touch(path, age=10)
    assert len(daemon.tick()) == 1


def test_a_run_that_died_without_a_word_loses_no_file(house: LandingHome, daemon: _Daemon) -> None:
    house.drop("crm", "a.csv", LIST)
    keys = set()
    for _ in range(MOST_ATTEMPTS):
        (request,) = daemon.tick()
        keys.add(request.run_key)
        daemon.launch(request, dg.DagsterRunStatus.FAILURE)
    assert len(keys) == MOST_ATTEMPTS, "Dagster would drop a repeated run key"
    assert daemon.tick() == [], "then it is left to the schedule"


def test_a_file_that_failed_is_left_to_the_schedule(house: LandingHome, daemon: _Daemon) -> None:
    house.drop("crm", "a.csv", "nothing;like\nit\n")
    (request,) = daemon.tick()
    daemon.launch(request, dg.DagsterRunStatus.SUCCESS)
    assert house.pull("customers").rows[0].status == "failed"
    assert daemon.tick() == []
    house.drop("crm", "a.csv", LIST)
    assert len(daemon.tick()) == 1


def test_a_new_file_beside_one_that_is_asked_for_makes_a_run_of_its_own(
    house: LandingHome, daemon: _Daemon
) -> None:
    house.drop("crm", "a.csv", LIST)
    (first,) = daemon.tick()
    daemon.launch(first, dg.DagsterRunStatus.STARTED)
    house.drop("other", "b.csv", LIST)
    (second,) = daemon.tick()
    assert first.run_key != second.run_key


def test_a_paused_source_is_not_looked_at(house: LandingHome, daemon: _Daemon) -> None:
    house.drop("crm", "a.csv", LIST)
    (connection, _) = house.space.registry.connections(platform="files")
    house.space.registry.pause(connection.connection_id)
    assert daemon.tick() == []


def test_the_job_loads_what_landed_and_nothing_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @dg.asset(deps=[dg.AssetKey(["raw", "files", "orders"])])
    def downstream() -> None: ...

    raw: list[dg.AssetsDefinition] = raw_assets(date(2026, 10, 1))
    job = landing_job(raw)
    resolve: Callable[[str], dg.JobDefinition] = dg.Definitions(
        assets=[*raw, downstream], jobs=[job], resources={"workspace": None}
    ).resolve_job_def
    keys = {key.to_user_string() for key in resolve(job.name).asset_layer.executable_asset_keys}
    assert "raw/files/orders" in keys
    assert "downstream" in keys
    loaded = {key.split("/")[1] for key in keys if key.startswith("raw/")}
    assert loaded == {"events", "files", "webhooks"}
