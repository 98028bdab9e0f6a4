"""A hundred small organizations in one home: what the release and their files cost to publish.

The lake is made up (see ``benchmarks.history``): each organization has one account with 14 days of
all report streams in two syncs. Releases and files are published by the pipeline's own functions,
in processes of their own.

    python -m benchmarks.organizations STEP ...   what the parent asks of its children
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.history import ACCOUNT, Historian
from benchmarks.processes import say
from benchmarks.report import Figure, Outcome
from connectors.core import clock
from orchestration.publishing import publish_build, publish_organization_files
from orchestration.workspace import open_workspace
from warehouse.compaction import compact
from warehouse.home import SHARED_ORGANIZATION
from warehouse.log_compaction import compact_log
from warehouse.registry_records import Organization

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 14)
NOW = "2026-10-15T08:{:02d}:00+00:00"
NEXT_MONTH = "2026-11-02T08:00:00+00:00"
CAMPAIGNS = 2


class Home:
    """A home whose clock moves a minute with each step."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._minute = folder, 0

    def ask(self, *arguments: str, now: str | None = None) -> dict[str, Any]:
        """One child of this module."""
        return self._run("benchmarks.organizations", arguments, now)

    def build(self, now: str | None = None) -> dict[str, Any]:
        """One dbt build."""
        return self._run("benchmarks.dbt_path", (), now)

    def publish(self) -> dict[str, Any]:
        """The release, and after it the files of organizations."""
        return self.ask("publish")

    def _run(self, module: str, arguments: tuple[str, ...], now: str | None) -> dict[str, Any]:
        self._minute += 1
        environment = processes.clean_environment(
            TRIBUTARY_HOME=str(self._folder / "home"),
            TRIBUTARY_KEY_FILE=str(self._folder / "key"),
            TRIBUTARY_NOW=now or NOW.format(self._minute),
        )
        return processes.run(module, *arguments, environment=environment).result


def measure(quick: bool) -> Outcome:
    """Publishes with nothing, one and all organizations changed; then compacts."""
    count = 10 if quick else 100
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.ask("write", str(count))
        home.build()
        first = home.publish()
        home.build()
        nothing = home.publish()
        home.ask("restate", name_of(count // 2))
        home.build()
        one = home.publish()
        home.ask("rates")
        home.build()
        everyone = home.publish()
        before = home.build(NEXT_MONTH)
        merged = home.ask("compact", now=NEXT_MONTH)
        home.build(NEXT_MONTH)
        after = home.build(NEXT_MONTH)
    figures = [
        Figure("size of the release", one["release_bytes"] / 1e6, "MB"),
        Figure("size of all organizations' files", everyone["file_bytes"] / 1e6, "MB"),
    ]
    for label, result, expected in (
        ("first time", first, count),
        ("nothing changed", nothing, 0),
        ("one organization changed", one, 1),
        ("exchange rates changed", everyone, count),
    ):
        figures += [
            Figure(f"{label}: release", result["release_seconds"], "s"),
            Figure(f"{label}: organizations", result["organizations_seconds"], "s"),
            Figure(f"{label}: files more than due", result["written"] - expected, "", 1, "below"),
        ]
    figures += [
        Figure("raw files before compaction", merged["files_before"], "files"),
        Figure("raw files after", merged["files_after"], "files"),
        Figure("raw rows before", merged["rows_before"], "rows"),
        Figure("raw rows after", merged["rows_after"], "rows"),
        Figure("bytes before", merged["bytes_before"] / 1e6, "MB"),
        Figure("bytes after", merged["bytes_after"] / 1e6, "MB"),
        Figure("log files before", merged["log_before"], "files"),
        Figure("log files after", merged["log_after"], "files"),
        Figure("compaction", merged["seconds"], "s"),
        Figure("build without news before", before["seconds"], "s"),
        Figure("build without news after", after["seconds"], "s"),
        Figure("read from files by it before", before["read_bytes"] / 1e6, "MB"),
        Figure("read from files by it after", after["read_bytes"] / 1e6, "MB"),
    ]
    return Outcome(
        "organizations",
        f"{count} organizations of one account each, {CAMPAIGNS} campaigns, 14 days of all report "
        f"streams of Google Ads in two syncs; {one['tables']} tables a file.",
        figures,
    )


def name_of(number: int) -> str:
    """The id of an organization."""
    return f"organization_{number:03d}"


def _write(count: str) -> dict[str, Any]:
    space = open_workspace()
    registry = space.registry
    registry.ensure_shared_organization()
    registry.add_connection(SHARED_ORGANIZATION, "exchange_rates", "ecb", None, start_date=FIRST)
    Historian(space, CAMPAIGNS).rates(FIRST - timedelta(days=10), LAST + timedelta(days=1))
    for number in range(int(count)):
        name = name_of(number)
        registry.add_organization(Organization(name, name.title(), reporting_currency="USD"))
        registry.add_connection(name, "google_ads", ACCOUNT, None, start_date=FIRST)
        historian = Historian(space, CAMPAIGNS, name)
        historian.day(FIRST + timedelta(days=6), version=0, lists=True)
        historian.day(LAST, version=1, lists=True)
    return {}


def _restate(name: str) -> dict[str, Any]:
    Historian(open_workspace(), CAMPAIGNS, name).restate(LAST)
    return {}


def _rates() -> dict[str, Any]:
    another = Decimal("1.2")
    Historian(open_workspace(), CAMPAIGNS).rates(LAST, LAST + timedelta(days=1), another)
    return {}


def _publish() -> dict[str, Any]:
    home = open_workspace().home
    began = time.perf_counter()
    release = publish_build(home)
    published = time.perf_counter()
    done = publish_organization_files(home)
    return {
        "release_seconds": published - began,
        "organizations_seconds": time.perf_counter() - published,
        "written": len(done.written),
        "tables": len(release.tables),
        "release_bytes": release.size_bytes,
        "file_bytes": sum(path.stat().st_size for path in home.organizations.glob("*.duckdb")),
    }


def _compact() -> dict[str, Any]:
    home, today = open_workspace().home, clock.now().date()
    log_before = len(list(home.syncs_dir.rglob("*.parquet")))
    began = time.perf_counter()
    done = list(compact(home, today))
    compact_log(home, today)
    return {
        "seconds": time.perf_counter() - began,
        "files_before": sum(len(merged.group.files) for merged in done),
        "files_after": len(done),
        "rows_before": sum(merged.rows_before for merged in done),
        "rows_after": sum(merged.rows_after for merged in done),
        "bytes_before": sum(merged.size_before for merged in done),
        "bytes_after": sum(merged.size_after for merged in done),
        "log_before": log_before,
        "log_after": len(list(home.syncs_dir.rglob("*.parquet"))),
    }


_STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "write": _write,
    "restate": _restate,
    "rates": _rates,
    "publish": _publish,
    "compact": _compact,
}


def main() -> None:
    """Does one step in the home that the environment names."""
    name, *arguments = sys.argv[1:]
    say(**_STEPS[name](*arguments))


if __name__ == "__main__":
    main()
