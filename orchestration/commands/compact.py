"""``tributary compact``: many small files of the lake become few."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from connectors.core import clock
from orchestration.commands.output import console, errors, format_bytes, print_json, print_table
from orchestration.settings import home_path
from orchestration.upkeep import compact_lake
from warehouse.compaction import Group, plan_compaction
from warehouse.home import Home
from warehouse.locks import LockHolder


def compact(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be compacted.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Remove repetition from the lake: one file per stream and closed day, one per closed month.

    Most rows of a restated day say what an earlier sync said. Each distinct row stays once, with
    all the syncs that brought it, so every version that was ever reported can still be read and no
    number moves. What is saved is rows to read and files to open, which each build pays for. Files
    of webhooks go 14 days after they were begun, once all that is in them is in the lake. Pulls,
    builds and readers may go on meanwhile; a kill loses nothing. `tributary dev` does it each
    night; without it, run this once a day or once a week.

    Example: tributary compact --dry-run
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

        done = compact_lake(home, today, on_wait=_say_waiting, progress=show)
        progress.update(task, completed=len(done.merged))
    _tell_done(done.figures(), json)


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
        console.print("nothing to compact: every closed day and month is one file a stream")
        return
    print_table(columns, rows)
    files = sum(row[2] for row in rows)
    size, footers = sum(row[3] for row in rows), sum(row[4] for row in rows)
    console.print(
        f"{files:,} files of {format_bytes(size)} would become {len(rows):,}; of the "
        f"{format_bytes(footers)} of footers that each build reads there would be some "
        f"{format_bytes(footers * len(rows) // files)}. Nothing was changed."
    )


def _tell_done(figures: dict[str, int], json: bool) -> None:
    if json:
        print_json(figures)
        return
    if figures["delivery_files_removed"]:
        console.print(
            f"{figures['delivery_files_removed']:,} files of webhooks of "
            f"{format_bytes(figures['delivery_bytes_removed'])} are removed: all is in the lake"
        )
    if figures["files_before"]:
        before, after = format_bytes(figures["bytes_before"]), format_bytes(figures["bytes_after"])
        console.print(
            f"{figures['files_before']:,} files of {before} are now {figures['files_after']:,} of "
            f"{after}; {figures['rows_after']:,} of {figures['rows_before']:,} rows say something "
            "new, the others are kept as who saw the same when"
        )
    else:
        console.print("nothing to compact: every closed day and month is one file a stream")


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
