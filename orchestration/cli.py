"""The ``tributary`` command."""

import sys
import warnings

import typer

from connectors.core.errors import ConnectorError
from orchestration.commands import (
    compact,
    connections,
    demo,
    doctor,
    files,
    organizations,
    rates,
    releases,
    run,
    status,
)
from orchestration.commands.output import EXIT_CODES, EXIT_FAILED, EXIT_USAGE, errors
from warehouse.damage import remedy_for

app = typer.Typer(
    name="tributary",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Marketing data from every platform into one DuckDB warehouse.\n\n" + EXIT_CODES,
)
app.add_typer(connections.app, name="connections")
app.add_typer(organizations.app, name="organizations")
app.add_typer(files.app, name="files")
app.add_typer(rates.app, name="rates")
app.command()(run.run)
app.command()(status.status)
app.command()(releases.query)
app.command()(releases.publish)
app.command()(releases.releases)
app.command()(releases.rollback)
app.command()(compact.compact)
app.command()(doctor.doctor)
app.command()(demo.demo)
app.command()(demo.sandbox)
app.command()(run.dev)


def main() -> None:
    """Runs the command; what a user can mend ends in one line, not in a traceback."""
    # Dagster and sqlglot speak to developers; whoever types a command cannot act on it.
    warnings.filterwarnings("ignore", message=".*currently in beta.*")
    warnings.filterwarnings("ignore", message=".*sqlglot.*")
    try:
        app()
    except ConnectorError as error:
        errors.print(f"{error.error_class}: {error}", markup=False)
        sys.exit(EXIT_FAILED)
    except ValueError as error:
        if (remedy := remedy_for(error)) is not None:
            errors.print(f"error: {remedy}", markup=False, soft_wrap=True)
            sys.exit(EXIT_FAILED)
        errors.print(f"error: {error}", markup=False)
        sys.exit(EXIT_USAGE)
    except (OSError, RuntimeError) as error:
        errors.print(f"error: {error}", markup=False)
        sys.exit(EXIT_FAILED)
    except Exception as error:
        remedy = remedy_for(error)
        if remedy is None:
            raise
        errors.print(f"error: {remedy}", markup=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)
