"""A home for those who only look: opened without what takes seconds to import."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.settings import database_url, home_path
from warehouse.home import SPELLINGS, Home, applied_migrations
from warehouse.registry_glance import RegistryGlance, Tenants


@dataclass(frozen=True, slots=True)
class Glance:
    """A home and what its registry holds. Nothing can be changed through it."""

    home: Home
    registry: Tenants


def open_glance() -> Glance:
    """Opens the home that ``TRIBUTARY_HOME`` names.

    The whole registry is opened where the glance cannot see it: in PostgreSQL, and where something
    is still to be migrated.
    """
    home = Home.open(home_path())
    spelled = SPELLINGS in applied_migrations(home) or not home.control_db.exists()
    found = RegistryGlance.open(home) if spelled and database_url() is None else None
    if found is not None:
        return Glance(home, found)
    from orchestration.workspace import open_workspace

    return Glance(home, open_workspace().registry)
