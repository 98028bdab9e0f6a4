"""What a build costs after one more sync of seven days, on a short history and on a long one."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks import processes
from benchmarks.report import Figure, Outcome

NOW = "2026-11-16T08:00:00+00:00"
LATER = "2026-11-16T{:02d}:00:00+00:00"
REPEATS = 3
GATE_RATIO = 1.5
NAMED = 6
"""How many of the tables are named that a longer history makes a refresh read more of."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What one refresh cost.

    Attributes:
        seconds: of dbt's build, without starting Python and parsing the project.
        bytes_read: by the process from its files.
        rewritten: rows deleted and inserted, by model.
        scanned: rows that left a scan, by what was scanned.
    """

    seconds: float
    bytes_read: int
    rewritten: Counter[str]
    scanned: Counter[str]

    def rows_read(self, kind: str) -> int:
        """Rows read of ``raw`` files, of the ``log`` or of ``tables``."""
        return sum(count for name, count in self.scanned.items() if kind_of(name) == kind)


def kind_of(name: str) -> str:
    """Sorts what was scanned: rows of data, or the keys and receipts that say what changed."""
    if name.startswith("lake/raw"):
        return "raw"
    if name.startswith("lake/"):
        return "log"
    if ".state." in name or name.endswith(("__now", "__dirty")) or "int_report_winners" in name:
        return "keys"
    return "tables" if "." in name else "other"


class History:
    """A home with some days of daily syncs of an account, built once.

    Args:
        folder: for the home.
        days: of the history.
        campaigns: of the account.
        neighbors: how many other organizations have such an account.
        every: days between two syncs.

    Attributes:
        first_build: what the process of that build reported.
    """

    def __init__(
        self, folder: Path, days: int, campaigns: int, neighbors: int = 0, every: int = 1
    ) -> None:
        self._folder, self._size = folder, (str(days), str(campaigns), str(neighbors))
        self._home = folder / "home"
        size = (*self._size, str(every))
        processes.run("benchmarks.history", *size, environment=self._environment(NOW))
        self.first_build = self._build(NOW)

    def refresh(self, number: int, *, profile: bool) -> Refresh:
        """Syncs the last week once more and builds."""
        now = LATER.format(8 + number)
        arguments = ("--restate", *self._size)
        processes.run("benchmarks.history", *arguments, environment=self._environment(now))
        before = self._rewrites()
        built = self._build(now, *(["--profile"] if profile else []))
        return Refresh(
            built["seconds"],
            built["read_bytes"],
            self._rewrites() - before,
            Counter(built["scanned"]),
        )

    def rebuild(self) -> float:
        """Builds everything anew from the lake; returns the seconds of it."""
        for name in ("build", "serve"):
            (self._home / f"{name}.duckdb").unlink()
        return float(self._build(NOW)["seconds"])

    def compact(self, now: str) -> dict[str, Any]:
        """Compacts the lake as of a clock."""
        environment = self._environment(now)
        return processes.run("benchmarks.organizations", "compact", environment=environment).result

    def publish(self) -> Path:
        """Publishes the build; returns the file."""
        environment = self._environment(NOW)
        found = processes.run("benchmarks.size", "publish", environment=environment)
        return Path(found.result["file"])

    def rows(self) -> int:
        """Rows of all facts."""
        with duckdb.connect(str(self._home / "serve.duckdb"), read_only=True) as connection:
            tables = connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'main' "
                "and table_name like 'fact_%'"
            ).fetchall()
            counts = [
                connection.execute(f"select count(*) from main.{name}").fetchone()
                for (name,) in tables
            ]
        return sum(count[0] for count in counts if count)

    def _build(self, now: str, *arguments: str) -> dict[str, Any]:
        environment = self._environment(now)
        return processes.run("benchmarks.dbt_path", *arguments, environment=environment).result

    def _rewrites(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for name in ("build", "serve"):
            with duckdb.connect(str(self._home / f"{name}.duckdb"), read_only=True) as connection:
                rows = connection.execute(
                    "select model, sum(rows_deleted + rows_inserted) from state.rewrites group by 1"
                ).fetchall()
            found.update({model: int(count) for model, count in rows})
        return found

    def _environment(self, now: str) -> dict[str, str]:
        return processes.clean_environment(
            TRIBUTARY_HOME=str(self._home),
            TRIBUTARY_KEY_FILE=str(self._folder / "key"),
            TRIBUTARY_NOW=now,
        )


def measure(quick: bool) -> Outcome:
    """Refreshes both histories, interleaved."""
    short, factor, campaigns = (30, 3, 5) if quick else (60, 10, 20)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as ten:
        homes = [
            History(Path(one), short, campaigns),
            History(Path(ten), short * factor, campaigns),
        ]
        timed: list[list[Refresh]] = [[], []]
        for number in range(1, REPEATS + 1):
            for results, home in zip(timed, homes, strict=True):
                results.append(home.refresh(number, profile=False))
        profiled = [home.refresh(REPEATS + 1, profile=True) for home in homes]
        rows = [home.rows() for home in homes]
    figures = []
    for label, results, profile in zip(("1x", f"{factor}x"), timed, profiled, strict=True):
        figures += [
            Figure(f"build at {label}", median(r.seconds for r in results), "s"),
            Figure(f"rows rewritten at {label}", results[-1].rewritten.total(), "rows"),
            Figure(f"raw rows read at {label}", profile.rows_read("raw"), "rows"),
            Figure(f"rows of tables read at {label}", profile.rows_read("tables"), "rows"),
            Figure(f"keys compared at {label}", profile.rows_read("keys"), "rows"),
            Figure(f"log rows read at {label}", profile.rows_read("log"), "rows"),
            Figure(
                f"read from files at {label}", median(r.bytes_read for r in results) / 1e6, "MB"
            ),
        ]
    ratios = {
        "rows rewritten": [r[-1].rewritten.total() for r in timed],
        "raw rows read": [p.rows_read("raw") for p in profiled],
        "rows of tables read": [p.rows_read("tables") for p in profiled],
        "seconds": [median(r.seconds for r in results) for results in timed],
    }
    figures += [
        Figure(f"{name}, {factor}x by 1x", ten / max(one, 1e-9), "", GATE_RATIO, "below")
        for name, (one, ten) in ratios.items()
    ]
    return Outcome(
        "refresh",
        f"dbt build after one more sync of the last 7 days of all report streams, on {short} days "
        f"({rows[0]:,} fact rows) and on {short * factor} days ({rows[1]:,} fact rows) of one "
        "account that was synced daily with a lookback of 7 days; medians of three.",
        figures,
        _growth(profiled),
    )


def _growth(profiled: list[Refresh]) -> list[str]:
    """Names what a longer history makes a refresh read more of."""
    one, ten = (p.scanned for p in profiled)
    grown = [(ten[n] - one[n], n) for n in ten if ten[n] > one[n] * GATE_RATIO + 100]
    return [
        f"{name}: {one[name]:,} rows read at 1x, {ten[name]:,} on the long history"
        for _, name in sorted(grown, reverse=True)[:NAMED]
    ]
