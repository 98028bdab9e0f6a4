"""What is done with new connections, their settings, and how one is added again."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from orchestration.commands.access import ask_access
from orchestration.commands.output import console
from orchestration.landed_files import place_of_files
from orchestration.workspace import Workspace
from warehouse.durable_files import ensure_directory
from warehouse.registry_records import Connection


def check_new(space: Workspace, made: Sequence[Connection], *, json: bool = False) -> bool:
    """Makes the landing folders of new sources of files, and asks what others were not granted.

    Args:
        space: the home.
        made: the connections.
        json: standard output is for machines: where files go is not printed.

    Returns:
        Whether something of them will fail, or could not be asked.
    """
    for one in made:
        place = _place_of(space, one)
        if place and not json:
            console.print(f"drop files of {one.account_id} in {place}", markup=False)
    return ask_access(space, made, json=json)


def _place_of(space: Workspace, connection: Connection) -> Path | None:
    """Where people drop files of a source; None of what no file is dropped for."""
    if connection.platform == "files":
        return place_of_files(space, connection)
    if connection.platform != "events":
        return None
    landing = space.home.landing_dir(connection.organization_id, connection.account_id)
    ensure_directory(landing)
    return landing


def options_of(connection: Connection) -> str:
    """Returns the options of `connections add` that connect an account again."""
    options = {
        "organization": connection.organization_id,
        "platform": connection.platform,
        "account": connection.account_id,
        "credential": credential_of(connection),
        "mapping": "FILE" if "mapping" in connection.settings else None,
    }
    given = [(name, value) for name, value in options.items() if value]
    given += [
        ("setting", f"{name}={value}")
        for name, value in sorted(connection.settings.items())
        if "mapping" not in connection.settings
    ]
    return " ".join(f"--{name} {shlex.quote(value)}" for name, value in given)


def credential_of(connection: Connection) -> str | None:
    """Returns the newest stored credential that reaches an account."""
    stored = (connection.credential_id, *connection.alternate_credential_ids)
    return next((given for given in stored if given), None)


def settings_of(given: Sequence[str]) -> dict[str, str]:
    """Reads the settings of a connection, NAME=VALUE each.

    Raises:
        ValueError: one has no value.
    """
    found = [text.partition("=") for text in given]
    for name, _, value in found:
        if not value:
            raise ValueError(f"--setting {name} has no value: write --setting {name}=…")
    return {name: value for name, _, value in found}
