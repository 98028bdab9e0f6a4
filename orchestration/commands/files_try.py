"""``tributary files try``: what a run would make of a file."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.commands.output import (
    EXIT_PARTIAL,
    console,
    print_json,
    print_table,
)

if TYPE_CHECKING:
    from connectors.platforms.files.trial import Amount, Total, Trial


def try_(
    file: Annotated[Path, typer.Argument(help="The file; it may lie anywhere.")],
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="YAML that maps its columns; default: the mapping of the source in whose landing "
            "folder FILE lies, else a draft."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Read FILE as a run would, in seconds, and write nothing.

    Prints how many rows would be loaded, the sums of their amounts by currency, the first and the
    last date, the file's own row of sums beside ours, and the rows that would be set aside: why,
    what they are worth, and the line that the mapping needs. Exit code 0 when all is well, 3 when
    rows are set aside or the file's own sums are others.

    Example: tributary files draft export.csv > costs.yaml, then
    tributary files try export.csv --mapping costs.yaml
    """
    from connectors.platforms.files.trial import try_file
    from orchestration.file_mappings import mapping_for

    used = mapping_for(file, mapping)
    trial = try_file(file, used.mapping)
    if json:
        print_json(_tree(file, used.origin, used.assumed, trial))
    else:
        _print(file, used.origin, used.assumed, trial)
    if not trial.is_fine:
        raise typer.Exit(EXIT_PARTIAL)


def _tree(file: Path, origin: str, assumed: list[str], trial: "Trial") -> dict[str, Any]:
    return {
        "file": file.name,
        "mapping": origin,
        "assumed": assumed,
        "target": trial.target,
        "rows": trial.rows,
        "rejected": trial.rejected,
        "skipped": trial.skipped,
        "first_date": trial.first,
        "last_date": trial.last,
        "sums": [asdict(one) for one in trial.sums],
        "totals": [{**asdict(one), "agrees": one.agrees} for one in trial.totals],
        "totals_agree": trial.totals_agree,
        "rejections": [
            {
                "reason": one.group.reason,
                "rows": one.group.rows,
                "first_row": one.group.first_row,
                "example": one.group.example,
                "lost": [asdict(amount) for amount in one.lost],
                "rows_without_amount": one.unread,
                "add_to_mapping": one.lines,
            }
            for one in trial.rejections
        ],
        "unread_cells": trial.unread,
        "doubled_rows": trial.doubled,
        "left_days": trial.left_days,
        "not_mapped": trial.not_mapped,
        "is_fine": trial.is_fine,
    }


def _print(file: Path, origin: str, assumed: list[str], trial: "Trial") -> None:
    console.print(f"{file.name} as {trial.target}, by {origin}", markup=False)
    for note in assumed:
        console.print(f"  assumed: {note}", markup=False)
    counts = [f"{_rows(trial.rows)} read", f"{trial.rejected:,} set aside"]
    if trial.skipped:
        counts.append(f"{trial.skipped:,} left out by skip_rows")
    console.print(", ".join(counts), markup=False)
    if trial.first is not None:
        console.print(f"first date {trial.first}, last date {trial.last}", markup=False)
    if trial.sums:
        print_table(["column", "currency", "sum"], [_cells(one) for one in trial.sums])
    if trial.totals:
        print_table(
            ["row", "the file's own sum", "column", "in the file", "ours", ""],
            [(t.row, t.label, t.column, t.file, t.ours, _verdict(t)) for t in trial.totals],
        )
        if not trial.totals_agree:
            console.print("no row of sums of the file agrees with what was read", markup=False)
    if trial.rejections:
        print_table(
            ["set aside because", "rows", "first row", "lost"],
            [
                (one.group.example, one.group.rows, one.group.first_row, ", ".join(_lost(one)))
                for one in trial.rejections
            ],
        )
    _print_lines(trial)
    if trial.doubled:
        console.print(
            f"row {', '.join(map(str, trial.doubled))} has no campaign and is the sum of all other "
            "rows: loaded, it counts all twice. Add to the mapping:\n"
            "  skip_rows: [{campaign: {is_empty: true}}]",
            markup=False,
        )
    for column, found in trial.unread.items():
        console.print(
            f"{column}: cells left empty: {found['cells']} (first {found['first']})",
            markup=False,
        )
    if trial.left_days:
        first, last = trial.left_days[0], trial.left_days[-1]
        days = first if first == last else f"{len(trial.left_days)} days ({first} to {last})"
        console.print(
            f"not replaced by this file: {days}, for a row that is set aside may be of them",
            markup=False,
        )
    if trial.not_mapped:
        console.print(f"not mapped, kept as _extra: {', '.join(trial.not_mapped)}", markup=False)


def _verdict(total: "Total") -> str:
    if not total.agrees:
        return "DIFFERS"
    return "agrees" if total.file == total.ours else "agrees, but for the rounding of the rows"


def _print_lines(trial: "Trial") -> None:
    lines = dict.fromkeys(line for one in trial.rejections for line in one.lines)
    if lines:
        console.print("add to the mapping:", markup=False)
        for line in lines:
            console.print(f"  {line}", markup=False)
    without = [one for one in trial.rejections if not one.lines]
    if without:
        rows = sum(one.group.rows for one in without)
        console.print(
            f"to be corrected in the file itself, for no line of a mapping does: {_rows(rows)}",
            markup=False,
        )


def _cells(one: "Amount") -> tuple[str, str, Any]:
    return one.column, one.currency, one.amount


def _lost(rejection: Any) -> Iterator[str]:
    for one in rejection.lost:
        yield f"{one.column} {one.amount} {one.currency}".strip()
    if rejection.unread:
        yield f"amounts of {_rows(rejection.unread)} cannot be read"


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
