"""Many accounts with a long history: to build, to refresh, to publish, and to ask.

python -m benchmarks.size publish
    publishes the build of the home in the environment
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import duckdb

from benchmarks import processes
from benchmarks.history import ORGANIZATION
from benchmarks.refresh import History, Refresh
from benchmarks.report import Figure, Outcome
from orchestration.publishing import publish_build
from orchestration.workspace import open_workspace

QUERIES = Path(__file__).resolve().parents[1] / "docs" / "queries.md"
EVERY = 73
"""Days of a sync: five a year, so that what is measured is the history, not the log."""
REPEATS = 3
ASKED = 5
GATE_MEGABYTES = 8000
GATE_RATIO = 1.2
GATE_MILLISECONDS = 100
SLOWEST = 5


def measure(quick: bool) -> Outcome:
    """Builds, refreshes, publishes and asks; the same refresh at a tenth of the history beside."""
    accounts, days, campaigns = (3, 730, 2) if quick else (50, 1095, 20)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as tenth:
        whole = History(Path(one), days, campaigns, accounts - 1, EVERY)
        part = History(Path(tenth), days // 10, campaigns, accounts - 1, EVERY)
        refreshed: list[list[Refresh]] = [[], []]
        for number in range(1, REPEATS + 1):
            for results, home in zip(refreshed, (whole, part), strict=True):
                results.append(home.refresh(number, profile=False))
        profiled = whole.refresh(REPEATS + 1, profile=True)
        published = whole.publish()
        times = ask(published)
        size, rows = published.stat().st_size, whole.rows()
    long, short = (median(one.seconds for one in results) for results in refreshed)
    slowest = sorted(times.items(), key=lambda item: -item[1])
    return Outcome(
        "size",
        f"{accounts} accounts with {days} days of {campaigns} campaigns, by day and hour "
        f"({rows:,} fact rows): a build from nothing, then one more sync of the last 7 days of one "
        "account, a release, and the queries of docs/queries.md on it, warm.",
        [
            Figure("full build", whole.first_build["seconds"], "s"),
            Figure(
                "peak memory", whole.first_build["peak_bytes"] / 1e6, "MB", GATE_MEGABYTES, "below"
            ),
            Figure("refresh", long, "s"),
            Figure("refresh at a tenth of the history", short, "s"),
            Figure("refresh by that", long / short, "", GATE_RATIO, "below"),
            Figure("raw rows read by a refresh", profiled.rows_read("raw"), "rows"),
            Figure("rows rewritten", refreshed[0][-1].rewritten.total(), "rows"),
            Figure("published file", size / 1e6, "MB"),
            Figure("slowest query", slowest[0][1], "ms", GATE_MILLISECONDS, "below"),
        ],
        [f"{name}: {milliseconds:.0f} ms" for name, milliseconds in slowest[:SLOWEST]],
    )


def queries() -> dict[str, str]:
    """Returns the queries of dashboards by their headings."""
    pairs = re.findall(r"^## (.*?)\n.*?```sql\n(.*?)```", QUERIES.read_text(), re.M | re.S)
    return dict(pairs)


def ask(published: Path) -> dict[str, float]:
    """Returns the milliseconds that each query takes on a file, a median, after a first time."""
    found: dict[str, float] = {}
    with duckdb.connect(str(published), read_only=True) as connection:
        for name, sql in queries().items():
            sql = sql.replace("acme_outdoor", ORGANIZATION)
            taken = []
            for _ in range(ASKED + 1):
                begun = time.perf_counter()
                connection.execute(sql).fetchall()
                taken.append((time.perf_counter() - begun) * 1000)
            found[name] = median(taken[1:])
    return found


if __name__ == "__main__":
    if sys.argv[1:] != ["publish"]:
        sys.exit(f"usage: python -m benchmarks.size publish\n{__doc__}")
    space = open_workspace()
    publish_build(space.home)
    processes.say(file=str(space.home.published_db.resolve()))
