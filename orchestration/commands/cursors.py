"""``tributary connections reset-cursor``: ask for everything since a date again."""

from datetime import date
from typing import Annotated

import typer

from connectors import platforms
from orchestration.commands.output import console
from orchestration.cursors import reset_cursors
from orchestration.workspace import open_workspace


def reset_cursor(
    label: Annotated[
        str, typer.Argument(help="organization/platform/account, as `connections list` prints it.")
    ],
    stream: Annotated[
        str | None, typer.Option(help="This stream alone; default all that have a cursor.")
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", help="First date to ask for, YYYY-MM-DD; default the start date."),
    ] = None,
) -> None:
    """Ask a platform again for everything that changed since a date, whatever the log says.

    For a cursor that a wrong clock moved too far. Nothing is deleted: what comes again replaces
    what is older, and the log keeps both.

    Example: tributary connections reset-cursor acme/shopify/acme-store --from 2026-11-01
    """
    space = open_workspace()
    connection = space.connection(label)
    names = reset_cursors(
        space.home,
        platforms.get(connection.platform),
        connection,
        stream,
        date.fromisoformat(first) if first else None,
    )
    console.print(
        f"{label}: {', '.join(names)} will be asked for again since "
        f"{first or connection.start_date} by the next `tributary run`",
        markup=False,
        soft_wrap=True,
    )
