"""What only looks sees in control.db what the registry sees."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

from warehouse.home import Home
from warehouse.registry import Registry, connection_id
from warehouse.registry_glance import SCHEMA_VERSION, RegistryGlance
from warehouse.registry_records import ConnectionStatus, Organization
from warehouse.registry_tables import MIGRATIONS

EVERY: tuple[ConnectionStatus, ...] = ("active", "paused", "removed")


def _fill(registry: Registry) -> None:
    registry.ensure_shared_organization()
    for name in ("beta", "acme"):
        registry.add_organization(
            Organization(name, name.title(), reporting_currency="EUR", time_zone="Europe/Berlin")
        )
    for name in ("old", "new"):
        registry.add_credential(name, "shopify", {"access_token": f"shpat_{name}"})
        registry.add_connection("acme", "shopify", "one", name, start_date=date(2026, 1, 31))
    registry.add_connection(
        "acme",
        "google_ads",
        "1",
        None,
        settings={"login_customer_id": "2"},
        sync_frequency="hourly",
    )
    registry.add_connection("beta", "files", "till", None)
    registry.record_account(connection_id("beta", "files", "till"), "Till", "EUR", "Europe/Berlin")
    registry.pause(connection_id("acme", "google_ads", "1"))
    registry.remove(connection_id("beta", "files", "till"))


def test_the_glance_sees_what_the_registry_sees(home: Home, registry: Registry) -> None:
    _fill(registry)
    glance = RegistryGlance.open(home)
    assert glance is not None
    assert len(glance.connections(statuses=EVERY)) == 3
    assert glance.organizations() == registry.organizations()
    for statuses in (EVERY, ("active",), ("paused", "removed")):
        assert glance.connections(statuses=statuses) == registry.connections(statuses=statuses)
    assert glance.connections("acme", "shopify") == registry.connections("acme", "shopify")


def test_a_home_without_a_registry_has_no_connections(home: Home) -> None:
    glance = RegistryGlance.open(home)
    assert glance is not None
    assert (glance.organizations(), glance.connections()) == ([], [])
    assert not home.control_db.exists()


def test_tables_of_another_version_are_left_to_the_registry(home: Home, registry: Registry) -> None:
    assert MIGRATIONS[-1][0] == SCHEMA_VERSION
    with closing(sqlite3.connect(home.control_db)) as database, database:
        database.execute("delete from schema_versions where version = ?", [SCHEMA_VERSION])
    assert RegistryGlance.open(home) is None
