"""``tributary publish / releases / rollback / query``: the BI file."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from connectors.core import clock
from orchestration.build_report import first_of, held_back
from orchestration.commands.cells import json_rows
from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import (
    EXIT_PARTIAL,
    console,
    errors,
    fits,
    format_bytes,
    print_csv,
    print_json,
    print_table,
    print_vertically,
)
from orchestration.glance import open_glance
from orchestration.publishing import publish_build, publish_organization_files, roll_back
from orchestration.settings import home_path, retention
from warehouse.home import Home
from warehouse.locks import build_lock
from warehouse.queries import distinct_names, rows_of
from warehouse.queries import query as run_query
from warehouse.releases import NotPublished, pin, unpin
from warehouse.releases import releases as kept_releases
from warehouse.retention import disk_use, reasons_to_keep

GOES = "goes with the next publish"


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def publish() -> None:
    """Publish what the last build made as a new release, then each organization's own file.

    `tributary run` does so at its end. By itself it is for a build that was held back, or made with
    `tributary-dbt build`. What has not changed is not published again.

    Example: tributary publish
    """
    home = Home.open(home_path())
    release = publish_build(home, on_wait=errors.print)
    said = "is published already, nothing changed" if release.skipped else "published"
    console.print(f"{release.release} {said}: {sum(release.tables.values()):,} rows")
    _write_organizations(home)


def _write_organizations(home: Home) -> None:
    """Brings the organizations' own files up to the release, and says what that took."""

    def show(name: str, number: int, count: int) -> None:
        status.update(f"writing the file of {name} ({number} of {count})")

    with errors.status("comparing the files of organizations") as status:
        done = publish_organization_files(home, on_wait=errors.print, progress=show)
    console.print(
        f"files of organizations: {len(done.written)} written, {len(done.unchanged)} unchanged, "
        f"{len(done.removed)} removed"
    )
    for name, why in done.failed.items():
        errors.print(f"not written: {name}: {why}", markup=False)
    if done.failed:
        raise typer.Exit(EXIT_PARTIAL)


def releases(
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    keep: Annotated[
        str | None, typer.Option("--pin", help="Keep this release until it is unpinned.")
    ] = None,
    let_go: Annotated[
        str | None, typer.Option("--unpin", help="Let this release go with the others.")
    ] = None,
) -> None:
    """List the kept releases, why each is kept, and what they use of the disk.

    Kept are the newest (TRIBUTARY_KEEP_RELEASES), the last of each day (for
    TRIBUTARY_KEEP_RELEASE_DAYS days), pinned ones, and the one that BI opens. What nothing keeps
    goes with the next publish.

    Example: tributary releases --pin 20261116T060000Z-0001
    """
    home = Home.open(home_path())
    if keep or let_go:
        with build_lock(home):
            if keep:
                pin(home, keep, keep)
            if let_go:
                unpin(home, let_go)
    why = reasons_to_keep(home, clock.now(), retention())
    columns = ["release", "kept_as", "published_at", "bytes"]
    rows = [
        (r.release, why.get(r.release, []), r.published_at, r.size_bytes)
        for r in kept_releases(home)
    ]
    use = disk_use(home)
    if json:
        listed = [dict(zip(columns, row, strict=True)) for row in rows]
        print_json({"releases": listed, "disk_bytes": use, "held_back": held_back(home)})
        return
    shown = [(name, ", ".join(kept) or GOES, *more) for name, kept, *more in rows]
    print_table(columns, shown)
    for blocker in first_of(held_back(home)):
        console.print(f"the next is held back: {blocker}", markup=False)
    console.print("on disk: " + ", ".join(f"{k} {format_bytes(v)}" for k, v in use.items()))


def rollback(
    release: Annotated[str, typer.Argument(help="A name that `tributary releases` lists.")],
) -> None:
    """Make an older RELEASE the one that BI opens.

    The files of organizations follow; those that hold the same are left alone. The build that was
    turned away is not published again; the next one with new content is.

    Example: tributary rollback 20261116T060000Z-0001
    """
    home = Home.open(home_path())
    back = roll_back(home, release)
    console.print(f"published/tributary.duckdb is {back.release} again")
    _write_organizations(home)


def query(
    sql: Annotated[
        str | None,
        typer.Argument(
            help="A query in DuckDB's SQL; without it, or as -, it is read from standard input."
        ),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Read the query from a file.")] = None,
    output: Annotated[Format, typer.Option("--format", "-f", help="How to print rows.")] = (
        Format.TABLE
    ),
    vertical: Annotated[
        bool | None,
        typer.Option(help="Each row as a list of its columns; default when they do not fit."),
    ] = None,
    release: Annotated[str | None, typer.Option(help="Ask an older release.")] = None,
) -> None:
    """Run read-only SQL on the published file.

    The tables and their columns are described in the file: `select * from docs_tables`.

    A table rounds doubles (to six digits behind the point) and leaves out zeros at the end of
    decimals; CSV and JSON have every digit. In CSV a text that a spreadsheet would take for a
    formula (it begins with = + - @, a tab or a line break) has an apostrophe before it. In JSON
    decimals are numbers, unless one of their column has more digits than a double keeps: then the
    column is text. The second of two columns of one name is called NAME_1 there.

    Example: tributary query "select sum(spend_reporting) from mart_campaign_daily_summary"
    """
    space, text = open_glance(), _query_text(sql, file)
    try:
        found = run_query(space.home, text, release=release)
    except NotPublished as error:
        if has_connections(space.registry):
            raise
        raise NotPublished(f"nothing is published: {no_connections(space.home)}") from error
    rows, names = rows_of(found), found.column_names
    if output is Format.JSON:
        print_json(json_rows(distinct_names(names), rows))
    elif output is Format.CSV:
        print_csv(names, rows)
    elif vertical or (vertical is None and not fits(names, rows)):
        print_vertically(names, rows)
    else:
        print_table(names, rows)


def _query_text(sql: str | None, file: Path | None) -> str:
    """Returns the query that is given as an argument, in a file or on standard input.

    Raises:
        ValueError: there is none, there are two, or the file is no text.
    """
    if sql is not None and file is not None:
        raise ValueError("a query and --file are given: leave one of them out")
    if file is not None:
        try:
            return file.read_text("utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"{file} is no text in UTF-8") from None
    if sql is not None and sql != "-":
        return sql
    if sql is None and sys.stdin.isatty():
        raise ValueError(
            'no query is given: tributary query "select ...", or --file QUERY.sql, or pipe it in'
        )
    return sys.stdin.read()
