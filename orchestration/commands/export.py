"""``tributary export``: a published table as a file."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.output import console, errors
from orchestration.settings import home_path
from warehouse.exports import export_table
from warehouse.home import Home


def export(
    table: Annotated[str, typer.Argument(help="A published table, such as mart_kpi_daily.")],
    to: Annotated[
        Path,
        typer.Option(
            "--to", help="The file, which ends in .csv, .parquet or .xlsx.", dir_okay=False
        ),
    ],
    organization: Annotated[
        str | None, typer.Option(help="Only rows of this organization.")
    ] = None,
    release: Annotated[str | None, typer.Option(help="Export from an older release.")] = None,
) -> None:
    """Write a published table into a CSV, Parquet or Excel file.

    The ending of the name says which. A file of that name is replaced, as a whole or not at all.
    In CSV and Excel a text that a spreadsheet would run as a formula (it begins with = + - @, a tab
    or a line break) has an apostrophe before it. Excel keeps 15 digits of a number and 1,048,575
    rows; CSV and Parquet keep everything. A part of a table, or other columns: `tributary query`
    with `--format csv`.

    Example: tributary export mart_kpi_daily --organization acme_outdoor --to kpi.xlsx
    """
    with errors.status(f"writing {to.name}") as status:
        rows = export_table(
            Home.open(home_path()),
            table,
            to,
            organization=organization,
            release=release,
            progress=lambda done: status.update(f"writing {to.name}: {done:,} rows"),
        )
    console.print(f"wrote {rows:,} rows of {table} into {to}", markup=False, soft_wrap=True)
