"""``tributary compact``: many small files of the lake become few."""

import os
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from connectors.core import clock
from orchestration.commands.output import console, errors, format_bytes, print_json, print_table
from orchestration.settings import home_path
from warehouse.compaction import Group, Merged, plan_compaction
from warehouse.compaction import compact as compact_lake
from warehouse.home import Home
from warehouse.locks import LockHolder, build_lock
from warehouse.sync_log import SyncLog

DEFAULT_MEMORY = "4GB"


def compact(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be merged.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Merge the lake's small files: one per stream and closed day, one per closed month.

    No row is changed or dropped, and no number moves: every version that was ever reported stays,
    with its sync. What is saved is the opening of files, which each build pays for, and the space
    that versions take while they lie apart. Pulls, builds and readers may go on meanwhile; a kill
    loses nothing. Run it once a day or once a week.
    """
    home, today = Home.open(home_path()), clock.now().date()
    groups = plan_compaction(home, today)
    if dry_run:
        _tell_plan(groups, json)
        return
    with _progress(quiet=json) as progress:
        task = progress.add_task("", total=len(groups))

        def show(group: Group, number: int, count: int) -> None:
            name = f"{group.platform}/{group.stream} {group.period}"
            progress.update(task, description=name, completed=number - 1, total=count)

        done = list(
            compact_lake(
                home,
                today,
                memory_limit=os.environ.get("TRIBUTARY_MEMORY_LIMIT") or DEFAULT_MEMORY,
                on_wait=_say_waiting,
                progress=show,
            )
        )
        progress.update(task, completed=len(done))
    with build_lock(home, on_wait=_say_waiting):
        log_files = SyncLog(home).compact_log(today)
    _tell_done(done, log_files, json)


def _tell_plan(groups: Sequence[Group], json: bool) -> None:
    columns = ["stream", "period", "files", "bytes", "footer_bytes"]
    rows = [
        (f"{g.platform}/{g.stream}", g.period, len(g.files), g.size(), g.footer_size())
        for g in groups
    ]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if not rows:
        console.print("nothing to merge: every closed day and month is one file a stream")
        return
    print_table(columns, rows)
    files = sum(row[2] for row in rows)
    size, footers = sum(row[3] for row in rows), sum(row[4] for row in rows)
    console.print(
        f"{files:,} files of {format_bytes(size)} would become {len(rows):,}; of the "
        f"{format_bytes(footers)} of footers that each build reads there would be some "
        f"{format_bytes(footers * len(rows) // files)}. Nothing was changed."
    )


def _tell_done(done: Sequence[Merged], log_files: int, json: bool) -> None:
    files = sum(len(merged.group.files) for merged in done)
    before, after = (sum(getattr(m, f"size_{when}") for m in done) for when in ("before", "after"))
    if json:
        print_json(
            {
                "files_before": files,
                "files_after": len(done),
                "rows": sum(merged.rows for merged in done),
                "bytes_before": before,
                "bytes_after": after,
                "log_files_merged": log_files,
            }
        )
    elif done:
        console.print(
            f"{files:,} files of {format_bytes(before)} are now {len(done):,} of "
            f"{format_bytes(after)}; all {sum(m.rows for m in done):,} rows are in them"
        )
    else:
        console.print("nothing to merge: every closed day and month is one file a stream")


def _progress(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
        disable=quiet,
    )


def _say_waiting(holder: LockHolder) -> None:
    errors.print(f"waiting for {holder}", markup=False)
