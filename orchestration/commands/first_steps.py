"""What commands say in a home that nobody has connected anything to, and what to do first."""

from __future__ import annotations

from warehouse.home import SHARED_ORGANIZATION, Home
from warehouse.registry_glance import Tenants


def has_connections(registry: Tenants) -> bool:
    """Whether an account was ever connected; the feeds that all share do not count."""
    known = registry.connections(statuses=("active", "paused", "removed"))
    return any(one.organization_id != SHARED_ORGANIZATION for one in known)


def no_connections(home: Home) -> str:
    """Says that a home has no connections, and how to get the first one."""
    return (
        f"you have no connections: nothing is pulled into {home.path} yet\n"
        "  an account:     tributary connections add --help\n"
        "  many accounts:  tributary connections apply FILE\n"
        "  files:          tributary files draft FILE\n"
        "docs/connections.md leads to the first row of each platform, step by step. To try it "
        "without an account: tributary demo"
    )
