"""An incremental build equals a full refresh on the same lake, row for row, after every change."""

from __future__ import annotations

import pytest
from dbt_home import DbtHome, differences, twin_of
from fixture_lake import FixtureLake
from scenarios import SCENARIOS, Scenario, at, march, window

# One worker, so that its homes are built once.
pytestmark = pytest.mark.xdist_group("dbt_incremental")


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixtureLake, DbtHome, DbtHome]:
    """One lake with two pairs of database files: built incrementally, and always refreshed."""
    root = tmp_path_factory.mktemp("dbt")
    (root / "home").mkdir()
    lake = FixtureLake(root / "home")
    home = DbtHome(root / "home")
    return lake, home, twin_of(home, root / "twin")


def test_every_scenario(homes: tuple[FixtureLake, DbtHome, DbtHome]) -> None:
    lake, home, twin = homes
    rates = {march(d): {"USD": "1.1", "GBP": "0.85"} for d in (2, 3, 4)}
    lake.pull_rates(at(5), window(1, 4), rates)
    running: dict[str, Scenario] = {}
    for scenario in SCENARIOS:
        running[scenario.__name__] = scenario(lake)
        next(running[scenario.__name__])
    step = 0
    while running:
        # Once, a build stops between the facts and the marts, and once it is the marts alone.
        if step == 1:
            home.build("--select", "+fact_campaign_performance")
        if step == 2:
            home.build("--select", "mart_campaign_daily_summary", "mart_daily_aggregates")
        home.build()
        twin.build("--full-refresh")
        assert differences(home, twin) == {}
        for name in list(running):
            try:
                running[name].send(home.query)
            except StopIteration:
                del running[name]
        step += 1
    assert home.query("select count(*) from mart_reconciliation where not is_reconciled") == [(0,)]
    # The data tests of the project hold on the strangest of lakes too.
    home.invoke("test", "--exclude", "test_type:unit")
