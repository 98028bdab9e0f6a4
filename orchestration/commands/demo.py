"""``tributary demo`` (`make run`) and ``tributary sandbox``: the pipeline without an ad account."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from connectors.core import clock
from connectors.core.pacing import SCALE_VARIABLE
from orchestration.commands.output import EXIT_PARTIAL, console
from orchestration.commands.run import run_with_progress
from orchestration.commands.run_report import exit_code, report
from orchestration.commands.summary import print_summary
from orchestration.idle import idle_result
from orchestration.run_records import RunRequest
from orchestration.sandboxes import mark_as_demo
from orchestration.workspace import Workspace, open_workspace
from warehouse import apply_file
from warehouse.sync_log import SyncLog

if TYPE_CHECKING:
    from connectors.sandbox.server import SandboxClient

SEED = 7
LAST_DAY = date(2026, 11, 15)
DAYS = 90
END = datetime(2026, 11, 16, 6, tzinfo=UTC)
CLOCKS = [END - timedelta(days=days) for days in (7, 0)]
"""When it builds and publishes."""
FIRST_PULL = END - timedelta(days=28)
"""Pulled and not built. Pulling at several clocks makes versions: restatement shows here too."""


def demo(
    keep_sandbox: Annotated[
        bool, typer.Option(help="Leave the sandbox running, for commands of your own.")
    ] = False,
) -> None:
    """Replay a simulated business at three clocks: sandbox, pipeline, published file, summary.

    At the first clock it only pulls; at the other two it builds and publishes too. Everything is
    deterministic: the same seed and clocks give the same totals. A second demo on the same home
    finds nothing new to pull. It needs no account and no network, takes some minutes, and fills
    the folder that TRIBUTARY_HOME names (default ./data).

    Example: tributary demo
    """
    from connectors.sandbox.server import SandboxProcess

    console.print("starting the sandbox: every platform's API on this machine, one business")
    arguments = _sandbox_arguments(0, SEED, DAYS)
    with SandboxProcess(*arguments, now=FIRST_PULL.isoformat()) as sandbox:
        os.environ["TRIBUTARY_SANDBOX"] = sandbox.url
        # Nobody limits how often this machine is asked; what a platform asks for is kept elsewhere.
        os.environ.setdefault(SCALE_VARIABLE, "0.02")
        with at_clock(FIRST_PULL, sandbox):
            space = open_workspace()
            mark_as_demo(space.home, arguments, END.isoformat())
            connect(space, sandbox)
        worst = 0
        for moment in _clocks_to_come(space):
            console.print(f"\n[bold]the clock stands at {moment:%Y-%m-%d %H:%M} UTC[/bold]")
            with at_clock(moment, sandbox):
                sandbox.collect(space.home.lake / "landing")
                request = RunRequest(load_only=moment == FIRST_PULL)
                result = idle_result(space, request) or run_with_progress(space, request)
                report(result)
            worst = exit_code(result)
            if worst not in (0, EXIT_PARTIAL):
                raise typer.Exit(worst)
        with at_clock(END, sandbox):
            print_summary(space.home, END)
        if keep_sandbox:
            _wait(sandbox.url)
    raise typer.Exit(worst)


def sandbox(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 lets the system choose.")] = 8700,
    seed: Annotated[int, typer.Option(help="The business's seed.")] = SEED,
    days: Annotated[int, typer.Option(help="Days of business.")] = DAYS,
) -> None:
    """Serve every platform's API locally, over one simulated business.

    Point the pipeline at it with TRIBUTARY_SANDBOX=http://127.0.0.1:PORT; its connections are at
    /sandbox/connections.yaml, its faults at /sandbox/faults, its truth at /sandbox/truth. It runs
    until Ctrl-C.

    Example: tributary sandbox --port 8700 --days 30
    """
    arguments = _sandbox_arguments(port, seed, days)
    done = subprocess.run([sys.executable, "-m", "connectors.sandbox", *arguments], check=False)
    raise typer.Exit(done.returncode)


@contextmanager
def at_clock(moment: datetime, sandbox: "SandboxClient") -> Iterator[None]:
    """Sets the one clock of this process and of the sandbox while the block runs."""
    before = os.environ.get(clock.VARIABLE)
    os.environ[clock.VARIABLE] = moment.isoformat()
    sandbox.set_clock(moment)
    try:
        yield
    finally:
        if before is None:
            del os.environ[clock.VARIABLE]
        else:
            os.environ[clock.VARIABLE] = before


def connect(space: Workspace, sandbox: "SandboxClient") -> None:
    """Connects every account of the sandbox's business."""
    declared = apply_file.parse_text(
        sandbox.connections_yaml(landed=True), space.credential_fields()
    )
    changes = apply_file.apply(space.registry, declared).items
    connected = [c for c in changes if c.kind == "connection"]
    console.print(f"connected {len(connected)} accounts")


def _sandbox_arguments(port: int, seed: int, days: int) -> list[str]:
    given = {"port": port, "seed": seed, "days": days, "end": LAST_DAY.isoformat()}
    return [part for name, value in given.items() for part in (f"--{name}", str(value))]


def _clocks_to_come(space: Workspace) -> list[datetime]:
    rows = SyncLog(space.home).rows()
    last = max((row.fetch_started_at for row in rows), default=None)
    coming = [moment for moment in (FIRST_PULL, *CLOCKS) if last is None or moment > last]
    return coming or [END]


def _wait(url: str) -> None:
    console.print(f"\nthe sandbox stays at {url}; stop it with Ctrl-C")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
