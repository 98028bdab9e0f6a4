"""Each organization's own file: nobody else's rows, written when its rows changed and only then."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import duckdb
import orjson
import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.conftest import Clock
from tests.warehouse.tenants import ORDINARY, build
from tests.warehouse.victims import Victims
from warehouse import organization_files
from warehouse.durable_files import LakeFull
from warehouse.home import Home
from warehouse.organization_files import (
    OrganizationFiles,
    publish_organizations,
    read_organizations,
)
from warehouse.organization_fingerprints import organization_fingerprints
from warehouse.publishing import publish, rollback
from warehouse.releases import PublishError, Release, release_path, write_release


def release(home: Home, clock: Clock, **changes: object) -> Release:
    """One publish of a build."""
    clock.move(minutes=1)
    build(home, **changes)
    fingerprints = organization_fingerprints(home.serve_db)
    return publish(home, clock(), organizations=fingerprints)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Release]:
    """A home with one release of three organizations, and their files."""
    home = Home.open(tmp_path_factory.mktemp("made") / "home")
    published = release(home, Clock())
    publish_organizations(home)
    return home, published


@pytest.fixture
def first(made: tuple[Home, Release], clock, copied) -> Release:
    """That release; the test's home has it with the files, and its clock is at it."""
    home, published = made
    copied(home)
    clock.move(minutes=1)
    return published


def rows_of(path: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def label_of(home: Home, organization: str) -> str:
    return rows_of(home.organization_db(organization), "select any_value(label) from fact")[0][0]


def check_no_leak(home: Home) -> None:
    """Every table of every file holds its release's rows of its organization, and no others."""
    index = read_organizations(home)
    names = {path.stem for path in home.organizations.glob("*.duckdb")}
    for organization in names:
        path = home.organization_db(organization)
        with duckdb.connect(str(path), read_only=True) as connection:
            source = release_path(home, index[organization].release)
            connection.execute(f"attach '{source}' as published (read_only)")
            tables = [
                row[0]
                for row in connection.execute(
                    "select table_name from duckdb_tables() where database_name = 'published'"
                ).fetchall()
            ]
            assert tables
            for table in tables:
                tenants = "organization_id" in [
                    row[0] for row in connection.execute(f"describe {table}").fetchall()
                ]
                only = f"where organization_id = '{organization}'" if tenants else ""
                expected = f"from published.{table} {only}"
                for one, other in ((f"from {table}", expected), (expected, f"from {table}")):
                    assert not connection.execute(f"{one} except all {other}").fetchall(), table
        # Nothing of others in what SQL does not show either: free blocks, statistics, names.
        content = path.read_bytes()
        for other in names - {organization}:
            assert other.encode() not in content
            assert f"{other.upper()} Ltd".encode() not in content


def _databases(home: Home) -> list[str]:
    """The files; each has its link beside it that keeps it from being written, and nothing else."""
    found = sorted(os.listdir(home.organizations))
    files = [name for name in found if name.endswith(".duckdb")]
    assert found == sorted(files + [f"{name}.wal" for name in files])
    return files


def test_a_file_holds_its_organization_and_what_is_nobodys(home, clock):
    published = release(home, clock)
    done = publish_organizations(home)
    assert done == OrganizationFiles(published.release, written=list(ORDINARY))
    check_no_leak(home)
    index = read_organizations(home)
    assert {entry.release for entry in index.values()} == {published.release}
    assert index["acme"].size_bytes == home.organization_db("acme").stat().st_size
    assert (home.published / index["acme"].file) == home.organization_db("acme")
    assert home.organization_db("acme").stat().st_mode & 0o222 == 0
    for query, rows in {
        "select release from schema_version": [(published.release,)],
        "select rate from rates": [(1,)],
        "select comment from duckdb_tables() where table_name = 'fact'": [("one row per day",)],
        "select comment from duckdb_columns() where column_name = 'net' and table_name = 'fact'": [
            ("it's net",)
        ],
        "select distinct schema_name from duckdb_tables()": [("main",)],
        "select count(*) from dim_organizations": [(1,)],
    }.items():
        assert rows_of(home.organization_db("acme"), query) == rows
    assert _databases(home) == [f"{name}.duckdb" for name in ORDINARY]
    assert "organizations" not in orjson.loads(home.current_file.read_bytes())


@pytest.mark.parametrize(
    ("change", "written"),
    [
        ({}, ()),
        ({"versions": {"beta": 1}}, ("beta",)),
        ({"rates": 2}, ORDINARY),
        ({"sql": "another"}, ORDINARY),
        ({"as_of": "2026-11-15 18:00:00+00"}, ()),
        ({"as_of": "2026-11-16 00:00:00+00"}, ORDINARY),
        ({"extra": "alter table fact add column more int;"}, ORDINARY),
        ({"extra": "insert into docs_tables values ('more');"}, ORDINARY),
        ({"extra": "update syncs set version = 7 where organization_id = 'gamma';"}, ("gamma",)),
        ({"extra": "delete from state.restatements where connection_id = 'acme-1';"}, ("acme",)),
        ({"extra": "delete from state.fact where organization_id = 'beta';"}, ("beta",)),
        ({"extra": "insert into state.restatements values ('nobody-knows', null, '');"}, ORDINARY),
        ({"extra": "insert into syncs values ('rates', '_shared', 9);"}, ()),
        ({"extra": "insert into state.rewrites values (uuid());"}, ()),
    ],
    ids=str,
)  # fmt: skip
def test_only_what_changed_is_written(home, clock, change, written, first):
    before = {name: home.organization_db(name).stat().st_ino for name in ORDINARY}
    second = release(home, clock, **change)
    done = publish_organizations(home)
    assert done.written == list(written)
    assert done.unchanged == [name for name in ORDINARY if name not in written]
    for name, entry in read_organizations(home).items():
        assert entry.release == (second if name in written else first).release
        changed = home.organization_db(name).stat().st_ino != before[name]
        assert changed == (name in written)
    assert publish_organizations(home).written == []


def test_of_forty_organizations_one_changes_and_one_is_written(home, clock):
    names = [f"organization_{n:03d}" for n in range(40)]
    release(home, clock, organizations=names)
    assert len(publish_organizations(home).written) == 40
    release(home, clock, organizations=names, versions={"organization_027": 1})
    done = publish_organizations(home)
    assert (done.written, len(done.unchanged)) == (["organization_027"], 39)
    assert label_of(home, "organization_027") == "organization_027 spent 1"


def test_a_file_follows_a_rollback(home, clock, first):
    release(home, clock, versions={"acme": 1})
    publish_organizations(home)
    assert label_of(home, "acme") == "acme spent 1"
    rollback(home, first.release)
    assert publish_organizations(home).written == ["acme"]
    assert label_of(home, "acme") == "acme spent 0"


def test_the_file_of_a_removed_organization_disappears(home, clock, first):
    gone = "update dim_organizations set status = 'removed' where organization_id = 'beta';"
    release(home, clock, organizations=("acme", "beta"), extra=gone)
    done = publish_organizations(home)
    assert done.removed == ["beta", "gamma"]
    assert list(read_organizations(home)) == ["acme"]
    assert _databases(home) == ["acme.duckdb"]


def test_a_lost_file_and_a_damaged_index_are_mended(home, clock, first):
    home.organization_db("acme").unlink()
    assert publish_organizations(home).written == ["acme"]
    home.organizations_file.write_text("{")
    assert publish_organizations(home).written == list(ORDINARY)


def test_a_release_without_fingerprints_is_written_once(home, clock):
    build(home)
    old = publish(home, clock())
    assert publish_organizations(home).written == list(ORDINARY)
    assert publish_organizations(home).written == []
    write_release(home, old)
    assert publish_organizations(home).written == []


def test_an_organization_whose_name_is_no_file_name_stops_no_other(home, clock):
    release(home, clock, organizations=("acme", "../../etc/passwd", "beta"))
    done = publish_organizations(home)
    assert done.written == ["acme", "beta"]
    assert "not allowed" in done.failed["../../etc/passwd"]
    assert _databases(home) == ["acme.duckdb", "beta.duckdb"]


def test_nothing_published_and_a_lost_release(home, clock):
    with pytest.raises(PublishError, match="run `tributary run`"):
        publish_organizations(home)
    published = release(home, clock)
    release_path(home, published.release).unlink()
    with pytest.raises(PublishError, match="is gone"):
        publish_organizations(home)


def test_a_reader_keeps_the_file_it_opened(home, clock, first):
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "q = lambda: print(c.execute('select max(label) from fact').fetchone()[0], flush=True);"
        "q(); sys.stdin.readline(); q()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(home.organization_db("acme"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout.readline() == "acme spent 0\n"
    release(home, clock, versions={"acme": 1})
    assert publish_organizations(home).written == ["acme"]
    output, _ = reader.communicate("go\n", timeout=PATIENCE_SECONDS)
    assert output == "acme spent 0\n"
    assert label_of(home, "acme") == "acme spent 1"


def test_a_full_disk_leaves_the_files_as_they_were(home, clock, monkeypatch, first):
    release(home, clock, versions={"beta": 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(organization_files, "copy_file", full)
        with pytest.raises(LakeFull, match="Free space"):
            publish_organizations(home)
    assert list(home.published.rglob(".tmp-*")) == []
    assert label_of(home, "beta") == "beta spent 0"
    assert publish_organizations(home).written == ["beta"]


def test_a_kill_between_the_file_and_the_index_writes_it_once_more(home, clock, monkeypatch, first):
    release(home, clock, versions={"beta": 1})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(organization_files, "_write_index", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_organizations(home)
    assert label_of(home, "beta") == "beta spent 1"
    assert publish_organizations(home).written == ["beta"]
    check_no_leak(home)


def test_killed_in_the_middle_every_file_stays_whole_and_the_next_call_ends_it(home, clock):
    names = [f"organization_{n:02d}" for n in range(6)]
    chance = random.Random(7)
    release(home, clock, organizations=names)
    publish_organizations(home)
    halves = 0
    imports = "from warehouse.organization_files import publish_organizations"
    with Victims(home.path, imports, "publish_organizations(home)") as victims:
        for version in range(1, 7):
            halves += kill_one(home, clock, names, version, victims, chance)
    assert halves >= 3
    check_no_leak(home)
    assert list(home.published.rglob(".tmp-*")) == []


def kill_one(
    home: Home,
    clock: Clock,
    names: list[str],
    version: int,
    victims: Victims,
    chance: random.Random,
) -> bool:
    """Kills the writing of one release's files, and ends it; whether some were old, some new."""
    release(home, clock, organizations=names, versions=dict.fromkeys(names, version))
    index = read_organizations(home)
    # Killed at a random moment after a random number of files was replaced.
    last = home.organization_db(names[chance.randrange(5)])
    before = last.stat().st_ino
    victims.kill_one(lambda: last.stat().st_ino != before, chance.uniform(0, 0.02))
    found = set()
    for name in names:
        # Whole, and of one release: the one before the kill or the one after it.
        query = "select label, count(*) from fact group by 1"
        [(label, count)] = rows_of(home.organization_db(name), query)
        assert count == 40
        found.add(label)
        old = label.endswith(str(version - 1))
        assert old or label == f"{name} spent {version}"
        # What the index says is in a file is in it, or something newer.
        assert not old or read_organizations(home)[name] == index[name]
    publish_organizations(home)
    assert {label_of(home, name) for name in names} == {f"{n} spent {version}" for n in names}
    return len({label[-1] for label in found}) == 2
