"""``tributary files``: what was dropped, what became of it, and what to do about the rest."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.files_try import try_
from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import console, errors, print_json, print_table, print_text
from orchestration.workspace import Workspace, open_workspace
from warehouse.registry_records import Connection, RegistryError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Files that people drop: see docs/files.md."
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Label = Annotated[str, typer.Argument(help="organization/source (or organization/files/source).")]
Name = Annotated[str, typer.Argument(help="File name, as `files list` prints it.")]


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="A file such as will be dropped.")],
    target: Annotated[
        str, typer.Option(help="orders, customers, products, costs or records; default: guess.")
    ] = "",
    preset: Annotated[
        str,
        typer.Option(
            help="The export that FILE is, such as shopify_orders or google_ads; default: "
            "recognise it. An unknown name lists all."
        ),
    ] = "",
    header_row: Annotated[
        int, typer.Option(help="The row that holds the names; default: look for it.", min=0)
    ] = 0,
    sheet: Annotated[str, typer.Option(help="Of a workbook with several: its name.")] = "",
    source: Annotated[
        str,
        typer.Option(help="organization/source: makes its landing folder, and prints where it is."),
    ] = "",
) -> None:
    """Propose a mapping for FILE, to be checked and given to `connections add --mapping`.

    Finds the header below lines of titles, leaves out rows of sums, and reads the currency, how
    dates and numbers are written and the layout out of the file. What the file does not say is
    left empty with `required`: such a mapping is refused until somebody has stated it. What was
    not found, and which columns are not used, stands below as comments.

    Example: tributary files draft export.csv --source acme/google_ads > google_ads.yaml
    """
    from connectors.platforms.files.draft import draft as drafted

    # Not through the table printer: this is meant to be redirected into a file.
    text = drafted(file, target, preset, header_row, sheet)
    print_text(text)
    if source:
        from orchestration.landed_files import make_landing_folder

        folder = make_landing_folder(open_workspace(), *_parts(source))
        errors.print(f"drop the files in {folder}", markup=False)
    first = "state what is required" if "# required" in text else "check every line"
    errors.print(
        f"next: {first}, then `tributary files try {file.name} --mapping FILE.yaml`", markup=False
    )


app.command("try")(try_)


@app.command()
def columns(
    target: Annotated[
        str, typer.Argument(help="orders, customers, products or costs; default: all.")
    ] = "",
    json: Json = False,
) -> None:
    """List our column names, which stand left under `columns` in a mapping.

    Each with its type and what it holds, target by target.

    Example: tributary files columns costs
    """
    from connectors.platforms.files.reference import columns_of
    from connectors.platforms.files.schema import TARGETS

    if target and target not in TARGETS:
        raise ValueError(f"there is no target {target!r}; there are {', '.join(TARGETS)}")
    # A table of one's own has whatever columns its mapping names.
    chosen = [target] if target else [name for name in TARGETS if name != "records"]
    rows = [(name, *column) for name in chosen for column in columns_of(name)]
    names = ["target", "column", "type", "description"]
    if json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        print_table(names, rows)


@app.command("list")
def list_(label: Label, json: Json = False) -> None:
    """List the files of a source: loaded, due, failed, or why they are left alone.

    With the rows that each brought and those that were set aside: see `files quarantine`.

    Example: tributary files list acme/till
    """
    from orchestration.landed_files import file_states

    space = open_workspace()
    columns = ["file", "state", "modified", "rows", "rejected", "note"]
    rows = [
        (s.name, s.state, s.modified, s.rows, s.rejected_rows, s.note)
        for s in file_states(space, _find(space, label))
    ]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@app.command()
def quarantine(
    label: Label,
    name: Annotated[str | None, typer.Argument(help="Only this file.")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Show each row, not the reasons.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many rows, with --rows.")] = 100,
    json: Json = False,
) -> None:
    """Show why rows could not be loaded: each reason with its count, an example and what to do.

    Correct the file or its mapping, then load it again: `files replay`.

    Example: tributary files quarantine acme/crm_orders --rows
    """
    from orchestration.landed_files import quarantine_reasons, quarantined_rows

    space = open_workspace()
    connection = _find(space, label)
    found = quarantined_rows(space, connection, name)
    if rows:
        if json:
            print_json(found[:limit])
            return
        print_table(["reason", "row"], [(row["reason"], row["payload"]) for row in found[:limit]])
        if len(found) > limit:
            errors.print(f"{len(found) - limit} more; --limit shows them", markup=False)
        return
    groups = quarantine_reasons(space, connection, found)
    if json:
        print_json(groups)
        return
    heads = ["reason", "rows", "first row", "example", "add to the mapping"]
    print_table(heads, [[*list(group.values())[:4], "\n".join(group["add_to_mapping"])]
                        for group in groups])  # fmt: skip
    if found:
        errors.print(f"rows: {len(found)}; --rows shows each", markup=False)


@app.command()
def replay(
    label: Label,
    name: Annotated[
        str | None, typer.Argument(help="This file; default: all with rows in quarantine.")
    ] = None,
) -> None:
    """Load files again whole, under the mapping as it is now, then build and publish.

    What they brought before is replaced by what they bring now; no other file is loaded. After a
    mapping was changed, any run does it by itself.

    Example: tributary files replay acme/till orders.csv
    """
    from orchestration.commands.run import run_with_progress
    from orchestration.commands.run_report import exit_code, report
    from orchestration.landed_files import mark_for_replay, new_word
    from orchestration.run_records import RunRequest

    space = open_workspace()
    connection = _find(space, label)
    word = new_word()
    marked = mark_for_replay(space, connection, name, word)
    if not marked:
        console.print("no file has rows in quarantine; name the one to be loaded again")
        return
    console.print(f"loading again: {', '.join(marked)}", markup=False)
    request = RunRequest(
        connection.organization_id,
        ("files",),
        connection=connection.connection_id,
        replay=word,
    )
    result = run_with_progress(space, request)
    report(result)
    raise typer.Exit(exit_code(result))


@app.command()
def accept(label: Label, name: Name) -> None:
    """Let a list be loaded although it lost many rows; the next run loads it.

    Such a list is held back, since it may be half a file: what is not in it counts as deleted.

    Example: tributary files accept acme/products products.csv
    """
    from orchestration.landed_files import accept as accepted

    space = open_workspace()
    accepted(space, _find(space, label), name)
    console.print(f"{name} will be loaded by the next `tributary run`", markup=False)


def _parts(label: str) -> tuple[str, str]:
    parts = label.split("/")
    return parts[0], parts[-1]


def _find(space: Workspace, label: str) -> Connection:
    given = _parts(label)
    found = space.registry.connections(platform="files")
    for connection in found:
        if (connection.organization_id, connection.account_id) == given:
            return connection
    if not has_connections(space.registry):
        raise RegistryError(no_connections(space.home))
    known = ", ".join(f"{c.organization_id}/{c.account_id}" for c in found) or "none"
    raise RegistryError(f"no source of files is called {label!r}; there are: {known}")
