"""``tributary run``: pull, build, publish."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import (
    EXIT_FAILED,
    EXIT_PARTIAL,
    console,
    errors,
    print_json,
)
from orchestration.progress import watching
from orchestration.run_records import RunRequest, RunResult
from orchestration.sandboxes import demo_sandbox
from orchestration.settings import home_path
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
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Pull what is due, build the warehouse, publish the BI file.

    Without dates each account gets its lookback and every date that no succeeded sync covers.
    With --from and --to exactly those dates are pulled again (a backfill). For example:
    tributary run --connection acme/google_ads/1234567890 --from 2026-11-01 --to 2026-11-07
    """
    started = time.monotonic()
    with demo_sandbox(Home(home_path())):
        space = open_workspace()
        space.check_registry()
        feeds = [one.name for one in space.platforms.values() if one.shared]
        if not has_connections(space.registry) and not set(platform or ["any"]) <= set(feeds):
            raise ValueError(no_connections(space.home))
        request = RunRequest(organization, tuple(platform or ()), _date(first), _date(last))
        if connection is not None:
            request = _of_connection(space, request, connection)
        result = run_with_progress(space, request, quiet=json)
    if json:
        print_json(_record(result))
    else:
        report(result)
        _print_release(space.home, time.monotonic() - started)
    raise typer.Exit(exit_code(result))


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
    from orchestration.runs import run_pipeline

    if quiet:
        return run_pipeline(space, request)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=errors, transient=True)
    with progress, watching(_Terminal(progress)):
        return run_pipeline(space, request)


class _Terminal:
    """Shows the phase of a run, and the rows of each stream as they arrive."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._rows = progress, Counter[str]()
        self._task = progress.add_task("starting")

    def phase(self, text: str) -> None:
        self._progress.update(self._task, description=text)
        if not errors.is_terminal:
            errors.print(text, markup=False)

    def page(self, platform: str, stream: str, rows: int, _size: int) -> None:
        name = f"{platform}/{stream}"
        self._rows[name] += rows
        self._progress.update(self._task, description=f"{name}: {self._rows[name]:,} rows")


def report(result: RunResult) -> None:
    """Prints what a run did, and what to do about what it could not do."""
    total = sum(row.rows for row in result.log_rows)
    requests = sum(row.requests for row in result.log_rows)
    streams = len({(row.platform, row.stream) for row in result.log_rows})
    console.print(f"pulled {total:,} rows of {streams} streams with {requests:,} requests")
    for run_id in result.ended_runs:
        console.print(f"run {run_id[:8]} was killed earlier; it is marked as failed")
    for step, message in result.failed_steps.items():
        errors.print(f"failed: {step}: {message}", markup=False)
    for row in result.failed_accounts:
        skipped = len(result.skipped_streams(row))
        more = f" (and {skipped} more streams, which were skipped)" if skipped else ""
        errors.print(
            f"not pulled: {row.organization_id}/{row.platform}/{row.account_id} {row.stream}"
            f"{more}: {row.error_class}: {row.error_message}",
            markup=False,
        )
    for check in result.failed_checks:
        errors.print(f"red check: {check}", markup=False)
    for check in result.warnings:
        console.print(f"warning: {check}", markup=False)


def exit_code(result: RunResult) -> int:
    """Returns 0, 1 (a step failed) or 3 (some account or check is red)."""
    if not result.success:
        return EXIT_FAILED
    return EXIT_PARTIAL if result.failed_accounts or result.failed_checks else 0


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _record(result: RunResult) -> dict[str, object]:
    return {
        "run_id": result.run_id,
        "success": exit_code(result) == 0,
        "exit_code": exit_code(result),
        "rows": sum(row.rows for row in result.log_rows),
        "requests": sum(row.requests for row in result.log_rows),
        "retries": sum(row.retries for row in result.log_rows),
        "failed_steps": result.failed_steps,
        "failed_checks": result.failed_checks,
        "warnings": result.warnings,
        "failed_accounts": [
            {
                "connection": f"{r.organization_id}/{r.platform}/{r.account_id}",
                "stream": r.stream,
                "error_class": r.error_class,
                "error": r.error_message,
                "skipped_streams": result.skipped_streams(r),
            }
            for r in result.failed_accounts
        ],
        "ended_runs": result.ended_runs,
    }
