from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import orjson
import pytest

from tests.patience import PATIENCE_SECONDS
from tests.warehouse.conftest import Clock
from warehouse import publishing
from warehouse.durable_files import LakeFull
from warehouse.home import Home
from warehouse.publishing import publish, rollback
from warehouse.queries import QueryError, query
from warehouse.releases import (
    NotPublished,
    PublishError,
    next_release_name,
    pin,
    read_current,
    release_names,
    release_path,
    releases,
    unpin,
)
from warehouse.retention import Retention, prune


def build(home: Home, value: int = 1, extra: str = "") -> None:
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute(
            f"""
            create or replace table fact_orders as
                select range as id, {value} as value, (range * 0.01)::decimal(18, 4) as net,
                    'text ' || range as label, timestamptz '2026-01-01 00:00:00+00' as sold_at
                from range(1000);
            create or replace table schema_version as select '1.0' as schema_version;
            create schema if not exists state;
            create or replace table state.secrets_of_the_build as select 1 as x;
            {extra}
            """
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one release, for those who only read it or copy it."""
    home = Home.open(tmp_path_factory.mktemp("made") / "home")
    build(home)
    publish(home, Clock()())
    return home


def value_of(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select max(value) from fact_orders").fetchone()[0]


def test_a_release_holds_the_tables_without_the_internal_schema(home, clock):
    build(home)
    release = publish(home, clock())
    assert release.release == "20261115T120000Z-0001"
    assert release.tables == {"fact_orders": 1000, "schema_version": 1}
    assert release.schema_version == "1.0"
    with duckdb.connect(str(home.published_db), read_only=True) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
        stamp = connection.execute("select * from schema_version").fetchall()
    assert schemas == [("main",)]
    assert stamp == [("1.0", release.release, clock().replace(tzinfo=None))]
    current = orjson.loads(home.current_file.read_bytes())
    assert current["release"] == release.release
    assert (home.published / current["file"]).stat().st_size == current["size_bytes"]
    with duckdb.connect(str(home.serve_db)) as connection:
        assert connection.execute("select * from state.secrets_of_the_build").fetchall() == [(1,)]
    assert sorted(os.listdir(home.releases)) == [
        "20261115T120000Z-0001.duckdb",
        "20261115T120000Z-0001.duckdb.wal",
        "20261115T120000Z-0001.json",
    ]


def test_an_uncheckpointed_log_is_published_too(home, clock):
    build(home)
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute(\"set wal_autocheckpoint = '1GB'\");"
        "c.execute('update fact_orders set value = 77'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(home.serve_db)], check=True)
    assert home.serve_db.with_name("serve.duckdb.wal").exists()
    publish(home, clock())
    assert value_of(home.published_db) == 77


def test_a_reader_keeps_its_release_while_the_next_is_published(home, clock):
    build(home, 1)
    publish(home, clock())
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "q = lambda: print(c.execute('select min(value), max(value), count(*) from fact_orders')"
        ".fetchone(), flush=True); q(); sys.stdin.readline(); q()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(home.published_db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout.readline() == "(1, 1, 1000)\n"
    for value in range(2, 9):  # beyond `keep`: the reader's release is pruned as well
        build(home, value)
        publish(home, clock(), keep=Retention(2, days=0))
    assert len(release_names(home)) == 2
    output, _ = reader.communicate("go\n", timeout=PATIENCE_SECONDS)
    assert reader.returncode == 0
    assert output == "(1, 1, 1000)\n"
    assert value_of(home.published_db) == 8


def test_nothing_new_is_not_published_again(home, clock):
    build(home)
    first = publish(home, clock(), fingerprint="f1")
    clock.move(hours=1)
    again = publish(home, clock(), fingerprint="f1")
    assert again == first
    assert again.skipped
    assert not first.skipped
    assert not publish(home, clock(), fingerprint="f2").skipped
    assert not publish(home, clock()).skipped
    assert len(release_names(home)) == 3
    home.published_db.unlink()
    assert not publish(home, clock(), fingerprint=None).skipped


def test_a_lost_published_file_is_published_again(home, clock):
    build(home)
    publish(home, clock(), fingerprint="f1")
    home.published_db.unlink()
    assert not publish(home, clock(), fingerprint="f1").skipped
    assert value_of(home.published_db) == 1


def test_release_names_sort_by_time_even_when_the_clock_steps_back(home, clock):
    build(home)
    names = [publish(home, clock()).release for _ in range(2)]
    clock.move(days=-3)
    names.append(publish(home, clock()).release)
    clock.move(days=6)
    names.append(publish(home, clock()).release)
    assert names == sorted(set(names))
    assert names[-1].startswith("20261118")
    (home.releases / f"{names[-1][:-4]}9999.duckdb").touch()
    assert next_release_name(home, clock()) == "20261118T120001Z-0001"


def test_rollback_brings_a_release_back_until_there_is_new_content(home, clock):
    build(home, 1)
    first = publish(home, clock(), fingerprint="f1")
    build(home, 2)
    publish(home, clock(), fingerprint="f2")
    assert rollback(home, first.release) == first
    assert value_of(home.published_db) == 1
    assert read_current(home).release == first
    assert publish(home, clock(), fingerprint="f2").skipped
    assert value_of(home.published_db) == 1
    build(home, 3)
    assert not publish(home, clock(), fingerprint="f3").skipped
    assert value_of(home.published_db) == 3
    assert [release.fingerprint for release in releases(home)] == ["f3", "f2", "f1"]


def test_rolling_forward_again_ends_the_rollback(home, clock):
    build(home)
    first = publish(home, clock(), fingerprint="f1")
    second = publish(home, clock(), fingerprint="f2")
    rollback(home, first.release)
    rollback(home, second.release)
    assert read_current(home).rolled_back_fingerprint is None


def test_rollback_needs_a_release(home, clock):
    with pytest.raises(NotPublished):
        rollback(home, "20261115T120000Z-0001")
    build(home)
    publish(home, clock())
    for name in ("20200101T000000Z-0001", "../../etc/passwd"):
        with pytest.raises(PublishError, match="release"):
            rollback(home, name)


def test_prune_keeps_the_newest_the_current_and_the_pinned(home, clock):
    build(home)
    names = []
    for _ in range(6):
        clock.move(minutes=1)
        names.append(publish(home, clock(), keep=Retention(10)).release)
    pin(home, names[1], "board report")
    rollback(home, names[0])
    assert prune(home, clock(), Retention(2, days=0)) == [names[2], names[3]]
    assert release_names(home) == [names[0], names[1], names[4], names[5]]
    unpin(home, "board report")
    assert prune(home, clock(), Retention(1, days=0)) == [names[1], names[4]]
    assert value_of(home.published_db) == 1
    with pytest.raises(PublishError, match="does not exist"):
        pin(home, names[1], "gone")


@pytest.mark.parametrize(
    ("extra", "options", "message"),
    [
        ("create or replace view v as select 1;", {}, "views, which break"),
        ("drop table schema_version;", {}, "schema version"),
        ("delete from schema_version;", {}, "schema version"),
        ("drop table fact_orders;", {}, "it has none"),
        ("", {"schema_version": "2.0"}, "schema version 1.0, not 2.0"),
        ("", {"expected_tables": ["dim_date"]}, "lacks tables: dim_date"),
    ],
)
def test_a_build_that_fails_a_check_is_not_published(made, copied, clock, extra, options, message):
    home = copied(made)
    before = home.current_file.read_bytes()
    build(home, 2, extra)
    with pytest.raises(PublishError, match=message):
        publish(home, clock(), **options)
    assert value_of(home.published_db) == 1
    assert home.current_file.read_bytes() == before
    assert len(os.listdir(home.releases)) == 3


def test_a_build_in_a_newer_storage_format_is_refused(home, clock):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.serve_db}' as serve (storage_version 'latest')")
        connection.execute("create table serve.t as select 1 as x")
    with pytest.raises(PublishError, match="old BI drivers"):
        publish(home, clock(), schema_version="1.0")


def test_the_schema_version_may_come_from_the_caller(home, clock):
    build(home, extra="drop table schema_version;")
    assert publish(home, clock(), schema_version="1.2").schema_version == "1.2"


def test_no_build_or_one_that_is_open_elsewhere(home, clock):
    with pytest.raises(PublishError, match="run `tributary run`"):
        publish(home, clock())
    build(home)
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(home.serve_db)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    holder.stdout.readline()
    with pytest.raises(PublishError, match="cannot be opened for publishing"):
        publish(home, clock())
    holder.communicate("\n", timeout=PATIENCE_SECONDS)
    publish(home, clock())


@pytest.mark.parametrize("step", ["copy_file", "rename_durably", "fsync_file"])
def test_a_full_disk_leaves_what_is_published(made, copied, clock, monkeypatch, step):
    home = copied(made)
    build(home, 2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, step, full)
        with pytest.raises(LakeFull, match="Free space"):
            publish(home, clock())
    assert value_of(home.published_db) == 1
    assert list(home.published.rglob(".tmp-*")) == []
    publish(home, clock())
    assert value_of(home.published_db) == 2


@pytest.mark.parametrize("room", [0, 1 << 19], ids=["none", "some"])
def test_a_disk_that_is_really_full_leaves_what_is_published(disk, clock, room):
    """The checkpoint of the build has no room, or its copy."""
    home = Home.open(disk.path / "home")
    build(home, 1)
    publish(home, clock())
    build(home, 2)
    with duckdb.connect(str(home.serve_db)) as connection:
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute("create table more as select random() as x from range(100000)")
    disk.fill(leave=room)
    with pytest.raises(LakeFull, match="Free space"):
        publish(home, clock())
    assert value_of(home.published_db) == 1
    assert list(home.published.rglob(".tmp-*")) == []
    disk.make_room()
    publish(home, clock())
    assert value_of(home.published_db) == 2


def test_a_kill_between_release_and_current_is_repaired_by_the_next_publish(
    home, clock, monkeypatch
):
    build(home, 1)
    publish(home, clock(), fingerprint="f1")
    build(home, 2)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_point_at", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(home, clock(), fingerprint="f2")
    assert value_of(home.published_db) == 1
    assert not publish(home, clock(), fingerprint="f2").skipped
    assert value_of(home.published_db) == 2


def test_the_published_file_is_read_only(made):
    assert made.published_db.stat().st_mode & 0o222 == 0


def test_damaged_current_json_says_what_to_do(home):
    home.current_file.write_text("{")
    with pytest.raises(PublishError, match="remove it and run"):
        read_current(home)


def test_query_reads_the_newest_release(home, clock):
    with pytest.raises(NotPublished, match="tributary run"):
        query(home, "select 1")
    for value in (1, 2):
        build(home, value)
        publish(home, clock())
        table = query(home, "select max(value) as value, max(sold_at) as at from fact_orders")
        assert table.column("value").to_pylist() == [value]
    assert str(table.column("at").type) == "timestamp[us]"
    oldest = release_names(home)[0]
    assert query(home, "select max(value) from fact_orders", release=oldest)[0][0].as_py() == 1


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select * from fact_orderz", "fact_orders"),
        ("selec 1", "syntax error"),
        ("   ", "empty"),
        ("drop table fact_orders", "read-only"),
        ("insert into fact_orders select * from fact_orders", "read-only"),
        ("copy fact_orders to '{home}/stolen.csv'", "disabled"),
        ("select * from read_text('/etc/hostname')", "disabled"),
        ("attach '{home}/control.db' as c", "disabled"),
        ("set enable_external_access = true", "locked"),
        ("install httpfs", "disabled"),
    ],
)
def test_a_query_only_reads_the_published_file(made, sql, message):
    with pytest.raises(QueryError, match=message):
        query(made, sql.format(home=made.path))
    assert not (made.path / "stolen.csv").exists()


def test_an_unknown_release_is_named(made, clock):
    missing = release_path(made, next_release_name(made, clock() + timedelta(days=1))).stem
    with pytest.raises(PublishError, match=f"{missing} does not exist"):
        query(made, "select 1", release=missing)


def test_a_kill_between_the_two_steps_of_a_rollback_is_mended(home, clock, monkeypatch):
    build(home, 1)
    first = publish(home, clock(), fingerprint="f1")
    build(home, 2)
    publish(home, clock(), fingerprint="f2")

    def killed(home, current):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_current", killed)
        with pytest.raises(KeyboardInterrupt):
            rollback(home, first.release)
    assert value_of(home.published_db) == 1
    assert publish(home, clock(), fingerprint="f2").skipped
    assert value_of(home.published_db) == 2
    assert query(home, "select max(value) as v from fact_orders").to_pylist() == [{"v": 2}]
