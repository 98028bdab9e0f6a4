"""``tributary connections``: organizations, credentials and the accounts they reach."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connectors import platforms
from connectors.core.errors import ConnectorError
from orchestration.commands.access import report_access
from orchestration.commands.credentials import (
    FromEnvironment,
    Given,
    authorize,
    ensure_organization,
    is_stored,
    secrets_of,
    store,
)
from orchestration.commands.credentials import credential as credential_command
from orchestration.commands.cursors import reset_cursor
from orchestration.commands.discover import discover
from orchestration.commands.first_steps import has_connections, no_connections
from orchestration.commands.output import (
    EXIT_FAILED,
    EXIT_PARTIAL,
    console,
    errors,
    print_json,
    print_table,
)
from orchestration.commands.places import check_new, credential_of, options_of, settings_of
from orchestration.landed_files import expecting_nothing
from orchestration.sandboxes import demo_sandbox, refuse_own_accounts
from orchestration.workspace import open_workspace
from warehouse import apply_file
from warehouse.home import SHARED_ORGANIZATION
from warehouse.registry_records import Connection

if TYPE_CHECKING:
    from orchestration.sources import Source

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Organizations, credentials and the accounts that are pulled.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Label = Annotated[
    str, typer.Argument(help="organization/platform/account, as `connections list` prints it.")
]


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="YAML; see docs/connections.md.")],
    json: Json = False,
) -> None:
    """Bring the registry in line with a YAML FILE.

    Secrets are written as ${NAME} and read from the environment; they are stored encrypted.
    Applying a file twice changes nothing. Nothing is removed: use `connections remove`.
    Of platforms that can say so, what was not granted to a connection that is new, or whose
    credential is, is printed. docs/connections.md has such a file.

    Example: tributary connections apply connections.yaml
    """
    space = open_workspace()
    declared = apply_file.parse(
        file,
        space.credential_fields(),
        check_settings=space.check_settings,
        account_id=space.account_id,
    )
    named = {one.platform for one in declared.credentials}
    named |= {one.platform for one in declared.connections}
    refuse_own_accounts(space.home, map(platforms.get, sorted(named)))
    changes = apply_file.apply(space.registry, expecting_nothing(space, declared)).items
    if json:
        print_json([{"kind": c.kind, "id": c.name, "change": c.change} for c in changes])
    else:
        for change in changes:
            console.print(f"{change.change:9} {change.kind} {change.name}", markup=False)
    changed = {(one.kind, one.name) for one in changes if one.change != "unchanged"}
    declared_ones = [_find(one.name) for one in changes if one.kind == "connection"]
    made = [
        one
        for one in declared_ones
        if ("connection", _label(one)) in changed or ("credential", credential_of(one)) in changed
    ]
    if check_new(space, made, json=json):
        raise typer.Exit(EXIT_PARTIAL)


@app.command()
def add(
    organization: Annotated[str, typer.Option(help="Organization id; made if it is new.")],
    platform: Annotated[str, typer.Option(help="Platform name, such as google_ads.")],
    account: Annotated[str, typer.Option(help="The platform's account id.")],
    credential: Annotated[
        str | None,
        typer.Option(
            help="Id of the credential; default ORG.PLATFORM, or ORG.PLATFORM.ACCOUNT where each "
            "account has its own."
        ),
    ] = None,
    secret: Given = None,
    secret_env: FromEnvironment = None,
    reporting_currency: Annotated[
        str | None,
        typer.Option(help="Of the organization: its money is shown in it too; default USD."),
    ] = None,
    start_date: Annotated[
        str | None, typer.Option(help="First date to pull, YYYY-MM-DD; default 90 days ago.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Of files: YAML that maps their columns; docs/files.md.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE, of platforms that have settings; docs/webhooks.md."),
    ] = None,
) -> None:
    """Connect one account, with its credential.

    A credential that is stored is used as it is; of a new one all secrets are asked for that are
    not given. Of a platform that can say so, what its credential was not granted is printed.

    Example: tributary connections add --organization acme --platform shopify --account acme
    --secret client_id=abc --secret-env client_secret=SHOPIFY_CLIENT_SECRET
    """
    space = open_workspace()
    declared = platforms.get(platform)
    refuse_own_accounts(space.home, [declared])
    account = space.account_id(platform, account)
    settings = settings_of(setting or [])
    if mapping:
        settings["mapping"] = apply_file.tree_json(mapping)
    space.check_settings(platform, account, settings)
    given = secrets_of(declared, secret, secret_env)
    ensure_organization(space, organization, reporting_currency)
    if declared.credential_fields:
        known = credential is not None
        own = f".{account}" if declared.own_credentials else ""
        credential = credential or f"{organization}.{platform}{own}"
        if given or not (known or is_stored(space, credential)):
            store(space, credential, declared, organization, given)
    connection = space.registry.add_connection(
        organization,
        platform,
        account,
        credential,
        start_date=date.fromisoformat(start_date) if start_date else None,
        sync_frequency=None if declared.intake.is_scheduled else "manual",
        settings=settings,
    )
    label = _label(connection)
    console.print(
        f"connected {label}; test it with:\n  tributary connections test {label}", markup=False
    )
    if check_new(space, [connection]):
        raise typer.Exit(EXIT_PARTIAL)


app.command()(authorize)
app.command("credential")(credential_command)
app.command()(discover)
app.command("reset-cursor")(reset_cursor)


@app.command("list")
def list_(json: Json = False) -> None:
    """List every connection: account, currency, time zone, and from when on it is pulled.

    Removed ones are listed too, with their status. `tributary status` says how they are doing.

    Example: tributary connections list --json
    """
    space = open_workspace()
    columns = ["connection", "account_name", "currency", "time_zone", "status", "frequency", "from"]
    rows = [
        (
            _label(c),
            c.account_name,
            c.account_currency,
            c.account_time_zone,
            c.status,
            c.sync_frequency,
            c.start_date,
        )
        for c in space.registry.connections(statuses=("active", "paused", "removed"))
    ]
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if rows:
        print_table(columns, rows)
    if not has_connections(space.registry):
        console.print(no_connections(space.home), markup=False, soft_wrap=True)


@app.command()
def test(label: Label) -> None:
    """Ask the platform about one account: does the credential work, and what may it not see?

    Of files the newest one is compared with the mapping; nothing of it is loaded.

    Example: tributary connections test acme/google_ads/1234567890
    """
    from orchestration.sources import new_source

    space = open_workspace()
    connection = _find(label)
    if credential_of(connection) is None and platforms.get(connection.platform).credential_fields:
        raise ValueError(
            f"{label} has no credential any more. Add it again with one:\n"
            f"  tributary connections add {options_of(connection)}"
        )
    with demo_sandbox(space.home):
        _test(new_source(space, platforms.get(connection.platform), connection))


def _test(source: "Source") -> None:
    try:
        account = source.describe()
        remarks = source.platform.intake.inspect(account)
    except ConnectorError as error:
        errors.print(f"{error.error_class}: {error.message}", markup=False)
        errors.print(f"what to do: {error.remedy}", markup=False)
        raise typer.Exit(EXIT_FAILED) from error
    console.print(f"ok: {account.name} ({account.currency}, {account.time_zone})", markup=False)
    for remark in remarks:
        console.print(remark, markup=False)
    if report_access(source, account):
        raise typer.Exit(EXIT_FAILED)


@app.command()
def pause(label: Label) -> None:
    """Stop pulling an account until `resume`.

    Its rows stay where they are, also in what is published.

    Example: tributary connections pause acme/google_ads/1234567890
    """
    change = open_workspace().registry.pause(_find(label).connection_id)
    was = "paused" if change == "changed" else "was paused already:"
    console.print(f"{was} {label}; pull it again with:", markup=False)
    console.print(f"  tributary connections resume {label}", markup=False)


@app.command()
def resume(label: Label) -> None:
    """Pull a paused account again; the dates it missed are due.

    The next `tributary run` pulls them; until then nothing changes.

    Example: tributary connections resume acme/google_ads/1234567890
    """
    change = open_workspace().registry.resume(_find(label).connection_id)
    was = "resumed" if change == "changed" else "was active already:"
    console.print(f"{was} {label}; the next `tributary run` pulls what is due", markup=False)


@app.command()
def remove(label: Label) -> None:
    """Remove a connection. Its rows stay; adding it again continues its history.

    Its credential stays too, for other accounts may use it.

    Example: tributary connections remove acme/google_ads/1234567890
    """
    connection = _find(label)
    change = open_workspace().registry.remove(connection.connection_id)
    was = "removed" if change == "changed" else "was removed already:"
    again = f"tributary connections add {options_of(connection)}"
    for line in (
        f"{was} {label}; it is no longer pulled",
        "Its history stays in the lake and in the published tables. Adding it again continues it:",
        f"  {again}",
    ):
        console.print(line, markup=False, soft_wrap=True)
    if change == "changed" and not _others(connection):
        console.print(
            f"It was the last connection of {connection.organization_id}; to remove that too:\n"
            f"  tributary organizations remove {connection.organization_id}",
            markup=False,
            soft_wrap=True,
        )


def _others(connection: Connection) -> list[Connection]:
    if connection.organization_id == SHARED_ORGANIZATION:
        return [connection]
    return open_workspace().registry.connections(connection.organization_id)


def _find(label: str) -> Connection:
    return open_workspace().connection(label)


def _label(connection: Connection) -> str:
    return f"{connection.organization_id}/{connection.platform}/{connection.account_id}"
