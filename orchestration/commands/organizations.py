"""``tributary organizations``: who there is, and taking one away."""

from typing import Annotated

import typer

from orchestration.commands.output import console, print_json, print_table
from orchestration.workspace import open_workspace
from warehouse.home import SHARED_ORGANIZATION
from warehouse.organization_removal import RemovedOrganization

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The organizations whose accounts are pulled.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command("list")
def list_(json: Json = False) -> None:
    """List every organization, removed ones included, with its number of connections.

    An organization is a tenant: it has its own accounts, reporting currency and published file.

    Example: tributary organizations list
    """
    registry = open_workspace().registry
    counts: dict[str, int] = {}
    for one in registry.connections():
        counts[one.organization_id] = counts.get(one.organization_id, 0) + 1
    columns = ["organization", "name", "currency", "time_zone", "status", "connections"]
    rows = [
        (
            one.organization_id,
            one.name,
            one.reporting_currency,
            one.time_zone,
            one.status,
            counts.get(one.organization_id, 0),
        )
        for one in registry.organizations()
        if one.organization_id != SHARED_ORGANIZATION
    ]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@app.command()
def remove(
    organization: Annotated[
        str, typer.Argument(help="Organization id, as `organizations list` prints it.")
    ],
    with_connections: Annotated[
        bool, typer.Option("--with-connections", help="Remove its connections too.")
    ] = False,
    json: Json = False,
) -> None:
    """Remove an ORGANIZATION: nothing of it is pulled any more, and its credentials are deleted.

    While it has connections it is refused without --with-connections. What was pulled stays in the
    lake and in the published tables. Adding it again continues its history.

    Example: tributary organizations remove acme --with-connections
    """
    done = open_workspace().registry.remove_organization(
        organization, with_connections=with_connections
    )
    if json:
        print_json(
            {
                "organization": organization,
                "connections_removed": done.connections,
                "credentials_deleted": done.credentials,
                "credentials_kept": done.kept_credentials,
                "was_removed": done.was_removed,
            }
        )
    else:
        _tell(organization, done)


def _tell(organization: str, done: RemovedOrganization) -> None:
    already = " had been removed already" if done.was_removed else ""
    lines = [
        f"organization {organization}{already}" if already else f"removed {organization}",
        *(f"removed connection {name}" for name in done.connections),
        *(f"deleted credential {name}, with its secrets" for name in done.credentials),
        *(
            f"kept credential {name}: it belongs to no organization"
            for name in done.kept_credentials
        ),
        "Its history stays in the lake and in the published tables. Its own file, "
        f"published/organizations/{organization}.duckdb, goes with the next `tributary run`.",
        "To go on with it, connect its accounts again, with their secrets: "
        f"`tributary connections add --organization {organization} …` or `connections apply FILE`.",
    ]
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
