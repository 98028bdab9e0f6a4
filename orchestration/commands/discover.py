"""``tributary connections discover``: what a credential reaches, and connecting what is chosen."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from connectors.core.platform import Platform
from orchestration.commands.access import ask_access
from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import (
    EXIT_PARTIAL,
    console,
    errors,
    print_json,
    print_table,
)
from orchestration.discovery import Discovery, Reached
from orchestration.sandboxes import demo_sandbox
from orchestration.workspace import Workspace, open_workspace

ALL = "all"


def discover(
    credential: Annotated[
        str | None, typer.Argument(help="Credential id; without it the stored ones are listed.")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="Only what no organization pulls.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Ask every account whether it can be read.")
    ] = False,
    connect: Annotated[
        list[str] | None,
        typer.Option(help="Account to connect, or `all` new ones; may be given several times."),
    ] = None,
    yaml: Annotated[
        bool, typer.Option("--yaml", help="Print a file for `connections apply` with the new ones.")
    ] = False,
    organization: Annotated[
        str | None, typer.Option(help="Whose they become; default the credential's own.")
    ] = None,
    start_date: Annotated[
        str | None, typer.Option(help="First date to pull, YYYY-MM-DD; default 90 days ago.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """List the accounts that a (manager) CREDENTIAL reaches, and connect some of them.

    Managers are walked; each account shows the managers above it. What cannot be read is listed
    with the reason. Where each account has a host of its own (a shop), there is no list: the
    connected ones are asked. `--connect` asks an account before it connects it; `--yaml` prints
    what is new as a file for `connections apply`, each account an organization of its own unless
    --organization is given.

    Example: tributary connections discover acme.google_ads --connect all --organization acme
    """
    space = open_workspace()
    if credential is None:
        _list_credentials(space, json)
        return
    with demo_sandbox(space.home):
        start = date.fromisoformat(start_date) if start_date else None
        discovery = Discovery(space, credential)
        found = discovery.reached()
        platform = discovery.platform
        owner = organization or discovery.organization_id
        if connect:
            _connect(space, discovery, _chosen(platform, found, connect), owner, start, json=json)
            return
        if check:
            found = list(discovery.check(found))
        if yaml:
            known = [one.organization_id for one in space.registry.organizations()]
            fresh = [one for one in found if one.is_new]
            console.print(discovery.as_yaml(fresh, owner, known, start), markup=False, end="")
            return
        show_reached([one for one in found if one.is_new] if new else found, json=json)
        if discovery.is_by_account and not json:
            name = discovery.platform.display_name
            console.print(
                f"{name} lists no accounts: these are connected with {credential}. Another one:\n"
                f"  {discovery.how_to_connect()}",
                markup=False,
                soft_wrap=True,
            )
        if any(one.trouble and (check or one.is_checked) for one in found):
            raise typer.Exit(EXIT_PARTIAL)


def _list_credentials(space: Workspace, json: bool) -> None:
    stored = [
        (one.credential_id, one.platform, one.organization_id)
        for one in space.registry.credentials()
    ]
    columns = ["credential", "platform", "organization"]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in stored])
    elif stored:
        print_table(columns, stored)
    else:
        console.print("no credential is stored yet", markup=False)
        if not has_connections(space.registry):
            console.print(no_connections(space.home), markup=False, soft_wrap=True)


def _chosen(platform: Platform, found: Sequence[Reached], wanted: Sequence[str]) -> list[Reached]:
    if ALL in wanted:
        return [one for one in found if one.is_new]
    by_id = {one.account.id: one for one in found}
    ids = [given if given in by_id else platform.account_id(given) for given in wanted]
    strangers = [given for given in ids if given not in by_id]
    if strangers:
        raise ValueError(
            f"the credential does not reach {', '.join(strangers)}; "
            "`connections discover` without --connect lists what it reaches"
        )
    return [by_id[given] for given in dict.fromkeys(ids)]


def _connect(
    space: Workspace,
    discovery: Discovery,
    chosen: Sequence[Reached],
    organization: str | None,
    start: date | None,
    *,
    json: bool,
) -> None:
    if organization is None:
        raise ValueError(
            "the credential belongs to no organization: say whose the accounts become with "
            "--organization, or print a file with --yaml and edit it"
        )
    checked = list(discovery.check(chosen))
    changes = discovery.connect([one for one in checked if not one.trouble], organization, start)
    refused = [one for one in checked if one.trouble]
    if json:
        done = [{**one.as_row(), "change": change} for one, change in changes]
        print_json([*done, *({**one.as_row(), "change": "refused"} for one in refused)])
    else:
        platform = discovery.platform.name
        for one, change in changes:
            console.print(f"{change:9} {organization}/{platform}/{one.account.id}", markup=False)
        for one in refused:
            errors.print(f"refused   {one.account.id}: {one.trouble}", markup=False)
            errors.print(f"          {one.remedy}", markup=False)
    names = [
        f"{organization}/{discovery.platform.name}/{one.account.id}"
        for one, change in changes
        if change != "unchanged"
    ]
    if ask_access(space, [space.connection(name) for name in names], json=json) or refused:
        raise typer.Exit(EXIT_PARTIAL)


def show_reached(found: Sequence[Reached], *, json: bool = False) -> None:
    """Prints accounts, and apart from them what cannot be read with the reason."""
    if json:
        print_json([one.as_row() for one in found])
        return
    columns = ["account", "name", "currency", "time_zone", "status", "under", "connected to"]
    rows = [
        (
            one.account.id,
            one.account.name,
            one.account.currency,
            one.account.time_zone,
            one.status,
            one.path,
            ", ".join(
                name if status == "active" else f"{name} ({status})"
                for name, status in one.connected.items()
            ),
        )
        for one in found
        if not one.trouble
    ]
    print_table(columns, rows)
    troubled = [one for one in found if one.trouble]
    if troubled:
        print_table(
            ["account", "name", "under", "cannot be read because", "what to do"],
            [(o.account.id, o.account.name, o.path, o.trouble, o.remedy) for o in troubled],
            title=f"{len(troubled)} that cannot be read",
        )
    new = sum(one.is_new for one in found)
    accounts = "account" if len(found) == 1 else "accounts"
    console.print(f"{len(found)} {accounts}, {new} of them new", markup=False)
