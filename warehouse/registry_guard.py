"""A registry that lacks what the lake knows is lost or another's: it deletes nothing.

Removing an organization or a connection leaves its row, marked ``removed``. So what the last
export names, or what the log has rows of, is in the registry for ever; where it is not, the
registry is not the one that the lake was filled with. Building from it would take the organization
from every table and delete its file.
"""

from __future__ import annotations

import duckdb

from warehouse.home import SHARED_ORGANIZATION, Home
from warehouse.log_attempts import organizations_of
from warehouse.plain_paths import literal
from warehouse.registry_glance import Tenants

_SHOWN = 5


class RegistryLost(RuntimeError):
    """The lake has data of organizations or connections that the registry does not know."""


def check_registry(home: Home, registry: Tenants) -> None:
    """Compares the registry with what it exported before, and with the log when it is empty.

    Raises:
        RegistryLost: something is missing; the message says what, and how to restore it.
    """
    known = {o.organization_id for o in registry.organizations()}
    connections = registry.connections(statuses=("active", "paused", "removed"))
    keys = {c.connection_id for c in connections}
    missing = {
        organization
        for name, key, present in (
            ("organizations", "organization_id", known),
            ("connections", "connection_id", keys),
        )
        for organization, exported in _exported(home, name, key)
        if exported not in present
    }
    if all(c.organization_id == SHARED_ORGANIZATION for c in connections):
        # The export may be gone as well.
        missing |= organizations_of(home)
    missing.discard(SHARED_ORGANIZATION)
    if missing:
        names = sorted(missing)
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise RegistryLost(
            f"the lake has data that the registry does not know: of {', '.join(names[:_SHOWN])}"
            f"{more}. Is {home.control_db} lost or another's (TRIBUTARY_DATABASE_URL)? Nothing was "
            "built, deleted or published. Put the file back from a backup, with its key file; "
            "without one, connect the same accounts again (`tributary connections apply FILE`): "
            "they continue their history, but customers get new tokens. To take an organization "
            "away, connect it and then remove it: `tributary organizations remove`"
        )


def _exported(home: Home, name: str, key: str) -> list[tuple[str, str]]:
    """Organization and key of the last export's rows; none when it is not there, or unreadable."""
    path = home.registry_dir / f"{name}.parquet"
    if not path.exists():
        return []
    try:
        with duckdb.connect() as connection:
            asked = f"select organization_id, {key} from read_parquet({literal(path)})"
            return connection.execute(asked).fetchall()
    except duckdb.Error:
        return []
