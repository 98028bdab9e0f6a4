"""``tributary run``: pull, build, publish."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import (
    console,
    errors,
    print_json,
)
from orchestration.commands.run_report import exit_code, record, report
from orchestration.dbt_standby import standby
from orchestration.idle import idle_result
from orchestration.progress import watching
from orchestration.run_records import RunRequest, RunResult
from orchestration.sandboxes import demo_clock, demo_sandbox
from orchestration.settings import home_path
from orchestration.terminal import SafeConsole
from orchestration.workspace import Workspace, open_workspace
from warehouse.home import Home
from warehouse.releases import read_current


def run(
    organization: Annotated[str | None, typer.Option(help="Only this organization.")] = None,
    platform: Annotated[
        list[str] | None, typer.Option(help="Only this platform; repeatable.")
    ] = None,
    connection: Annotated[
        str | None, typer.Option(help="Only this one: organization/platform/account.")
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="First date of a backfill, included."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Last date of a backfill, included."),
    ] = None,
    load_only: Annotated[
        bool,
        typer.Option("--load-only", help="Only pull: the next run builds and publishes it."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Pull what is due, build the warehouse, publish the BI file.

    Without dates each account gets every date that no succeeded sync covers, today and yesterday,
    and once a day its lookback.
    With --from and --to exactly those dates are pulled again (a backfill). With --load-only nothing
    is built: pull a long history in pieces, and build it once.

    Example: tributary run --connection acme/google_ads/1234567890 --from 2026-11-01 --to 2026-11-07
    """
    started = time.monotonic()
    asked = RunRequest(
        organization, tuple(platform or ()), _date(first), _date(last), load_only=load_only
    )
    with demo_clock(Home(home_path())):
        space = open_workspace()
        request = _checked(space, asked, connection)
        result = idle_result(space, request)
    if result is None:
        with demo_sandbox(space.home):
            result = run_with_progress(space, request, quiet=json)
    if json:
        print_json(record(result))
    else:
        report(result)
        if missing := _not_connected(space, request):
            console.print(missing, markup=False)
        _print_release(space.home, time.monotonic() - started)
    raise typer.Exit(exit_code(result))


def _checked(space: Workspace, request: RunRequest, label: str | None) -> RunRequest:
    """Returns the request, narrowed to one connection if there is a label of one.

    Raises:
        ValueError: there is nothing to pull from, or the connection does not fit.
        RegistryLost: the lake has data of organizations that the registry does not know.
    """
    space.check_registry()
    feeds = [one.name for one in space.platforms.values() if one.shared]
    if not has_connections(space.registry) and not set(request.platforms or ["any"]) <= set(feeds):
        raise ValueError(no_connections(space.home))
    return request if label is None else _of_connection(space, request, label)


def _of_connection(space: Workspace, request: RunRequest, label: str) -> RunRequest:
    """Narrows a request to one connection.

    Raises:
        ValueError: it is unknown, or of another organization or platform than asked for.
    """
    found = space.connection(label)
    if request.organization not in (None, found.organization_id):
        raise ValueError(f"{label} is not of organization {request.organization}; give one of both")
    if request.platforms and found.platform not in request.platforms:
        raise ValueError(
            f"{label} is not of platform {', '.join(request.platforms)}; give one of both"
        )
    return replace(request, platforms=(found.platform,), connection=found.connection_id)


def _print_release(home: Home, seconds: float) -> None:
    """Ends a report with what readers have now, and how long it took."""
    current = read_current(home)
    minutes, rest = divmod(round(seconds), 60)
    took = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    name = f"release {current.release.release} is" if current else "nothing is"
    console.print(f"{name} published; the run took {took}", markup=False)


def run_with_progress(space: Workspace, request: RunRequest, quiet: bool = False) -> RunResult:
    """Runs the pipeline under a progress line that counts rows as they arrive."""
    with standby():
        return _run_pipeline(space, request, quiet)


def _run_pipeline(space: Workspace, request: RunRequest, quiet: bool) -> RunResult:
    from orchestration.runs import run_pipeline

    if quiet:
        return run_pipeline(space, request)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with _own_terminal() as terminal:
        progress = Progress(
            *columns, console=terminal, transient=True, disable=not terminal.is_terminal
        )
        with progress, watching(_Terminal(progress)):
            return run_pipeline(space, request)


@contextmanager
def _own_terminal() -> Iterator[SafeConsole]:
    """Returns a console on standard error as it is now.

    Dagster sends what a step writes there into files of its own, and progress is none of it.
    """
    descriptor = _copy_of_stderr()
    if descriptor is None:
        yield errors
        return
    with os.fdopen(descriptor, "w", encoding=sys.stderr.encoding, errors="replace") as file:
        yield SafeConsole(file=file, highlight=False, soft_wrap=True)


def _copy_of_stderr() -> int | None:
    """A descriptor of its own; None where something without one stands in its place."""
    try:
        return os.dup(sys.stderr.fileno())
    except OSError:
        return None


def _not_connected(space: Workspace, request: RunRequest) -> str:
    """Says which of the platforms that a run is about have no account, in one line or none."""
    connected = {
        one.platform
        for one in space.registry.connections(statuses=("active",))
        if request.organization in (None, one.organization_id)
    }
    asked = request.platforms or tuple(space.platforms)
    missing = [
        name
        for name in asked
        if name in space.platforms and not space.platforms[name].shared and name not in connected
    ]
    return f"not connected: {', '.join(missing)}" if missing else ""


class _Terminal:
    """Shows the phase of a run and what it counts: accounts, rows, models."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._rows = progress, Counter[str]()
        self._accounts: dict[str, str] = {}
        self._task = progress.add_task("starting")
        self._phase = ""

    def phase(self, text: str) -> None:
        self._phase = text
        self._show(text)
        if not self._progress.console.is_terminal:
            self._progress.console.print(text, markup=False)
            self._progress.console.file.flush()

    def accounts(self, platform: str, stream: str, done: int, total: int) -> None:
        name = f"{platform}/{stream}"
        self._accounts[name] = f"{done} of {total} accounts"
        self._show_stream(name)

    def page(self, platform: str, stream: str, rows: int, _size: int) -> None:
        name = f"{platform}/{stream}"
        self._rows[name] += rows
        self._show_stream(name)

    def models(self, done: int, total: int) -> None:
        self._show(f"{self._phase}: {done} of {total} models")

    def _show_stream(self, name: str) -> None:
        counted = (self._accounts.get(name), f"{self._rows[name]:,} rows")
        self._show(f"pulling {name}: {', '.join(filter(None, counted))}")

    def _show(self, text: str) -> None:
        self._progress.update(self._task, description=text)


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
