"""Web events from a file in landing to events, visits and funnels: time, memory, and one more file.

python -m benchmarks events                 (a million lines)
python -m benchmarks.events 10000000        (as many as are given)
python -m benchmarks.events pull | build    (one step, on TRIBUTARY_HOME)
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from benchmarks import processes
from benchmarks.report import Figure, Outcome, show
from connectors.sandbox.tracking.lines import AGENTS, ROBOTS

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
LINES = 1_000_000
LINES_A_FILE = 50_000
LINES_A_PULL = 10_000_000
LATE_LINES = 1_000
HISTORY_DAYS = 90
EVENTS_A_VISIT = 5
MODELS = ("fact_sessions", "mart_funnel", "mart_active_sessions")
_NAMES = ("page_view", "page_view", "page_view", "add_to_cart", "click", "begin_checkout")
_FROM = ("", "?utm_source=news&utm_medium=email", "?gclid=abc", "?utm_source=tiktok&utm_medium=cpc")


def measure(quick: bool) -> Outcome:
    """Loads a million lines of 90 days (a tenth when quick), then 1,000 of yesterday."""
    return measured(LINES // 10 if quick else LINES)


def measured(lines: int) -> Outcome:
    """Loads some lines of 90 days, builds, and does both again with 1,000 lines of yesterday."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        environment = processes.clean_environment(
            TRIBUTARY_HOME=str(home),
            TRIBUTARY_KEY_FILE=str(Path(folder, "key")),
            TRIBUTARY_NOW=NOW.isoformat(),
        )
        processes.run("benchmarks.events", "connect", environment=environment)
        landing = home / "lake" / "landing" / "acme" / "web_shop"
        figures = _figures(
            f"{lines:,} lines", _pulled(landing, lines, environment), _built(environment)
        )
        _write(landing, lines, LATE_LINES, lines + LATE_LINES)
        figures += _figures(
            f"then {LATE_LINES:,} more", [_step("pull", environment)], _built(environment)
        )
        raw = sum(one.stat().st_size for one in home.glob("lake/raw/**/*.parquet"))
        tables = sum(one.stat().st_size for one in home.glob("*.duckdb"))
    figures += [Figure("raw files", raw / 1e6, "MB"), Figure("tables", tables / 1e6, "MB")]
    return Outcome(
        "events",
        f"{lines:,} lines of {HISTORY_DAYS} days in files of {LINES_A_FILE:,} as they were "
        "received, 4 in 100 of them twice, 2 in 100 up to two days late: read, enriched and "
        "committed; events, visits and funnels built. Then a file of yesterday. Processes of "
        "their own, imports included.",
        figures,
    )


def _pulled(landing: Path, lines: int, environment: Mapping[str, str]) -> list[processes.Run]:
    """Loads the lines in parts, whose files are removed once they are loaded."""
    runs = []
    for first in range(0, lines, LINES_A_PULL):
        end = min(first + LINES_A_PULL, lines)
        for start in range(first, end, LINES_A_FILE):
            _write(landing, start, min(LINES_A_FILE, end - start), lines)
        runs.append(_step("pull", environment))
        for path in landing.iterdir():
            path.unlink()
    return runs


def _built(environment: Mapping[str, str]) -> processes.Run:
    return _step("build", environment)


def _step(name: str, environment: Mapping[str, str]) -> processes.Run:
    return processes.run("benchmarks.events", name, environment=environment)


def _figures(what: str, pulls: Sequence[processes.Run], build: processes.Run) -> list[Figure]:
    return [
        Figure(f"pull, {what}", sum(one.seconds for one in pulls), "s"),
        Figure(f"pull, {what}, peak memory", max(one.peak_megabytes for one in pulls), "MB"),
        Figure(f"build, {what}", build.seconds, "s"),
        Figure(f"build, {what}, peak memory", build.peak_megabytes, "MB"),
    ]


def _write(folder: Path, start: int, count: int, of: int) -> None:
    path = folder / f"events_{start:012d}.ndjson"
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in _lines(start, count, of)))
    path.with_name(f"{path.name}.done").touch()


def _lines(start: int, count: int, of: int) -> Iterator[dict[str, object]]:
    """Lines in the order of their receipt: number `of` is received now, number 0 90 days before."""
    agents, known = (*AGENTS.values(), *ROBOTS), -1
    for number in range(start, start + count):
        visit, place = divmod(number - number % 25 // 24, EVENTS_A_VISIT)
        if visit != known:
            known, chance = visit, random.Random(visit)
            begun = NOW - timedelta(days=HISTORY_DAYS * (1 - visit * EVENTS_A_VISIT / of))
            kept = timedelta(minutes=chance.randrange(2_880) if visit % 50 == 0 else 0)
            page = f"https://shop.example/products/{chance.randrange(500)}"
            agent = agents[visit % len(agents)].replace("141", str(90 + visit % 52))
        received = begun + timedelta(seconds=20 * place)
        yield {
            "event_id": f"{visit:x}-{place}",
            "event": _NAMES[(visit + place) % len(_NAMES)],
            "occurred_at": received - kept,
            "sent_at": received,
            "received_at": received,
            "device_id": f"d{visit % (of // 15 + 1)}",
            "url": page if place else page + _FROM[visit % len(_FROM)],
            "referrer": "https://shop.example/" if place else "https://www.google.com/",
            "user_agent": agent,
            "ip": f"203.0.{visit % 200}.{visit % 250 + 1}",
        }


def _connect() -> None:
    from orchestration.workspace import open_workspace
    from warehouse.registry_records import Organization

    space = open_workspace()
    space.registry.add_organization(Organization("acme", "Acme", reporting_currency="EUR"))
    space.registry.add_connection("acme", "events", "web_shop", None, settings={})
    space.home.landing_dir("acme", "web_shop").mkdir(parents=True, exist_ok=True)
    processes.say()


def _pull() -> None:
    from orchestration.pull import Pull, pull
    from orchestration.sources import select_sources
    from orchestration.workspace import open_workspace

    space, run_id = open_workspace(), str(uuid.uuid4())
    platform = space.platforms["events"]
    sources = select_sources(space, platform, "events", run_id=run_id)
    receipt = pull(Pull(space.home, platform, platform.stream("events"), run_id), sources)
    if receipt.failures or not receipt.total("rows"):
        raise RuntimeError(f"nothing was loaded: {receipt}")
    processes.say(rows=receipt.total("rows"))


def _build() -> None:
    from orchestration import dbt
    from orchestration.workspace import open_workspace

    space = open_workspace()
    space.prepare_lake()
    dbt.set_environment(space.home)
    chosen = [f"+{name}" for name in MODELS]
    sys.argv = ["tributary-dbt", "--quiet", *dbt.build_arguments(chosen)]
    try:
        dbt.main()
    except SystemExit as ended:
        if ended.code:
            raise
    processes.say()


if __name__ == "__main__":
    os.environ.setdefault("TRIBUTARY_NOW", NOW.isoformat())
    if sys.argv[1].isdigit():
        from rich.console import Console

        show(measured(int(sys.argv[1])), Console())
    else:
        {"connect": _connect, "pull": _pull, "build": _build}[sys.argv[1]]()
