"""A registry that lacks what the lake knows deletes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from warehouse.home import SHARED_ORGANIZATION, Home
from warehouse.registry import Registry
from warehouse.registry_guard import RegistryLost, check_registry
from warehouse.registry_records import Organization
from warehouse.sync_ids import SyncIds
from warehouse.sync_log import SyncLog
from warehouse.sync_rows import LogRow

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("TRIBUTARY_KEY_FILE", str(tmp_path_factory.mktemp("key") / "key"))
    monkeypatch.delenv("TRIBUTARY_DATABASE_URL", raising=False)


def _registry(home: Home, *organizations: str) -> Registry:
    registry = Registry.open(home, lambda: NOW)
    for name in organizations:
        registry.add_organization(Organization(name, name))
        registry.add_connection(name, "google_ads", "1", None)
    return registry


def _pulled(home: Home, organization: str) -> None:
    sync_id, _ = SyncIds(lambda: NOW, SyncLog(home).largest_sync_id()).next()
    row = LogRow(
        sync_id=sync_id,
        organization_id=organization,
        connection_id="c",
        platform="google_ads",
        account_id="1",
        stream="campaigns",
        kind="snapshot",
        chunk_id=0,
        window_from=None,
        window_to=None,
        status="succeeded",
        mode="full",
        fetch_started_at=NOW,
        committed_at=NOW,
    )
    SyncLog(home).append([row], 0, NOW.date())


def test_a_new_home_and_one_of_feeds_alone_are_fine(home: Home) -> None:
    registry = _registry(home)
    check_registry(home, registry)
    _pulled(home, SHARED_ORGANIZATION)
    check_registry(home, registry)
    registry.add_organization(Organization("acme", "Acme"))
    check_registry(home, registry)


@pytest.mark.parametrize("is_export_left", [True, False])
def test_a_lost_registry_is_refused_until_all_are_back(home: Home, is_export_left: bool) -> None:
    registry = _registry(home, "acme", "chai")
    registry.export(home, [])
    _pulled(home, "acme")
    check_registry(home, registry)
    registry.close()
    home.control_db.unlink()
    if not is_export_left:
        for file in home.registry_dir.iterdir():
            file.unlink()
    registry = _registry(home)
    with pytest.raises(RegistryLost, match=r"acme.*connections apply FILE"):
        check_registry(home, registry)
    registry = _registry(home, "acme")
    if is_export_left:
        with pytest.raises(RegistryLost, match="of chai"):
            check_registry(home, registry)
        registry = _registry(home, "chai")
    check_registry(home, registry)


def test_an_export_that_cannot_be_read_is_none(home: Home) -> None:
    registry = _registry(home, "acme")
    registry.export(home, [])
    (home.registry_dir / "organizations.parquet").write_bytes(b"")
    (home.registry_dir / "connections.parquet").write_bytes(b"PAR1 garbage")
    check_registry(home, registry)


def test_removing_is_an_act_that_the_registry_records(home: Home) -> None:
    registry = _registry(home, "acme", "chai")
    registry.export(home, [])
    registry.remove_organization("acme", with_connections=True)
    check_registry(home, registry)
