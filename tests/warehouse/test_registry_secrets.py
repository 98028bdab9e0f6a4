"""Secrets, leases on tokens, and what a removed organization leaves."""

from __future__ import annotations

import logging
import sqlite3
import stat
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.registered import PLATFORMS, SECRET
from warehouse.leases import LeaseBusy, LeaseLost
from warehouse.registry import Registry, RegistryError
from warehouse.registry_records import Organization


def every_file(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_secrets_are_encrypted_at_rest_and_in_no_log(acme, home, box, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    acme.add_connection("acme", "google_ads", "1", "acme_google")
    with acme.lease("acme_google", "run-1") as lease:
        lease.update_secrets({"refresh_token": SECRET + "2"})
        print(lease, lease.secrets)
    acme.export(home, PLATFORMS)
    print(acme, acme.credentials(), acme.connections(), acme.secrets("acme_google"))
    print(acme.audit_log())
    acme.close()
    found = [path for path in every_file(home.path) if SECRET.encode() in path.read_bytes()]
    assert found == []
    assert SECRET not in caplog.text
    assert SECRET not in capsys.readouterr().out
    assert acme.secrets("acme_google")["refresh_token"] == SECRET + "2"


def test_control_db_is_private_and_in_wal_mode(acme, home):
    assert stat.S_IMODE(home.control_db.stat().st_mode) == 0o600
    with sqlite3.connect(home.control_db) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


def test_hmac_keys_are_one_per_organization_and_stay(acme, home, clock, box):
    acme.add_organization(Organization("other", "Other"))
    key = acme.hmac_key("acme")
    assert len(key) == 32
    assert key != acme.hmac_key("other")
    acme.add_organization(Organization("acme", "Renamed"))
    again = Registry.open(home, clock, url=f"sqlite:///{home.control_db}", box=box)
    assert again.hmac_key("acme") == key
    assert key not in home.control_db.read_bytes()


def test_declaring_a_credential_again_keeps_the_rotated_token(acme):
    with acme.lease("acme_google", "run-1") as lease:
        lease.update_secrets({"refresh_token": "rotated"})
    declared = {"refresh_token": SECRET}
    assert acme.add_credential("acme_google", "google_ads", declared, "acme") == "unchanged"
    assert acme.secrets("acme_google")["refresh_token"] == "rotated"
    assert acme.add_credential("acme_google", "google_ads", {"refresh_token": "new"}) == "changed"
    assert acme.secrets("acme_google")["refresh_token"] == "new"


def test_one_run_at_a_time_refreshes_a_token(acme):
    spent: list[str] = []

    def refresh(name: str) -> None:
        with acme.lease("acme_google", name) as lease:
            before = lease.secrets["refresh_token"]
            time.sleep(0.02)
            spent.append(before)
            lease.update_secrets({"refresh_token": f"{before}."})

    threads = [threading.Thread(target=refresh, args=(f"run-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(spent)) == 4
    assert acme.secrets("acme_google")["refresh_token"] == SECRET + "...."


def test_a_busy_lease_names_its_holder(acme):
    with (
        acme.lease("acme_google", "run-1"),
        pytest.raises(LeaseBusy, match="run-1 has been refreshing"),
        acme.lease("acme_google", "run-2", wait_seconds=0.05),
    ):
        pytest.fail("the lease was taken twice")


def test_a_dead_holders_lease_ends(acme):
    acme.lease("acme_google", "run-1", seconds=0.1).__enter__()  # killed: never exits
    with acme.lease("acme_google", "run-2", wait_seconds=PATIENCE_SECONDS) as lease:
        assert lease.secrets["refresh_token"] == SECRET


def test_a_lost_lease_stores_nothing(acme):
    with acme.lease("acme_google", "slow", seconds=0.05) as slow:
        time.sleep(0.1)
        with acme.lease("acme_google", "quick") as quick:
            quick.update_secrets({"refresh_token": "from the quick one"})
            with pytest.raises(LeaseLost, match="refresh again"):
                slow.update_secrets({"refresh_token": "from the slow one"})
    assert acme.secrets("acme_google")["refresh_token"] == "from the quick one"


def test_a_removed_organization_leaves_no_secret_and_keeps_its_names(acme, clock, home):
    acme.add_connection("acme", "google_ads", "1", "acme_google")
    with acme.lease("acme_google", "run-1") as lease:
        lease.update_secrets({"token:x": "y"})
    removed = acme.add_connection("acme", "google_ads", "2", "acme_google")
    acme.remove(removed.connection_id)
    clock.move(days=1)
    with pytest.raises(RegistryError, match=r"still has 1 connection: acme/google_ads/1\."):
        acme.remove_organization("acme")
    done = acme.remove_organization("acme", with_connections=True)
    assert (done.connections, done.credentials) == (("acme/google_ads/1",), ("acme_google",))
    assert acme.credentials() == []
    with pytest.raises(RegistryError, match="unknown credential"):
        acme.secrets("acme_google")
    found = acme.connections("acme", statuses=("removed",))
    assert [(one.account_id, one.credential_id) for one in found] == [("1", None), ("2", None)]
    assert found[0].removed_at == clock()
    assert found[1].removed_at == removed.created_at, "it was removed before"
    actions = [(entry.action, entry.subject) for entry in acme.audit_log(limit=3)]
    assert ("credentials removed", "acme_google") in actions
    assert ("organizations changed", "acme") in actions
    acme.export(home, PLATFORMS)
    exported = pq.read_table(home.registry_dir / "organizations.parquet").to_pylist()
    assert [(one["organization_id"], one["status"]) for one in exported] == [("acme", "removed")]


def test_a_credential_that_others_use_holds_its_organization(acme):
    acme.add_organization(Organization("beta", "Beta"))
    acme.add_credential("shared", "google_ads", {"refresh_token": "x"})
    acme.add_connection("beta", "google_ads", "7", "shared")
    acme.add_credential("shared", "google_ads", {"refresh_token": "x"}, "acme")
    with pytest.raises(RegistryError, match="is used by beta/google_ads/7 too"):
        acme.remove_organization("acme")
    assert acme.organization("acme").status == "active"
    assert len(acme.credentials()) == 2
