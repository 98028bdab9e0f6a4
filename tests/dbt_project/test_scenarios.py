"""Exact numbers of every story after every change, and an incremental build equals a full refresh.

The stories of campaigns, shops and files share one lake, an organization or more each: what a
build takes is dbt's work on its tables, however many stories are in them. What stories ask for is
built, and at the end built anew. With `--long` that comes after every second change too, builds
stop half way, and the end is of all tables, compacted and tested.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from built_home import DbtHome, differences, twin_of
from fixture_lake import FixtureLake
from scenarios import Scenario, at, march

from warehouse.compaction import compact
from warehouse.home import Home

STORIES = [
    import_module(file.stem)
    for file in sorted(Path(__file__).parent.glob("*_scenarios.py"))
    if not file.stem.startswith("test_")
]
"""Every module of such a name: no list is edited for another."""

PARTS = {
    1: ("+fact_campaign_performance", "+fact_orders"),
    2: ("stg_shopify__orders", "mart_campaign_daily_summary", "mart_daily_aggregates"),
}
"""Once, a build stops between the facts and the marts, and once below the facts or at the marts."""


def test_every_scenario(tmp_path: Path, is_long: bool) -> None:
    (tmp_path / "home").mkdir()
    lake = FixtureLake(tmp_path / "home")
    home = DbtHome(tmp_path / "home")
    twin = twin_of(home, tmp_path / "twin")
    _pull_rates(lake)
    running: dict[str, Scenario] = {}
    for stories in STORIES:
        for scenario in stories.SCENARIOS:
            running[scenario.__name__] = scenario(lake)
            next(running[scenario.__name__])
    asked = _tables_of_stories(home)
    step = 0
    while running:
        if is_long and step in PARTS:
            home.build("--select", *PARTS[step])
        home.build(models=asked)
        if is_long and step % 2:
            twin.build("--full-refresh", models=asked)
            assert differences(home, twin) == {}
        with home.reading() as query:
            for name in list(running):
                try:
                    running[name].send(query)
                except StopIteration:
                    del running[name]
        step += 1
    assert home.query("select * from mart_reconciliation where not is_reconciled") == []
    if is_long:
        home.build()
        _compact(home)
    twin.build("--full-refresh", models=[] if is_long else asked)
    assert differences(home, twin) == {}
    if is_long:
        # The data tests of the project hold on the strangest of lakes too.
        home.invoke("test", "--exclude", "test_type:unit")


def _compact(home: DbtHome) -> None:
    """Compaction moves nothing of lists, changes and files either."""
    before = home.rewrites()
    done = list(compact(Home.open(home.path), date(2026, 6, 1), memory_limit="1GB"))
    assert sum(merged.rows_before for merged in done) > sum(merged.rows_after for merged in done)
    assert {merged.group.platform for merged in done} >= {"google_ads", "shopify", "files"}
    home.build()
    assert home.rewrites() == before


def _tables_of_stories(home: DbtHome) -> list[str]:
    """The models that the stories' queries name."""
    text = "".join(Path(str(stories.__file__)).read_text() for stories in STORIES)
    words = set(re.findall(r"\b(?:int|dim|fact|mart)_[a-z_]+", text))
    models = {node.name for node in home.manifest.nodes.values() if node.resource_type == "model"}
    found = sorted({*words, "mart_reconciliation"} & models)
    assert len(found) > 30
    return found


def _pull_rates(lake: FixtureLake) -> None:
    days = [date(2026, 2, 15) + timedelta(days=n) for n in range(40)]
    rates = {day: {"USD": "1.1", "GBP": "0.85"} for day in days}
    for day in (march(3), march(4)):
        rates[day]["SEK"] = "11"
    lake.pull_rates(at(5), (days[0], days[-1]), rates)
