"""``tributary publish / releases / rollback / query``: the BI file."""

import csv
import sys
from enum import StrEnum
from typing import Annotated

import typer

from orchestration.commands.output import console, errors, print_json, print_table
from orchestration.publishing import publish_build, roll_back
from orchestration.settings import home_path
from warehouse.home import Home
from warehouse.queries import query as run_query
from warehouse.releases import pin, pins, read_current, unpin
from warehouse.releases import releases as kept_releases


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def publish() -> None:
    """Publish what the last build made as a new release."""
    release = publish_build(Home.open(home_path()), on_wait=errors.print)
    said = "is published already, nothing changed" if release.skipped else "published"
    console.print(f"{release.release} {said}: {sum(release.tables.values()):,} rows")


def releases(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    keep: Annotated[
        str | None, typer.Option("--pin", help="Keep this release until it is unpinned.")
    ] = None,
    let_go: Annotated[
        str | None, typer.Option("--unpin", help="Let this release go with the others.")
    ] = None,
) -> None:
    """List the kept releases; the one that BI opens is marked."""
    home = Home.open(home_path())
    if keep:
        pin(home, keep, keep)
    if let_go:
        unpin(home, let_go)
    pinned = set(pins(home).values())
    current = read_current(home)
    name = current.release.release if current else None
    rows = [
        (r.release, _marks(r.release == name, r.release in pinned), r.published_at, r.size_bytes)
        for r in kept_releases(home)
    ]
    columns = ["release", "is", "published_at", "bytes"]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


def _marks(current: bool, pinned: bool) -> str:
    return ", ".join(word for word, holds in (("current", current), ("pinned", pinned)) if holds)


def rollback(
    release: Annotated[str, typer.Argument(help="A name that `tributary releases` lists.")],
) -> None:
    """Make an older RELEASE the one that BI opens."""
    back = roll_back(Home.open(home_path()), release)
    console.print(f"published/tributary.duckdb is {back.release} again")


def query(
    sql: Annotated[str, typer.Argument(help="A query in DuckDB's SQL.")],
    output: Annotated[Format, typer.Option("--format", "-f", help="How to print rows.")] = (
        Format.TABLE
    ),
    release: Annotated[str | None, typer.Option(help="Ask an older release.")] = None,
) -> None:
    """Run read-only SQL on the published file.

    The tables and their columns are described in the file: `select * from docs_tables`.
    """
    found = run_query(Home.open(home_path()), sql, release=release)
    rows = list(zip(*(column.to_pylist() for column in found.columns), strict=True))
    if output is Format.JSON:
        print_json(found.to_pylist())
    elif output is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(found.column_names)
        writer.writerows(rows)
    else:
        print_table(found.column_names, rows)
