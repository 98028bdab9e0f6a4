"""Errors that end a command, in words: what is wrong, what is lost with it, what to do."""

from __future__ import annotations

from connectors.core.errors import ConnectorError
from connectors.core.redaction import masked, masked_traceback
from orchestration.commands.output import EXIT_FAILED, EXIT_USAGE
from warehouse.damage import remedy_for
from warehouse.home import Home

_FOREIGN = {
    "dagster": "Dagster",
    "dagster_dbt": "Dagster",
    "dagster_shared": "Dagster",
    "dbt": "dbt",
    "dbt_common": "dbt",
}
"""Packages whose errors say what is wrong, so that nobody needs the way that led to them."""


def report(error: Exception, home: Home) -> tuple[str, int]:
    """Returns what to say of the error that has ended a command, and the exit code.

    Nothing of it is a secret, whatever the error holds.
    """
    if isinstance(error, ConnectorError):
        return masked(f"{error.error_class}: {error}"), EXIT_FAILED
    said = remedy_for(error, home) or _of_foreign(error, home)
    if said is not None:
        return masked(f"error: {said}"), EXIT_FAILED
    if isinstance(error, ValueError):
        return masked(f"error: {error}"), EXIT_USAGE
    if isinstance(error, OSError | RuntimeError):
        return masked(f"error: {error}"), EXIT_FAILED
    return f"error: unforeseen, please report it:\n{masked_traceback(error)}", EXIT_FAILED


def _of_foreign(error: Exception, home: Home) -> str | None:
    packages = [kind.__module__.partition(".")[0] for kind in type(error).__mro__]
    who = next((_FOREIGN[package] for package in packages if package in _FOREIGN), None)
    if who is None:
        return None
    text = " ".join(str(error).split()) or "it says no more"
    log = home.dagster_dir / "last_run.log"
    before = f"; what it printed before is in {log}" if log.exists() else ""
    return (
        f"{who} ended with {type(error).__name__}: {text}. The lake and what is published "
        f"stay{before}"
    )
