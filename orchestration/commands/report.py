"""``tributary report``: the numbers as a page that people read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.output import console, errors
from orchestration.settings import home_path
from warehouse.home import Home
from warehouse.report.writing import Written, write_reports


def report(
    organization: Annotated[
        list[str] | None,
        typer.Option(help="Only this organization; give it again for more. Default: all."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="The file to write, of one organization.", dir_okay=False),
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="Report on an older release; needs --to.")
    ] = None,
) -> None:
    """Write a page with charts for each organization, to open in a browser, print or send.

    Each page is one file that needs no network: key figures, spend and revenue, claimed against
    confirmed, channels, campaigns, products, cohorts, funnel and freshness, each with its table and
    its SQL. It holds the numbers of one organization alone. Pages go to
    published/reports/ORGANIZATION/report.html, the same numbers beside them as JSON by day and
    month; what has not changed is not written. With --to there is the page alone.

    Example: tributary report --organization acme_outdoor --to acme.html
    """
    for written in write_with_progress(
        Home.open(home_path()), organization or [], to=to, release=release
    ):
        state = "wrote" if written.is_new else "unchanged:"
        console.print(f"{state} {written.path}", markup=False, soft_wrap=True)


def write_with_progress(
    home: Home,
    organizations: Sequence[str] = (),
    *,
    to: Path | None = None,
    release: str | None = None,
) -> list[Written]:
    """Writes reports under a line that shows whose is being made."""
    with errors.status("reading the published file") as status:
        return write_reports(
            home,
            organizations,
            to=to,
            release=release,
            progress=lambda name: status.update(f"writing the report of {name}"),
        )
