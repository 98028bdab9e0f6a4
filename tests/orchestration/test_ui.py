"""What Dagster's pages and daemon start is green where nothing is wrong, and says what is wrong.

Ticks on a home with every platform are in tests/end_to_end/test_ticks.py.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import duckdb
import pytest

from orchestration.definitions import build_definitions
from orchestration.defs import tags
from orchestration.defs.schedules import PIPELINE_JOB
from orchestration.instance import process_tag
from orchestration.recorded_run import execute, origin_of
from orchestration.runs import QUIET
from tests.orchestration.house import ORDERS, House, open_house
from tests.orchestration.ui import Ui, open_ui
from warehouse.releases import read_current

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEED = "raw/exchange_rates/reference_rates:connections_healthy"
FRESH = "published/tributary:connections_fresh"
EVERY, SHARE = "EVERY_ASSET", 20
"""One model of so many is tried alone, and one stream of each platform; all of them with the
environment variable: a quarter of an hour."""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("ui")) as found:
        yield found


@pytest.fixture
def ui(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ui]:
    monkeypatch.setenv("TRIBUTARY_NOW", START.isoformat())
    monkeypatch.setenv("TRIBUTARY_RETRY_BASE", "0.01")
    # A port that refuses: nobody answers for the European Central Bank, and at once.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("TRIBUTARY_SANDBOX", f"http://127.0.0.1:{free.getsockname()[1]}")
        with open_ui(house.home) as found:
            yield found


def test_an_asset_alone_is_green(ui: Ui) -> None:
    keys = sorted(ui.graph().materializable_asset_keys)
    models = [key for key in keys if len(key.path) == 1]
    others = [key for key in keys if len(key.path) > 1]
    chosen = [*others, *models]
    if not os.environ.get(EVERY):
        # raw/<platform>/<stream>: the first of a platform.
        of_platforms = {tuple(key.path[:2]): key for key in reversed(others)}
        chosen = [*of_platforms.values(), *models[::SHARE]]
    failed = {}
    for key in chosen:
        run = ui.materialize(key)
        if not run.is_success:
            failed[key.to_user_string()] = ui.why(run)
    assert len(models) > 140
    assert failed == {}
    assert set(ui.red_checks()) == {FEED, FRESH}


def test_a_check_alone_is_run_whatever_it_said_last(ui: Ui, house: House) -> None:
    key = dg.AssetCheckKey(dg.AssetKey([ORDERS]), "one_row_per_order_key")
    assert ui.check(key).is_success
    house.order("+")
    run = ui.check(key)
    assert run.status is dg.DagsterRunStatus.FAILURE
    said = (
        "check fact_orders.one_row_per_order_key: 1 row does not hold; see them with "
        "`tributary-dbt show --select unique_together_fact_orders"
    )
    assert ui.why(run).startswith(said)
    assert "1 row does not hold" in ui.red_checks()[f"{ORDERS}:one_row_per_order_key"]
    house.order("-")
    assert ui.check(key).is_success
    assert f"{ORDERS}:one_row_per_order_key" not in ui.red_checks()


def test_a_run_of_the_command_line_is_started_again_from_its_page(ui: Ui, house: House) -> None:
    """Here of one model; a whole run is no different to the page."""
    job = build_definitions().resolve_job_def(PIPELINE_JOB)
    house.order("+")
    run_id, _, _ = execute(
        job, ui.instance, {tags.PROCESS: process_tag()}, [dg.AssetKey([ORDERS])], QUIET
    )
    red = ui.instance.get_run_by_id(run_id)
    assert red is not None
    again = ui.again(red, "ALL_STEPS")
    for run in (red, again):
        assert run.status is dg.DagsterRunStatus.FAILURE
        # Whichever of its checks comes first.
        assert re.match(rf"check {ORDERS}\.\w+: 1 row does not hold; see them with", ui.why(run))
    house.order("-")
    mended = ui.again(again, "FROM_FAILURE")
    assert mended.is_success, ui.why(mended)
    assert (mended.job_name, mended.parent_run_id) == (PIPELINE_JOB, again.run_id)


def test_the_ticks_of_schedules_sensors_and_automation_are_green(ui: Ui, house: House) -> None:
    """A pull, its build and release, and then the same for a dropped file."""

    def release() -> str:
        current = read_current(house.home)
        assert current is not None
        return current.release.release

    first, ended = release(), ui.tick(START)
    # The schedule has its minute before the first of these; the others look for what followed.
    for minutes in (80, 85, 90, 95, 100, 105):
        if minutes == 95:
            house.drop("second.csv", "3;2026-11-03 10:00;tea;1;5.00")
        ended += ui.tick(START + timedelta(minutes=minutes))
    assert {(run.job_name, ui.why(run)) for run in ended if not run.is_success} == set()
    assert {"pull", "load_landed_files", "__ASSET_JOB"} <= {run.job_name for run in ended}
    assert release() != first
    with duckdb.connect(str(house.home.published_db), read_only=True) as connection:
        assert connection.execute("select count(*) from fact_orders").fetchone() == (3,)
    red = ui.red_checks()
    assert set(red) == {FEED, FRESH}
    # What failed is named with the reason and what to do, where it is read.
    for text in red.values():
        assert "_shared/" in text
        assert "ecb" in text
        assert "Remedy:" in text


def test_a_run_of_the_command_line_is_found_under_its_job(ui: Ui) -> None:
    """As the page of a job asks for its runs."""
    (repository,) = (
        ui.process.create_request_context().code_locations[0].get_repositories().values()
    )
    job = repository.get_full_job("pipeline")
    origin = job.get_remote_origin()
    ours = origin_of("pipeline")
    assert origin.repository_origin.get_label() == ours.repository_origin.get_label()
    assert origin.repository_origin.repository_name == ours.repository_origin.repository_name
