"""Seconds from a file in the landing folder to the published mart.

A shop's order file lands, with a long history in the warehouse: each step in a process of its own,
as the run's steps are, and then `tributary run` as a user starts it.

    python -m benchmarks.landing pull | build | publish      (one step, on TRIBUTARY_HOME)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks import processes
from benchmarks.report import Figure, Outcome
from connectors.sandbox.server import SandboxClient, SandboxProcess

TRIBUTARY = str(Path(sys.executable).with_name("tributary"))
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
LINES_A_FILE = 1_000
LINES_AN_ORDER = 2
HISTORY_DAYS = 360
REPEATS = 3
DECLARED = """
organizations: [{id: acme, name: Acme, reporting_currency: EUR, time_zone: UTC}]
connections:
  - organization: acme
    platform: files
    account: crm_orders
    settings:
      mapping:
        target: orders
        kind: changes
        time_zone: UTC
        currency: EUR
        settle_seconds: 0
        columns: {order_id: order, ordered_at: at, product_id: sku, customer_id: customer,
          quantity: pieces, unit_price: price}
"""


class Shop:
    """A home with one source of order files; the exchange rates come from a sandbox."""

    def __init__(self, folder: Path, sandbox: SandboxClient) -> None:
        self._folder = folder / "home" / "lake" / "landing" / "acme" / "crm_orders"
        self._files = 0
        self._environment = processes.clean_environment(
            TRIBUTARY_HOME=str(folder / "home"),
            TRIBUTARY_KEY_FILE=str(folder / "key"),
            TRIBUTARY_SANDBOX=sandbox.url,
            TRIBUTARY_NOW=NOW.isoformat(),
        )
        declared = folder / "connections.yaml"
        declared.write_text(DECLARED)
        self._run(TRIBUTARY, "connections", "apply", str(declared))
        self._folder.mkdir(parents=True)

    def drop(self, lines: int, days: int) -> None:
        """Drops a file of new orders, spread over the last days."""
        self._files += 1
        path = self._folder / f"orders_{self._files:03d}.csv"
        path.write_text("\n".join(_lines(self._files, lines, days)) + "\n")

    def step(self, name: str) -> float:
        """Runs one step in a process of its own; returns its seconds."""
        return self._run(sys.executable, "-m", "benchmarks.landing", name)

    def whole_run(self) -> float:
        """Runs `tributary run` for the files; returns its seconds."""
        return self._run(TRIBUTARY, "run", "--platform", "files", "--json")

    def _run(self, *command: str) -> float:
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=processes.ROOT, env=self._environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-4000:]}{done.stderr}")
        return time.perf_counter() - began


def _lines(file: int, lines: int, days: int) -> Iterator[str]:
    yield "order,at,sku,customer,pieces,price"
    for line in range(lines):
        order = line // LINES_AN_ORDER
        at = NOW - timedelta(days=1 + order % days, minutes=order % 1000)
        yield f"{file}-{order},{at:%Y-%m-%dT%H:%M},SKU{line % 500},C{order % 5000},1,19.99"


def measure(quick: bool) -> Outcome:
    """Loads a history, then files of 1,000 lines of yesterday, step by step and by a whole run."""
    small = 2_000 if quick else 20_000
    figures = []
    for history in (small, 10 * small):
        process = SandboxProcess("--days", "10", now=NOW.isoformat())
        with tempfile.TemporaryDirectory() as folder, process as sandbox:
            shop = Shop(Path(folder), sandbox)
            shop.drop(history, HISTORY_DAYS)
            shop.whole_run()
            steps: dict[str, list[float]] = {"pull": [], "build": [], "publish": []}
            for _ in range(REPEATS):
                shop.drop(LINES_A_FILE, 1)
                for name, seconds in steps.items():
                    seconds.append(shop.step(name))
            shop.drop(LINES_A_FILE, 1)
            whole = shop.whole_run()
        middle = {name: median(seconds) for name, seconds in steps.items()}
        after = f"after {history:,} lines of history"
        figures += [
            Figure(f"landing to the marts, {after}", middle["pull"] + middle["build"], "s"),
            Figure(f"of that, to committed Parquet, {after}", middle["pull"], "s"),
            Figure(f"publish, {after}", middle["publish"], "s"),
            Figure(f"the whole `tributary run`, {after}", whole, "s"),
        ]
    return Outcome(
        "landing",
        f"A file of {LINES_A_FILE:,} order lines of one day: read, typed and committed; dbt build "
        f"with its tests; publish. Processes of their own, imports included; medians of {REPEATS}.",
        figures,
    )


def _pull() -> None:
    from orchestration.pull import Pull, pull
    from orchestration.sources import select_sources
    from orchestration.workspace import open_workspace

    space, run_id = open_workspace(), str(uuid.uuid4())
    platform = space.platforms["files"]
    sources = select_sources(space, platform, "orders", run_id=run_id)
    receipt = pull(Pull(space.home, platform, platform.stream("orders"), run_id), sources)
    if receipt.failures or not receipt.total("rows"):
        raise RuntimeError(f"nothing was loaded: {receipt}")


def _build() -> None:
    from orchestration import dbt
    from orchestration.workspace import open_workspace

    space = open_workspace()
    space.prepare_lake()
    dbt.set_environment(space.home)
    sys.argv = ["tributary-dbt", "--quiet", *dbt.build_arguments()]
    dbt.main()


def _publish() -> None:
    from orchestration.publishing import publish_build
    from orchestration.workspace import open_workspace

    publish_build(open_workspace().home)


if __name__ == "__main__":
    os.environ.setdefault("TRIBUTARY_NOW", NOW.isoformat())
    {"pull": _pull, "build": _build, "publish": _publish}[sys.argv[1]]()
