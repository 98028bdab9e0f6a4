"""Events behind the visits of the business: late, twice, by wrong clocks, among robots' ones.

What the collector dropped is pulled and built; visits are those that there were, as far as the
collector had received them.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
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
from tests.end_to_end.conftest import Releases, each_demo_release
from tests.parsed_project import share_parsed_project
from warehouse.registry_records import Organization

END = date(2026, 11, 15)
DAYS = [END - timedelta(days=1), END]
CLOCKS = (datetime(2026, 11, 15, 12, tzinfo=UTC), datetime(2026, 11, 19, 6, tzinfo=UTC))
VISIT = "started_at, ended_at, event_count, page_views, order_events, source, medium"
MODELS = ("fact_sessions", "mart_funnel", "mart_active_sessions")


@pytest.fixture(scope="module")
def visits() -> Visits:
    business = service.simulated(Parameters(days=10, end=END))
    return Visits(business, business.people.organizations[0])


@pytest.fixture(scope="module")
def truth(visits: Visits) -> Truth:
    return truth_of(visits, DAYS)


@dataclass(frozen=True)
class Site:
    """A home into which a collector dropped its files, and its visits after each of the builds."""

    space: Workspace
    visits: tuple[list[TrueVisit], ...]

    def rows(self, sql: str) -> list[tuple]:
        return _rows(self.space, sql)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, visits: Visits) -> Iterator[Site]:
    """The collector drops some files, then, after a build, the rest."""
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
        seen = []
        for now in CLOCKS:
            patch.setenv("TRIBUTARY_NOW", now.isoformat())
            assert drop_files(visits, DAYS, landing, now)
            _pull_and_build(space)
            seen.append(
                _visits(_rows(space, f"select {VISIT} from fact_sessions where not is_bot"))
            )
        yield Site(space, tuple(seen))


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


def _visits(rows: list[tuple]) -> list[TrueVisit]:
    return sorted(TrueVisit(*(at.astimezone(UTC) for at in row[:2]), *row[2:]) for row in rows)


def test_visits_are_those_that_there_were(site: Site, visits: Visits, truth: Truth) -> None:
    assert len(truth.visits) > 1_000
    assert site.visits[-1] == truth.visits
    # At noon of the last day many are to come, and some are known in part.
    known = truth_of(visits, DAYS, CLOCKS[0]).visits
    assert 500 < len(known) < len(truth.visits)
    assert len(set(known) - set(truth.visits)) > 5
    assert site.visits[0] == known


@each_demo_release
def test_visits_of_the_demo(releases: Releases, index: int) -> None:
    """Those that the collectors of its sites had seen at each clock."""
    with releases.open(index) as release:
        release.execute("set timezone = 'UTC'")
        found = Counter(
            (row[0], *_visits([row[1:]]))
            for row in release.execute(
                f"select organization_id, {VISIT} from fact_sessions where not is_bot"
            ).fetchall()
        )
        ordered = release.execute(
            "select organization_id, sum(visitors)::integer from mart_funnel "
            "where funnel = 'purchase' and step_name = 'Order' and visitors > 0 group by all"
        ).fetchall()
    known: Counter[tuple[str, TrueVisit]] = Counter()
    orders: Counter[str] = Counter()
    for row in releases.truth("visit", index):
        times = (datetime.fromisoformat(row[name]) for name in ("started_at", "ended_at"))
        counts = (row[name] for name in ("events", "page_views", "orders"))
        visit = TrueVisit(*times, *counts, row["source"], row["medium"])
        known[row["organization_id"], visit] += 1
        orders[row["organization_id"]] += row["orders"]
    assert found == known
    assert known.total() >= (0, 2_000, 10_000)[index]
    assert dict(ordered) == dict(+orders)


def test_each_event_is_there_once_and_robots_are_marked(site: Site, truth: Truth) -> None:
    events = sum(one.events for one in truth.visits)
    assert site.rows("select count(*) from fact_events where not is_bot") == [(events,)]
    reasons = site.rows("select distinct bot_reason from fact_events where is_bot order by 1")
    assert reasons == [
        ("no user agent",),
        ("user agent: GPTBot",),
        ("user agent: Googlebot\\/",),
        ("user agent: python-requests",),
    ]
    late, skewed = site.rows(
        "select count(*) filter (days_late > 0), count(*) filter (clock_rule = 'corrected') from fact_events",  # noqa: E501
    )[0]
    assert late > 50
    assert skewed > 500


def test_orders_of_the_shop_end_the_funnel(site: Site, truth: Truth) -> None:
    orders = sum(one.orders for one in truth.visits)
    assert orders > 20
    asked = (
        "select sum(visitors) from mart_funnel where funnel = 'purchase' and step_name = 'Order'"
    )
    assert site.rows(asked) == [(orders,)]


def test_what_a_blocker_hides_is_known(visits: Visits, truth: Truth) -> None:
    assert 0.04 < truth.blocked / (truth.blocked + len(truth.visits)) < 0.10


def test_broken_lines_are_set_aside(site: Site, visits: Visits) -> None:
    written = [one for day in DAYS for one in lines_of(visits, day)]
    broken = sum(not one.text.endswith("}") for one in written)
    assert broken > 3
    folder: Path = site.space.home.quarantine_dir("events", "events")
    with duckdb.connect() as connection:
        (aside,) = connection.execute(
            f"select count(*) from read_parquet('{folder}/**/*.parquet')"
        ).fetchone()
    assert aside == broken
