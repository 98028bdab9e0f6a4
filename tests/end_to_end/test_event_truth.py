"""Events behind the visits of the business: late, twice, by wrong clocks, among robots' ones.

What the collector dropped is pulled and built; visits are those that there were.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.sandbox import service
from connectors.sandbox.business import Parameters
from connectors.sandbox.tracking.lines import drop_files, lines_of
from connectors.sandbox.tracking.truth import TrueVisit, Truth, truth_of
from connectors.sandbox.tracking.visits import Visits
from orchestration import dbt, dbt_manifest
from orchestration.workspace import Workspace, open_workspace
from tests.end_to_end import stages
from tests.parsed_project import share_parsed_project
from warehouse.registry_records import Organization

END = date(2026, 11, 15)
DAYS = [END - timedelta(days=1), END]
MODELS = ("fact_sessions", "mart_funnel", "mart_active_sessions")


@pytest.fixture(scope="module")
def visits() -> Visits:
    business = service.simulated(Parameters(days=10, end=END))
    return Visits(business, business.people.organizations[0])


@pytest.fixture(scope="module")
def truth(visits: Visits) -> Truth:
    return truth_of(visits, DAYS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, visits: Visits) -> Iterator[Workspace]:
    """A home into which the collector dropped its files: some, then, after a build, the rest."""
    folder = tmp_path_factory.mktemp("events")
    share_parsed_project(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIBUTARY_HOME", str(folder / "home"))
        patch.setenv("TRIBUTARY_KEY_FILE", str(folder / "key"))
        patch.setenv("TRIBUTARY_DUCKDB_THREADS", "1")
        for name in ("TRIBUTARY_DATABASE_URL", "TRIBUTARY_SANDBOX"):
            patch.delenv(name, raising=False)
        space = open_workspace()
        space.registry.add_organization(Organization("acme", "Acme", reporting_currency="EUR"))
        zone = {"time_zone": visits.site.shop.time_zone}
        space.registry.add_connection("acme", "events", "web_shop", None, settings=zone)
        landing = space.home.landing_dir("acme", "web_shop")
        for now in ("2026-11-15T12:00:00Z", "2026-11-19T06:00:00Z"):
            patch.setenv("TRIBUTARY_NOW", now)
            assert drop_files(visits, DAYS, landing, datetime.fromisoformat(now))
            _pull_and_build(space)
        yield space


def _pull_and_build(space: Workspace) -> None:
    stages.pull_all()
    space.prepare_lake()
    dbt.set_environment(space.home)
    chosen = ["--select", *(f"+{name}" for name in MODELS)]
    build = [dbt_manifest.EXECUTABLE, *dbt.build_arguments(), *chosen]
    done = subprocess.run(build, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def _rows(space: Workspace, sql: str) -> list[tuple]:
    with duckdb.connect(str(space.home.serve_db), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        return connection.execute(sql).fetchall()


def test_visits_are_those_that_there_were(home: Workspace, truth: Truth) -> None:
    columns = "started_at, ended_at, event_count, page_views, order_events, source, medium"
    found = _rows(home, f"select {columns} from fact_sessions where not is_bot")
    assert len(truth.visits) > 1_000
    assert (
        sorted(TrueVisit(row[0].astimezone(UTC), row[1].astimezone(UTC), *row[2:]) for row in found)
        == truth.visits
    )


def test_each_event_is_there_once_and_robots_are_marked(home: Workspace, truth: Truth) -> None:
    events = sum(one.events for one in truth.visits)
    assert _rows(home, "select count(*) from fact_events where not is_bot") == [(events,)]
    reasons = _rows(home, "select distinct bot_reason from fact_events where is_bot order by 1")
    assert reasons == [
        ("no user agent",),
        ("user agent: GPTBot",),
        ("user agent: Googlebot\\/",),
        ("user agent: python-requests",),
    ]
    late, skewed = _rows(
        home,
        "select count(*) filter (days_late > 0), count(*) filter (clock_rule = 'corrected') from fact_events",  # noqa: E501
    )[0]
    assert late > 50
    assert skewed > 500


def test_orders_of_the_shop_end_the_funnel(home: Workspace, truth: Truth) -> None:
    orders = sum(one.orders for one in truth.visits)
    assert orders > 20
    asked = (
        "select sum(visitors) from mart_funnel where funnel = 'purchase' and step_name = 'Order'"
    )
    assert _rows(home, asked) == [(orders,)]


def test_what_a_blocker_hides_is_known(visits: Visits, truth: Truth) -> None:
    assert 0.04 < truth.blocked / (truth.blocked + len(truth.visits)) < 0.10


def test_broken_lines_are_set_aside(home: Workspace, visits: Visits) -> None:
    written = [one for day in DAYS for one in lines_of(visits, day)]
    broken = sum(not one.text.endswith("}") for one in written)
    assert broken > 3
    folder: Path = home.home.quarantine_dir("events", "events")
    with duckdb.connect() as connection:
        (aside,) = connection.execute(
            f"select count(*) from read_parquet('{folder}/**/*.parquet')"
        ).fetchone()
    assert aside == broken
