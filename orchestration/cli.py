"""The ``tributary`` command."""

import sys
import warnings
from collections.abc import Mapping
from typing import Annotated, ClassVar

import typer

from orchestration.command_group import CommandGroup
from orchestration.commands.output import EXIT_CODES, console, errors
from orchestration.garbage import collect_rarely
from orchestration.log_records import mask_log
from orchestration.settings import home_path


class Commands(CommandGroup):
    """All commands, in the order of the help."""

    PLACES: ClassVar[Mapping[str, str]] = {
        "run": "orchestration.commands.run:run",
        "status": "orchestration.commands.status:status",
        "query": "orchestration.commands.releases:query",
        "export": "orchestration.commands.export:export",
        "report": "orchestration.commands.report:report",
        "publish": "orchestration.commands.releases:publish",
        "releases": "orchestration.commands.releases:releases",
        "rollback": "orchestration.commands.releases:rollback",
        "compact": "orchestration.commands.compact:compact",
        "doctor": "orchestration.commands.doctor:doctor",
        "demo": "orchestration.commands.demo:demo",
        "sandbox": "orchestration.commands.demo:sandbox",
        "dev": "orchestration.commands.dev:dev",
        "webhooks": "orchestration.commands.webhooks:webhooks",
        "connections": "orchestration.commands.connections:app",
        "organizations": "orchestration.commands.organizations:app",
        "files": "orchestration.commands.files:app",
        "rates": "orchestration.commands.rates:app",
        "alerts": "orchestration.commands.alerts:app",
    }


app = typer.Typer(
    name="tributary",
    cls=Commands,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        console.print(f"tributary {version('tributary')}", markup=False)
        raise typer.Exit


@app.callback(help="Marketing data from every platform into one DuckDB warehouse.\n\n" + EXIT_CODES)
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Runs the command; what a user can mend ends in one line, not in a traceback."""
    collect_rarely()
    mask_log()
    # Dagster and sqlglot speak to developers; whoever types a command cannot act on it.
    warnings.filterwarnings("ignore", message=".*currently in beta.*")
    warnings.filterwarnings("ignore", message=".*sqlglot.*")
    try:
        app()
    except Exception as error:
        # Imported here: the engines whose errors these are take a second, and help needs none.
        from orchestration.trouble import report
        from warehouse.home import Home

        said, code = report(error, Home(home_path()))
        errors.print(said, markup=False)
        sys.exit(code)
